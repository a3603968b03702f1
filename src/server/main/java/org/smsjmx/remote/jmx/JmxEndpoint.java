package org.smsjmx.remote.jmx;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.remote.JMXAuthenticator;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXPrincipal;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Audit;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.ClientSocket;
import org.smsjmx.remote.Connections;
import org.smsjmx.remote.LargeAnswers;
import org.smsjmx.remote.ListeningSocket;
import org.smsjmx.remote.SystemProperties;
import org.smsjmx.remote.Tls;
import org.smsjmx.runtime.Unloadable;

/** The JMX endpoint: RMI registry and connector on one port, behind {@link JmxGuard}. */
public final class JmxEndpoint implements AutoCloseable {

  static final String ENDPOINT = "jmx";

  private static final String NAME = "jmxrmi";

  private static final int CONNECTIONS = 1_024;
  private static final int ANONYMOUS = 512;

  /** A connection with TLS takes several times the memory of one without. */
  private static final int ANONYMOUS_WITH_TLS = 256;

  /** Clients look up the connector, load its classes and sign in; they ask for passwords before. */
  private static final Duration SIGN_IN_WITHIN = Duration.ofSeconds(10);

  /** Several times what a client with TLS sends until it has signed in. */
  private static final int ANONYMOUS_BYTES = 32 << 10;

  /** RMI's own bound, which closes at once what comes beyond, must never be the one that counts. */
  private static final int THREADS = 4 * CONNECTIONS;

  /**
   * Credentials are two texts. An array's length is judged before there is space for it, so that a
   * few bytes cannot take the heap.
   */
  private static final String CREDENTIALS =
      "maxarray=8;maxdepth=2;maxrefs=16;maxbytes=8192;java.lang.String;!*";

  private static final int HANDSHAKE_MILLIS = 3_000;

  /** Longer than clients keep a connection that they do not use, which is 15 s. */
  private static final int IDLE_MILLIS = 60_000;

  private static final int IDLE_THREAD_MILLIS = 10_000;

  /**
   * After which time the connector closes a connection that is not used. For this it keeps a thread
   * for each and wakes it at each call, which costs a sixth of the call; so there is none, and who
   * has gone is noticed by RMI, with which clients renew a lease.
   */
  private static final String IDLE_CHECK = "jmx.remote.x.server.connection.timeout";

  /** What is kept for a client that has gone without a word goes after this time. */
  private static final int LEASE_MILLIS = 120_000;

  private final Sockets sockets;
  private final JmxConnections connections;
  private final RMIConnectorServer connector;
  private final Publication publication;
  private final String url;

  /** Null until {@link #start}. */
  private @Nullable Registry registry;

  private JmxEndpoint(
      Sockets sockets,
      JmxConnections connections,
      RMIConnectorServer connector,
      Publication publication,
      String url) {
    this.sockets = sockets;
    this.connections = connections;
    this.connector = connector;
    this.publication = publication;
    this.url = url;
  }

  /** Makes the registry in which clients find the connector. */
  private interface Publication {
    Registry make() throws RemoteException;
  }

  /**
   * Takes the port; clients find the connector from {@link #start} on.
   *
   * @param mbeanServer what it leads to
   * @param authentication who may come in
   * @param audit told of what is denied
   * @param wholeJvm whether those who may administer also reach MBeans that are not ours
   * @param large gives turns to answers that may be large
   * @param tls null = none
   * @param host where to listen
   * @param port 0 = any free one
   * @throws IOException if the port is in use or the host is not one of this machine; the message
   *     names them
   */
  public static JmxEndpoint open(
      MBeanServer mbeanServer,
      Authentication authentication,
      Audit audit,
      boolean wholeJvm,
      LargeAnswers large,
      @Nullable Tls tls,
      String host,
      int port)
      throws IOException {
    InetAddress address = InetAddress.getByName(host);
    if (!address.isAnyLocalAddress()) {
      // else clients are sent to whatever this machine takes for its own name
      SystemProperties.setDefault("java.rmi.server.hostname", reachable(host, address));
    }
    String reachable = reachable(host, address);
    String shownHost = reachable.contains(":") ? "[" + reachable + "]" : reachable;
    Map<String, Object> environment =
        Map.of(
            JMXConnectorServer.AUTHENTICATOR,
            authenticator(authentication, tls != null && tls.vouchesForClients()),
            RMIConnectorServer.CREDENTIALS_FILTER_PATTERN,
            CREDENTIALS,
            IDLE_CHECK,
            Long.MAX_VALUE);
    initializeUrls();
    Sockets sockets = new Sockets(address, tls);
    RMIClientSocketFactory clients = tls == null ? null : new SslRMIClientSocketFactory();
    JmxAnswers answers = new JmxAnswers(mbeanServer, large);
    Function<Authentication.@Nullable SignIn, MBeanServer> guards =
        signIn -> JmxGuard.of(mbeanServer, authentication, audit, wholeJvm, answers, signIn);
    JmxConnections server =
        new JmxConnections(port, clients, sockets.factory(), environment, authentication, guards);
    RMIConnectorServer connector =
        new RMIConnectorServer(
            // only to be shown; not all names of hosts can stand there
            new JMXServiceURL("rmi", "localhost", port), environment, server, guards.apply(null));
    try {
      connector.start();
      Remote stub = server.toStub();
      return new JmxEndpoint(
          sockets,
          server,
          connector,
          () -> registry(port, clients, sockets, stub),
          "service:jmx:rmi:///jndi/rmi://%s:%d/%s".formatted(shownHost, sockets.port(), NAME));
    } catch (IOException e) {
      try {
        sockets.close();
        connector.stop();
      } catch (IOException notStarted) {
        e.addSuppressed(notStarted);
      }
      String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IOException("JMX port %d on %s: %s".formatted(port, host, reason), e);
    }
  }

  private static void initializeUrls() {
    try {
      MethodHandle made =
          MethodHandles.publicLookup()
              .findConstructor(
                  JMXServiceURL.class, MethodType.methodType(void.class, String.class));
      Unloadable.initialize(MethodHandles.insertArguments(made, 0, "service:jmx:rmi://localhost"));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Some names of container networks, as with an underscore, cannot stand in a URL for JMX. */
  private static String reachable(String host, InetAddress address) {
    try {
      String authority = host.contains(":") ? "[" + host + "]" : host;
      return new URI("rmi://" + authority).getHost() == null ? address.getHostAddress() : host;
    } catch (URISyntaxException e) {
      return address.getHostAddress();
    }
  }

  /**
   * Bounds what RMI takes and reads in this JVM, which is ours. To be called before anything else
   * uses RMI, which reads these properties when its first class loads.
   */
  public static void boundJvm() {
    SystemProperties.setDefault("sun.rmi.transport.tcp.maxConnectionThreads", THREADS);
    SystemProperties.setDefault("sun.rmi.transport.tcp.handshakeTimeout", HANDSHAKE_MILLIS);
    SystemProperties.setDefault("sun.rmi.transport.tcp.readTimeout", IDLE_MILLIS);
    SystemProperties.setDefault("sun.rmi.transport.tcp.threadKeepAliveTime", IDLE_THREAD_MILLIS);
    SystemProperties.setDefault("java.rmi.dgc.leaseValue", LEASE_MILLIS);
    AnonymousFilter.install();
  }

  /**
   * Makes a registry that no client can change: RMI lets processes of this machine do that, and one
   * that puts a server of its own there would collect passwords. But it refuses clients of which it
   * does not know where they are, and our sockets do not tell it.
   */
  private static Registry registry(
      int port, @Nullable RMIClientSocketFactory clients, Sockets sockets, Remote server)
      throws RemoteException {
    Registry registry = LocateRegistry.createRegistry(port, clients, sockets.factory());
    registry.rebind(NAME, server);
    return registry;
  }

  /** Returns the URL that clients take. */
  public String url() {
    return url;
  }

  /** Lets clients in. */
  public void start() throws IOException {
    registry = publication.make();
  }

  /** Returns why it does not do all that it should, null if it does. */
  public @Nullable String problem() {
    String problem = sockets.problem();
    return problem == null ? AnonymousFilter.problem() : problem;
  }

  /**
   * Returns whether the thread of RMI that accepts connections has ended, which cannot be mended.
   */
  public boolean isDeserted() {
    return sockets.isDeserted();
  }

  /**
   * Closes connections whose account was removed, or has another password or a lower role; to be
   * called again and again.
   */
  public void closeLost() {
    connections.closeLost();
  }

  @Override
  public void close() throws IOException {
    connector.stop();
    if (registry != null) {
      UnicastRemoteObject.unexportObject(registry, true);
    }
    sockets.close();
  }

  private static JMXAuthenticator authenticator(Authentication authentication, boolean vouched) {
    return credentials -> {
      try {
        if (credentials instanceof String[] words
            && words.length == 2
            && words[0] != null
            && words[1] != null) {
          Authentication.SignIn signIn =
              authentication.signIn(
                  words[0], words[1], ENDPOINT, ClientSocket.currentAddress(), vouched);
          keepConnection();
          return new Subject(true, Set.of(new JMXPrincipal(words[0])), Set.of(signIn), Set.of());
        }
        throw Authentication.missing();
      } catch (Authentication.RefusedException e) {
        throw new SecurityException(e.text());
      }
    };
  }

  /** Says that the connection which this thread serves is that of a client who has signed in. */
  static void keepConnection() {
    ClientSocket client = ClientSocket.current();
    if (client != null) {
      client.signedIn();
    }
  }

  /** Opens the listening socket on one address, which registry and connector share. */
  private static final class Sockets implements RMIServerSocketFactory, Closeable {

    private final InetAddress address;
    private final @Nullable Tls tls;
    private final Connections connections;

    /** RMI keeps it for ever. */
    private final Unloadable.Detachable<RMIServerSocketFactory> factory;

    private volatile @Nullable ListeningSocket opened;

    Sockets(InetAddress address, @Nullable Tls tls) {
      this.address = address;
      this.tls = tls;
      int anonymous = tls == null ? ANONYMOUS : ANONYMOUS_WITH_TLS;
      this.connections =
          new Connections(
              "jmx-deadlines",
              new Connections.Limits(
                  CONNECTIONS, anonymous, SIGN_IN_WITHIN, ANONYMOUS_BYTES, true));
      this.factory = new Unloadable.Detachable<>(RMIServerSocketFactory.class, this);
    }

    RMIServerSocketFactory factory() {
      return factory.object();
    }

    @Override
    public ServerSocket createServerSocket(int asked) throws IOException {
      ListeningSocket socket = new ListeningSocket(address, asked, connections, tls);
      opened = socket;
      return socket;
    }

    /** Returns the port of the open socket, -1 if there is none. */
    int port() {
      ServerSocket socket = opened;
      return socket == null ? -1 : socket.getLocalPort();
    }

    @Nullable String problem() {
      ListeningSocket socket = opened;
      String problem = socket == null ? null : socket.problem();
      return problem == null ? connections.problem() : problem;
    }

    boolean isDeserted() {
      ListeningSocket socket = opened;
      return socket != null && socket.isDeserted();
    }

    /** Closes it, which RMI does not where it has chosen the port itself. */
    @Override
    public void close() throws IOException {
      ServerSocket socket = opened;
      if (socket != null) {
        socket.close();
      }
      connections.close();
      factory.detach();
    }
  }
}
