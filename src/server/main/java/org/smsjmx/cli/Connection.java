package org.smsjmx.cli;

import java.io.IOException;
import java.rmi.ConnectException;
import java.rmi.ConnectIOException;
import java.rmi.NoSuchObjectException;
import java.rmi.NotBoundException;
import java.rmi.UnknownHostException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.RMIClientSocketFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import javax.net.ssl.SSLException;
import org.smsjmx.management.SmsNames;

/**
 * A JMX connection that never hangs: whatever waits for the other side does so in a thread of its
 * own, and is given up after the timeout.
 */
final class Connection implements AutoCloseable {

  private final JMXConnector connector;
  private final MBeanServerConnection mbeans;
  private final int timeoutSeconds;

  private Connection(JMXConnector connector, MBeanServerConnection mbeans, int timeoutSeconds) {
    this.connector = connector;
    this.mbeans = mbeans;
    this.timeoutSeconds = timeoutSeconds;
  }

  /** Something to ask. */
  interface Question<T> {
    T ask(MBeanServerConnection mbeans) throws IOException, JMException, Failure;
  }

  /** The connection broke. */
  static final class LostException extends Exception {

    private final boolean asked;

    private LostException(IOException cause, boolean asked) {
      super(cause);
      this.asked = asked;
    }

    /** Returns whether the question may have reached the server. */
    boolean mayHaveBeenAsked() {
      return asked;
    }
  }

  /**
   * Connects.
   *
   * @param login as whom, and where to
   * @param timeoutSeconds how long to wait for the connection, and then for each answer
   * @throws Failure if nobody answers, or refuses
   */
  static Connection open(Login login, int timeoutSeconds) throws Failure {
    try {
      JMXConnector connector = within(timeoutSeconds, () -> connect(login));
      return new Connection(connector, connector.getMBeanServerConnection(), timeoutSeconds);
    } catch (TimeoutException e) {
      throw new Failure(
          login.place() + " does not answer within " + timeoutSeconds + " s (see --timeout).");
    } catch (Failure e) {
      throw e;
    } catch (SecurityException e) {
      throw new Failure(reason(e));
    } catch (Exception e) {
      throw new Failure(
          login instanceof Login.Account account
              ? explained(e, account)
              : "The process was attached to, but does not answer: " + reason(e) + ".");
    }
  }

  private static JMXConnector connect(Login login) throws Exception {
    Map<String, Object> environment = new HashMap<>();
    // no heartbeat: a lost connection shows when it is used
    environment.put("jmx.remote.x.client.connection.check.period", "0");
    if (login instanceof Login.Local local) {
      return connectLocally(local, environment);
    }
    Login.Account account = (Login.Account) login;
    environment.put(JMXConnector.CREDENTIALS, new String[] {account.name(), account.password()});
    RMIClientSocketFactory sockets =
        account.tls() == null ? null : account.tls().sockets(account.host());
    RMIServer server =
        (RMIServer)
            LocateRegistry.getRegistry(account.host(), account.port(), sockets).lookup("jmxrmi");
    JMXConnector connector = new RMIConnector(server, environment);
    connector.connect();
    return connector;
  }

  private static JMXConnector connectLocally(Login.Local login, Map<String, Object> environment)
      throws Failure, IOException {
    LocalProcess process;
    try {
      process = LocalProcess.attach(login.pid());
    } catch (LinkageError e) {
      throw new Failure(
          "This Java runtime lacks the module jdk.attach, which -l needs; use -a instead.");
    }
    JMXConnector connector = new RMIConnector(new JMXServiceURL(process.address()), environment);
    connector.connect();
    ObjectName servers = SmsNames.server("*");
    if (connector.getMBeanServerConnection().queryNames(servers, null).isEmpty()) {
      connector.close();
      throw new Failure(
          "Process " + process.pid() + " has no server of sms-jmx: no MBean " + servers + ".");
    }
    return connector;
  }

  private static String explained(Exception e, Login.Account account) {
    String place = account.place();
    if (e instanceof UnknownHostException) {
      return "The host of " + place + " is unknown.";
    }
    if (e instanceof ConnectException) {
      return "Nothing takes connections at "
          + place
          + " ("
          + reason(e)
          + "); is sms-server running, and is this its JMX port? --connect names another.";
    }
    if (e instanceof ConnectIOException
        && e.getCause() instanceof java.net.NoRouteToHostException) {
      return place + " cannot be reached: " + reason(e) + ".";
    }
    if (account.tls() != null && (e.getCause() instanceof SSLException)) {
      return place + " cannot be connected to by TLS: " + reason(e).replaceFirst("\\.+$", "") + ".";
    }
    if (e instanceof ConnectIOException || e instanceof java.rmi.UnmarshalException) {
      return place
          + " answers, but not as a JMX port without TLS does: it needs TLS (see --trust), or is the"
          + " port of another service.";
    }
    if (e instanceof NotBoundException || e instanceof ClassCastException) {
      return place + " is an RMI registry without a JMX service.";
    }
    return place + " cannot be connected to: " + reason(e) + ".";
  }

  /** Returns the innermost reason, in one line and without class names where it has words. */
  static String reason(Throwable thrown) {
    Throwable innermost = thrown;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return message == null || message.isBlank() ? innermost.getClass().getSimpleName() : message;
  }

  /**
   * Asks.
   *
   * @throws Failure if the server refuses, or does not answer in time
   * @throws LostException if the connection broke; it is of no use any more
   */
  <T> T ask(Question<T> question) throws Failure, LostException {
    try {
      return within(timeoutSeconds, () -> question.ask(mbeans));
    } catch (TimeoutException e) {
      throw new Failure(
          "No answer within "
              + timeoutSeconds
              + " s (see --timeout); whether the request was done is not known.");
    } catch (InstanceNotFoundException e) {
      throw new Failure("The service does not have the MBean " + reason(e) + ".");
    } catch (JMException e) {
      throw new Failure("This version of the service does not offer that: " + reason(e) + ".");
    } catch (RuntimeMBeanException | SecurityException e) {
      // as the service worded it: id, text, status
      throw new Failure(reason(e));
    } catch (IOException e) {
      boolean notSent =
          e instanceof NoSuchObjectException
              || e instanceof ConnectException
              || e instanceof ConnectIOException;
      throw new LostException(e, !notSent);
    } catch (Failure e) {
      throw e;
    } catch (Exception e) {
      throw new Failure("The answer cannot be read: " + reason(e) + ".");
    }
  }

  @Override
  public void close() {
    try {
      within(
          1,
          () -> {
            connector.close();
            return true;
          });
    } catch (Exception e) {
      // the other side is gone, or soon will be
    }
  }

  private static <T> T within(int seconds, Callable<T> call) throws Exception {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "pdadmin connection");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception reason) {
        throw reason;
      }
      throw e;
    } catch (InterruptedException e) {
      throw new Failure("Interrupted; whether the request was done is not known.");
    }
  }
}
