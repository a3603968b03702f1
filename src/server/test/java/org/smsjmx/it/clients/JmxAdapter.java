package org.smsjmx.it.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** Jolokia's adapter, which gives programs for JMX a connection over HTTP. */
final class JmxAdapter implements Endpoint {

  private static final String ERROR = "Error: ";

  private static ClassLoader classes;

  private final JMXServiceURL url;
  private final Map<String, Object> environment;

  JmxAdapter(ServerProcess server, String account, String password) {
    this(url(server), Map.of(JMXConnector.CREDENTIALS, new String[] {account, password}));
  }

  private JmxAdapter(String url, Map<String, Object> environment) {
    try {
      this.url = new JMXServiceURL(url);
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
    this.environment = environment;
  }

  /** Makes one for any agent of Jolokia, without an account. */
  static JmxAdapter of(String url) {
    return new JmxAdapter(url, Map.of());
  }

  static String url(ServerProcess server) {
    return "service:jmx:jolokia://" + server.http().getAuthority() + "/jolokia";
  }

  JMXConnector connect() {
    Map<String, Object> all =
        new HashMap<>(Map.of(JMXConnectorFactory.PROTOCOL_PROVIDER_CLASS_LOADER, classes()));
    all.putAll(environment);
    try {
      return JMXConnectorFactory.connect(url, all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is done by a connection. */
  interface Use<T> {
    T apply(MBeanServerConnection connection) throws IOException, JMException;
  }

  /** Uses a connection that is closed at the end. */
  <T> T use(Use<T> use) throws IOException, JMException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // it looks for classes by that of the thread, and its versions are not those of the tests
    thread.setContextClassLoader(classes());
    try (JMXConnector connector = connect()) {
      return use.apply(connector.getMBeanServerConnection());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static synchronized ClassLoader classes() {
    if (classes == null) {
      classes =
          new URLClassLoader(
              Tools.jars("adapter").stream().map(JmxAdapter::url).toArray(URL[]::new),
              ClassLoader.getPlatformClassLoader());
    }
    return classes;
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Outcome call(String mbean, String operation, Object... arguments) {
    String[] signature =
        Arrays.stream(arguments).map(argument -> String.class.getName()).toArray(String[]::new);
    try {
      return new Outcome(
          use(connection -> connection.invoke(Rmi.name(mbean), operation, arguments, signature)),
          200,
          "");
    } catch (MBeanException e) {
      return refused(e.getCause());
    } catch (RuntimeException e) {
      return refused(e.getCause() == null ? e : e.getCause());
    } catch (JMException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server's text stands in the exception that the adapter wraps. */
  private static Outcome refused(Throwable cause) {
    String message = cause.getMessage();
    if (message == null || !message.startsWith(ERROR)) {
      throw new AssertionError(cause);
    }
    String error = message.substring(ERROR.length());
    return new Outcome(null, error.startsWith("CTGSI0303E") ? 403 : 500, error);
  }

  @Override
  public String toString() {
    return "Jolokia's JMX adapter";
  }
}
