package org.smsjmx.session;

import java.time.Duration;
import java.time.Instant;

/**
 * A user who may not sign in to a realm for a time, at an administrator's wish.
 *
 * @param user user name, as the administrator gave it
 * @param until when the time is over
 * @param by the account that asked for it, for display
 * @param reason why, for display; empty if none was given
 */
public record KeptOut(String user, Instant until, String by, String reason) {

  /** For so long a user can be kept out at most; to be longer out is the registry's affair. */
  public static final Duration MAXIMUM = Duration.ofDays(7);

  /** So many users of a realm can be kept out at once. */
  public static final int MOST_USERS = 10_000;

  /**
   * Checks for how long a user is to be kept out.
   *
   * @return the time in milliseconds
   * @throws IllegalArgumentException if it is below a millisecond or above {@link #MAXIMUM}
   */
  public static long requireTime(Duration time) {
    if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(MAXIMUM) > 0) {
      throw new IllegalArgumentException("duration must be PT0.001S..P7D: " + time);
    }
    return time.toMillis();
  }
}
