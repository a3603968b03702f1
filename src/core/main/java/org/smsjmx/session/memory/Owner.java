package org.smsjmx.session.memory;

import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.UserInRealm;

/**
 * What a session belongs to: a user, a chunk of the user's sessions, or what {@link Overriding} and
 * {@link Detailed} add for one session.
 */
interface Owner {

  /** Returns the user's sessions, of which it is one. */
  UserSessions user();

  /** Returns the chunk that it belongs to, null if its slot number is inline. */
  @Nullable Chunk chunk();

  /** Returns the credential that sessions of this owner share, null before one has entered. */
  @Nullable CredentialVersion shared();

  /** Notes, under the user's lock, that a session overrides the shared credential. */
  void noteOverride();

  /** Returns the credential that overrides the shared one, null if none does. */
  default @Nullable CredentialVersion override() {
    return null;
  }

  /** Returns the same owner with a credential that overrides the shared one. */
  default Owner withOverride(CredentialVersion credential) {
    return new Overriding(this, credential, null);
  }

  /** A session without an idle limit of its own. */
  long USUAL_LIMIT = -1;

  /** Returns the session's own idle limit, 0 = unlimited; {@link #USUAL_LIMIT} if it has none. */
  default long inactiveMillis() {
    return USUAL_LIMIT;
  }

  /** Returns what is known of the session beside. */
  default SessionFacts facts() {
    return SessionFacts.NONE;
  }

  /** Returns the same owner of a session with an idle limit of its own. */
  default Owner withLimit(long inactiveMillis) {
    return new Detailed(this, facts(), inactiveMillis);
  }

  /** Returns the user's name as at the session's sign-in, null if that is the first one. */
  default @Nullable String spelling() {
    return null;
  }

  /**
   * Returns the user, named as at the session's sign-in.
   *
   * @param usual named as at the user's first sign-in
   */
  default UserInRealm named(UserInRealm usual) {
    return usual;
  }

  /** What one session has beside what it shares with its neighbours. */
  interface Particular extends Owner {

    /** Returns the owner without it. */
    Owner usual();

    @Override
    default UserSessions user() {
      return usual().user();
    }

    @Override
    default @Nullable Chunk chunk() {
      return usual().chunk();
    }

    @Override
    default @Nullable CredentialVersion shared() {
      return usual().shared();
    }

    @Override
    default void noteOverride() {
      usual().noteOverride();
    }
  }

  /**
   * What one session overrides of what it shares with its neighbours. One that overrides the name
   * overrides the credential too, even by the same one: it is read under that name.
   *
   * @param usual the owner without overrides
   * @param override the session's own credential, null if it has the shared one
   * @param name the user's name as at sign-in, null if that is the usual one
   */
  record Overriding(Owner usual, @Nullable CredentialVersion override, @Nullable String name)
      implements Particular {

    @Override
    public Owner withOverride(CredentialVersion credential) {
      return new Overriding(usual, credential, name);
    }

    @Override
    public @Nullable String spelling() {
      return name;
    }

    @Override
    public UserInRealm named(UserInRealm first) {
      return name == null ? first : first.spelled(name);
    }
  }

  /**
   * What one session has that its neighbours need not have.
   *
   * @param usual the owner without it
   * @param facts what is known of the session
   * @param inactiveMillis its own idle limit, 0 = unlimited, {@link #USUAL_LIMIT} if it has none
   */
  record Detailed(Owner usual, SessionFacts facts, long inactiveMillis) implements Particular {

    @Override
    public @Nullable CredentialVersion override() {
      return usual.override();
    }

    @Override
    public Owner withOverride(CredentialVersion credential) {
      return new Detailed(usual.withOverride(credential), facts, inactiveMillis);
    }

    @Override
    public Owner withLimit(long millis) {
      return new Detailed(usual, facts, millis);
    }

    @Override
    public @Nullable String spelling() {
      return usual.spelling();
    }

    @Override
    public UserInRealm named(UserInRealm first) {
      return usual.named(first);
    }
  }
}
