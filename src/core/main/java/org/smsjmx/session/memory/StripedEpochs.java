package org.smsjmx.session.memory;

import java.util.concurrent.atomic.AtomicLongArray;
import org.smsjmx.session.UserInRealm;

/**
 * Marks of sign-ins and refreshes, and the barriers that stop sign-ins that began too early. Users
 * share stripes of them; so a sign-in may be stopped for another user's sake, which costs it
 * another attempt.
 */
final class Marks {

  private static final int STRIPES = 1024;

  /** The newest mark given out, by stripe. */
  private final AtomicLongArray newest = new AtomicLongArray(STRIPES);

  /** The oldest mark with which a sign-in may still enter, by stripe. */
  private final AtomicLongArray barriers = new AtomicLongArray(STRIPES);

  /** Returns the mark of a sign-in that begins now. */
  long newest(UserInRealm user) {
    return newest.get(stripe(user));
  }

  /** Returns a mark that is younger than all before. */
  long next(UserInRealm user) {
    return newest.incrementAndGet(stripe(user));
  }

  /** Stops the user's sign-ins with older marks from now on. */
  void raiseBarrier(UserInRealm user, long mark) {
    barriers.accumulateAndGet(stripe(user), mark, Math::max);
  }

  /** Stops all users' sign-ins that have begun. */
  void raiseAllBarriers() {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      barriers.accumulateAndGet(stripe, newest.incrementAndGet(stripe), Math::max);
    }
  }

  /** Returns whether a sign-in with the mark may enter. */
  boolean admits(UserInRealm user, long mark) {
    return mark >= barriers.get(stripe(user));
  }

  private static int stripe(UserInRealm user) {
    int hash = user.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }
}
