package org.smsjmx.remote.http;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.Connections;
import org.smsjmx.remote.ListeningSocket;
import org.smsjmx.remote.Tls;

/** The HTTP endpoint: handlers by path, behind filters for origin, account and size. */
public final class HttpEndpoint implements AutoCloseable {

  private static final int CONNECTIONS = 2_048;
  private static final int ANONYMOUS = 512;

  /** A connection with TLS takes several times the memory of one without. */
  private static final int ANONYMOUS_WITH_TLS = 256;

  private static final Duration SIGN_IN_WITHIN = Duration.ofSeconds(3);

  /** Headers, a TLS handshake, and what is dropped of a body after a refusal. */
  private static final int ANONYMOUS_BYTES = 128 << 10;

  private final Connections connections;
  private final ListeningSocket socket;
  private final HttpListener listener;
  private final String url;

  private HttpEndpoint(
      Connections connections, ListeningSocket socket, HttpListener listener, String url) {
    this.connections = connections;
    this.socket = socket;
    this.listener = listener;
    this.url = url;
  }

  /**
   * Takes the port; requests are answered from {@link #start} on.
   *
   * @param authentication checks names and passwords
   * @param jolokia answers who has signed in; not closed with the endpoint
   * @param tls null = none
   * @param host where to listen
   * @param port 0 = any free one
   * @param names under which clients reach it, and which web pages may use it
   * @throws IOException if the port is in use or the host is not one of this machine; the message
   *     names them
   */
  public static HttpEndpoint open(
      Authentication authentication,
      Jolokia jolokia,
      @Nullable Tls tls,
      String host,
      int port,
      HttpNames names)
      throws IOException {
    int anonymous = tls == null ? ANONYMOUS : ANONYMOUS_WITH_TLS;
    Connections connections =
        new Connections(
            "http-deadlines",
            new Connections.Limits(CONNECTIONS, anonymous, SIGN_IN_WITHIN, ANONYMOUS_BYTES, false));
    ListeningSocket socket;
    try {
      socket = new ListeningSocket(InetAddress.getByName(host), port, connections, tls);
    } catch (IOException e) {
      connections.close();
      throw new IOException("HTTP port %d on %s: %s".formatted(port, host, e.getMessage()), e);
    }
    HttpListener listener =
        new HttpListener(socket, routes(authentication, jolokia, tls, host, names));
    String url =
        "%s://%s:%d%s"
            .formatted(
                tls == null ? "http" : "https",
                inUrl(host),
                socket.getLocalPort(),
                JolokiaHandler.PATH);
    return new HttpEndpoint(connections, socket, listener, url);
  }

  /** Returns a host as URLs have it: IPv6 addresses in brackets, which they may have already. */
  static String inUrl(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /**
   * The origin is judged first, since a browser asks whether it may send a password; the host after
   * the account, so that guesses are counted whatever host they name.
   */
  private static Routes routes(
      Authentication authentication,
      Jolokia jolokia,
      @Nullable Tls tls,
      String host,
      HttpNames names) {
    Set<String> hosts = new HashSet<>(names.hosts());
    hosts.add(host.toLowerCase(Locale.ROOT));
    return new Routes()
        .add(
            JolokiaHandler.PATH,
            new JolokiaHandler(jolokia),
            new OriginFilter(tls != null, names.origins()),
            new AuthenticationFilter(authentication, tls != null && tls.vouchesForClients()),
            new HostFilter(hosts, tls == null ? Set::of : tls::names),
            new BodyLimitFilter());
  }

  /** Answers requests, also those that came since the port was taken. */
  public void start() {
    listener.start();
  }

  /** Restarts what has ended by itself; to be called again and again. */
  public void tend() {
    listener.tend();
  }

  /** Returns why connections are not accepted or not closed in time, null if they are. */
  public @Nullable String problem() {
    String problem = socket.problem();
    return problem == null ? connections.problem() : problem;
  }

  /** Returns the URL that clients take. */
  public String url() {
    return url;
  }

  /** Closes the endpoint; calls under way may finish first, others are closed without an answer. */
  @Override
  public void close() throws IOException {
    listener.close();
    connections.close();
  }
}
