package org.smsjmx.session.memory;

import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionLimit;

/**
 * The room that a sign-in needs where the number of the user's sessions is limited, and what ends
 * to make it: collected under the user's lock, told to the listeners after its release.
 */
final class Room {

  /** For users without a limit; it costs nothing. */
  static final Room UNLIMITED = new Room(null, SessionLimit.UNLIMITED);

  private final @Nullable UserSessions user;
  private final SessionLimit limit;
  private final Endings expired;
  private final Endings displaced;

  private Room(@Nullable UserSessions user, SessionLimit limit) {
    this.user = user;
    this.limit = limit;
    this.expired = user == null ? Endings.UNHEARD : user.newEndings();
    this.displaced = user == null ? Endings.UNHEARD : user.newEndings();
  }

  static Room of(UserSessions user, SessionLimit limit) {
    return limit.isLimiting() ? new Room(user, limit) : UNLIMITED;
  }

  /** Makes room for one more session, under the user's lock; returns whether there is. */
  boolean make() {
    return user == null || user.makeRoom(limit, expired, displaced);
  }

  /** Tells the listeners; outside every lock. */
  void tell() {
    expired.tell();
    displaced.tell();
  }
}
