package org.smsjmx.bench;

import org.HdrHistogram.Histogram;

/** Several connections that call at the same time. */
interface Clients extends AutoCloseable {

  /**
   * Calls until no further call is to begin.
   *
   * @param pace when calls begin
   */
  Seen call(Pace pace) throws Exception;

  @Override
  void close() throws Exception;

  /** Returns an empty histogram of nanoseconds. */
  static Histogram histogram() {
    return new Histogram(60_000_000_000L, 3);
  }

  /**
   * What was seen.
   *
   * @param nanos how long each call took
   * @param seconds how long all took
   * @param sum of what the calls returned
   */
  record Seen(Histogram nanos, double seconds, long sum) {

    double callsPerSecond() {
      return nanos.getTotalCount() / seconds;
    }

    double micros(double percentile) {
      return nanos.getValueAtPercentile(percentile) / 1e3;
    }
  }
}
