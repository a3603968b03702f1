package org.smsjmx.session.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;

/**
 * A session as it stands in its slot of the table: 32 bytes, side by side with its neighbours and
 * all that most touches read; and whom it belongs to. An object of this class only says where that
 * is, and is made when it is needed.
 *
 * <p>The invariants, and what guards them:
 *
 * <ul>
 *   <li><b>A dead session stays dead</b> (G4): the time of the last access goes to {@link #ENDED}
 *       by compare-and-set, under the lock of the user, where {@link UserSessions} counts each end;
 *       and not back before another session enters. A touch is a compare-and-set on the same word,
 *       so it cannot bring a session back. One that belongs to a {@link Group} is dead also when
 *       that has ended, which never goes back either.
 *   <li><b>Nobody is taken for another who has the slot by now</b>: who enters writes the id first,
 *       and the time of the last access as the last. Who has no lock reads in the opposite order,
 *       and so all that was read is the session's if the id still is. Each write is a release and
 *       each read an acquire. Under the lock of its user a session that has not been taken out
 *       keeps its slot.
 * </ul>
 *
 * <p>A touch that is held up before its compare-and-set could write to the next session in the
 * slot, if that was last used in the very millisecond in which the other was, and that is before
 * the touch read the clock: only where the clock has been set back.
 *
 * <p>Methods that want an id need no lock. All others need that of the user, or that the slot is
 * the caller's.
 *
 * @param page where it stands
 * @param slot number of the slot
 */
record Entry(SessionPage page, int slot) {

  /** How many words of the page a session takes. */
  static final int WORDS = 4;

  /* The words. The second one: random bits of the id, GROUPED, APART, number of the counters. */
  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int CREATED_AT = 2;
  private static final int LAST_ACCESS = 3;

  private static final long GROUPED = 1L << 31;
  private static final long APART = 1L << 30;
  private static final long COUNTERS = APART - 1;

  /** Less than all times. As a word it is zero, as in a new page: times are kept as if later. */
  private static final long ENDED = Long.MIN_VALUE;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(Owner[].class);

  /** Enters a new session, in the order of which the invariants speak. */
  void enter(SessionId id, Owner owner, Counters counters, long now) {
    set(HIGH, id.high());
    set(
        LOW,
        (id.low() & -1L << Integer.SIZE)
            | (owner.group() == null ? 0 : GROUPED)
            | (owner instanceof Owner.Apart ? APART : 0)
            | counters.number);
    set(CREATED_AT, now);
    OWNER.setRelease(page.owners(), place(), owner);
    set(LAST_ACCESS, now ^ ENDED);
  }

  /** Takes the session away, which has ended; others may have its slot then. */
  void leave() {
    OWNER.setRelease(page.owners(), place(), (Owner) null);
  }

  private int place() {
    return page.place(slot);
  }

  private int at(int word) {
    return place() * WORDS + word;
  }

  private long word(int word) {
    return (long) WORD.getAcquire(page.words(), at(word));
  }

  private void set(int word, long value) {
    WORD.setRelease(page.words(), at(word), value);
  }

  private @Nullable Owner owner() {
    return (Owner) OWNER.getAcquire(page.owners(), place());
  }

  /** Returns when it was last used, in epoch milliseconds; less than all times if it has ended. */
  long lastAccessAt() {
    return word(LAST_ACCESS) ^ ENDED;
  }

  private boolean setLastAccess(long seen, long now) {
    return WORD.compareAndSet(page.words(), at(LAST_ACCESS), seen ^ ENDED, now ^ ENDED);
  }

  // --- without a lock ---

  /**
   * Returns whether this is the slot of the session still, and so all that was read before belongs
   * to it.
   */
  boolean is(SessionId id) {
    return word(HIGH) == id.high() && (word(LOW) ^ id.low()) >>> Integer.SIZE == 0;
  }

  /** Returns the user whose session it is; null if it has gone. */
  @Nullable UserSessions user(SessionId id) {
    Owner owner = owner();
    return owner != null && is(id) ? owner.user() : null;
  }

  /** Notes an access; returns whether the session is alive. */
  boolean touch(SessionId id, long now, SessionTimeouts timeouts) {
    while (true) {
      long seen = aliveSince(id, now, timeouts);
      if (seen == ENDED) {
        return false;
      }
      if (now <= seen || setLastAccess(seen, now)) {
        return true;
      }
    }
  }

  /** Returns whether the session is alive; if it is found past its deadline it is ended. */
  boolean isAlive(SessionId id, long now, SessionTimeouts timeouts) {
    return aliveSince(id, now, timeouts) != ENDED;
  }

  /**
   * Returns when it was last used, {@link #ENDED} if it is not alive. Who finds it past its
   * deadline has it ended, or else a touch that read the clock earlier and comes later could bring
   * it back.
   */
  private long aliveSince(SessionId id, long now, SessionTimeouts timeouts) {
    while (true) {
      long seen = lastAccessAt();
      boolean due = now >= timeouts.deadline(word(CREATED_AT), seen);
      boolean looksFurther = due || has(GROUPED);
      Owner owner = looksFurther ? owner() : null;
      if (seen == ENDED || !is(id)) {
        return ENDED;
      }
      if (looksFurther) {
        if (owner == null || isOver(owner.group())) {
          return ENDED;
        }
        if (due) {
          owner.user().expire(id, now);
          continue;
        }
      }
      return seen;
    }
  }

  private static boolean isOver(@Nullable Group group) {
    return group != null && group.hasEnded();
  }

  /**
   * Returns the session as it is now, null if it is dead.
   *
   * @param usual the user, named as at the first sign-in
   */
  @Nullable Session snapshot(SessionId id, UserInRealm usual, long now, SessionTimeouts timeouts) {
    long seen = aliveSince(id, now, timeouts);
    if (seen == ENDED) {
      return null;
    }
    Held shown = held();
    Owner owner = owner();
    Counters counters = counters();
    long createdAt = word(CREATED_AT);
    if (shown == null || owner == null || !is(id)) {
      return null;
    }
    Instant created = Instant.ofEpochMilli(createdAt);
    return new Session(
        id,
        owner.named(usual),
        counters.server,
        created,
        seen == createdAt ? created : Instant.ofEpochMilli(seen),
        timeouts.lifetimeEnd(created),
        shown.credential(),
        shown.version(),
        shown.refreshedAt() == 0 ? null : Instant.ofEpochMilli(shown.refreshedAt()));
  }

  // --- under the lock of the user ---

  /** Returns the id of the session. */
  SessionId id() {
    return SessionSlots.idIn(slot, word(HIGH), word(LOW) >>> Integer.SIZE);
  }

  /** Returns the counters of the server at which the user signed in. */
  Counters counters() {
    return page.counters().at((int) (word(LOW) & COUNTERS));
  }

  /** Returns the group that it belongs to, null if it stands alone. */
  @Nullable Group group() {
    Owner owner = has(GROUPED) ? owner() : null;
    return owner == null ? null : owner.group();
  }

  private boolean has(long flag) {
    return (word(LOW) & flag) != 0;
  }

  long deadline(SessionTimeouts timeouts) {
    return timeouts.deadline(word(CREATED_AT), lastAccessAt());
  }

  /**
   * Ends the session.
   *
   * @param lastSeen what {@link #lastAccessAt} said a moment ago
   * @return what to count: {@code EXPIRED} if its deadline had passed, else {@code reason}
   */
  EndReason end(EndReason reason, long lastSeen, long now, SessionTimeouts timeouts) {
    long seen = lastSeen;
    while (true) {
      boolean due = now >= timeouts.deadline(word(CREATED_AT), seen);
      if (setLastAccess(seen, ENDED)) {
        return due ? EndReason.EXPIRED : reason;
      }
      seen = lastAccessAt();
    }
  }

  /** Ends the session if its deadline has passed; returns whether it has. */
  boolean endIfDue(long now, SessionTimeouts timeouts) {
    while (true) {
      long seen = lastAccessAt();
      if (now < timeouts.deadline(word(CREATED_AT), seen)) {
        return false;
      }
      if (setLastAccess(seen, ENDED)) {
        return true;
      }
    }
  }

  /** Returns what it holds; also without the lock, and then null if it has gone. */
  @Nullable Held held() {
    // in this order: who has nothing of its own now had nothing when the common was read
    Owner owner = owner();
    Held common = owner == null ? null : owner.user().common(owner.group());
    Held own = own();
    return own == null ? common : own;
  }

  /** Returns what it holds itself, null if that is what its neighbours have in common. */
  @Nullable Held own() {
    Owner owner = has(APART) ? owner() : null;
    return owner == null ? null : owner.own();
  }

  /** Gives it something of its own. */
  void hold(Held refreshed) {
    Owner owner = owner();
    if (owner == null) {
      throw new IllegalStateException("the session has gone");
    }
    owner.holdApart();
    OWNER.setRelease(page.owners(), place(), owner.holding(refreshed));
    set(LOW, word(LOW) | APART);
  }
}
