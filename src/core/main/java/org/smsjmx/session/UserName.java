package org.smsjmx.session;

import org.smsjmx.text.Showable;

/**
 * The rule for user names; how they are compared is {@link UserNames}.
 *
 * <p>A name that these refuse can neither sign in nor be named in an operation, so there is none
 * that signs in and cannot be ended.
 */
public final class UserName {

  /** Longest user name, in UTF-16 units: the upper bound of {@code uid} in directories. */
  public static final int MAXIMUM_LENGTH = 256;

  private UserName() {}

  /**
   * Returns the name if it may be used.
   *
   * @param name user name, may hold blanks inside
   * @return the name, unchanged
   * @throws IllegalArgumentException if the name is blank, begins or ends with a blank, is longer
   *     than {@value #MAXIMUM_LENGTH}, or holds {@code *}, a control character, a line separator, a
   *     text direction mark or half a surrogate pair
   */
  public static String require(String name) {
    if (isPlain(name)) {
      return name;
    }
    if (name.isBlank()) {
      throw new IllegalArgumentException("user must not be blank");
    }
    if (name.length() > MAXIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "user must be at most %d characters long: %d".formatted(MAXIMUM_LENGTH, name.length()));
    }
    for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
      requireShowable(name.codePointAt(i));
    }
    if (isBlank(name.charAt(0)) || isBlank(name.charAt(name.length() - 1))) {
      throw new IllegalArgumentException("user must not begin or end with a blank: '" + name + "'");
    }
    if (name.indexOf('*') >= 0) {
      throw new IllegalArgumentException("user must be one name, without *: " + name);
    }
    return name;
  }

  /** Returns whether a name may be used that is of ASCII letters, digits and signs alone. */
  static boolean isPlain(String name) {
    if (name.isEmpty() || name.length() > MAXIMUM_LENGTH) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c > '~' || c == '*') {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static void requireShowable(int c) {
    if (!Showable.isShowable(c)) {
      throw new IllegalArgumentException(
          "user must not hold control characters or text direction marks: U+%04X".formatted(c));
    }
  }
}
