package org.smsjmx.spring.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When something happened, as a node saw it: what a sign-in and an operation leave in the store to
 * be ordered by. Moments of one node are ordered exactly; those of two nodes by their clocks of the
 * day, which may differ a little.
 *
 * @param node random name of the node's table
 * @param epoch a hybrid logical clock: milliseconds of the day in the high bits, a count in the low
 *     ones
 */
record Moment(String node, long epoch) {

  /** Bits of the count, enough for a million operations in a millisecond. */
  static final int COUNT_BITS = 20;

  /** Returns the clock of the day, in epoch milliseconds. */
  long millis() {
    return epoch >> COUNT_BITS;
  }

  /**
   * Returns whether this came before another moment, or may have.
   *
   * @param skew by how much the clocks of two nodes may differ
   */
  boolean mayBeBefore(Moment other, Duration skew) {
    return node.equals(other.node)
        ? epoch < other.epoch
        : millis() <= other.millis() + skew.toMillis();
  }

  /** Reads {@link #toString}, null if it is another text. */
  static @Nullable Moment parse(String text) {
    int end = text.indexOf('.');
    try {
      return end < 0
          ? null
          : new Moment(text.substring(0, end), Long.parseLong(text.substring(end + 1)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return node + "." + epoch;
  }
}
