package org.smsjmx.session;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a refresh of a user's sessions did, or would do.
 *
 * @param sessions number of sessions that got a newly read credential
 * @param changed how many of them have another credential than before
 * @param change what changed, over all of them
 * @param kept number of sessions that keep their credential, since it is {@link Credential#fixed}
 * @param keptKinds what those credentials were built of, in order
 */
public record RefreshReport(
    int sessions, int changed, CredentialChange change, int kept, List<String> keptKinds) {

  /** No session was there. */
  public static final RefreshReport NOTHING = new RefreshReport(0, 0, CredentialChange.NONE);

  public RefreshReport {
    keptKinds = keptKinds.stream().distinct().sorted().toList();
  }

  /** Returns the report of a refresh that no session was kept from. */
  public RefreshReport(int sessions, int changed, CredentialChange change) {
    this(sessions, changed, change, 0, List.of());
  }

  /** Returns in words why sessions were kept. */
  public String whyKept() {
    return "%d %s signed in by %s, which cannot be rebuilt from it"
        .formatted(kept, kept == 1 ? "session" : "sessions", String.join(", ", keptKinds));
  }

  /** Returns what both did, to different sessions. */
  public RefreshReport and(RefreshReport other) {
    return new RefreshReport(
        sessions + other.sessions,
        changed + other.changed,
        change.and(other.change),
        kept + other.kept,
        Stream.concat(keptKinds.stream(), other.keptKinds.stream()).toList());
  }
}
