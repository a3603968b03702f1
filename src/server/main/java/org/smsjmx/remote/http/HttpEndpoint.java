package org.smsjmx.remote.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.SystemProperties;
import org.smsjmx.remote.Tls;

/** The HTTP endpoint: handlers by path, behind filters for origin, account and size. */
public final class HttpEndpoint implements AutoCloseable {

  private static final int BACKLOG = 128;

  /** Each with a thread of its own while it has a request, so that slow ones hold up nobody. */
  private static final int CONNECTIONS = 2_048;

  private static final int IDLE_SECONDS = 10;

  /** Longer than a request may take to come in. */
  private static final int STOP_SECONDS = 5;

  private final HttpServer server;
  private final ExecutorService executor;
  private final String url;

  private HttpEndpoint(HttpServer server, ExecutorService executor, String url) {
    this.server = server;
    this.executor = executor;
    this.url = url;
  }

  /**
   * Takes the port; requests are answered from {@link #start} on.
   *
   * @param authentication who may come in
   * @param jolokia answers those; not closed with the endpoint
   * @param tls null = none
   * @param host where to listen
   * @param port 0 = any free one
   * @throws IOException if the port is in use or the host is not one of this machine; the message
   *     names them
   */
  public static HttpEndpoint open(
      Authentication authentication, Jolokia jolokia, @Nullable Tls tls, String host, int port)
      throws IOException {
    setLimits();
    HttpServer server;
    try {
      server = listen(tls, new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw new IOException("HTTP port %d on %s: %s".formatted(port, host, e.getMessage()), e);
    }
    ExecutorService executor = threads();
    server.setExecutor(executor);
    server.createContext("/", routes(authentication, jolokia, executor));
    String shownHost = host.contains(":") ? "[" + host + "]" : host;
    String url =
        "%s://%s:%d%s"
            .formatted(
                tls == null ? "http" : "https",
                shownHost,
                server.getAddress().getPort(),
                JolokiaHandler.PATH);
    return new HttpEndpoint(server, executor, url);
  }

  private static Routes routes(Authentication authentication, Jolokia jolokia, Executor executor) {
    return new Routes()
        .add(
            JolokiaHandler.PATH,
            new JolokiaHandler(jolokia),
            new OriginFilter(),
            new AuthenticationFilter(authentication, executor),
            new BodyLimitFilter());
  }

  private static HttpServer listen(@Nullable Tls tls, InetSocketAddress address)
      throws IOException {
    if (tls == null) {
      return HttpServer.create(address, BACKLOG);
    }
    HttpsServer server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(tls.https());
    return server;
  }

  /** The JDK's HTTP server reads these when its first class loads. */
  private static void setLimits() {
    // else each request on a kept connection waits 40 ms for an acknowledgement
    SystemProperties.setDefault("sun.net.httpserver.nodelay", true);
    // a body that nobody asked for is not read
    SystemProperties.setDefault("sun.net.httpserver.drainAmount", 0);
    SystemProperties.setDefault("sun.net.httpserver.maxReqTime", 3);
    SystemProperties.setDefault("sun.net.httpserver.maxRspTime", 60);
    SystemProperties.setDefault("sun.net.httpserver.maxReqHeaders", 64);
    SystemProperties.setDefault("jdk.httpserver.maxConnections", CONNECTIONS);
  }

  private static ExecutorService threads() {
    AtomicInteger number = new AtomicInteger();
    // without a queue the thread that became idle last, with its warm caches, takes a request
    return new ThreadPoolExecutor(
        0,
        CONNECTIONS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "http-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Answers requests, also those that came since the port was taken. */
  public void start() {
    server.start();
  }

  /** Returns the URL that clients take. */
  public String url() {
    return url;
  }

  /** Closes the endpoint; calls under way may finish first, others are closed without an answer. */
  @Override
  public void close() {
    // not by the server itself, which waits for as long as it may, also where there is no call
    executor.shutdown();
    try {
      executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
  }
}
