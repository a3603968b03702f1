package org.smsjmx.session;

/** What became of a sign-in: it {@link Entered}, or was {@link Refused}. */
public sealed interface SignIn {

  /**
   * The user is signed in.
   *
   * @param id the new session's id
   */
  record Entered(SessionId id) implements SignIn {}

  /** Something came in between, so that no session was made. */
  enum Refused implements SignIn {
    /**
     * All sessions of the user in the realm were ended after the sign-in began. The user has to
     * begin again, with the password: the old one may be what the sessions were ended for.
     */
    TERMINATED,
    /**
     * The credential was read before a refresh of the user began, or before those of so many others
     * that the table does not know. It has to be read again.
     */
    REFRESHED,
    /**
     * So many users had their sessions ended since the sign-in began that the table does not know
     * any more whether this user was among them. The user has to begin again.
     */
    OUTDATED
  }
}
