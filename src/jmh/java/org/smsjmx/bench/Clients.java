package org.smsjmx.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Several connections that call at the same time, each by a thread of its own.
 *
 * <p><b>Closed loop</b>: each connection calls again as soon as it was answered; gives the
 * throughput. <b>Open loop</b>: calls have fixed times at which they should begin, and how long one
 * took counts from there; so a server that stops for a while is not excused by clients that wait.
 */
final class Clients implements AutoCloseable {

  private static final long SLOWEST_NANOS = 60_000_000_000L;
  private static final int DIGITS = 3;
  private static final long SPIN_NANOS = 60_000;

  private final List<Connection> connections = new ArrayList<>();
  private final ExecutorService threads;

  /**
   * Connects.
   *
   * @param count how many connections
   * @param connect opens one
   */
  Clients(int count, Callable<Connection> connect) throws Exception {
    for (int i = 0; i < count; i++) {
      connections.add(connect.call());
    }
    threads = Executors.newFixedThreadPool(count);
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

  /**
   * Calls as fast as answers come.
   *
   * @param seconds for how long
   * @param maximum after how many calls to end in any case
   */
  Seen closedLoop(double seconds, long maximum) throws Exception {
    long until = System.nanoTime() + (long) (seconds * 1e9);
    AtomicLong next = new AtomicLong();
    return all(
        (connection, nanos) -> {
          long sum = 0;
          while (true) {
            long begun = System.nanoTime();
            long number = begun < until ? next.getAndIncrement() : maximum;
            if (number >= maximum) {
              return sum;
            }
            sum += connection.call(number);
            nanos.recordValue(System.nanoTime() - begun);
          }
        });
  }

  /**
   * Calls at fixed times.
   *
   * @param callsPerSecond how many calls begin in a second, over all connections
   * @param calls how many in all
   */
  Seen openLoop(double callsPerSecond, long calls) throws Exception {
    long begin = System.nanoTime() + 10_000_000;
    AtomicLong next = new AtomicLong();
    return all(
        (connection, nanos) -> {
          long sum = 0;
          while (true) {
            long number = next.getAndIncrement();
            if (number >= calls) {
              return sum;
            }
            long intended = begin + (long) (number * 1e9 / callsPerSecond);
            waitUntil(intended);
            sum += connection.call(number);
            nanos.recordValue(System.nanoTime() - intended);
          }
        });
  }

  /** The last stretch is spun, since a parked thread wakes up late. */
  private void waitUntil(long time) {
    long spin = connections.size() == 1 ? SPIN_NANOS : 0;
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      if (left > spin) {
        LockSupport.parkNanos(left - spin);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private interface Loop {
    long run(Connection connection, Histogram nanos) throws Exception;
  }

  private Seen all(Loop loop) throws Exception {
    long begun = System.nanoTime();
    List<Future<Long>> sums = new ArrayList<>();
    List<Histogram> each = new ArrayList<>();
    for (Connection connection : connections) {
      Histogram nanos = new Histogram(SLOWEST_NANOS, DIGITS);
      each.add(nanos);
      sums.add(threads.submit(() -> loop.run(connection, nanos)));
    }
    long sum = 0;
    for (Future<Long> one : sums) {
      sum += one.get();
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    Histogram nanos = new Histogram(SLOWEST_NANOS, DIGITS);
    each.forEach(nanos::add);
    return new Seen(nanos, seconds, sum);
  }

  @Override
  public void close() throws Exception {
    threads.shutdown();
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
