package org.smsjmx.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.smsjmx.config.ConfigException;
import org.smsjmx.config.EndpointConfig;
import org.smsjmx.config.SmsConfig;
import org.smsjmx.files.DataDirectory;
import org.smsjmx.files.RunningServer;
import org.smsjmx.logging.LogbackTrace;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Management;
import org.smsjmx.management.SignInPolicyFile;
import org.smsjmx.management.SmsNames;
import org.smsjmx.registry.GeneratedUsers;
import org.smsjmx.registry.LdapRegistry;
import org.smsjmx.registry.LdifRegistry;
import org.smsjmx.remote.LargeAnswers;
import org.smsjmx.remote.Tls;
import org.smsjmx.remote.http.Jolokia;
import org.smsjmx.remote.jmx.JmxEndpoint;
import org.smsjmx.runtime.RepeatedTask;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.simulation.Simulation;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ServerName;

/** The running service: makes the parts, some beside each other, and closes them in reverse. */
final class Service implements AutoCloseable {

  /** Of so many pieces, and of so many bytes each. */
  private static final int RESERVE = 2_000;

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** In the data directory: who is kept out, and limits of sessions. */
  private static final String POLICIES = "policies.txt";

  private final Parts parts = new Parts();
  private final Map<String, RepeatedTask> repeated = new LinkedHashMap<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final CompletableFuture<String> broken = new CompletableFuture<>();

  /** Memory that is kept for the end of the start, and for undoing one that fails. */
  @SuppressWarnings("UnusedVariable")
  private byte @Nullable [][] reserve = new byte[RESERVE][RESERVE];

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
    } catch (ConfigException | IOException | RuntimeException | Error e) {
      service.reserve = null;
      service.parts.undo(e);
      throw e;
    }
  }

  private void open(Options options, Progress progress) throws ConfigException, IOException {
    SideTask<?> logging = openLogging(options);
    SideTask<MBeanServer> platform =
        SideTask.begin("platform-mbeans", ManagementFactory::getPlatformMBeanServer);
    SmsConfig config =
        SmsConfig.read(options.config)
            .with(options.httpPort, options.jmxPort, options.sessions, options.users);
    logging.result();
    TimeSource clock = TimeSource.system();
    EndpointConfig ends = config.endpoints();
    Audit audit =
        new Audit(
            clock, ends.audit().required(), ends.audit().in(options.data.resolve("audit.log")));
    LargeAnswers large = new LargeAnswers();
    Path policy = beside(options.config, "jolokia-access.xml");
    SideTask<Jolokia> jolokia =
        SideTask.begin("jolokia", () -> Jolokia.start(policy, audit, large));
    Tls tls = ends.tls() == null ? null : Tls.of(ends.tls());

    UserNames names = config.registry().mapping().userNames();
    List<String> regulars = new ArrayList<>();
    UserRegistry real = registry(config.registry(), clock, regulars);
    Collection<String> taken = real instanceof LdifRegistry ldif ? ldif.names() : List.of();
    int madeUp = Math.max(0, config.simulation().users() - regulars.size());
    UserRegistry registry = madeUp == 0 ? real : new GeneratedUsers(real, madeUp, taken, names);
    SessionTable table =
        parts.add(new InMemorySessionTable(config.timeouts(), config.rules(), names, clock));
    Sessions sessions = new Sessions(table, registry, clock);
    MBeanServer mbeanServer = platform.result();
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
    simulation.fill(done -> progress.show(done, wanted));

    // Java ends at once where there is no memory: what needs much of it comes before what stays
    reserve = null;
    DataDirectory data =
        parts.add(
            DataDirectory.open(
                options.data,
                "--data",
                new DataDirectory.Access(ends.groupAccess(), ends.audit().group())));
    parts.add(audit);
    audit.open();
    management.keepPolicies(new SignInPolicyFile(options.data.resolve(POLICIES)));
    parts.add(management.registerAll(new LogbackTrace()));
    parts.add(simulation);
    parts.add(management.register(SmsNames.simulation(), simulation));
    JmxEndpoint.boundJvm();
    Ports ports =
        parts.add(
            Ports.open(
                ends,
                options.config,
                options.data,
                mbeanServer,
                audit,
                large,
                tls,
                jolokia::result));
    facts.put(
        "account",
        ports.openAccounts(
            options.administratorPassword,
            (account, password) -> "%s, password %s (shown once)".formatted(account, password)));
    try {
      audit.begin();
    } catch (IOException | RuntimeException e) {
      ports.takeBack(e);
      throw e;
    }
    data.keep();
    // a server that only seems to be there helps nobody
    ports.start(() -> broken.complete("JMX does not accept connections any more"));
    simulation.start();
    repeat(
        "data files",
        Ports.BETWEEN_LOOKS,
        () -> {
          endIfTaken(data);
          ports.tidy();
        });
    repeat("expiry", SECOND, management::tick);
    management.health().add("data directory", data::problem);
    management.health().add("simulation", simulation::problem);
    repeated.forEach((name, task) -> management.health().add(name, task::problem));
    ports.tellHealth(management.health());

    facts.putAll(ports.urls());
    data.tell(
        new RunningServer(
            String.valueOf(ManagementFactory.getRuntimeMXBean().getPid()),
            facts.getOrDefault("HTTP", ""),
            facts.getOrDefault("JMX", ""),
            options.config.toAbsolutePath().normalize().toString()));
    facts.put("servers", join(config.topology().servers().stream().map(ServerName::value)));
    facts.put("realms", join(config.topology().realms().stream().map(Realm::name)));
    facts.put("sessions", String.valueOf(sessions.total().sessions()));
  }

  private void repeat(String name, Duration pause, Runnable work) {
    repeated.put(name, parts.add(RepeatedTask.begin(name, pause, work)));
  }

  /** Two servers with one data directory would change each other's passwords and audit. */
  private void endIfTaken(DataDirectory data) {
    data.tend();
    if (data.isTaken()) {
      broken.complete(data.problem());
    }
  }

  /**
   * Waits until a part has ended that everything needs and nothing restarts.
   *
   * @return which one
   */
  String awaitBroken() {
    return broken.join();
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
