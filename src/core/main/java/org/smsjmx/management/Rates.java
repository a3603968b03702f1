package org.smsjmx.management;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToLongFunction;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.TimeSource;

/** How fast totals grow, over the last minute. */
final class Rates {

  private static final long WINDOW_MILLIS = Duration.ofMinutes(1).toMillis();

  private final TimeSource clock;
  private final Deque<Sample> samples = new ArrayDeque<>();

  /** At which time, in {@link TimeSource#elapsedMillis}, the totals were so. */
  private record Sample(long at, SessionTotals totals) {}

  Rates(TimeSource clock) {
    this.clock = clock;
  }

  /** Notes the totals of this moment. */
  synchronized void note(SessionTotals totals) {
    long now = clock.elapsedMillis();
    samples.removeIf(sample -> sample.at < now - WINDOW_MILLIS);
    samples.add(new Sample(now, totals));
  }

  /** Returns by how much a total grew in a second, 0 until it was noted twice. */
  synchronized double perSecond(ToLongFunction<SessionTotals> total) {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long millis = Math.max(1, last.at - first.at);
    long grown = total.applyAsLong(last.totals) - total.applyAsLong(first.totals);
    return grown * 1_000.0 / millis;
  }
}
