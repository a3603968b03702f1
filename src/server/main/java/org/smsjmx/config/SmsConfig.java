package org.smsjmx.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smsjmx.files.Unreadable;
import org.smsjmx.management.Permission;
import org.smsjmx.registry.DirectoryMapping;
import org.smsjmx.registry.LdapRegistry;
import org.smsjmx.remote.Tls;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What sms.yaml says. The shipped file documents every key with its default; a key that is not
 * there is an error.
 *
 * @param topology servers, replica sets and realms
 * @param timeouts of sessions
 * @param registry where users and groups are
 * @param rules what a refresh does to attributes
 * @param accounts what each administrator's account may do
 * @param auditRequired whether changes are refused while the audit cannot be written
 * @param tls certificates for both doors, null = none
 * @param openWithoutTls whether a door is open to other machines without TLS
 * @param http where the HTTP door listens
 * @param jmx where the JMX door listens
 * @param wholeJvm whether administering accounts reach MBeans that are not ours, by JMX
 * @param simulation the traffic of users
 */
public record SmsConfig(
    Topology topology,
    SessionTimeouts timeouts,
    Registry registry,
    RefreshRules rules,
    Map<String, Permission> accounts,
    boolean auditRequired,
    Tls.@Nullable Settings tls,
    boolean openWithoutTls,
    Address http,
    Address jmx,
    boolean wholeJvm,
    Traffic simulation) {

  private static final Map<String, Permission> PERMISSIONS = permissions();

  /** Thousands of servers fit; the YAML parser's time grows with the square of a line's length. */
  private static final int MAXIMUM_BYTES = 1 << 18;

  private static final int MAXIMUM_PORT = 65_535;
  private static final int MAXIMUM_USERS = 9_999_999;
  private static final int MAXIMUM_SESSIONS = 100_000_000;

  /**
   * Where users and groups are: in a file or in a directory.
   *
   * @param ldif null if they are in a directory
   * @param ldap null if they are in a file
   * @param mapping which attributes become those of a credential
   */
  public record Registry(
      @Nullable Path ldif, LdapRegistry.@Nullable Settings ldap, DirectoryMapping mapping) {}

  /**
   * Where a door listens.
   *
   * @param host host name or address
   * @param port 0..65535, 0 = any free one
   */
  public record Address(String host, int port) {}

  /**
   * The traffic of users.
   *
   * @param users number of users; those beyond the registry file's are made up
   * @param sessions number of sessions to begin with and to keep up
   * @param signInsPerSecond sign-ins in a second
   * @param seed from which chance is drawn
   */
  public record Traffic(int users, int sessions, int signInsPerSecond, int seed) {}

  /**
   * Reads the file.
   *
   * @param file sms.yaml; paths in it are relative to it
   * @return what it says
   * @throws ConfigException if it is not as it must be
   */
  public static SmsConfig read(Path file) throws ConfigException {
    Setting root = Setting.root(file, compose(file).orElse(null));
    Map<String, Setting> settings =
        root.section(
            ordered(
                "realms",
                "other-servers",
                "sessions",
                "registry",
                "refresh-rules",
                "accounts",
                "audit",
                "tls",
                "insecure",
                "http",
                "jmx",
                "simulation"));
    Tls.Settings tls = tls(file, settings.get("tls"));
    boolean mayBeOpen = tls != null || settings.get("insecure").flag(false);
    Address http = address(settings.get("http").section(ordered("host", "port")), 8778, mayBeOpen);
    Map<String, Setting> forJmx = settings.get("jmx").section(ordered("host", "port", "whole-jvm"));
    Address jmx = address(forJmx, 9010, mayBeOpen);
    return new SmsConfig(
        topology(settings.get("realms"), settings.get("other-servers")),
        timeouts(settings.get("sessions")),
        registry(file, settings.get("registry")),
        rules(settings.get("refresh-rules")),
        accounts(settings.get("accounts")),
        settings.get("audit").section(ordered("required")).get("required").flag(false),
        tls,
        tls == null && !(isLoopback(http.host) && isLoopback(jmx.host)),
        http,
        jmx,
        forJmx.get("whole-jvm").flag(false),
        traffic(settings.get("simulation")));
  }

  /**
   * Returns this configuration with values from the command line; null leaves one as it is.
   *
   * @throws ConfigException if a value is out of its bounds
   */
  public SmsConfig with(
      @Nullable Integer httpPort,
      @Nullable Integer jmxPort,
      @Nullable Integer sessions,
      @Nullable Integer users)
      throws ConfigException {
    return new SmsConfig(
        topology,
        timeouts,
        registry,
        rules,
        accounts,
        auditRequired,
        tls,
        openWithoutTls,
        new Address(http.host, bounded("--http-port", httpPort, 0, MAXIMUM_PORT, http.port)),
        new Address(jmx.host, bounded("--jmx-port", jmxPort, 0, MAXIMUM_PORT, jmx.port)),
        wholeJvm,
        new Traffic(
            bounded("--users", users, 1, MAXIMUM_USERS, simulation.users),
            bounded("--sessions", sessions, 0, MAXIMUM_SESSIONS, simulation.sessions),
            simulation.signInsPerSecond,
            simulation.seed));
  }

  private static int bounded(
      String option, @Nullable Integer value, int minimum, int maximum, int otherwise)
      throws ConfigException {
    if (value != null && (value < minimum || value > maximum)) {
      throw new ConfigException("%s must be %d..%d: %d".formatted(option, minimum, maximum, value));
    }
    return value == null ? otherwise : value;
  }

  private static Optional<Node> compose(Path file) throws ConfigException {
    LoadSettings settings = LoadSettings.builder().setMaxAliasesForCollections(0).build();
    try {
      return new Compose(settings).composeString(text(file));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new ConfigException("%s:%d: %s".formatted(file, line, e.getProblem()));
    } catch (YamlEngineException | StackOverflowError e) {
      throw new ConfigException("%s: is not YAML: %s".formatted(file, oneLine(e.getMessage())));
    } catch (CharacterCodingException e) {
      throw new ConfigException("%s: is not UTF-8".formatted(file));
    } catch (IOException e) {
      throw new ConfigException(Unreadable.reason(file));
    }
  }

  private static String text(Path file) throws IOException, ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAXIMUM_BYTES + 1);
      if (bytes.length > MAXIMUM_BYTES) {
        throw new ConfigException("%s: is larger than %d bytes".formatted(file, MAXIMUM_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static String oneLine(String message) {
    return message == null ? "nested too deeply" : message.lines().findFirst().orElse("");
  }

  private static Topology topology(Setting realms, Setting otherServers) throws ConfigException {
    List<Realm> made = new ArrayList<>();
    for (Map.Entry<String, Setting> realm : realms.entries().entrySet()) {
      made.add(realm(realm.getKey(), realm.getValue()));
    }
    List<ServerName> others = servers(otherServers);
    return realms.make(() -> new Topology(made, others));
  }

  private static Realm realm(String name, Setting realm) throws ConfigException {
    List<ReplicaSet> sets = new ArrayList<>();
    Setting replicaSets = realm.section(ordered("replica-sets")).get("replica-sets");
    for (Map.Entry<String, Setting> set : replicaSets.entries().entrySet()) {
      List<ServerName> replicas = servers(set.getValue());
      sets.add(set.getValue().make(() -> new ReplicaSet(set.getKey(), replicas)));
    }
    return realm.make(() -> new Realm(name, sets));
  }

  private static List<ServerName> servers(Setting list) throws ConfigException {
    List<ServerName> servers = new ArrayList<>();
    for (Setting server : list.list()) {
      servers.add(server.make(() -> new ServerName(server.text())));
    }
    return servers;
  }

  private static SessionTimeouts timeouts(Setting sessions) throws ConfigException {
    Map<String, Setting> settings = sessions.section(ordered("lifetime", "inactive-timeout"));
    Duration lifetime = settings.get("lifetime").duration(SessionTimeouts.DEFAULT.lifetime());
    Duration inactive =
        settings.get("inactive-timeout").duration(SessionTimeouts.DEFAULT.inactive());
    return sessions.make(() -> new SessionTimeouts(lifetime, inactive));
  }

  private static Registry registry(Path file, Setting registry) throws ConfigException {
    Map<String, Setting> settings = registry.section(ordered("ldif", "ldap", "attributes"));
    Setting ldif = settings.get("ldif");
    Setting ldap = settings.get("ldap");
    if (ldif.isPresent() && ldap.isPresent()) {
      throw ldap.wrong("must not stand beside ldif: there is one registry");
    }
    return new Registry(
        ldap.isPresent() ? null : path(file, ldif, "users.ldif"),
        ldap.isPresent() ? ldap(file, ldap) : null,
        mapping(settings.get("attributes")));
  }

  private static LdapRegistry.Settings ldap(Path file, Setting ldap) throws ConfigException {
    Map<String, Setting> settings =
        ldap.section(
            ordered(
                "url",
                "base-dn",
                "user-filter",
                "group-filter",
                "member-of",
                "bind-dn",
                "password-file",
                "start-tls",
                "trust-store",
                "connections",
                "timeout"));
    String url = settings.get("url").text();
    String baseDn = settings.get("base-dn").text();
    String userFilter =
        settings.get("user-filter").text("(&(objectClass=inetOrgPerson)(uid={user}))");
    String groupFilter =
        settings.get("group-filter").text("(&(objectClass=groupOfNames)(member={dn}))");
    String memberOf = textOrNull(settings.get("member-of"));
    String bindDn = textOrNull(settings.get("bind-dn"));
    Path passwordFile = pathOrNull(file, settings.get("password-file"));
    boolean startTls = settings.get("start-tls").flag(false);
    Path trustStore = pathOrNull(file, settings.get("trust-store"));
    int connections = settings.get("connections").number(1, 1_000, 8);
    Duration timeout = settings.get("timeout").duration(Duration.ofSeconds(5));
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofHours(1)) > 0) {
      throw settings.get("timeout").wrong("must be PT0.001S..PT1H");
    }
    return ldap.make(
        () ->
            new LdapRegistry.Settings(
                url,
                baseDn,
                userFilter,
                groupFilter,
                memberOf,
                bindDn,
                passwordFile,
                startTls,
                trustStore,
                connections,
                timeout));
  }

  private static DirectoryMapping mapping(Setting attributes) throws ConfigException {
    Map<String, String> mapping = new LinkedHashMap<>();
    for (Map.Entry<String, Setting> attribute : attributes.entries().entrySet()) {
      mapping.put(attribute.getKey(), attribute.getValue().text());
    }
    return attributes.isPresent()
        ? attributes.make(() -> new DirectoryMapping(mapping))
        : DirectoryMapping.DEFAULT;
  }

  private static RefreshRules rules(Setting rules) throws ConfigException {
    List<RefreshRules.Rule> made = new ArrayList<>();
    for (Setting rule : rules.list()) {
      Map<String, Setting> settings = rule.section(ordered("attribute", "on-refresh"));
      String attribute = settings.get("attribute").text();
      boolean preserve =
          settings
              .get("on-refresh")
              .choice(new TreeMap<>(Map.of("preserve", true, "refresh", false)));
      made.add(rule.make(() -> new RefreshRules.Rule(attribute, preserve)));
    }
    return rules.isPresent() ? new RefreshRules(made) : RefreshRules.DEFAULT;
  }

  private static Path path(Path file, Setting setting, String otherwise) throws ConfigException {
    String name = setting.text(otherwise);
    return setting.make(() -> file.toAbsolutePath().resolveSibling(name));
  }

  private static @Nullable Path pathOrNull(Path file, Setting setting) throws ConfigException {
    return setting.isPresent() ? path(file, setting, "") : null;
  }

  private static @Nullable String textOrNull(Setting setting) throws ConfigException {
    return setting.isPresent() ? setting.text() : null;
  }

  private static Map<String, Permission> accounts(Setting accounts) throws ConfigException {
    Map<String, Permission> permissions = new LinkedHashMap<>();
    for (Map.Entry<String, Setting> account : accounts.entries().entrySet()) {
      permissions.put(account.getKey(), account.getValue().choice(PERMISSIONS));
    }
    return accounts.isPresent() ? permissions : Map.of("sec_master", Permission.ADMINISTER);
  }

  private static Tls.@Nullable Settings tls(Path file, Setting tls) throws ConfigException {
    Map<String, Setting> settings =
        tls.section(
            ordered("key-store", "password-file", "certificate", "key", "client-certificates"));
    if (settings.values().stream().noneMatch(Setting::isPresent)) {
      return null;
    }
    Path keyStore = pathOrNull(file, settings.get("key-store"));
    Path passwordFile = pathOrNull(file, settings.get("password-file"));
    Path certificate = pathOrNull(file, settings.get("certificate"));
    Path key = pathOrNull(file, settings.get("key"));
    Path clients = pathOrNull(file, settings.get("client-certificates"));
    return tls.make(() -> new Tls.Settings(keyStore, passwordFile, certificate, key, clients));
  }

  private static Address address(Map<String, Setting> door, int port, boolean mayBeOpen)
      throws ConfigException {
    Setting host = door.get("host");
    String name = host.text("127.0.0.1");
    if (!mayBeOpen && !isLoopback(name)) {
      throw host.wrong(
          "%s is open to other machines, and passwords would cross the network readable: set tls,"
                  .formatted(name)
              + " or else insecure: true");
    }
    return new Address(name, door.get("port").number(0, MAXIMUM_PORT, port));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // opening the door will say so
      return false;
    }
  }

  private static Traffic traffic(Setting simulation) throws ConfigException {
    Map<String, Setting> settings =
        simulation.section(ordered("users", "sessions", "sign-ins-per-second", "seed"));
    return new Traffic(
        settings.get("users").number(1, MAXIMUM_USERS, 200),
        settings.get("sessions").number(0, MAXIMUM_SESSIONS, 1_000),
        settings.get("sign-ins-per-second").number(0, 100_000, 5),
        settings.get("seed").number(Integer.MIN_VALUE, Integer.MAX_VALUE, 42));
  }

  private static Map<String, Permission> permissions() {
    Map<String, Permission> byWord = new LinkedHashMap<>();
    for (Permission permission : Permission.values()) {
      byWord.put(permission.toString(), permission);
    }
    return byWord;
  }

  /** Keeps the order, in which errors list the keys. */
  private static Set<String> ordered(String... keys) {
    return new LinkedHashSet<>(List.of(keys));
  }
}
