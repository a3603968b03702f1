package org.smsjmx.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smsjmx.registry.DirectoryMapping;
import org.smsjmx.registry.LdapRegistry;
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
 * @param endpoints both endpoints, with accounts and audit
 * @param simulation the traffic of users
 */
public record SmsConfig(
    Topology topology,
    SessionTimeouts timeouts,
    Registry registry,
    RefreshRules rules,
    EndpointConfig endpoints,
    Traffic simulation) {

  private static final Map<String, UserNames> USER_NAMES =
      new TreeMap<>(Map.of("directory", UserNames.DIRECTORY, "exact", UserNames.EXACT));

  private static final int HTTP_PORT = 8778;
  private static final int JMX_PORT = 9010;
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
    Section root = EndpointConfig.root(file);
    EndpointConfig endpoints = EndpointConfig.of(root, HTTP_PORT, JMX_PORT);
    return new SmsConfig(
        topology(root.get("realms"), root.get("other-servers")),
        timeouts(root.get("sessions")),
        registry(root.get("registry"), root.get("user-names")),
        rules(root.get("refresh-rules")),
        endpoints,
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
        endpoints.withPorts(
            bounded("--http-port", httpPort, 0, EndpointConfig.MAXIMUM_PORT),
            bounded("--jmx-port", jmxPort, 0, EndpointConfig.MAXIMUM_PORT)),
        new Traffic(
            or(bounded("--users", users, 1, MAXIMUM_USERS), simulation.users),
            or(bounded("--sessions", sessions, 0, MAXIMUM_SESSIONS), simulation.sessions),
            simulation.signInsPerSecond,
            simulation.seed));
  }

  private static @Nullable Integer bounded(
      String option, @Nullable Integer value, int minimum, int maximum) throws ConfigException {
    if (value != null && (value < minimum || value > maximum)) {
      throw new ConfigException("%s must be %d..%d: %d".formatted(option, minimum, maximum, value));
    }
    return value;
  }

  private static int or(@Nullable Integer value, int otherwise) {
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

  private static Traffic traffic(Setting simulation) throws ConfigException {
    Section section = simulation.section("users", "sessions", "sign-ins-per-second", "seed");
    return new Traffic(
        section.get("users").number(1, MAXIMUM_USERS, 200),
        section.get("sessions").number(0, MAXIMUM_SESSIONS, 1_000),
        section.get("sign-ins-per-second").number(0, 100_000, 5),
        section.get("seed").number(Integer.MIN_VALUE, Integer.MAX_VALUE, 42));
  }
}
