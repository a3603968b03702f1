package org.smsjmx.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.config.ConfigException;
import org.smsjmx.config.EndpointConfig;
import org.smsjmx.files.DataDirectory;
import org.smsjmx.files.PrivateFile;
import org.smsjmx.log.Logs;
import org.smsjmx.management.Audit;
import org.smsjmx.management.LinkedRecords;
import org.smsjmx.remote.LargeAnswers;
import org.smsjmx.remote.Tls;
import org.smsjmx.remote.http.Jolokia;
import org.smsjmx.runtime.RepeatedTask;
import org.smsjmx.session.TimeSource;

/**
 * The audit and the endpoints of the applications that have these classes from one class loader.
 */
final class SharedEndpoints implements AutoCloseable {

  static final String CONFIG = "sms.config";
  static final String DATA = "sms.data";
  static final String HTTP_PORT = "sms.http.port";
  static final String JMX_PORT = "sms.jmx.port";

  /** Of the JDK's own agent. */
  private static final String AGENT_PORT = "com.sun.management.jmxremote.port";

  private static final String HOST_NAME = "java.rmi.server.hostname";
  private static final Logger LOG = Logs.of(SharedEndpoints.class);

  private final Parts parts = new Parts();
  private final Map<String, String> settings;
  private final Audit audit;

  /** What was logged last of the data directory. */
  private @Nullable String told;

  private boolean deserted;

  private SharedEndpoints(Map<String, String> settings, Audit audit) {
    this.settings = settings;
    this.audit = audit;
  }

  /**
   * Opens what the settings ask for; what cannot be opened is logged.
   *
   * @param settings gives the value of a setting, null if it is not set
   */
  static SharedEndpoints open(Function<String, @Nullable String> settings) {
    Map<String, String> set = set(settings);
    return withOwnClassLoader(
        () -> {
          try {
            return open(set);
          } catch (ConfigException | IOException | RuntimeException e) {
            logFailure(e);
            return withoutPorts(set);
          }
        });
  }

  private static void logFailure(Exception failure) {
    LOG.error("the application has no ports of its own: {}", failure.getMessage());
    LOG.debug("why", failure);
  }

  /** Threads that are begun keep the class loader of the thread that begins them. */
  private static <T> T withOwnClassLoader(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(SharedEndpoints.class.getClassLoader());
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Map<String, String> set(Function<String, @Nullable String> settings) {
    Map<String, String> set = new LinkedHashMap<>();
    for (String name : List.of(CONFIG, DATA, HTTP_PORT, JMX_PORT)) {
      String value = settings.apply(name);
      if (value != null && !value.isBlank()) {
        set.put(name, value.strip());
      }
    }
    return set;
  }

  private static SharedEndpoints withoutPorts(Map<String, String> settings) {
    SharedEndpoints shared = new SharedEndpoints(settings, new Audit(TimeSource.system(), false));
    shared.parts.add(shared.audit);
    return shared;
  }

  private static SharedEndpoints open(Map<String, String> settings)
      throws ConfigException, IOException {
    Path file = path(settings, CONFIG);
    Path directory = path(settings, DATA);
    EndpointConfig config =
        EndpointConfig.read(file)
            .withPorts(
                EndpointConfig.port(HTTP_PORT, settings.get(HTTP_PORT)),
                EndpointConfig.port(JMX_PORT, settings.get(JMX_PORT)));
    boolean ports = config.http().port() != null || config.jmx().port() != null;
    if (directory == null) {
      if (ports) {
        throw new IOException(
            "a port is set, but not %s, the directory for accounts and audit".formatted(DATA));
      }
      return withoutPorts(settings);
    }
    SharedEndpoints shared =
        new SharedEndpoints(
            settings,
            new Audit(
                TimeSource.system(),
                config.audit().required(),
                config.audit().in(directory.resolve("audit.log"))));
    try {
      shared.openAudit(config, directory);
    } catch (IOException | RuntimeException | Error e) {
      shared.parts.undo(e);
      throw e;
    }
    if (ports) {
      shared.openPorts(config, file, directory);
    }
    return shared;
  }

  private static @Nullable Path path(Map<String, String> settings, String name) throws IOException {
    String value = settings.get(name);
    try {
      return value == null ? null : Path.of(value);
    } catch (InvalidPathException e) {
      throw new IOException("%s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private void openAudit(EndpointConfig config, Path directory) throws IOException {
    DataDirectory data =
        parts.add(
            DataDirectory.open(
                directory,
                DATA,
                new DataDirectory.Access(config.groupAccess(), config.audit().group())));
    parts.add(audit);
    audit.open();
    audit.begin();
    data.keep();
    parts.add(RepeatedTask.begin("data directory", Ports.BETWEEN_LOOKS, () -> tend(data)));
  }

  private void tend(DataDirectory data) {
    data.tend();
    String problem = data.problem();
    if (problem != null && !problem.equals(told)) {
      LOG.error("{}", problem);
    }
    told = problem;
  }

  /** Without them the audit goes on. */
  private void openPorts(EndpointConfig config, @Nullable Path file, Path directory) {
    Parts opened = new Parts();
    try {
      Ports ports = opened.add(takePorts(config, file, directory));
      String accounts =
          ports.openAccounts(
              System.getenv("SMS_ADMIN_PASSWORD"),
              (account, password) -> firstPassword(directory, account, password));
      ports.start(this::tellDeserted);
      opened.add(RepeatedTask.begin("data files", Ports.BETWEEN_LOOKS, ports::tidy));
      parts.add(opened);
      LOG.info("ports of this application: {}; accounts: {}", ports.urls(), accounts);
    } catch (IOException | RuntimeException e) {
      opened.undo(e);
      logFailure(e);
    }
  }

  private void tellDeserted() {
    if (!deserted) {
      deserted = true;
      LOG.error("JMX does not accept connections any more, until the application starts again");
    }
  }

  private Ports takePorts(EndpointConfig config, @Nullable Path file, Path directory)
      throws IOException {
    if (config.jmx().port() != null
        && System.getProperty(AGENT_PORT) != null
        && System.getProperty(HOST_NAME) == null) {
      throw new IOException(
          ("a JMX port beside that of the JDK's agent (%s) needs %s, since RMI sends the clients of"
                  + " both to one host")
              .formatted(AGENT_PORT, HOST_NAME));
    }
    LargeAnswers large = new LargeAnswers();
    return Ports.open(
        config,
        file,
        directory,
        ManagementFactory.getPlatformMBeanServer(),
        audit,
        large,
        config.tls() == null ? null : Tls.of(config.tls()),
        () -> Jolokia.start(policy(file), audit, large));
  }

  /** Returns the one beside the configuration, null if there is none. */
  private static @Nullable Path policy(@Nullable Path file) {
    if (file == null) {
      return null;
    }
    Path own = file.toAbsolutePath().resolveSibling("jolokia-access.xml");
    return Files.exists(own) ? own : null;
  }

  /** An application has no terminal to show it. */
  private static String firstPassword(Path directory, String account, String password)
      throws IOException {
    Path file = directory.resolve(account + ".password");
    Files.deleteIfExists(file);
    Files.createFile(file, PrivateFile.permissions("rw-------"));
    Files.writeString(file, password + "\n", StandardCharsets.UTF_8);
    return "%s, whose password stands in %s; keep it and delete the file".formatted(account, file);
  }

  /** Says where another application wants something else. */
  void compare(Function<String, @Nullable String> others) {
    Map<String, String> wanted = set(others);
    if (!wanted.isEmpty() && !wanted.equals(settings)) {
      LOG.warn(
          "applications with the same classes of sms-jmx share audit and ports; {} is not used beside {}",
          wanted,
          settings);
    }
  }

  Audit audit() {
    return audit;
  }

  @Override
  public void close() {
    try {
      withOwnClassLoader(
          () -> {
            parts.close();
            return this;
          });
    } catch (IllegalStateException e) {
      LOG.warn("not all was closed: {}", e.getMessage(), e);
    }
    LinkedRecords.forgetLast();
  }
}
