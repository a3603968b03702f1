package org.smsjmx.management;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToLongFunction;
import org.smsjmx.session.SessionTotals;

/** How fast totals grow, over the last minute. */
final class Rates {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(Instant at, SessionTotals totals) {}

  Rates(InstantSource clock) {
    this.clock = clock;
  }

  /** Notes the totals of this moment. */
  synchronized void note(SessionTotals totals) {
    Instant now = clock.instant();
    // a clock that was set back begins anew
    samples.removeIf(sample -> sample.at.isAfter(now) || sample.at.isBefore(now.minus(WINDOW)));
    samples.add(new Sample(now, totals));
  }

  /** Returns by how much a total grew in a second, 0 until it was noted twice. */
  synchronized double perSecond(ToLongFunction<SessionTotals> total) {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long millis = Math.max(1, Duration.between(first.at, last.at).toMillis());
    long grown = total.applyAsLong(last.totals) - total.applyAsLong(first.totals);
    return grown * 1_000.0 / millis;
  }
}
