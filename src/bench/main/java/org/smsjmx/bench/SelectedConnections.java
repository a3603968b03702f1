package org.smsjmx.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Many HTTP connections of which one thread reads all answers, as they come: a thread for each
 * would take much of the processors from the server that is measured, which is on the same machine.
 */
final class SelectedConnections implements Clients {

  private final Selector selector = Selector.open();
  private final List<Calling> connections = new ArrayList<>();
  private final ExecutorService timer = Executors.newSingleThreadExecutor();

  /** Connections that were sent a request and have not answered. */
  private final AtomicInteger busy = new AtomicInteger();

  /**
   * Connects.
   *
   * @param count how many connections
   * @param connect opens one
   */
  SelectedConnections(int count, Callable<HttpConnection> connect) throws Exception {
    for (int i = 0; i < count; i++) {
      Calling calling = new Calling(connect.call());
      connections.add(calling);
      calling.connection.register(selector, calling);
    }
  }

  /** A connection, and when its call began. */
  private static final class Calling {
    private final HttpConnection connection;
    private volatile long begins;

    Calling(HttpConnection connection) {
      this.connection = connection;
    }
  }

  @Override
  public Seen call(Pace pace) throws Exception {
    long begun = System.nanoTime();
    BlockingQueue<Calling> idle = new LinkedBlockingQueue<>(connections);
    CompletableFuture<@Nullable Void> sending = new CompletableFuture<>();
    if (pace.isTimed()) {
      timer.execute(() -> sendInTime(pace, idle, sending));
    } else {
      sendToAll(pace, idle);
      sending.complete(null);
    }
    Histogram nanos = Clients.histogram();
    long sum = 0;
    while (busy.get() > 0 || !sending.isDone()) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        Calling calling = (Calling) key.attachment();
        if (calling.connection.receive()) {
          sum += calling.connection.sum();
          nanos.recordValue(System.nanoTime() - calling.begins);
          idle.add(calling);
          busy.decrementAndGet();
        }
      }
      selector.selectedKeys().clear();
      if (!pace.isTimed()) {
        sendToAll(pace, idle);
      }
    }
    sending.get();
    return new Seen(nanos, (System.nanoTime() - begun) / 1e9, sum);
  }

  private void sendToAll(Pace pace, BlockingQueue<Calling> idle) throws IOException {
    for (Calling calling = idle.poll(); calling != null; calling = idle.poll()) {
      long number = pace.next();
      if (number == Pace.OVER) {
        return;
      }
      send(calling, number, pace.begins(number));
    }
  }

  /** Sends until it is over, and then completes what is given and wakes the reader up. */
  private void sendInTime(
      Pace pace, BlockingQueue<Calling> idle, CompletableFuture<@Nullable Void> sending) {
    try {
      for (long number = pace.next(); number != Pace.OVER; number = pace.next()) {
        Pace.await(pace.begins(number), 0);
        send(idle.take(), number, pace.begins(number));
      }
      sending.complete(null);
    } catch (IOException | InterruptedException | RuntimeException e) {
      sending.completeExceptionally(e);
    }
    selector.wakeup();
  }

  private void send(Calling calling, long number, long begins) throws IOException {
    calling.begins = begins;
    busy.incrementAndGet();
    calling.connection.send(number);
  }

  @Override
  public void close() throws Exception {
    timer.shutdownNow();
    selector.close();
    for (Calling calling : connections) {
      calling.connection.close();
    }
  }
}
