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
    long byInactivity = inactive.isZero() ? Long.MAX_VALUE : lastAccessAt + inactive.toMillis();
    return Math.min(lifetimeEnd(createdAt), byInactivity);
  }
}
