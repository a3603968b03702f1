package org.smsjmx.session;

import java.util.List;
import java.util.Map;

/**
 * Sessions that a {@link Selection} found at one moment. What is done to them later is done to
 * these, whoever signs in meanwhile.
 *
 * @param members which, for the table that found them
 * @param matched how many
 * @param users how many users they are of
 * @param byServer how many signed in at each server
 * @param first some of them, for display
 */
public record SelectedSessions(
    Members members, long matched, long users, Map<String, Long> byServer, List<Session> first) {

  public SelectedSessions {
    byServer = Map.copyOf(byServer);
    first = List.copyOf(first);
  }

  /** Returns these without some of them for display. */
  public SelectedSessions withoutFirst() {
    return new SelectedSessions(members, matched, users, byServer, List.of());
  }

  /** The sessions, in the form of the table that found them. */
  public interface Members {

    /** Returns how much heap they take, in bytes. */
    long memoryBytes();
  }
}
