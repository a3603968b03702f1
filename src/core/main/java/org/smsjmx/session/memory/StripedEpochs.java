package org.smsjmx.session.memory;

import java.util.concurrent.atomic.AtomicLongArray;
import org.smsjmx.session.UserInRealm;

/**
 * Epochs of sign-ins and refreshes, and the barriers that refuse sign-ins of earlier epochs; both
 * striped by user. Users of one stripe share its barrier: an operation on one may refuse a sign-in
 * of another, which costs that sign-in another attempt.
 */
final class StripedEpochs {

  private static final int STRIPES = 1024;

  /** The newest epoch, by stripe. */
  private final AtomicLongArray newest = new AtomicLongArray(STRIPES);

  /** The oldest epoch whose sign-ins may still enter, by stripe. */
  private final AtomicLongArray barriers = new AtomicLongArray(STRIPES);

  /** Returns the epoch of a sign-in that begins now. */
  long newest(UserInRealm user) {
    return newest.get(stripe(user));
  }

  /** Begins an epoch and returns it. */
  long next(UserInRealm user) {
    return newest.incrementAndGet(stripe(user));
  }

  /** Refuses the user's sign-ins of earlier epochs from now on. */
  void raiseBarrier(UserInRealm user, long epoch) {
    barriers.accumulateAndGet(stripe(user), epoch, Math::max);
  }

  /** Refuses all sign-ins that have begun. */
  void raiseAllBarriers() {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      barriers.accumulateAndGet(stripe, newest.incrementAndGet(stripe), Math::max);
    }
  }

  /** Returns whether a sign-in of the epoch may enter. */
  boolean admits(UserInRealm user, long epoch) {
    return epoch >= barriers.get(stripe(user));
  }

  private static int stripe(UserInRealm user) {
    int hash = user.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }
}
