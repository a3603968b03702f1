package org.smsjmx.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.smsjmx.config.ConfigException;
import org.smsjmx.config.SmsConfig;
import org.smsjmx.logging.LogbackTrace;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Management;
import org.smsjmx.management.SmsNames;
import org.smsjmx.registry.GeneratedUsers;
import org.smsjmx.registry.LdapRegistry;
import org.smsjmx.registry.LdifRegistry;
import org.smsjmx.remote.Accounts;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.Tls;
import org.smsjmx.remote.http.HttpEndpoint;
import org.smsjmx.remote.http.Jolokia;
import org.smsjmx.remote.jmx.JmxEndpoint;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.simulation.Simulation;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ServerName;

/** The running service: makes the parts, some beside each other, and closes them in reverse. */
final class Service implements AutoCloseable {

  private static final String ADMINISTRATOR = "sec_master";
  private static final Duration BETWEEN_EXPIRIES = Duration.ofSeconds(1);

  private final Parts parts = new Parts();
  private final Map<String, String> facts = new LinkedHashMap<>();

  /** The account file if this start made it: nobody has seen its password before all is open. */
  private @Nullable Path newAccounts;

  private Service() {}

  /**
   * What the command line says.
   *
   * @param config sms.yaml; the policy and the log configuration stand beside it
   * @param data directory for accounts and audit
   * @param administratorPassword null = the one that the account file has, or a random one
   * @param httpPort null = as configured
   * @param jmxPort null = as configured
   * @param sessions null = as configured
   * @param users null = as configured
   */
  record Options(
      Path config,
      Path data,
      @Nullable String administratorPassword,
      @Nullable Integer httpPort,
      @Nullable Integer jmxPort,
      @Nullable Integer sessions,
      @Nullable Integer users) {}

  /** Told how many of the wanted sessions there are, while the table is filled. */
  interface Progress {
    void show(int done, int wanted);
  }

  /**
   * Starts everything.
   *
   * @throws ConfigException if the configuration is not as it must be
   * @throws IOException if a file cannot be read or written or a port cannot be opened
   */
  static Service start(Options options, Progress progress) throws ConfigException, IOException {
    Service service = new Service();
    try {
      service.open(options, progress);
      return service;
    } catch (ConfigException | IOException | RuntimeException e) {
      service.undo(e);
      throw e;
    }
  }

  /** Ends what a failing start has begun; what goes wrong here is told beside the failure. */
  private void undo(Exception failure) {
    try {
      close();
    } catch (IllegalStateException e) {
      failure.addSuppressed(e);
    }
    try {
      if (newAccounts != null) {
        Files.deleteIfExists(newAccounts);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void open(Options options, Progress progress) throws ConfigException, IOException {
    makeDirectory(options.data);
    SideTask<?> logging = openLogging(options);
    SideTask<MBeanServer> platform =
        SideTask.begin("platform-mbeans", ManagementFactory::getPlatformMBeanServer);
    SmsConfig config =
        SmsConfig.read(options.config)
            .with(options.httpPort, options.jmxPort, options.sessions, options.users);
    logging.result();
    InstantSource clock = InstantSource.system();
    Audit audit = new Audit(clock, config.auditRequired());
    Path policy = beside(options.config, "jolokia-access.xml");
    SideTask<Jolokia> jolokia = SideTask.begin("jolokia", () -> Jolokia.start(policy, audit));
    Accounts accounts = accounts(options, config);
    Tls tls = config.tls() == null ? null : Tls.of(config.tls());
    warnOfOpenEndpoints(config);

    List<String> regulars = new ArrayList<>();
    UserRegistry real = registry(config.registry(), clock, regulars);
    int madeUp = Math.max(0, config.simulation().users() - regulars.size());
    UserRegistry registry = madeUp == 0 ? real : new GeneratedUsers(real, madeUp, regulars);
    SessionTable table = new InMemorySessionTable(config.timeouts(), config.rules(), clock);
    Sessions sessions = new Sessions(table, registry, clock);
    MBeanServer mbeanServer = platform.result();
    parts.add(audit);
    audit.begin();
    Authentication authentication = new Authentication(accounts, audit);
    Management management = new Management(mbeanServer, config.topology(), sessions, audit, clock);
    int wanted = config.simulation().sessions();
    Simulation simulation =
        new Simulation(
            management,
            config.topology(),
            sessions,
            clock,
            new Simulation.Settings(
                regulars,
                madeUp,
                wanted,
                config.simulation().signInsPerSecond(),
                config.simulation().seed()));
    SideTask<?> filling =
        SideTask.begin(
            "first-sessions",
            Executors.callable(() -> simulation.fill(done -> progress.show(done, wanted))));
    parts.add(management.registerAll(new LogbackTrace()));
    parts.add(simulation);
    parts.add(management.register(SmsNames.simulation(), simulation));
    JmxEndpoint jmx =
        JmxEndpoint.open(
            mbeanServer,
            authentication,
            audit,
            config.wholeJvm(),
            tls,
            config.jmx().host(),
            config.jmx().port());
    parts.add(jmx);
    parts.add(jolokia.result());
    HttpEndpoint http =
        HttpEndpoint.open(
            authentication, jolokia.result(), tls, config.http().host(), config.http().port());
    parts.add(http);
    filling.result();
    simulation.start();
    parts.add(RepeatedTask.begin("expiry", BETWEEN_EXPIRIES, management::tick));

    facts.put("HTTP", http.url());
    facts.put("JMX", jmx.url());
    facts.put("servers", join(config.topology().servers().stream().map(ServerName::value)));
    facts.put("realms", join(config.topology().realms().stream().map(Realm::name)));
    facts.put("sessions", String.valueOf(sessions.total().sessions()));
  }

  /** Begins to open it; a logger that is asked for before it is open may never log. */
  private static SideTask<?> openLogging(Options options) {
    System.setProperty("sms.data", options.data.toString());
    System.setProperty(
        "logback.configurationFile", beside(options.config, "logback.xml").toString());
    return SideTask.begin("logging", LoggerFactory::getILoggerFactory);
  }

  /** Makes the registry; the users of a file are the simulation's regular ones. */
  private UserRegistry registry(
      SmsConfig.Registry settings, InstantSource clock, List<String> regulars) throws IOException {
    if (settings.ldap() != null) {
      LdapRegistry ldap = new LdapRegistry(settings.ldap(), settings.mapping(), clock);
      parts.add(ldap);
      return ldap;
    }
    LdifRegistry ldif =
        new LdifRegistry(Objects.requireNonNull(settings.ldif()), settings.mapping(), clock);
    regulars.addAll(ldif.users());
    return ldif;
  }

  private Accounts accounts(Options options, SmsConfig config) throws IOException {
    Path file = options.data.resolve("jmxremote.password");
    if (options.administratorPassword != null) {
      Accounts.setPassword(file, ADMINISTRATOR, options.administratorPassword);
      facts.put("account", ADMINISTRATOR + ", password from SMS_ADMIN_PASSWORD");
    } else if (!Files.exists(file)) {
      String password = Accounts.newPassword();
      Accounts.setPassword(file, ADMINISTRATOR, password);
      newAccounts = file;
      facts.put("account", "%s, password %s (shown once)".formatted(ADMINISTRATOR, password));
    } else {
      facts.put("account", "those of " + file);
    }
    return new Accounts(file, config.accounts());
  }

  private static void warnOfOpenEndpoints(SmsConfig config) {
    if (config.openWithoutTls()) {
      // not a constant: logging starts with the data directory known
      LoggerFactory.getLogger(Service.class)
          .warn("no TLS, and open to other machines: passwords cross the network readable");
    }
  }

  private static void makeDirectory(Path directory) throws IOException {
    try {
      if (Files.isDirectory(directory)) {
        if (!Files.isWritable(directory)) {
          throw new IOException("not writable");
        }
      } else if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      throw new IOException(
          "data directory %s cannot be made or written; choose another with --data"
              .formatted(directory),
          e);
    }
  }

  /** Returns the file beside the configuration, or the shipped one where there is none. */
  private static Path beside(Path config, String name) {
    Path own = config.toAbsolutePath().resolveSibling(name);
    return Files.exists(own)
        ? own
        : Path.of(System.getProperty("sms.home", "."), "jmx-config", name).toAbsolutePath();
  }

  private static String join(Stream<String> names) {
    return String.join(", ", names.toList());
  }

  /** Returns what a newcomer wants to know, by short names. */
  Map<String, String> facts() {
    return facts;
  }

  /**
   * Ends every part.
   *
   * @throws IllegalStateException if one fails; the others are ended nevertheless
   */
  @Override
  public void close() {
    parts.close();
  }
}
