package org.smsjmx.session.memory;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SignIn.Refused;
import org.smsjmx.session.UserInRealm;

/**
 * Epochs of sign-ins and refreshes, and the barriers that refuse sign-ins of earlier epochs. An
 * epoch is known before the user's name is, so all users share their count. Barriers are those of
 * one user each.
 *
 * <p>They are striped by user, and a stripe keeps the {@value #MOST} highest ones of terminates,
 * and as many of refreshes. A sign-in that began before a terminate that is forgotten is refused,
 * since it may have been the user's; before a refresh, the credential is read again. So all
 * barriers take 2 MB at most, and a sign-in may overlap terminates of some fifty thousand users.
 *
 * <p><b>{@link Stripe#highest} is no lower than any barrier of the stripe</b>, and is written
 * first: a sign-in that began later need not look at barriers. A thread that raises a barrier
 * writes it before it looks for the user's sessions.
 */
final class Epochs {

  private static final int STRIPES = 1024;

  /** Barriers of each kind in a stripe. */
  private static final int MOST = 64;

  private final AtomicLong newest = new AtomicLong();
  private final Stripe[] stripes = new Stripe[STRIPES];

  /** The newest epoch in which a refresh of a user began, by stripe. */
  private final AtomicLongArray refreshesBegun = new AtomicLongArray(STRIPES);

  /** Keeps names from being made to fit each other. */
  private final long seed = ThreadLocalRandom.current().nextLong();

  Epochs() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /** Returns the epoch of a sign-in that begins now. */
  long newest() {
    return newest.get();
  }

  /** Begins an epoch and returns it. */
  long next() {
    return newest.incrementAndGet();
  }

  /** Begins the epoch of a refresh and returns it. */
  long beginRefresh(UserInRealm user) {
    long epoch = next();
    refreshesBegun.accumulateAndGet(stripe(user), epoch, Math::max);
    return epoch;
  }

  /**
   * Returns the epoch of the last refresh of the user, or of one in the stripe, that began before a
   * reading did: no refresh of the user lies between the two, so they say the same. With it,
   * sessions share what they have in common, whatever happens to other users.
   */
  long lastRefreshBefore(UserInRealm user, long read) {
    long begun = refreshesBegun.get(stripe(user));
    return begun <= read ? begun : read;
  }

  /** Refuses the user's sign-ins that have begun. */
  void raiseTerminated(UserInRealm user) {
    stripes[stripe(user)].raiseTerminated(hash(user), next());
  }

  /** Refuses the user's sign-ins with a reading of an earlier epoch. */
  void raiseRefreshed(UserInRealm user, long epoch) {
    stripes[stripe(user)].raiseRefreshed(hash(user), epoch);
  }

  /**
   * Returns why a sign-in may not enter, null if it may.
   *
   * @param begun epoch in which it began
   * @param read epoch in which its credential was read, no earlier
   */
  @Nullable Refused refused(UserInRealm user, long begun, long read) {
    Stripe stripe = stripes[stripe(user)];
    return stripe.highest <= begun ? null : stripe.refused(hash(user), begun, read);
  }

  private static int stripe(UserInRealm user) {
    int hash = user.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }

  /** Returns what stands for the user: that two users have the same will not happen. */
  private long hash(UserInRealm user) {
    return mix(mix(seed, user.key()), user.realm());
  }

  private static long mix(long start, String text) {
    long hash = start ^ text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }

  /** The barriers of some users. */
  private static final class Stripe {

    /** Written under the monitor. */
    volatile long highest;

    private final Barriers terminated = new Barriers();
    private final Barriers refreshed = new Barriers();

    synchronized void raiseTerminated(long user, long epoch) {
      highest = Math.max(highest, epoch);
      terminated.raise(user, epoch);
    }

    synchronized void raiseRefreshed(long user, long epoch) {
      highest = Math.max(highest, epoch);
      refreshed.raise(user, epoch);
    }

    synchronized @Nullable Refused refused(long user, long begun, long read) {
      if (terminated.of(user) > begun) {
        return Refused.TERMINATED;
      }
      if (terminated.forgotten > begun) {
        return Refused.OUTDATED;
      }
      return Math.max(refreshed.of(user), refreshed.forgotten) > read ? Refused.REFRESHED : null;
    }
  }

  /** The highest barriers of one kind, in no order; under the monitor of the stripe. */
  private static final class Barriers {

    private static final int FEWEST_PLACES = 4;

    private long[] users = {};
    private long[] epochs = {};
    private int size;

    /** The highest barrier that is not known any more. */
    private long forgotten;

    void raise(long user, long epoch) {
      int lowest = 0;
      for (int i = 0; i < size; i++) {
        if (users[i] == user) {
          epochs[i] = Math.max(epochs[i], epoch);
          return;
        }
        lowest = epochs[i] < epochs[lowest] ? i : lowest;
      }
      int place = size < MOST ? addPlace() : lowest;
      forgotten = Math.max(forgotten, epochs[place]);
      users[place] = user;
      epochs[place] = epoch;
    }

    private int addPlace() {
      if (size == users.length) {
        int places = Math.max(FEWEST_PLACES, size * 2);
        users = Arrays.copyOf(users, places);
        epochs = Arrays.copyOf(epochs, places);
      }
      return size++;
    }

    /** Returns the barrier of a user, 0 if none is known. */
    long of(long user) {
      for (int i = 0; i < size; i++) {
        if (users[i] == user) {
          return epochs[i];
        }
      }
      return 0;
    }
  }
}
