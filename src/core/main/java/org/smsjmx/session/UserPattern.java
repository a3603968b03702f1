package org.smsjmx.session;

import org.smsjmx.text.Wildcard;

/** A pattern for user names: {@code *} stands for any text. */
public final class UserPattern {

  private final String pattern;
  private final UserNames names;
  private final Wildcard compared;

  /**
   * Reads a pattern for names that are compared as directories do.
   *
   * @param pattern a user name, or part of one with {@code *} for the rest
   * @throws IllegalArgumentException if what is not {@code *} could not stand in a user name
   */
  public UserPattern(String pattern) {
    this(pattern, UserNames.DIRECTORY);
  }

  /**
   * Reads a pattern.
   *
   * @param pattern a user name, or part of one with {@code *} for the rest
   * @param names how names are compared
   * @throws IllegalArgumentException if what is not {@code *} could not stand in a user name
   */
  public UserPattern(String pattern, UserNames names) {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("pattern must not be blank (* matches every user)");
    }
    String unused = names.key(pattern.replace('*', 'x'));
    this.pattern = pattern;
    this.names = names;
    this.compared = new Wildcard(names.form(pattern));
  }

  /** Returns this pattern where names are compared in another way. */
  public UserPattern comparedBy(UserNames others) {
    return names == others ? this : new UserPattern(pattern, others);
  }

  /** Returns whether only one user can match: {@link #user}. */
  public boolean isName() {
    return compared.isLiteral();
  }

  /**
   * Returns the only user who can match.
   *
   * @param realm session realm
   * @throws IllegalArgumentException if there may be several
   */
  public UserInRealm user(String realm) {
    return new UserInRealm(pattern, realm, names);
  }

  /** Returns whether every user matches: nothing but {@code *} is compared. */
  public boolean isEverybody() {
    return compared.toString().chars().allMatch(c -> c == '*');
  }

  /**
   * Returns whether a user matches.
   *
   * @param key user name as it is compared, see {@link UserInRealm#key}
   */
  public boolean matches(String key) {
    return compared.matches(key);
  }

  /** Returns the pattern, as names are compared. */
  @Override
  public String toString() {
    return compared.toString();
  }
}
