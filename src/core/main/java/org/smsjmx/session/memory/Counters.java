package org.smsjmx.session.memory;

import java.util.concurrent.atomic.LongAdder;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.SessionTotals;

/** What became of the sessions of a server in a realm. */
final class Counters {

  final String server;

  /** That of these among all counters of the table. */
  final int number;

  final LongAdder signedIn = new LongAdder();
  final LongAdder refreshed = new LongAdder();
  private final LongAdder signedOut = new LongAdder();
  private final LongAdder terminated = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder displaced = new LongAdder();

  Counters(String server, int number) {
    this.server = server;
    this.number = number;
  }

  void ended(EndReason reason) {
    ended(reason, 1);
  }

  void ended(EndReason reason, int sessions) {
    switch (reason) {
      case USER_LOGGED_OUT -> signedOut.add(sessions);
      case TERMINATED_BY_ADMIN -> terminated.add(sessions);
      case EXPIRED -> expired.add(sessions);
      case DISPLACED -> displaced.add(sessions);
    }
  }

  /** Reads the ends first, so that the number of sessions is never negative. */
  SessionTotals totals() {
    long out = signedOut.sum();
    long ended = terminated.sum();
    long over = expired.sum();
    long gone = displaced.sum();
    return new SessionTotals(signedIn.sum(), out, ended, over, gone, refreshed.sum());
  }
}
