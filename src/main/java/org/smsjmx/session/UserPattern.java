package org.smsjmx.session;

import java.util.List;
import java.util.regex.Pattern;

/** A pattern for user names: {@code *} stands for any text, letter case is ignored. */
public final class UserPattern {

  private static final Pattern STAR = Pattern.compile("\\*");

  private final String folded;
  private final List<String> parts;

  /**
   * Makes one.
   *
   * @param pattern a user name, or part of one with {@code *} for the rest
   * @throws IllegalArgumentException if what is not {@code *} could not stand in a user name
   */
  public UserPattern(String pattern) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("pattern must not be blank (* matches every user)");
    }
    UserName.require(pattern.replace('*', 'x'));
    this.folded = UserName.fold(pattern);
    this.parts = List.of(STAR.split(folded, -1));
  }

  /** Returns whether only one user can match. */
  boolean isName() {
    return parts.size() == 1;
  }

  /** Returns whether a folded user name matches; takes time linear in the name's length. */
  boolean matches(String key) {
    if (isName()) {
      return key.equals(folded);
    }
    String first = parts.get(0);
    String last = parts.get(parts.size() - 1);
    int end = key.length() - last.length();
    if (!key.startsWith(first) || !key.endsWith(last) || end < first.length()) {
      return false;
    }
    int from = first.length();
    for (String part : parts.subList(1, parts.size() - 1)) {
      int at = key.indexOf(part, from);
      if (at < 0 || at + part.length() > end) {
        return false;
      }
      from = at + part.length();
    }
    return true;
  }

  @Override
  public String toString() {
    return folded;
  }
}
