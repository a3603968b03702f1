package org.smsjmx.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** Connections that call by a thread of its own each. */
final class CallingThreads implements Clients {

  private static final long SPIN_NANOS = 60_000;

  private final List<Connection> connections = new ArrayList<>();
  private final ExecutorService threads;

  /**
   * Connects.
   *
   * @param count how many connections
   * @param connect opens one
   */
  CallingThreads(int count, Callable<Connection> connect) throws Exception {
    for (int i = 0; i < count; i++) {
      connections.add(connect.call());
    }
    threads = Executors.newFixedThreadPool(count);
  }

  @Override
  public Seen call(Pace pace) throws Exception {
    long begun = System.nanoTime();
    List<Future<Long>> sums = new ArrayList<>();
    List<Histogram> each = new ArrayList<>();
    for (Connection connection : connections) {
      Histogram nanos = Clients.histogram();
      each.add(nanos);
      sums.add(threads.submit(() -> call(connection, pace, nanos)));
    }
    long sum = 0;
    for (Future<Long> one : sums) {
      sum += one.get();
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    Histogram nanos = Clients.histogram();
    each.forEach(nanos::add);
    return new Seen(nanos, seconds, sum);
  }

  private long call(Connection connection, Pace pace, Histogram nanos) throws Exception {
    // not by many: they would take all processors
    long spin = connections.size() == 1 ? SPIN_NANOS : 0;
    long sum = 0;
    for (long number = pace.next(); number != Pace.OVER; number = pace.next()) {
      long begins = pace.begins(number);
      Pace.await(begins, spin);
      sum += connection.call(number);
      nanos.recordValue(System.nanoTime() - begins);
    }
    return sum;
  }

  @Override
  public void close() throws Exception {
    threads.shutdown();
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
