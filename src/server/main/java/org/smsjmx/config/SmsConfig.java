package org.smsjmx.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditFile;
import org.smsjmx.management.Permission;
import org.smsjmx.registry.DirectoryMapping;
import org.smsjmx.registry.LdapRegistry;
import org.smsjmx.remote.Tls;
import org.smsjmx.remote.http.HttpNames;
import org.smsjmx.remote.http.Origin;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserNames;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/**
 * What sms.yaml says. The shipped file documents every key with its default; a key that is not
 * there is an error.
 *
 * @param topology servers, replica sets and realms
 * @param timeouts of sessions
 * @param registry where users and groups are
 * @param rules what a refresh does to attributes
 * @param accounts what each administrator's account may do
 * @param audit how operations are recorded
 * @param groupAccess whether the data directory may be open to a group, as a volume of Kubernetes
 *     is
 * @param tls certificates of both endpoints, null = none
 * @param openWithoutTls whether an endpoint is open to other machines without TLS
 * @param http where the HTTP endpoint listens
 * @param httpNames under which names HTTP clients reach it, and which web pages may use it
 * @param jmx where the JMX endpoint listens
 * @param wholeJvm whether administering accounts reach MBeans that are not ours, by JMX
 * @param simulation the traffic of users
 */
public record SmsConfig(
    Topology topology,
    SessionTimeouts timeouts,
    Registry registry,
    RefreshRules rules,
    Map<String, Permission> accounts,
    Audit audit,
    boolean groupAccess,
    Tls.@Nullable Settings tls,
    boolean openWithoutTls,
    Address http,
    HttpNames httpNames,
    Address jmx,
    boolean wholeJvm,
    Traffic simulation) {

  private static final Map<String, Permission> PERMISSIONS = permissions();

  private static final Map<String, UserNames> USER_NAMES =
      new TreeMap<>(Map.of("directory", UserNames.DIRECTORY, "exact", UserNames.EXACT));

  private static final int MAXIMUM_PORT = 65_535;
  private static final int MAXIMUM_USERS = 9_999_999;
  private static final int MAXIMUM_SESSIONS = 100_000_000;

  /**
   * Where users and groups are: in a file or in a directory.
   *
   * @param ldif null if they are in a directory
   * @param ldap null if they are in a file
   * @param mapping which attributes become those of a credential, and how user names are compared
   */
  public record Registry(
      @Nullable Path ldif, LdapRegistry.@Nullable Settings ldap, DirectoryMapping mapping) {}

  /**
   * How operations are recorded.
   *
   * @param required whether changes are refused while lines cannot be written
   * @param sync whether lines are on the disk before an operation is answered
   * @param fileSize from how many bytes on a new file is begun
   * @param retention how old former files may get
   * @param totalSize how many bytes all files may take
   * @param group whose members may read the files, null for none
   */
  public record Audit(
      boolean required,
      boolean sync,
      long fileSize,
      Duration retention,
      long totalSize,
      @Nullable GroupPrincipal group) {

    /** Returns what becomes of the audit's file. */
    public AuditFile.Settings in(Path file) {
      return new AuditFile.Settings(file, sync, fileSize, retention, totalSize, group, true);
    }
  }

  /**
   * Where an endpoint listens.
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
    Section root = root(file);
    Tls.Settings tls = tls(root.get("tls"));
    boolean mayBeOpen = tls != null || root.get("insecure").flag(false);
    Section forHttp = root.get("http").section("host", "port", "hosts", "origins");
    Address http = address(forHttp, 8778, mayBeOpen);
    Section forJmx = root.get("jmx").section("host", "port", "whole-jvm");
    Address jmx = address(forJmx, 9010, mayBeOpen);
    return new SmsConfig(
        topology(root.get("realms"), root.get("other-servers")),
        timeouts(root.get("sessions")),
        registry(root.get("registry"), root.get("user-names")),
        rules(root.get("refresh-rules")),
        accounts(root.get("accounts")),
        audit(root.get("audit")),
        root.get("data").section("group-access").get("group-access").flag(false),
        tls,
        tls == null && !(isLoopback(http.host) && isLoopback(jmx.host)),
        http,
        httpNames(forHttp),
        jmx,
        forJmx.get("whole-jvm").flag(false),
        traffic(root.get("simulation")));
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
        audit,
        groupAccess,
        tls,
        openWithoutTls,
        new Address(http.host, bounded("--http-port", httpPort, 0, MAXIMUM_PORT, http.port)),
        httpNames,
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

  private static Topology topology(Setting realms, Setting otherServers) throws ConfigException {
    List<Realm> all = List.copyOf(realms.entries(SmsConfig::realm).values());
    List<ServerName> others = servers(otherServers);
    return realms.make(() -> new Topology(all, others));
  }

  private static Realm realm(Setting realm) throws ConfigException {
    Setting replicaSets = realm.section("replica-sets").get("replica-sets");
    List<ReplicaSet> sets = List.copyOf(replicaSets.entries(SmsConfig::replicaSet).values());
    return realm.make(() -> new Realm(realm.name(), sets));
  }

  private static ReplicaSet replicaSet(Setting set) throws ConfigException {
    List<ServerName> replicas = servers(set);
    return set.make(() -> new ReplicaSet(set.name(), replicas));
  }

  private static List<ServerName> servers(Setting servers) throws ConfigException {
    return servers.list(server -> server.make(() -> new ServerName(server.text())));
  }

  private static SessionTimeouts timeouts(Setting sessions) throws ConfigException {
    Section section = sessions.section("lifetime", "inactive-timeout");
    Duration lifetime = section.get("lifetime").duration(SessionTimeouts.DEFAULT.lifetime());
    Duration inactive =
        section.get("inactive-timeout").duration(SessionTimeouts.DEFAULT.inactive());
    return sessions.make(() -> new SessionTimeouts(lifetime, inactive));
  }

  private static Registry registry(Setting registry, Setting userNames) throws ConfigException {
    UserNames names = userNames.isPresent() ? userNames.choice(USER_NAMES) : UserNames.DIRECTORY;
    Section section =
        registry.section(
            "ldif", "ldap", "attributes", "name-attribute", "nested-groups", "refuse-disabled");
    Setting ldif = section.get("ldif");
    Setting ldap = section.get("ldap");
    if (ldif.isPresent() && ldap.isPresent()) {
      throw ldap.wrong("must not stand beside ldif: there is one registry");
    }
    return new Registry(
        ldap.isPresent() ? null : ldif.path("users.ldif"),
        ldap.isPresent() ? ldap(ldap) : null,
        mapping(section, names));
  }

  private static LdapRegistry.Settings ldap(Setting ldap) throws ConfigException {
    Section section =
        ldap.section(
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
            "timeout",
            "referrals");
    String url = section.get("url").text();
    String baseDn = section.get("base-dn").text();
    String userFilter =
        section.get("user-filter").text("(&(objectClass=inetOrgPerson)(uid={user}))");
    String groupFilter =
        section.get("group-filter").text("(&(objectClass=groupOfNames)(member={dn}))");
    String memberOf = section.get("member-of").textOrNull();
    String bindDn = section.get("bind-dn").textOrNull();
    Path passwordFile = section.get("password-file").pathOrNull();
    boolean startTls = section.get("start-tls").flag(false);
    Path trustStore = section.get("trust-store").pathOrNull();
    int connections = section.get("connections").number(1, 1_000, 8);
    Duration timeout = section.get("timeout").duration(Duration.ofSeconds(5));
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofHours(1)) > 0) {
      throw section.get("timeout").wrong("must be PT0.001S..PT1H");
    }
    Setting referrals = section.get("referrals");
    boolean ignoreReferrals =
        referrals.isPresent()
            && referrals.choice(new TreeMap<>(Map.of("refuse", false, "ignore", true)));
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
                timeout,
                ignoreReferrals));
  }

  private static DirectoryMapping mapping(Section registry, UserNames userNames)
      throws ConfigException {
    Setting attributes = registry.get("attributes");
    Map<String, String> mapped =
        attributes.isPresent()
            ? attributes.entries(Setting::text)
            : DirectoryMapping.DEFAULT.attributes();
    attributes.make(() -> new DirectoryMapping(mapped));
    Setting nameAttribute = registry.get("name-attribute");
    String name = nameAttribute.textOrNull();
    boolean nestedGroups = registry.get("nested-groups").flag(false);
    boolean refuseDisabled = registry.get("refuse-disabled").flag(false);
    return nameAttribute.make(
        () -> new DirectoryMapping(mapped, name, nestedGroups, refuseDisabled, userNames));
  }

  private static RefreshRules rules(Setting rules) throws ConfigException {
    List<RefreshRules.Rule> all = rules.list(SmsConfig::rule);
    return rules.isPresent() ? new RefreshRules(all) : RefreshRules.DEFAULT;
  }

  private static RefreshRules.Rule rule(Setting rule) throws ConfigException {
    Section section = rule.section("attribute", "on-refresh");
    String attribute = section.get("attribute").text();
    boolean preserve =
        section.get("on-refresh").choice(new TreeMap<>(Map.of("preserve", true, "refresh", false)));
    return rule.make(() -> new RefreshRules.Rule(attribute, preserve));
  }

  /**
   * Reads the accounts alone: what they may do must not depend on names of hosts that can be
   * resolved, or on other sections.
   *
   * @param file path of the file
   * @throws ConfigException if the file cannot be read, is no YAML, has a section of another name,
   *     or its accounts are not as they must be
   */
  public static Map<String, Permission> readAccounts(Path file) throws ConfigException {
    return accounts(root(file).get("accounts"));
  }

  private static Section root(Path file) throws ConfigException {
    return Setting.root(file)
        .section(
            "realms",
            "other-servers",
            "sessions",
            "registry",
            "user-names",
            "refresh-rules",
            "accounts",
            "audit",
            "data",
            "tls",
            "insecure",
            "http",
            "jmx",
            "simulation");
  }

  private static Map<String, Permission> accounts(Setting accounts) throws ConfigException {
    Map<String, Permission> permissions = accounts.entries(account -> account.choice(PERMISSIONS));
    return accounts.isPresent() ? permissions : Map.of("sec_master", Permission.ADMINISTER);
  }

  private static Audit audit(Setting audit) throws ConfigException {
    Section section =
        audit.section("required", "sync", "file-size", "retention", "total-size", "group");
    Setting group = section.get("group");
    Setting retention = section.get("retention");
    Duration kept = retention.duration(Duration.ofDays(400));
    if (kept.isNegative()) {
      throw retention.wrong("must not be negative");
    }
    return new Audit(
        section.get("required").flag(false),
        section.get("sync").flag(false),
        section.get("file-size").bytes(1 << 12, 100L << 20),
        kept,
        section.get("total-size").bytes(1 << 12, 20L << 30),
        group.isPresent() ? group.make(() -> group(group.text())) : null);
  }

  private static GroupPrincipal group(String name) {
    try {
      return FileSystems.getDefault()
          .getUserPrincipalLookupService()
          .lookupPrincipalByGroupName(name);
    } catch (IOException | UnsupportedOperationException e) {
      throw new IllegalArgumentException("there is no group " + name + " on this machine", e);
    }
  }

  private static Tls.@Nullable Settings tls(Setting tls) throws ConfigException {
    Section section =
        tls.section("key-store", "password-file", "certificate", "key", "client-certificates");
    if (section.isEmpty()) {
      return null;
    }
    Path keyStore = section.get("key-store").pathOrNull();
    Path passwordFile = section.get("password-file").pathOrNull();
    Path certificate = section.get("certificate").pathOrNull();
    Path key = section.get("key").pathOrNull();
    Path clients = section.get("client-certificates").pathOrNull();
    return tls.make(() -> new Tls.Settings(keyStore, passwordFile, certificate, key, clients));
  }

  private static HttpNames httpNames(Section section) throws ConfigException {
    Set<String> hosts =
        Set.copyOf(section.get("hosts").list(host -> host.make(() -> HttpNames.host(host.text()))));
    Set<Origin> origins =
        Set.copyOf(
            section.get("origins").list(origin -> origin.make(() -> Origin.of(origin.text()))));
    return new HttpNames(hosts, origins);
  }

  private static Address address(Section section, int port, boolean mayBeOpen)
      throws ConfigException {
    Setting host = section.get("host");
    String name = host.text("127.0.0.1");
    InetAddress found;
    try {
      found = InetAddress.getByName(name);
    } catch (UnknownHostException e) {
      throw host.wrong("no host is known by this name: " + name);
    }
    if (!mayBeOpen && !found.isLoopbackAddress()) {
      throw host.wrong(
          "%s is open to other machines, and passwords would cross the network readable: set tls,"
                  .formatted(name)
              + " or else insecure: true");
    }
    return new Address(name, section.get("port").number(0, MAXIMUM_PORT, port));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // opening the endpoint will say so
      return false;
    }
  }

  private static Traffic traffic(Setting simulation) throws ConfigException {
    Section section = simulation.section("users", "sessions", "sign-ins-per-second", "seed");
    return new Traffic(
        section.get("users").number(1, MAXIMUM_USERS, 200),
        section.get("sessions").number(0, MAXIMUM_SESSIONS, 1_000),
        section.get("sign-ins-per-second").number(0, 100_000, 5),
        section.get("seed").number(Integer.MIN_VALUE, Integer.MAX_VALUE, 42));
  }

  private static Map<String, Permission> permissions() {
    Map<String, Permission> byWord = new LinkedHashMap<>();
    for (Permission permission : Permission.values()) {
      byWord.put(permission.toString(), permission);
    }
    return byWord;
  }
}
