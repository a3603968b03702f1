package org.smsjmx.bench;

/**
 * A measured figure.
 *
 * @param median nanoseconds, bytes or a share
 * @param p99 of the same rounds
 * @param rounds how many rounds
 */
record Figure(double median, double p99, long rounds) {

  /** Returns it as a line of text. */
  String line() {
    return "%s %s %d".formatted(median, p99, rounds);
  }

  /** Reads the words of a line. */
  static Figure of(String median, String p99, String rounds) {
    return new Figure(Double.parseDouble(median), Double.parseDouble(p99), Long.parseLong(rounds));
  }
}
