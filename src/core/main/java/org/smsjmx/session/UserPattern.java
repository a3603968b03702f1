package org.smsjmx.session;

/** A pattern for user names: {@code *} stands for any text, letter case is ignored. */
public final class UserPattern {

  private final Wildcard folded;

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
    this.folded = new Wildcard(UserName.fold(pattern));
  }

  /** Returns whether only one user can match. */
  boolean isName() {
    return folded.isLiteral();
  }

  /** Returns whether every user matches. */
  boolean isEverybody() {
    return folded.toString().equals("*");
  }

  /** Returns whether a folded user name matches. */
  boolean matches(String key) {
    return folded.matches(key);
  }

  @Override
  public String toString() {
    return folded.toString();
  }
}
