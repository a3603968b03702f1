package org.smsjmx.session.memory;

import org.jspecify.annotations.Nullable;
import org.smsjmx.session.UserInRealm;

/** Whom a session belongs to: a user or one of the user's groups, or {@link Apart} from others. */
interface Owner {

  /** Returns the user's sessions, of which it is one. */
  UserSessions user();

  /** Returns the group that it belongs to, null if it stands alone. */
  @Nullable Group group();

  /** Says that a session that belongs to it holds something of its own. Under the user's lock. */
  void holdApart();

  /** Returns what it holds itself, null if that is what its neighbours have in common. */
  default @Nullable Held own() {
    return null;
  }

  /** Returns the same one, but for what the session holds itself. */
  default Owner holding(Held refreshed) {
    return new Apart(this, refreshed, null);
  }

  /**
   * Returns the user, named as at sign-in.
   *
   * @param usual named as at the user's first sign-in
   */
  default UserInRealm named(UserInRealm usual) {
    return usual;
  }

  /**
   * What a session has that others of the user have not.
   *
   * @param usual whom it belongs to beside that
   * @param own what it holds itself, null if that is what its neighbours have in common
   * @param name the user's name as at sign-in, null if that is the usual one
   */
  record Apart(Owner usual, @Nullable Held own, @Nullable String name) implements Owner {

    @Override
    public UserSessions user() {
      return usual.user();
    }

    @Override
    public @Nullable Group group() {
      return usual.group();
    }

    @Override
    public void holdApart() {
      usual.holdApart();
    }

    @Override
    public Owner holding(Held refreshed) {
      return new Apart(usual, refreshed, name);
    }

    @Override
    public UserInRealm named(UserInRealm first) {
      return name == null ? first : new UserInRealm(name, first.realm());
    }
  }
}
