package org.smsjmx.remote.http;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.remote.ListeningSocket;

/**
 * Accepts connections and gives each a thread. It is not the JDK's HTTP server, which can neither
 * tell connections that have signed in from others nor close one of these for a new one.
 */
final class HttpListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
  private static final int IDLE_SECONDS = 10;

  /** How long answers under way may take once the endpoint closes. */
  private static final int STOP_SECONDS = 5;

  private final ListeningSocket socket;
  private final HttpHandler handler;
  private final ExecutorService threads;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();

  /**
   * Accepts connections from {@link #start} on.
   *
   * @param socket where; closed with this
   * @param handler answers requests
   */
  HttpListener(ListeningSocket socket, HttpHandler handler) {
    this.socket = socket;
    this.handler = handler;
    this.threads = threads();
  }

  /** Accepts connections, also those that wait. */
  void start() {
    Thread acceptor = new Thread(this::accept, "http-acceptor");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /** The connections are bounded where they are accepted. */
  private static ExecutorService threads() {
    AtomicInteger number = new AtomicInteger();
    // without a queue the thread that became idle last, with its warm caches, takes a connection
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "http-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Lets another thread accept connections where the one that did has ended. */
  void tend() {
    if (socket.isDeserted()) {
      LOG.error("the thread that accepts connections has ended; another one goes on");
      start();
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        serve(socket.accept());
      } catch (IOException e) {
        LOG.debug("nothing is accepted any more: {}", e.toString());
      } catch (RuntimeException | Error e) {
        LOG.error("a connection could not be served", e);
      }
    }
  }

  private void serve(Socket client) throws IOException {
    HttpConnection connection = new HttpConnection(client, handler);
    connections.add(connection);
    boolean begun = false;
    try {
      threads.execute(
          () -> {
            try {
              connection.run();
            } finally {
              connections.remove(connection);
            }
          });
      begun = true;
    } catch (RejectedExecutionException e) {
      LOG.debug("a connection came while the endpoint closes");
    } finally {
      if (!begun) { // also where there can be no further thread
        connections.remove(connection);
        client.close();
      }
    }
  }

  /** Closes the endpoint; requests under way may be answered, others are not. */
  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdown();
    connections.forEach(HttpConnection::end);
    try {
      threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
