package org.smsjmx.management;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.ToLongFunction;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.TimeSource;

/** The totals of the last ten minutes, one sample a second or so; and how fast they grow. */
final class History {

  private static final long WINDOW_MILLIS = Duration.ofMinutes(10).toMillis();
  private static final long RATE_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final int MOST = 600;

  private final TimeSource clock;
  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * Totals at a time.
   *
   * @param at the time in {@link TimeSource#elapsedMillis}
   */
  private record Sample(long at, SessionTotals totals) {}

  History(TimeSource clock) {
    this.clock = clock;
  }

  /** Notes the totals of this moment. */
  synchronized void note(SessionTotals totals) {
    long now = clock.elapsedMillis();
    samples.removeIf(sample -> sample.at < now - WINDOW_MILLIS);
    if (samples.size() == MOST) {
      samples.removeFirst();
    }
    samples.add(new Sample(now, totals));
  }

  /** Returns by how much a total grew in a second, over the last minute; 0 until noted twice. */
  synchronized double perSecond(ToLongFunction<SessionTotals> total) {
    Sample last = samples.peekLast();
    if (last == null) {
      return 0;
    }
    Sample first = last;
    for (Sample sample : samples) {
      if (sample.at >= last.at - RATE_MILLIS) {
        first = sample;
        break;
      }
    }
    long millis = Math.max(1, last.at - first.at);
    long grown = total.applyAsLong(last.totals) - total.applyAsLong(first.totals);
    return grown * 1_000.0 / millis;
  }

  /** Returns the samples, oldest first. */
  ServiceMXBean.HistoryView view() {
    List<Sample> taken = taken();
    long offset = clock.offsetMillis();
    return new ServiceMXBean.HistoryView(
        taken.stream().mapToLong(sample -> sample.at + offset).toArray(),
        column(taken, SessionTotals::sessions),
        column(taken, SessionTotals::signedIn),
        column(taken, SessionTotals::signedOut),
        column(taken, SessionTotals::terminated),
        column(taken, SessionTotals::expired),
        column(taken, SessionTotals::displaced),
        column(taken, SessionTotals::refreshed));
  }

  private synchronized List<Sample> taken() {
    return new ArrayList<>(samples);
  }

  private static long[] column(List<Sample> samples, ToLongFunction<SessionTotals> total) {
    return samples.stream().mapToLong(sample -> total.applyAsLong(sample.totals)).toArray();
  }
}
