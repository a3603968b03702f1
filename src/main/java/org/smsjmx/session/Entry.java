package org.smsjmx.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as the table holds it: 64 bytes, of which a touch reads the first 52.
 *
 * <p><b>A dead session stays dead</b> (G4): {@link #lastAccessAt} goes from a time to {@link
 * #ENDED} by compare-and-set and never back. A touch is a compare-and-set on the same field, so it
 * cannot bring a session back. A session that belongs to a {@link Group} is dead also when that has
 * ended, which never goes back either.
 *
 * <p>Who finds a session past its deadline ends it, or else a touch that read the clock earlier and
 * comes later could bring it back. All other ends happen under the user's lock, where {@link
 * UserSessions} counts each.
 */
class Entry {

  private static final long ENDED = Long.MIN_VALUE;
  private static final VarHandle LAST_ACCESS;
  private static final VarHandle OWN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LAST_ACCESS = lookup.findVarHandle(Entry.class, "lastAccessAt", long.class);
      OWN = lookup.findVarHandle(Entry.class, "own", Held.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long high;
  private final long low;
  private final long createdAt;

  /** Epoch milliseconds, or {@link #ENDED}. */
  private volatile long lastAccessAt;

  /** Null for all but the users with very many sessions, so that a touch need not look further. */
  final @Nullable Group group;

  final UserSessions user;
  final Counters counters;

  /**
   * What it holds itself; null = what it holds in common with its neighbours. Written under the
   * user's lock, and never null again.
   */
  private volatile @Nullable Held own;

  Entry(
      SessionId id,
      UserSessions user,
      Counters counters,
      @Nullable Group group,
      @Nullable Held own,
      long now) {
    this.high = id.high();
    this.low = id.low();
    this.createdAt = now;
    this.user = user;
    this.counters = counters;
    this.group = group;
    // the index publishes what is written here
    OWN.set(this, own);
    LAST_ACCESS.set(this, now);
  }

  /** A session whose user signed in under another spelling than first. */
  private static final class Respelled extends Entry {

    private final String name;

    Respelled(
        String name,
        SessionId id,
        UserSessions user,
        Counters counters,
        @Nullable Group group,
        @Nullable Held own,
        long now) {
      super(id, user, counters, group, own, now);
      this.name = name;
    }

    @Override
    UserInRealm named(UserInRealm usual) {
      return usual.spelled(name);
    }
  }

  /**
   * Makes a session.
   *
   * @param named the user, named as at this sign-in
   * @param own what it holds itself, null if that is what its neighbours have in common
   */
  static Entry of(
      UserInRealm named,
      SessionId id,
      UserSessions user,
      Counters counters,
      @Nullable Group group,
      @Nullable Held own,
      long now) {
    return user.isNamed(named)
        ? new Entry(id, user, counters, group, own, now)
        : new Respelled(named.user(), id, user, counters, group, own, now);
  }

  /** Returns the number of the slot in which it stands. */
  final int slot() {
    return SessionId.slot(low);
  }

  final boolean is(SessionId id) {
    return id.low() == low && id.high() == high;
  }

  /**
   * Returns the user, named as at sign-in.
   *
   * @param usual named as at the user's first sign-in
   */
  UserInRealm named(UserInRealm usual) {
    return usual;
  }

  /** Returns whether the session has ended, be its deadline past or not. */
  final boolean isDead() {
    return lastAccessAt == ENDED || (group != null && group.hasEnded());
  }

  /** Returns when it was last used, in epoch milliseconds; less than all times if it has ended. */
  final long lastAccessAt() {
    return lastAccessAt;
  }

  final long deadline(SessionTimeouts timeouts) {
    return timeouts.deadline(createdAt, lastAccessAt);
  }

  /** Returns whether the session is alive; if it is found past its deadline it is ended. */
  final boolean isAlive(long now, SessionTimeouts timeouts) {
    while (true) {
      long seen = lastAccessAt;
      if (seen == ENDED || (group != null && group.hasEnded())) {
        return false;
      }
      if (now < timeouts.deadline(createdAt, seen)) {
        return true;
      }
      if (LAST_ACCESS.compareAndSet(this, seen, ENDED)) {
        user.leave(this);
        return false;
      }
    }
  }

  final boolean touch(long now, SessionTimeouts timeouts) {
    while (isAlive(now, timeouts)) {
      long seen = lastAccessAt;
      if (seen != ENDED && (now <= seen || LAST_ACCESS.compareAndSet(this, seen, now))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Ends the session, if it has not ended yet. Under the lock of the user, who has the session
   * still.
   *
   * @param lastSeen what {@link #lastAccessAt} said a moment ago
   * @return what to count: {@code EXPIRED} if its deadline had passed, else {@code reason}
   */
  final EndReason end(EndReason reason, long lastSeen, long now, SessionTimeouts timeouts) {
    long seen = lastSeen;
    while (true) {
      if (seen == ENDED) {
        return EndReason.EXPIRED; // found so by one who waits for the lock to say it
      }
      boolean due = now >= timeouts.deadline(createdAt, seen);
      if (LAST_ACCESS.compareAndSet(this, seen, ENDED)) {
        return due ? EndReason.EXPIRED : reason;
      }
      seen = lastAccessAt;
    }
  }

  /** Ends the session if its deadline has passed; returns whether it has ended. */
  final boolean endIfDue(long now, SessionTimeouts timeouts) {
    while (true) {
      long seen = lastAccessAt;
      if (seen == ENDED) {
        return true;
      }
      if (now < timeouts.deadline(createdAt, seen)) {
        return false;
      }
      if (LAST_ACCESS.compareAndSet(this, seen, ENDED)) {
        return true;
      }
    }
  }

  final Held held() {
    // in this order: who has nothing of its own now had nothing when the common was read
    Held common = user.common(group);
    Held itself = own;
    return itself == null ? common : itself;
  }

  final @Nullable Held own() {
    return own;
  }

  /** Gives it something of its own; under the user's lock, whose release makes it visible. */
  final void hold(Held refreshed) {
    if (group != null) {
      group.holdApart();
    }
    OWN.setRelease(this, refreshed);
  }

  /**
   * Returns the session as it is now, null if it is dead.
   *
   * @param usual the user, named as at the first sign-in
   */
  final @Nullable Session snapshot(UserInRealm usual, long now, SessionTimeouts timeouts) {
    if (!isAlive(now, timeouts)) {
      return null;
    }
    long seen = lastAccessAt;
    if (seen == ENDED) {
      return null;
    }
    Held shown = held();
    Instant created = Instant.ofEpochMilli(createdAt);
    return new Session(
        new SessionId(high, low),
        named(usual),
        counters.server,
        created,
        seen == createdAt ? created : Instant.ofEpochMilli(seen),
        timeouts.lifetimeEnd(created),
        shown.credential(),
        shown.version(),
        shown.refreshedAt() == 0 ? null : Instant.ofEpochMilli(shown.refreshedAt()));
  }
}
