package org.smsjmx.remote;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.AlreadyBoundException;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.RemoteServer;
import java.rmi.server.ServerNotActiveException;
import java.rmi.server.UnicastRemoteObject;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.remote.JMXAuthenticator;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXPrincipal;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.MBeanServerForwarder;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.security.auth.Subject;
import org.smsjmx.management.Caller;
import org.smsjmx.management.SmsNames;
import org.smsjmx.management.StatusCode;

/**
 * The JMX door: RMI registry and connector on one port. Who comes in must have an account, may read
 * all MBeans, but call operations of ours only, and of the JVM's thread MBean, which JConsole
 * needs.
 */
public final class JmxEndpoint implements AutoCloseable {

  private static final String DOOR = "jmx";
  private static final Set<String> REFUSED =
      Set.of("createMBean", "unregisterMBean", "setAttribute", "setAttributes");

  /** The connector's own calls, which no client can make. */
  private static final Set<String> OF_CONNECTOR =
      Set.of("getClassLoader", "getClassLoaderFor", "getClassLoaderRepository");

  /** What the connector also calls for itself, to serve notifications; then there is no subject. */
  private static final Set<String> ALSO_OF_CONNECTOR =
      Set.of("addNotificationListener", "removeNotificationListener", "isInstanceOf", "queryNames");

  /** What a client may send beside primitives: enough for JConsole and for our operations. */
  private static final String SERIAL_FILTER =
      "maxdepth=20;maxarray=100000;maxbytes=1000000;java.lang.*;java.math.*;java.util.*;"
          + "java.rmi.MarshalledObject;javax.management.*;javax.management.openmbean.*;"
          + "javax.management.remote.*;javax.management.timer.*;"
          + "javax.security.auth.Subject;!*";

  private final Registry registry;
  private final RMIConnectorServer connector;
  private final String url;

  private JmxEndpoint(Registry registry, RMIConnectorServer connector, String url) {
    this.registry = registry;
    this.connector = connector;
    this.url = url;
  }

  /**
   * Opens the door.
   *
   * @param mbeanServer what it leads to
   * @param accounts who may come in
   * @param host where to listen
   * @param port 0 = any free one
   * @throws IOException if the port is in use or the host is not one of this machine; the message
   *     names them
   */
  public static JmxEndpoint open(MBeanServer mbeanServer, Accounts accounts, String host, int port)
      throws IOException {
    InetAddress address = InetAddress.getByName(host);
    if (!address.isAnyLocalAddress() && System.getProperty("java.rmi.server.hostname") == null) {
      // else clients are sent to whatever this machine takes for its own name
      System.setProperty("java.rmi.server.hostname", host);
    }
    OneAddress sockets = new OneAddress(address);
    Registry registry;
    try {
      registry = LocateRegistry.createRegistry(port, null, sockets);
    } catch (RemoteException e) {
      String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IOException("JMX port %d on %s: %s".formatted(port, host, reason), e);
    }
    String shownHost = host.contains(":") ? "[" + host + "]" : host;
    Map<String, Object> environment =
        Map.of(
            JMXConnectorServer.AUTHENTICATOR,
            authenticator(accounts),
            RMIConnectorServer.CREDENTIALS_FILTER_PATTERN,
            "java.lang.String;!*",
            RMIConnectorServer.SERIAL_FILTER_PATTERN,
            SERIAL_FILTER);
    RMIJRMPServerImpl server = new RMIJRMPServerImpl(port, null, sockets, environment);
    RMIConnectorServer connector =
        new RMIConnectorServer(
            new JMXServiceURL("rmi", shownHost, port), environment, server, mbeanServer);
    connector.setMBeanServerForwarder(guard(accounts));
    connector.start();
    try {
      registry.bind("jmxrmi", server.toStub());
    } catch (AlreadyBoundException e) {
      throw new IllegalStateException("a new RMI registry is empty", e);
    }
    return new JmxEndpoint(
        registry,
        connector,
        "service:jmx:rmi:///jndi/rmi://%s:%d/jmxrmi".formatted(shownHost, sockets.port()));
  }

  /** Returns the URL that clients take. */
  public String url() {
    return url;
  }

  @Override
  public void close() throws IOException {
    connector.stop();
    UnicastRemoteObject.unexportObject(registry, true);
  }

  private static JMXAuthenticator authenticator(Accounts accounts) {
    return credentials -> {
      Caller caller =
          credentials instanceof String[] words
                  && words.length == 2
                  && words[0] != null
                  && words[1] != null
              ? accounts.authenticate(words[0], words[1], DOOR, clientAddress())
              : null;
      if (caller == null) {
        throw new SecurityException(
            StatusCode.HPDIA0200W.message("User name or password is wrong or missing."));
      }
      return new Subject(true, Set.of(new JMXPrincipal(caller.name())), Set.of(), Set.of());
    };
  }

  private static String clientAddress() {
    try {
      return RemoteServer.getClientHost();
    } catch (ServerNotActiveException e) {
      return "";
    }
  }

  private static MBeanServerForwarder guard(Accounts accounts) {
    MBeanServer[] guarded = new MBeanServer[1];
    return (MBeanServerForwarder)
        Proxy.newProxyInstance(
            JmxEndpoint.class.getClassLoader(),
            new Class<?>[] {MBeanServerForwarder.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "setMBeanServer" -> {
                  guarded[0] = (MBeanServer) arguments[0];
                  return null;
                }
                case "getMBeanServer" -> {
                  return guarded[0];
                }
                default -> {
                  return asCaller(accounts, guarded[0], method, arguments);
                }
              }
            });
  }

  private static Object asCaller(
      Accounts accounts, MBeanServer guarded, Method method, Object[] arguments) throws Throwable {
    if (OF_CONNECTOR.contains(method.getName())
        || method.getDeclaringClass() == Object.class
        || (ALSO_OF_CONNECTOR.contains(method.getName()) && CurrentSubject.get() == null)) {
      return call(guarded, method, arguments);
    }
    Caller caller = callerOf(accounts);
    if (REFUSED.contains(method.getName())
        || (method.getName().equals("invoke") && !mayBeInvoked((ObjectName) arguments[0]))) {
      throw new SecurityException(
          StatusCode.CTGSI0303E.message(
              "%s is not offered here, but for MBeans of %s."
                  .formatted(method.getName(), SmsNames.DOMAIN)));
    }
    try (Caller.Scope scope = caller.enter()) {
      return call(guarded, method, arguments);
    }
  }

  private static Object call(MBeanServer guarded, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(guarded, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean mayBeInvoked(ObjectName name) {
    return name.getDomain().equals(SmsNames.DOMAIN)
        || name.getCanonicalName().equals(ManagementFactory.THREAD_MXBEAN_NAME);
  }

  private static Caller callerOf(Accounts accounts) {
    Subject subject = CurrentSubject.get();
    if (subject != null) {
      for (Principal principal : subject.getPrincipals()) {
        Caller caller = accounts.caller(principal.getName(), DOOR, clientAddress());
        if (caller != null) {
          return caller;
        }
      }
    }
    throw new SecurityException(
        StatusCode.CTGSI0303E.message("The account may no longer come in."));
  }

  /** Opens server sockets on one address; equal to itself only, so registry and connector share. */
  private static final class OneAddress implements RMIServerSocketFactory {

    private static final int BACKLOG = 128;

    private final InetAddress address;
    private volatile int port;

    OneAddress(InetAddress address) {
      this.address = address;
    }

    @Override
    public ServerSocket createServerSocket(int asked) throws IOException {
      ServerSocket socket = new ServerSocket(asked, BACKLOG, address);
      port = socket.getLocalPort();
      return socket;
    }

    int port() {
      return port;
    }
  }
}
