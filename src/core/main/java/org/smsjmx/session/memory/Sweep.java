package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;
import org.smsjmx.session.SessionTimeouts;

/**
 * Ends the sessions whose deadline has passed, and gives back the slots of those that ended
 * together. A neighbourhood of an index by user is due at the earliest deadline in it.
 *
 * <p><b>No session that is due is overlooked</b>: a session that signs in after a sweep began has a
 * deadline no earlier than one that signed in as it began, and no neighbourhood waits for longer
 * than that. A sign-in that read the clock before sees {@link #begunAt} after entering and makes
 * its user due earlier; otherwise the sweep, which writes {@link #begunAt} first, sees the session.
 *
 * <p>The monitor keeps two sweeps from looking at one segment at once. It is released between two
 * segments to tell the listeners.
 */
final class Sweep {

  private final SessionTimeouts timeouts;
  private final SlotArena byId;
  private final Collection<RealmUsers> realms;
  private final Queue<EndedTogether> endedTogether = new ConcurrentLinkedQueue<>();

  /** The latest time at which a sweep began. */
  private volatile long begunAt = Long.MIN_VALUE;

  /**
   * Sweeps nothing yet.
   *
   * @param realms all realms with users, also those that come later
   */
  Sweep(SessionTimeouts timeouts, SlotArena byId, Collection<RealmUsers> realms) {
    this.timeouts = timeouts;
    this.byId = byId;
    this.realms = realms;
  }

  /** Takes over sessions that have ended and still have their slots. */
  void ended(EndedTogether ended) {
    endedTogether.add(ended);
  }

  /** Notes that a session has another deadline than before, under the lock of its user. */
  void changed(UserSessions user, long deadline) {
    user.realm().byUser().lookBy(user, deadline);
  }

  /**
   * Notes that a session has entered, under the lock of its user.
   *
   * @param createdAt what the clock said before it entered
   */
  void entered(UserSessions user, long createdAt, long deadline) {
    if (createdAt < begunAt) {
      user.realm().byUser().lookBy(user, deadline);
    }
  }

  /** Runs once; returns how many sessions have expired. */
  int run(long now) {
    begin(now);
    Pass pass = new Pass(now);
    for (RealmUsers realm : realms) {
      int segment = 0;
      while (segment < realm.byUser().segments()) {
        try {
          segment = expire(realm, segment, pass);
        } finally {
          pass.tell();
        }
      }
    }
    return pass.expired;
  }

  private synchronized void begin(long now) {
    giveBack();
    begunAt = Math.max(begunAt, now);
  }

  /** What a run has ended. */
  private static final class Pass implements ToLongFunction<UserSessions> {

    final long now;
    private final List<Endings> untold = new ArrayList<>();
    int expired;

    Pass(long now) {
      this.now = now;
    }

    /** Ends what is due; returns when the user is due again. */
    @Override
    public long applyAsLong(UserSessions user) {
      Endings endings = user.newEndings();
      expired += user.expire(now, endings);
      if (!endings.isEmpty()) {
        untold.add(endings);
      }
      return user.earliest();
    }

    boolean hasToTell() {
      return !untold.isEmpty();
    }

    void tell() {
      untold.forEach(Endings::tell);
      untold.clear();
    }
  }

  /** Goes on until there is something to tell; returns the segment to go on with. */
  private synchronized int expire(RealmUsers realm, int segment, Pass pass) {
    long latest = timeouts.deadline(pass.now, pass.now);
    return realm.byUser().forEachDue(segment, pass.now, latest, pass, pass::hasToTell);
  }

  private void giveBack() {
    for (EndedTogether ended = endedTogether.poll(); ended != null; ended = endedTogether.poll()) {
      ended.forEachSlot(byId::remove);
    }
  }
}
