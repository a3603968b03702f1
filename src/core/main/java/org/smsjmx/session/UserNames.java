package org.smsjmx.session;

import org.smsjmx.text.Ascii;
import org.smsjmx.text.Showable;
import org.smsjmx.text.StringPreparation;

/** How user names are compared. A table, its registry and all who name users to it share one. */
public enum UserNames {

  /**
   * As directories compare them ({@code caseIgnoreMatch}, RFC 4517, 4.2.11): prepared as RFC 4518
   * has it, so that letter case, composed, decomposed and compatible forms of letters, blanks
   * beyond one, and characters without a shape do not matter.
   */
  DIRECTORY,

  /** By their characters: names that differ in letter case are those of two users. */
  EXACT;

  /**
   * Returns the form of a name under which it is compared.
   *
   * @param name user name
   * @return the form, of at most {@value UserName#MAXIMUM_LENGTH} UTF-16 units; maybe the name
   *     itself
   * @throws StringPreparation.ProhibitedException if directories compare no such name
   * @throws IllegalArgumentException if the name may not be used, see {@link UserName#require}; as
   *     directories compare also if its form is empty, too long, or holds a {@code *}
   */
  public String key(String name) {
    boolean plain = UserName.isPlain(name); // nearly all are
    if (!plain) {
      UserName.require(name);
    }
    if (this == EXACT) {
      return name;
    }
    if (plain) {
      return Ascii.lowerCase(name);
    }
    String key = StringPreparation.prepare(name);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("user must not be blank, or of invisible characters");
    }
    if (key.length() > UserName.MAXIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "user must be at most %d characters long, also as it is compared: %d"
              .formatted(UserName.MAXIMUM_LENGTH, key.length()));
    }
    if (key.indexOf('*') >= 0) {
      throw new IllegalArgumentException(
          "user must be one name, without * in any form: " + Showable.shown(name, key.length()));
    }
    return key;
  }

  /**
   * Returns the form under which a text is compared with user names, whether it may be one or not.
   *
   * @param text any text; under {@link #DIRECTORY} one with a prohibited code point equals itself
   *     alone
   */
  public String form(String text) {
    return this == EXACT ? text : StringPreparation.prepareOrKeep(text);
  }
}
