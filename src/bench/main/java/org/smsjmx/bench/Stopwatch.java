package org.smsjmx.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Times what one thread does without waiting for others.
 *
 * <p>What takes long is timed by the lesser of the clock and the thread's processor time: the first
 * counts other processes in that had the processor meanwhile, the second what it costs to ask for
 * it. What is brief is timed by the clock alone: asking the kernel can make the processor forget
 * where the program's memory is, and finding it again, for up to a microsecond, would count in.
 */
final class Stopwatch {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final boolean brief;
  private final long cpu;
  private final long clock;

  private Stopwatch(boolean brief) {
    this.brief = brief;
    this.cpu = brief ? 0 : THREADS.getCurrentThreadCpuTime();
    this.clock = System.nanoTime();
  }

  /** Starts one for what takes a millisecond or more. */
  static Stopwatch start() {
    return new Stopwatch(false);
  }

  /** Starts one for what takes so little that it is seldom interrupted. */
  static Stopwatch startBrief() {
    return new Stopwatch(true);
  }

  /** Returns the nanoseconds since it was started, by the same thread. */
  long nanos() {
    long byClock = System.nanoTime() - clock;
    return brief ? byClock : Math.min(byClock, THREADS.getCurrentThreadCpuTime() - cpu);
  }
}
