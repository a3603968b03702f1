package org.smsjmx.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Times what one thread does without waiting for others. It takes the lesser of the clock and the
 * thread's processor time: the first counts other processes in that had the processor meanwhile,
 * the second what it costs to ask for it.
 */
final class Stopwatch {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final long cpu = THREADS.getCurrentThreadCpuTime();
  private final long clock = System.nanoTime();

  /** Returns the nanoseconds since it was made, by the same thread. */
  long nanos() {
    long byClock = System.nanoTime() - clock;
    return Math.min(byClock, THREADS.getCurrentThreadCpuTime() - cpu);
  }
}
