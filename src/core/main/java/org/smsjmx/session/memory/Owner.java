package org.smsjmx.session.memory;

import org.jspecify.annotations.Nullable;
import org.smsjmx.session.UserInRealm;

/**
 * What a session belongs to: a user, a chunk of the user's sessions, or {@link Overriding} these.
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

  /**
   * What one session overrides of what it shares with its neighbours. One that overrides the name
   * overrides the credential too, even by the same one: it is read under that name.
   *
   * @param usual the owner without overrides
   * @param override the session's own credential, null if it has the shared one
   * @param name the user's name as at sign-in, null if that is the usual one
   */
  record Overriding(Owner usual, @Nullable CredentialVersion override, @Nullable String name)
      implements Owner {

    @Override
    public UserSessions user() {
      return usual.user();
    }

    @Override
    public @Nullable Chunk chunk() {
      return usual.chunk();
    }

    @Override
    public @Nullable CredentialVersion shared() {
      return usual.shared();
    }

    @Override
    public void noteOverride() {
      usual.noteOverride();
    }

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
}
