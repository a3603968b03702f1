package org.smsjmx.session;

/**
 * A user in a session realm: that whose sessions an operation ends or refreshes. Two are equal when
 * their realms are equal and their user names are equal ignoring case.
 */
public final class UserInRealm {

  private final String user;
  private final String realm;
  private final String key;

  /**
   * Names a user in a realm.
   *
   * @param user user name as it is to be shown, see {@link UserName#require}
   * @param realm session realm
   * @throws IllegalArgumentException if the user name is not allowed
   */
  public UserInRealm(String user, String realm) {
    this.user = UserName.require(user);
    this.realm = realm;
    this.key = UserName.fold(user);
  }

  /** Returns the user name as given. */
  public String user() {
    return user;
  }

  /** Returns the realm. */
  public String realm() {
    return realm;
  }

  /** Returns the user name as it is compared, see {@link UserName#fold}. */
  public String key() {
    return key;
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
