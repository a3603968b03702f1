package org.smsjmx.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import org.smsjmx.config.ConfigException;
import org.smsjmx.config.SmsConfig;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Management;
import org.smsjmx.management.Permission;
import org.smsjmx.management.Registration;
import org.smsjmx.management.Trace;
import org.smsjmx.remote.Accounts;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.LargeAnswers;
import org.smsjmx.remote.jmx.JmxEndpoint;
import org.smsjmx.session.Credential;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;

/** The service with its JMX endpoint, in this JVM, on an MBean server and a port of its own. */
final class RunningService implements AutoCloseable {

  static final String CRUZ = "default-webseald-cruz";
  static final String DALLAS = "default-webseald-example.dallas.ibm.com";
  static final String REALM = "ibm.com";
  static final String ADMINISTRATOR = "sec_master";
  static final String VIEWER = "viewer";
  static final String PASSWORD = "Päss wört:1";

  /** A user for whom the registry does not answer. */
  static final String UNREACHABLE = "unreachable";

  private final Registration registration;
  private final JmxEndpoint endpoint;
  private final Sessions sessions;
  private volatile Credential said = new Credential("", List.of("employees"), Map.of());

  RunningService(Path directory) throws IOException, ConfigException {
    SmsConfig config = SmsConfig.read(Path.of("jmx-config/sms.yaml"));
    TimeSource clock =
        TimeSource.steady(InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z")));
    sessions =
        new Sessions(new InMemorySessionTable(config.timeouts(), clock), this::credential, clock);
    MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
    Audit audit = new Audit(clock, false);
    registration =
        new Management(mbeanServer, config.topology(), sessions, audit, clock)
            .registerAll(new Level());
    Path file = directory.resolve("jmxremote.password");
    Accounts.setPassword(file, ADMINISTRATOR, PASSWORD);
    Accounts.setPassword(file, VIEWER, PASSWORD);
    Accounts accounts =
        new Accounts(
            file, () -> Map.of(ADMINISTRATOR, Permission.ADMINISTER, VIEWER, Permission.VIEW));
    endpoint =
        JmxEndpoint.open(
            mbeanServer,
            new Authentication(accounts, audit),
            audit,
            false,
            new LargeAnswers(),
            null,
            "127.0.0.1",
            0);
    endpoint.start();
  }

  /** From now on the registry says this of everybody. */
  void change(List<String> groups, Map<String, List<String>> attributes) {
    said = new Credential("", groups, attributes);
  }

  private Credential credential(String user) {
    if (user.equals(UNREACHABLE)) {
      throw new UserRegistry.RegistryUnavailableException("ldap.example.com does not answer");
    }
    if (user.equals("nobody")) {
      throw new UserRegistry.UnknownUserException(user);
    }
    return new Credential(user, said.groups(), said.attributes());
  }

  void signIn(String user, String server, int count) {
    signIn(user, REALM, server, count);
  }

  void signIn(String user, String realm, String server, int count) {
    sessions.signIn(new UserInRealm(user, realm), server, count);
  }

  /** Returns where the JMX endpoint is, as HOST:PORT. */
  String address() {
    return endpoint.url().replaceFirst(".*rmi://(.*)/jmxrmi", "$1");
  }

  Map<String, String> environment() {
    return Map.of("SMS_CONNECT", address(), "SMS_ADMIN_PASSWORD", PASSWORD);
  }

  /** Runs pdadmin as the administrator. */
  Ran run(String... arguments) {
    return runAs(ADMINISTRATOR, "", arguments);
  }

  Ran runAs(String account, String in, String... arguments) {
    List<String> all = new ArrayList<>(List.of("-a", account));
    all.addAll(Arrays.asList(arguments));
    return Ran.of(environment(), in, all.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    endpoint.close();
    registration.close();
  }

  private static final class Level implements Trace {

    private int level = 1;

    @Override
    public int level() {
      return level;
    }

    @Override
    public void set(int wanted) {
      level = wanted;
    }
  }
}
