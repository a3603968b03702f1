package org.smsjmx.session;

/**
 * A user in a session realm: that whose sessions an operation ends or refreshes. Two are equal when
 * their realms are equal and their user names are, as {@link UserNames} compares them.
 */
public final class UserInRealm {

  private final String user;
  private final String realm;
  private final UserNames names;
  private final String key;

  /**
   * Names a user in a realm, as directories compare names.
   *
   * @param user user name as it is to be shown, see {@link UserNames#key}
   * @param realm session realm
   * @throws IllegalArgumentException if the user name is not allowed
   */
  public UserInRealm(String user, String realm) {
    this(user, realm, UserNames.DIRECTORY);
  }

  /**
   * Names a user in a realm.
   *
   * @param user user name as it is to be shown, see {@link UserNames#key}
   * @param realm session realm
   * @param names how names are compared
   * @throws IllegalArgumentException if the user name is not allowed
   */
  public UserInRealm(String user, String realm, UserNames names) {
    this.user = user;
    this.realm = realm;
    this.names = names;
    this.key = names.key(user);
  }

  /** Returns the user name as given. */
  public String user() {
    return user;
  }

  /** Returns the realm. */
  public String realm() {
    return realm;
  }

  /** Returns the user name as it is compared, see {@link UserNames#key}. */
  public String key() {
    return key;
  }

  /** Returns how names are compared with it. */
  public UserNames names() {
    return names;
  }

  /** Returns this name under another spelling, compared in the same way. */
  public UserInRealm spelled(String spelling) {
    return new UserInRealm(spelling, realm, names);
  }

  /**
   * Returns the user of this name where names are compared in another way.
   *
   * @throws IllegalArgumentException if the user name is not allowed there
   */
  public UserInRealm comparedBy(UserNames others) {
    return names == others ? this : new UserInRealm(user, realm, others);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UserInRealm that && key.equals(that.key) && realm.equals(that.realm);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + realm.hashCode();
  }

  @Override
  public String toString() {
    return user + " in realm " + realm;
  }
}
