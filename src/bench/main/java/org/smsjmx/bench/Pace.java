package org.smsjmx.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** When calls begin; for use by several threads. */
abstract class Pace {

  /** That of no call: none is to begin any more. */
  static final long OVER = -1;

  private final AtomicLong next = new AtomicLong();

  private final boolean timed;

  private Pace(boolean timed) {
    this.timed = timed;
  }

  /**
   * As fast as answers come, which gives the throughput.
   *
   * @param seconds for how long
   * @param maximum after how many calls to end in any case
   */
  static Pace closedLoop(double seconds, long maximum) {
    long until = System.nanoTime() + (long) (seconds * 1e9);
    return new Pace(false) {
      @Override
      boolean isOver(long number) {
        return number >= maximum || System.nanoTime() >= until;
      }

      @Override
      long begins(long number) {
        return System.nanoTime();
      }
    };
  }

  /**
   * At fixed times, from which on it counts how long a call takes: so a server that stops for a
   * while is not excused by clients that wait.
   *
   * @param callsPerSecond how many calls begin in a second, over all connections
   * @param calls how many in all
   */
  static Pace openLoop(double callsPerSecond, long calls) {
    long begin = System.nanoTime() + 10_000_000;
    return new Pace(true) {
      @Override
      boolean isOver(long number) {
        return number >= calls;
      }

      @Override
      long begins(long number) {
        return begin + (long) (number * 1e9 / callsPerSecond);
      }
    };
  }

  /** Returns whether calls have fixed times. */
  final boolean isTimed() {
    return timed;
  }

  /** Returns the number of the next call, from 0, or {@link #OVER}. */
  final long next() {
    long number = next.get();
    while (!isOver(number)) {
      if (next.compareAndSet(number, number + 1)) {
        return number;
      }
      number = next.get();
    }
    return OVER;
  }

  abstract boolean isOver(long number);

  /** Returns when a call begins, by {@link System#nanoTime}: a time that is past, or to come. */
  abstract long begins(long number);

  /**
   * Waits until a time of {@link System#nanoTime} has come.
   *
   * @param spin nanoseconds before it from which on to be awake, since who sleeps wakes up late
   */
  static void await(long time, long spin) {
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      if (left > spin) {
        LockSupport.parkNanos(left - spin);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
