package org.smsjmx.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * After which time a session ends by itself.
 *
 * @param lifetime from sign-in, zero = unlimited
 * @param inactive from the last access, zero = unlimited
 */
public record SessionTimeouts(Duration lifetime, Duration inactive) {

  private static final Duration MAXIMUM = Duration.ofDays(36_500);

  /** The original's defaults: 3600 s and 600 s. */
  public static final SessionTimeouts DEFAULT =
      new SessionTimeouts(Duration.ofHours(1), Duration.ofMinutes(10));

  public SessionTimeouts {
    requireInBounds("lifetime", lifetime);
    requireInBounds("inactive-timeout", inactive);
  }

  private static void requireInBounds(String what, Duration value) {
    if (value.isNegative()
        || value.compareTo(MAXIMUM) > 0
        || (!value.isZero() && value.toMillis() == 0)) {
      throw new IllegalArgumentException(
          what + " must be PT0S (unlimited) or PT0.001S..P36500D: " + value);
    }
  }

  /**
   * Returns when a session is over however much it is used.
   *
   * @param createdAt when it began
   * @return the end of its lifetime, null if that is unlimited
   */
  public @Nullable Instant lifetimeEnd(Instant createdAt) {
    return lifetime.isZero() ? null : createdAt.plus(lifetime);
  }

  /** Returns the same in milliseconds by any clock, {@link Long#MAX_VALUE} if it is unlimited. */
  long lifetimeEnd(long createdAt) {
    return lifetime.isZero() ? Long.MAX_VALUE : createdAt + lifetime.toMillis();
  }

  /**
   * Returns the first moment at which the session is dead, {@link Long#MAX_VALUE} if it lives for
   * ever. All times are in milliseconds, by a clock that nobody sets.
   *
   * @param createdAt when it began
   * @param lastAccessAt when it was last used
   */
  public long deadline(long createdAt, long lastAccessAt) {
    return deadline(createdAt, lastAccessAt, inactive.toMillis());
  }

  /**
   * Returns the same of a session with an idle limit of its own.
   *
   * @param createdAt when it began
   * @param lastAccessAt when it was last used
   * @param inactiveMillis from the last access, 0 = unlimited
   */
  public long deadline(long createdAt, long lastAccessAt, long inactiveMillis) {
    long byInactivity = inactiveMillis == 0 ? Long.MAX_VALUE : lastAccessAt + inactiveMillis;
    return Math.min(lifetimeEnd(createdAt), byInactivity);
  }

  /**
   * Checks an idle limit of a session's own.
   *
   * @param limit zero = unlimited
   * @return it in milliseconds
   * @throws IllegalArgumentException if it is out of the bounds that hold for those here
   */
  public static long inactiveMillis(Duration limit) {
    requireInBounds("inactive-timeout", limit);
    return limit.toMillis();
  }
}
