package org.smsjmx.session;

/**
 * What became of the sessions of a server, since the table was made.
 *
 * @param signedIn sessions begun
 * @param signedOut sessions ended by their user
 * @param terminated sessions ended by an administrator
 * @param expired sessions ended by their lifetime or by inactivity; {@link #UNKNOWN} where they end
 *     elsewhere and the table is not told
 * @param refreshed credentials replaced in live sessions
 */
public record SessionTotals(
    long signedIn, long signedOut, long terminated, long expired, long refreshed) {

  /** Stands for a number that cannot be known. */
  public static final long UNKNOWN = -1;

  /** Nothing yet. */
  public static final SessionTotals NONE = new SessionTotals(0, 0, 0, 0, 0);

  /**
   * Returns the number of sessions that have not ended. A session past its deadline leaves the
   * count when a call first reaches it, at the latest with the next {@link SessionTable#expire}.
   *
   * @return {@link #UNKNOWN} if it is not known how many have expired
   */
  public long sessions() {
    return expired == UNKNOWN ? UNKNOWN : signedIn - signedOut - terminated - expired;
  }

  /** Returns the sum of both. */
  public SessionTotals plus(SessionTotals other) {
    return new SessionTotals(
        signedIn + other.signedIn,
        signedOut + other.signedOut,
        terminated + other.terminated,
        expired == UNKNOWN || other.expired == UNKNOWN ? UNKNOWN : expired + other.expired,
        refreshed + other.refreshed);
  }
}
