package org.smsjmx.remote.jmx;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.rmi.MarshalledObject;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIConnectionImpl;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connections of the JMX endpoint. Each has an MBean server of its own that knows whose
 * the connection is, so that nobody has to look for the caller on the stack, where the JDK puts a
 * {@link Subject} for each call.
 */
final class JmxConnections extends RMIJRMPServerImpl {

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
  private final Function<@Nullable String, MBeanServer> mbeanServers;

  /** For the connection that this thread makes, which asks for it meanwhile. */
  private final ThreadLocal<@Nullable MBeanServer> connecting = new ThreadLocal<>();

  /**
   * @param port 0 = any free one
   * @param clients null = plain sockets
   * @param sockets opens the server's
   * @param environment the connector's
   * @param mbeanServers gives that of an account
   */
  JmxConnections(
      int port,
      @Nullable RMIClientSocketFactory clients,
      RMIServerSocketFactory sockets,
      Map<String, ?> environment,
      Function<@Nullable String, MBeanServer> mbeanServers)
      throws IOException {
    super(port, clients, sockets, environment);
    this.port = port;
    this.clients = clients;
    this.sockets = sockets;
    this.environment = environment;
    this.mbeanServers = mbeanServers;
  }

  @Override
  protected RMIConnection makeClient(String connectionId, Subject subject) throws IOException {
    String account = subject.getPrincipals().iterator().next().getName();
    connecting.set(mbeanServers.apply(account));
    try {
      RMIConnection connection =
          new RMIConnectionImpl(this, connectionId, getDefaultClassLoader(), null, environment);
      UnicastRemoteObject.exportObject(connection, port, clients, sockets, new ArgumentsFilter());
      return connection;
    } finally {
      connecting.remove();
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
