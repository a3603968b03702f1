package org.smsjmx.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditFile;
import org.smsjmx.management.Permission;
import org.smsjmx.remote.Tls;
import org.smsjmx.remote.http.HttpNames;
import org.smsjmx.remote.http.Origin;

/**
 * What sms.yaml says of the endpoints and of what stands behind them. An application has a file of
 * these sections alone.
 *
 * @param accounts what each administrator's account may do
 * @param audit how operations are recorded
 * @param groupAccess whether the data directory may be open to a group, as a volume of Kubernetes
 *     is
 * @param tls certificates of both endpoints, null = none
 * @param http where the HTTP endpoint listens
 * @param httpNames under which names HTTP clients reach it, and which web pages may use it
 * @param jmx where the JMX endpoint listens
 * @param wholeJvm whether administering accounts reach MBeans that are not ours, by JMX
 */
public record EndpointConfig(
    Map<String, Permission> accounts,
    Audit audit,
    boolean groupAccess,
    Tls.@Nullable Settings tls,
    Address http,
    HttpNames httpNames,
    Address jmx,
    boolean wholeJvm) {

  static final int MAXIMUM_PORT = 65_535;

  private static final Map<String, Permission> PERMISSIONS = permissions();

  /** Of an application these are its own. */
  private static final List<String> SESSIONS =
      List.of(
          "realms",
          "other-servers",
          "sessions",
          "registry",
          "user-names",
          "refresh-rules",
          "simulation");

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
   * @param port 0..65535, 0 = any free one, null = not at all
   */
  public record Address(String host, @Nullable Integer port) {

    private boolean isOpenToOthers() {
      try {
        return port != null && !InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        // opening the endpoint will say so
        return true;
      }
    }
  }

  /**
   * Reads the file of an application.
   *
   * @param file paths in it are relative to it; null = nothing is set
   * @return what it says; an endpoint of which it does not set the port is not opened
   * @throws ConfigException if it is not as it must be
   */
  public static EndpointConfig read(@Nullable Path file) throws ConfigException {
    Section root = file == null ? section(Setting.none()) : root(file);
    for (String key : SESSIONS) {
      if (root.get(key).isPresent()) {
        throw root.get(key)
            .wrong("is not for the ports of an application, which has its own sessions and users");
      }
    }
    return of(root, null, null);
  }

  /** Takes what stands in a file; the ports count where it sets none. */
  static EndpointConfig of(Section root, @Nullable Integer httpPort, @Nullable Integer jmxPort)
      throws ConfigException {
    Tls.Settings tls = tls(root.get("tls"));
    boolean mayBeOpen = tls != null || root.get("insecure").flag(false);
    Section forHttp = root.get("http").section("host", "port", "hosts", "origins");
    Section forJmx = root.get("jmx").section("host", "port", "whole-jvm");
    return new EndpointConfig(
        accounts(root.get("accounts")),
        audit(root.get("audit")),
        root.get("data").section("group-access").get("group-access").flag(false),
        tls,
        address(forHttp, httpPort, mayBeOpen),
        httpNames(forHttp),
        address(forJmx, jmxPort, mayBeOpen),
        forJmx.get("whole-jvm").flag(false));
  }

  /** Returns this with other ports; null leaves one as it is. */
  public EndpointConfig withPorts(@Nullable Integer httpPort, @Nullable Integer jmxPort) {
    return new EndpointConfig(
        accounts,
        audit,
        groupAccess,
        tls,
        httpPort == null ? http : new Address(http.host, httpPort),
        httpNames,
        jmxPort == null ? jmx : new Address(jmx.host, jmxPort),
        wholeJvm);
  }

  /**
   * Reads the number of a port.
   *
   * @param name of the setting
   * @param text null and blank = none
   * @throws ConfigException if it is none
   */
  public static @Nullable Integer port(String name, @Nullable String text) throws ConfigException {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 0 && port <= MAXIMUM_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // which the rule says
    }
    throw new ConfigException("%s must be 0..%d: %s".formatted(name, MAXIMUM_PORT, text));
  }

  /** Returns whether an endpoint is open to other machines without TLS. */
  public boolean openWithoutTls() {
    return tls == null && (http.isOpenToOthers() || jmx.isOpenToOthers());
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

  /** Returns all sections that a file may have. */
  static Section root(Path file) throws ConfigException {
    return section(Setting.root(file));
  }

  private static Section section(Setting root) throws ConfigException {
    List<String> keys = new ArrayList<>(SESSIONS);
    keys.addAll(List.of("accounts", "audit", "data", "tls", "insecure", "http", "jmx"));
    return root.section(keys.toArray(String[]::new));
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

  private static Address address(Section section, @Nullable Integer port, boolean mayBeOpen)
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
    Setting set = section.get("port");
    return new Address(
        name, set.isPresent() ? Integer.valueOf(set.number(0, MAXIMUM_PORT, 0)) : port);
  }

  private static Map<String, Permission> permissions() {
    Map<String, Permission> byWord = new LinkedHashMap<>();
    for (Permission permission : Permission.values()) {
      byWord.put(permission.toString(), permission);
    }
    return byWord;
  }
}
