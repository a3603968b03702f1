package org.smsjmx.session;

import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the sessions that were to be ended: {@code matched = ended + alreadyGone +
 * failed}.
 *
 * @param matched how many were to be ended
 * @param ended how many this call ended
 * @param alreadyGone how many ended otherwise, after it was fixed that they match
 * @param failed how many could not be ended
 * @param survivors how many of them are alive now
 * @param endedByServer how many of the ended ones signed in at each server; others are missing
 */
public record TerminationReport(
    long matched,
    long ended,
    long alreadyGone,
    long failed,
    long survivors,
    Map<String, Long> endedByServer) {

  /** There was nothing to end. */
  public static final TerminationReport NOTHING = new TerminationReport(0, 0, 0, 0, 0, Map.of());

  public TerminationReport {
    endedByServer = Map.copyOf(endedByServer);
  }

  /** Returns this and another one, of other sessions, as one. */
  public TerminationReport and(TerminationReport other) {
    Map<String, Long> all = new TreeMap<>(endedByServer);
    other.endedByServer.forEach((server, number) -> all.merge(server, number, Long::sum));
    return new TerminationReport(
        matched + other.matched,
        ended + other.ended,
        alreadyGone + other.alreadyGone,
        failed + other.failed,
        survivors + other.survivors,
        all);
  }
}
