package org.smsjmx.session;

import org.smsjmx.text.Wildcard;

/** A pattern for user names: {@code *} stands for any text, letter case is ignored. */
public final class UserPattern {

  private final Wildcard folded;

  /**
   * Reads a pattern.
   *
   * @param pattern a user name, or part of one with {@code *} for the rest
   * @throws IllegalArgumentException if what is not {@code *} could not stand in a user name
   */
  public UserPattern(String pattern) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("pattern must not be blank (* matches every user)");
    }
    UserName.require(pattern.replace('*', 'x'));
    this.folded = new Wildcard(UserName.fold(pattern));
  }

  /** Returns whether only one user can match: the one named by {@link #toString}. */
  public boolean isName() {
    return folded.isLiteral();
  }

  /** Returns whether every user matches. */
  public boolean isEverybody() {
    return folded.toString().equals("*");
  }

  /**
   * Returns whether a user matches.
   *
   * @param key user name as it is compared, see {@link UserInRealm#key}
   */
  public boolean matches(String key) {
    return folded.matches(key);
  }

  /** Returns the pattern, folded as in {@link UserName#fold}. */
  @Override
  public String toString() {
    return folded.toString();
  }
}
