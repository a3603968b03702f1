package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;

/**
 * Ends the sessions whose deadline has passed, and gives back the slots of those that ended
 * together. A neighbourhood of the index by user is due at the earliest deadline in it.
 *
 * <p><b>No session that is due is overlooked</b>: a session that signs in after a sweep began has a
 * deadline no earlier than one that signed in as it began, and no neighbourhood waits for longer
 * than that. A sign-in that read the clock before, or a clock that was set back, sees {@link
 * #begunAt} after entering and makes its user due earlier; otherwise the sweep, which writes {@link
 * #begunAt} first, sees the session.
 *
 * <p>The monitor keeps two sweeps from looking at one segment at once. It is released between
 * segments, and the listeners are told then.
 */
final class Sweep {

  private final SessionTimeouts timeouts;
  private final SlotArena byId;
  private final IntrusiveHashIndex<UserInRealm, UserSessions> byUser;
  private final Queue<Batch> endedTogether = new ConcurrentLinkedQueue<>();

  /** The latest time at which a sweep began; epoch milliseconds. */
  private volatile long begunAt = Long.MIN_VALUE;

  Sweep(
      SessionTimeouts timeouts,
      SlotArena byId,
      IntrusiveHashIndex<UserInRealm, UserSessions> byUser) {
    this.timeouts = timeouts;
    this.byId = byId;
    this.byUser = byUser;
  }

  /** The sessions of one user that ended together. */
  private record Batch(SlotReference[] inline, @Nullable Chunks chunks) {}

  /** Takes over sessions that have ended and still have their slots. */
  void ended(SlotReference[] inline, @Nullable Chunks chunks) {
    endedTogether.add(new Batch(inline, chunks));
  }

  /**
   * Notes that a session has entered, under the lock of its user.
   *
   * @param createdAt what the clock said before it entered
   */
  void entered(UserSessions user, long createdAt, long deadline) {
    if (createdAt < begunAt) {
      byUser.lookBy(user, deadline);
    }
  }

  /** Runs once; returns how many sessions have expired. */
  int run(long now) {
    begin(now);
    int expired = 0;
    List<Endings> ended = new ArrayList<>();
    for (int segment = 0; segment < byUser.segments(); segment++) {
      try {
        expired += expire(segment, now, ended);
      } finally {
        ended.forEach(Endings::tell);
        ended.clear();
      }
    }
    return expired;
  }

  private synchronized void begin(long now) {
    giveBack();
    begunAt = Math.max(begunAt, now);
  }

  private synchronized int expire(int segment, long now, List<Endings> ended) {
    int[] expired = {0};
    byUser.forEachDue(
        segment,
        now,
        timeouts.deadline(now, now),
        user -> {
          Endings endings = user.newEndings();
          expired[0] += user.expire(now, endings);
          if (!endings.isEmpty()) {
            ended.add(endings);
          }
          return user.earliest();
        });
    return expired[0];
  }

  private void giveBack() {
    for (Batch ended = endedTogether.poll(); ended != null; ended = endedTogether.poll()) {
      remove(ended.inline);
      if (ended.chunks != null) {
        for (Chunk chunk : ended.chunks.toList()) {
          remove(chunk.first(Integer.MAX_VALUE));
        }
      }
    }
  }

  private void remove(SlotReference[] sessions) {
    for (SlotReference session : sessions) {
      byId.remove(session);
    }
  }
}
