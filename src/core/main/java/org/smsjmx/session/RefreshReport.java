package org.smsjmx.session;

/**
 * What a refresh of a user's sessions did, or would do.
 *
 * @param sessions number of sessions that got a newly read credential
 * @param changed how many of them have another credential than before
 * @param change what changed, over all of them
 */
public record RefreshReport(int sessions, int changed, CredentialChange change) {

  /** No session was there. */
  public static final RefreshReport NOTHING = new RefreshReport(0, 0, CredentialChange.NONE);

  /** Returns what both did, to different sessions. */
  public RefreshReport and(RefreshReport other) {
    return new RefreshReport(
        sessions + other.sessions, changed + other.changed, change.and(other.change));
  }
}
