package org.smsjmx.management;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long operations took since the start, by operation and endpoint. Lock-free: a duration that
 * is noted while a view is made may be in it or not.
 */
final class Durations {

  private final Map<Key, Histogram> histograms = new ConcurrentHashMap<>();

  private record Key(String operation, String endpoint) {}

  /** Notes one call, whatever its outcome was. */
  void note(String operation, String endpoint, long micros) {
    Key key = new Key(operation, endpoint);
    Histogram histogram = histograms.get(key);
    if (histogram == null) {
      histogram = histograms.computeIfAbsent(key, k -> new Histogram());
    }
    histogram.note(micros);
  }

  /** Returns what was noted, by {@code operation/endpoint}. */
  Map<String, ServiceMXBean.DurationView> views() {
    Map<String, ServiceMXBean.DurationView> views = new TreeMap<>();
    histograms.forEach(
        (key, histogram) -> views.put(key.operation + "/" + key.endpoint, histogram.view()));
    return views;
  }

  /**
   * Counts durations in buckets: one a microsecond up to 32, then sixteen for each doubling, so
   * that a percentile is at most a sixteenth above the duration that it stands for.
   */
  static final class Histogram {

    private static final int SUB_BITS = 4;
    private static final long LONGEST = (1L << 40) - 1;

    private final AtomicLongArray buckets = new AtomicLongArray(bucket(LONGEST) + 1);
    private final LongAdder sum = new LongAdder();
    private final AtomicLong longest = new AtomicLong();

    void note(long micros) {
      long noted = Math.min(Math.max(micros, 0), LONGEST);
      buckets.incrementAndGet(bucket(noted));
      sum.add(noted);
      if (noted > longest.get()) {
        longest.accumulateAndGet(noted, Math::max);
      }
    }

    private static int bucket(long micros) {
      int shift = Math.max(0, Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(micros));
      return (shift << SUB_BITS) + (int) (micros >>> shift);
    }

    /** Returns the longest duration that falls into a bucket. */
    private static long upper(int bucket) {
      int shift = Math.max(0, (bucket >> SUB_BITS) - 1);
      long first = bucket - ((long) shift << SUB_BITS);
      return ((first + 1) << shift) - 1;
    }

    ServiceMXBean.DurationView view() {
      long[] counts = new long[buckets.length()];
      long all = 0;
      for (int i = 0; i < counts.length; i++) {
        counts[i] = buckets.get(i);
        all += counts[i];
      }
      long most = longest.get();
      return new ServiceMXBean.DurationView(
          all,
          all == 0 ? 0 : sum.sum() / all,
          Math.min(most, percentile(counts, all, 50)),
          Math.min(most, percentile(counts, all, 99)),
          most);
    }

    private static long percentile(long[] counts, long all, int percent) {
      long below = 0;
      for (int i = 0; i < counts.length; i++) {
        below += counts[i];
        if (below * 100 >= all * percent) {
          return upper(i);
        }
      }
      throw new IllegalStateException("the counts are fewer than all");
    }
  }
}
