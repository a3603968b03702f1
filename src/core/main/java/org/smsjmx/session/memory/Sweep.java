package org.smsjmx.session.memory;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;

/**
 * Ends the sessions whose deadline has passed, and gives back what ended together before. Users are
 * looked at when the earliest deadline among them and their neighbours in the index has come.
 *
 * <p><b>Nobody who must expire is overlooked</b>: whoever signs in after a sweep began has no
 * earlier deadline than one who signed in as it began, and no neighbourhood waits for longer than
 * that. Who read the clock before it began, or a clock that has been set back, sees so after
 * entering, and says when to look; or else the sweep, which says first that it begins, sees who has
 * entered.
 */
final class Sweep {

  private final SessionTimeouts timeouts;
  private final SessionSlots byId;
  private final ChainedIndex<UserInRealm, UserSessions> byUser;
  private final Queue<Together> endedTogether = new ConcurrentLinkedQueue<>();

  /** The latest time at which one began; epoch milliseconds. */
  private volatile long begunAt = Long.MIN_VALUE;

  Sweep(
      SessionTimeouts timeouts, SessionSlots byId, ChainedIndex<UserInRealm, UserSessions> byUser) {
    this.timeouts = timeouts;
    this.byId = byId;
    this.byUser = byUser;
  }

  /** The sessions that one user had, beside groups and in them. */
  private record Together(Entry[] alone, @Nullable Groups groups) {}

  /** Says that sessions have ended that are still in the index by id. */
  void ended(Entry[] alone, @Nullable Groups groups) {
    endedTogether.add(new Together(alone, groups));
  }

  /**
   * Says that a session has entered, under the lock of its user.
   *
   * @param createdAt what the clock said before it entered
   */
  void entered(UserSessions user, long createdAt, long deadline) {
    if (createdAt < begunAt) {
      byUser.lookBy(user, deadline);
    }
  }

  /** Runs once; returns how many sessions have expired. */
  synchronized int run(long now) {
    giveBack();
    begunAt = Math.max(begunAt, now);
    int[] expired = {0};
    byUser.forEachDue(
        now,
        timeouts.deadline(now, now),
        user -> {
          expired[0] += user.expire(now);
          return user.earliest();
        });
    return expired[0];
  }

  private void giveBack() {
    for (Together ended = endedTogether.poll(); ended != null; ended = endedTogether.poll()) {
      remove(ended.alone);
      if (ended.groups != null) {
        for (Group group : ended.groups.toList()) {
          remove(group.first(Integer.MAX_VALUE));
        }
      }
    }
  }

  private void remove(Entry[] entries) {
    for (Entry entry : entries) {
      byId.remove(entry);
    }
  }
}
