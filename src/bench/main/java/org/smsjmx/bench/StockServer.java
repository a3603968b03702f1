package org.smsjmx.bench;

import com.sun.net.httpserver.HttpServer;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import org.jolokia.jvmagent.handler.JolokiaHttpHandler;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.restrictor.AllowAllRestrictor;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaContext;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.server.core.service.impl.ClasspathServiceCreator;
import org.jolokia.server.core.service.impl.QuietLogHandler;

/**
 * What any server on this stack costs at least: the JDK's HTTP server with Jolokia's own handler,
 * the JDK's JMX connector, and an MBean that does nothing. No accounts, no checks, no audit.
 */
final class StockServer {

  static final String MBEAN = "bench:type=Nothing";

  private StockServer() {}

  /** The MBean. */
  public interface NothingMXBean {
    /** Takes what the operations on all sessions take, and does nothing. */
    int nothing(String user, String realm);
  }

  /** Does nothing. */
  static final class Nothing implements NothingMXBean {
    @Override
    public int nothing(String user, String realm) {
      return 0;
    }
  }

  public static void main(String[] args) throws Exception {
    // else the floor would be 40 ms for each request on a kept connection
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("java.rmi.server.hostname", "127.0.0.1");
    MBeanServer mbeans = ManagementFactory.getPlatformMBeanServer();
    mbeans.registerMBean(new Nothing(), new ObjectName(MBEAN));

    QuietLogHandler quiet = new QuietLogHandler();
    JolokiaServiceManager jolokia =
        JolokiaServiceManagerFactory.createJolokiaServiceManager(
            new StaticConfiguration(ConfigKey.AGENT_ID, "stock"),
            quiet,
            new AllowAllRestrictor(),
            null);
    jolokia.addServices(
        new ClasspathServiceCreator(StockServer.class.getClassLoader(), "services"));
    InetAddress loopback = InetAddress.getLoopbackAddress();
    HttpServer http = HttpServer.create(new InetSocketAddress(loopback, 0), 128);
    http.setExecutor(Executors.newCachedThreadPool());
    JolokiaContext context = jolokia.start();
    // one for each thread: its formatter of dates is not for several at a time
    ThreadLocal<JolokiaHttpHandler> handlers =
        ThreadLocal.withInitial(() -> new JolokiaHttpHandler(context));
    http.createContext("/jolokia", exchange -> handlers.get().handle(exchange));
    http.start();

    RMIJRMPServerImpl rmi = new RMIJRMPServerImpl(0, null, null, Map.of());
    RMIConnectorServer connector =
        new RMIConnectorServer(new JMXServiceURL("rmi", "127.0.0.1", 0), Map.of(), rmi, mbeans);
    connector.start();
    int port = freePort();
    Registry registry = LocateRegistry.createRegistry(port);
    registry.bind("jmxrmi", rmi.toStub());

    System.out.println("ready");
    System.out.printf("  HTTP http://127.0.0.1:%d/jolokia%n", http.getAddress().getPort());
    System.out.printf("  JMX service:jmx:rmi:///jndi/rmi://127.0.0.1:%d/jmxrmi%n", port);
    System.out.println("  sessions 0");
    Thread.currentThread().join();
  }

  private static int freePort() throws Exception {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
