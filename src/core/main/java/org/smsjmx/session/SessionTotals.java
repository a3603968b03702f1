package org.smsjmx.session;

/**
 * What became of the sessions of a server, since the table was made.
 *
 * @param signedIn sessions begun
 * @param signedOut sessions ended by their user
 * @param terminated sessions ended by an administrator
 * @param expired sessions ended by their lifetime or by inactivity; {@link #UNKNOWN} where they end
 *     elsewhere and the table is not told
 * @param displaced sessions ended by a further sign-in of their user, see {@link SessionLimit}
 * @param refreshed credentials replaced in live sessions
 */
public record SessionTotals(
    long signedIn, long signedOut, long terminated, long expired, long displaced, long refreshed) {

  /** Stands for a number that cannot be known. */
  public static final long UNKNOWN = -1;

  /** Nothing yet. */
  public static final SessionTotals NONE = new SessionTotals(0, 0, 0, 0, 0);

  /** Counts sessions of which none was displaced. */
  public SessionTotals(
      long signedIn, long signedOut, long terminated, long expired, long refreshed) {
    this(signedIn, signedOut, terminated, expired, 0, refreshed);
  }

  /**
   * Returns the number of sessions that have not ended. A session past its deadline leaves the
   * count when a call first reaches it, at the latest with the next {@link SessionTable#expire}.
   *
   * @return {@link #UNKNOWN} if it is not known how many have expired
   */
  public long sessions() {
    return expired == UNKNOWN ? UNKNOWN : signedIn - signedOut - terminated - expired - displaced;
  }

  /** Returns the sum of both. */
  public SessionTotals plus(SessionTotals other) {
    return new SessionTotals(
        signedIn + other.signedIn,
        signedOut + other.signedOut,
        terminated + other.terminated,
        expired == UNKNOWN || other.expired == UNKNOWN ? UNKNOWN : expired + other.expired,
        displaced + other.displaced,
        refreshed + other.refreshed);
  }
}
