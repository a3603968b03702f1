package org.smsjmx.session;

/** What became of a sign-in: it {@link Entered}, or was {@link Refused}. */
public sealed interface SignIn {

  /**
   * The user is signed in.
   *
   * @param id the new session's id
   */
  record Entered(SessionId id) implements SignIn {}

  /** Why no session was made. */
  enum Refused implements SignIn {
    /**
     * All sessions of the user in the realm were ended after the sign-in began. The user has to
     * begin again, with the password: the old one may be what the sessions were ended for.
     */
    TERMINATED("the user's sessions were ended while the sign-in went on", false),
    /**
     * The credential was read before a refresh of the user began, or before those of so many others
     * that the table does not know. It has to be read again.
     */
    REFRESHED("the user was refreshed while the sign-in went on", false),
    /**
     * So many users had their sessions ended since the sign-in began that the table does not know
     * any more whether this user was among them. The user has to begin again.
     */
    OUTDATED("the sign-in has taken too long", false),
    /**
     * An administrator keeps the user out. A further attempt is refused alike until the time is
     * over.
     */
    KEPT_OUT("an administrator keeps the user out", true),
    /**
     * The user has as many sessions as allowed. A further attempt is refused alike until one of
     * them has ended.
     */
    LIMIT_REACHED("the user has as many sessions as allowed", true);

    private final String text;
    private final boolean lasting;

    Refused(String text, boolean lasting) {
      this.text = text;
      this.lasting = lasting;
    }

    /** Returns why, in words for the one who signs in; not a whole sentence. */
    public String text() {
      return text;
    }

    /** Returns whether beginning again at once would be refused for the same reason. */
    public boolean isLasting() {
      return lasting;
    }
  }
}
