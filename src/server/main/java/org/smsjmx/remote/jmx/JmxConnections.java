package org.smsjmx.remote.jmx;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.rmi.MarshalledObject;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.remote.NotificationResult;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIConnectionImpl;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.remote.Authentication;

/**
 * Makes the connections of the JMX endpoint. Each has an MBean server of its own that knows whose
 * the connection is, so that nobody has to look for the caller on the stack, where the JDK puts a
 * {@link Subject} for each call.
 */
final class JmxConnections extends RMIJRMPServerImpl {

  private static final Logger LOG = LoggerFactory.getLogger(JmxConnections.class);
  private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int DEPTH = 20;
  private static final int ARRAY_LENGTH = 100_000;
  private static final int BYTES = 1_000_000;

  /** With {@link #CLASSES}, what a client may send: enough for JConsole and for our operations. */
  private static final Set<String> PACKAGES =
      Set.of(
          "java.lang",
          "java.math",
          "java.util",
          "javax.management",
          "javax.management.openmbean",
          "javax.management.remote",
          "javax.management.timer");

  private static final Set<Class<?>> CLASSES = Set.of(MarshalledObject.class, Subject.class);

  private final int port;
  private final @Nullable RMIClientSocketFactory clients;
  private final RMIServerSocketFactory sockets;
  private final Map<String, ?> environment;
  private final Authentication authentication;
  private final Function<Authentication.@Nullable SignIn, MBeanServer> mbeanServers;

  /** Garbage collection decides which are in use, so nothing here keeps them. */
  private final Map<RMIConnectionImpl, Authentication.SignIn> open =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Those whose account had lost something when it was looked at last. */
  private final Set<RMIConnectionImpl> lost = Collections.newSetFromMap(new WeakHashMap<>());

  /** Kept until the client has told garbage collection of them, which may be refused at first. */
  private final Queue<Fresh> fresh = new ConcurrentLinkedQueue<>();

  /** For the connection that this thread makes, which asks for it meanwhile. */
  private final ThreadLocal<@Nullable MBeanServer> connecting = new ThreadLocal<>();

  private record Fresh(RMIConnection connection, long madeNanos) {}

  /**
   * @param port 0 = any free one
   * @param clients null = plain sockets
   * @param sockets opens the server's
   * @param environment the connector's
   * @param authentication knows what accounts have lost
   * @param mbeanServers gives that of a client, or with null the connector's own
   */
  JmxConnections(
      int port,
      @Nullable RMIClientSocketFactory clients,
      RMIServerSocketFactory sockets,
      Map<String, ?> environment,
      Authentication authentication,
      Function<Authentication.@Nullable SignIn, MBeanServer> mbeanServers)
      throws IOException {
    super(port, clients, sockets, environment);
    this.port = port;
    this.clients = clients;
    this.sockets = sockets;
    this.environment = environment;
    this.authentication = authentication;
    this.mbeanServers = mbeanServers;
  }

  @Override
  protected RMIConnection makeClient(String connectionId, Subject subject) throws IOException {
    Authentication.SignIn signIn =
        subject.getPublicCredentials(Authentication.SignIn.class).iterator().next();
    connecting.set(mbeanServers.apply(signIn));
    try {
      RMIConnectionImpl connection = new ClientConnection(connectionId);
      UnicastRemoteObject.exportObject(connection, port, clients, sockets, new ArgumentsFilter());
      fresh.add(new Fresh(connection, System.nanoTime()));
      open.put(connection, signIn);
      return connection;
    } finally {
      connecting.remove();
    }
  }

  /** The connection of one client. */
  private final class ClientConnection extends RMIConnectionImpl {

    ClientConnection(String connectionId) {
      super(JmxConnections.this, connectionId, getDefaultClassLoader(), null, environment);
    }

    @Override
    public NotificationResult fetchNotifications(long sequence, int most, long timeoutMillis)
        throws IOException {
      JmxEndpoint.keepConnection(); // it reads no objects
      return super.fetchNotifications(sequence, most, timeoutMillis);
    }
  }

  @Override
  protected void clientClosed(RMIConnection client) throws IOException {
    open.remove(client);
    fresh.removeIf(one -> one.connection.equals(client));
    super.clientClosed(client);
  }

  /**
   * Closes connections whose account has lost something: itself, its password or a permission. Only
   * what is lost in two calls counts, since an editor may empty the file before it writes it.
   */
  void closeLost() {
    long now = System.nanoTime();
    fresh.removeIf(one -> now - one.madeNanos > KEPT_NANOS);
    Map<RMIConnectionImpl, Authentication.SignIn> all;
    synchronized (open) {
      all = new HashMap<>(open);
    }
    all.forEach(
        (connection, signIn) -> {
          if (authentication.caller(signIn, "") != null) {
            lost.remove(connection);
          } else if (!lost.add(connection)) {
            close(connection);
          }
        });
  }

  private static void close(RMIConnectionImpl connection) {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("a connection could not be closed", e);
    }
  }

  /**
   * Outside of {@link #makeClient} this is the connector's own, through which no client can call.
   */
  @Override
  public synchronized MBeanServer getMBeanServer() {
    MBeanServer own = connecting.get();
    return own == null ? super.getMBeanServer() : own;
  }

  /**
   * What clients that have signed in may send. A filter from a pattern would go through a stream of
   * predicates for each object.
   */
  static final class ArgumentsFilter implements ObjectInputFilter {

    @Override
    public Status checkInput(FilterInfo sent) {
      JmxEndpoint.keepConnection(); // none but clients that signed in know whom to call
      if (sent.depth() > DEPTH || sent.arrayLength() > ARRAY_LENGTH || sent.streamBytes() > BYTES) {
        return Status.REJECTED;
      }
      Class<?> type = sent.serialClass();
      if (type == null) {
        return Status.UNDECIDED;
      }
      while (type.isArray()) {
        type = type.componentType();
      }
      return type.isPrimitive()
              || PACKAGES.contains(type.getPackageName())
              || CLASSES.contains(type)
          ? Status.ALLOWED
          : Status.REJECTED;
    }
  }
}
