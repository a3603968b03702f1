package org.smsjmx.remote;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The HTTP door: Jolokia behind our own check of path, account and size. */
public final class HttpEndpoint implements AutoCloseable {

  private static final int BACKLOG = 128;

  /**
   * More than the connections that can be half open at a time, so that one is left for the good.
   */
  private static final int THREADS = 256;

  private static final int IDLE_SECONDS = 10;
  private static final int STOP_SECONDS = 1;

  private final HttpServer server;
  private final ExecutorService executor;
  private final Jolokia jolokia;
  private final String url;

  private HttpEndpoint(HttpServer server, ExecutorService executor, Jolokia jolokia, String url) {
    this.server = server;
    this.executor = executor;
    this.jolokia = jolokia;
    this.url = url;
  }

  /**
   * Opens the door.
   *
   * @param accounts who may come in
   * @param policy Jolokia's policy file: what may be called
   * @param host where to listen
   * @param port 0 = any free one
   * @throws IOException if the policy cannot be read, the port is in use or the host is not one of
   *     this machine; the message names them
   */
  public static HttpEndpoint open(Accounts accounts, Path policy, String host, int port)
      throws IOException {
    setLimits();
    Jolokia jolokia = Jolokia.start(policy);
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), BACKLOG);
    } catch (IOException e) {
      jolokia.close();
      throw new IOException("HTTP port %d on %s: %s".formatted(port, host, e.getMessage()), e);
    }
    ExecutorService executor = threads();
    server.setExecutor(executor);
    server.createContext("/", new HttpRequests(accounts, jolokia));
    server.start();
    String shownHost = host.contains(":") ? "[" + host + "]" : host;
    String url =
        "http://%s:%d%s".formatted(shownHost, server.getAddress().getPort(), HttpRequests.PATH);
    return new HttpEndpoint(server, executor, jolokia, url);
  }

  /** The JDK's HTTP server reads these when its first class loads. */
  private static void setLimits() {
    // else each request on a kept connection waits 40 ms for an acknowledgement
    limit("sun.net.httpserver.nodelay", "true");
    // a body that nobody asked for is not read
    limit("sun.net.httpserver.drainAmount", "0");
    limit("sun.net.httpserver.maxReqTime", "3");
    limit("sun.net.httpserver.maxRspTime", "60");
    limit("sun.net.httpserver.maxReqHeaders", "64");
    limit("jdk.httpserver.maxConnections", String.valueOf(2 * THREADS));
  }

  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static ExecutorService threads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Returns the URL that clients take. */
  public String url() {
    return url;
  }

  /** Closes the door; calls under way may finish first. */
  @Override
  public void close() {
    server.stop(STOP_SECONDS);
    executor.shutdown();
    jolokia.close();
  }
}
