package org.smsjmx.registry;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserName;
import org.smsjmx.session.UserRegistry;

/**
 * Users and groups of an LDAP directory. Connections are pooled, made when they are needed, and
 * made anew once when the directory has closed one; no reading takes longer than about twice the
 * timeout.
 */
public final class LdapRegistry implements UserRegistry, AutoCloseable {

  private static final String USER_PLACE = "{user}";
  private static final String DN_PLACE = "{dn}";

  private final Settings settings;
  private final DirectoryMapping mapping;
  private final List<Asked> names = new ArrayList<>();
  private final LDAPConnectionPool pool;

  /**
   * Where the directory is, and how users and groups are found in it.
   *
   * @param url {@code ldap://host:port} or {@code ldaps://host:port}
   * @param baseDn where users and groups stand
   * @param userFilter finds a user; {@code {user}} is the name
   * @param groupFilter finds the user's groups; {@code {dn}} is the user's DN
   * @param memberOf attribute of a user that names the groups, instead of the group filter; null
   *     for none
   * @param bindDn as whom to sign in, null for nobody
   * @param passwordFile holds the password in its first line, null without bindDn
   * @param startTls whether to encrypt an {@code ldap} connection
   * @param trustStore certificates to trust, in PEM form; null = those of the Java runtime
   * @param connections how many at most
   * @param timeout for connecting and for each answer
   */
  public record Settings(
      String url,
      String baseDn,
      String userFilter,
      String groupFilter,
      @Nullable String memberOf,
      @Nullable String bindDn,
      @Nullable Path passwordFile,
      boolean startTls,
      @Nullable Path trustStore,
      int connections,
      Duration timeout) {

    /**
     * Checks what can be checked without the directory.
     *
     * @throws IllegalArgumentException if URL, DN or a filter cannot be read, or two settings
     *     contradict each other
     */
    public Settings {
      boolean ldaps = url.startsWith("ldaps:");
      requireHostAndPort(url);
      if (!DN.isValidDN(baseDn)) {
        throw new IllegalArgumentException("base-dn must be a distinguished name: " + baseDn);
      }
      requireFilter("user-filter", userFilter, USER_PLACE);
      requireFilter("group-filter", groupFilter, DN_PLACE);
      if ((bindDn == null) != (passwordFile == null)) {
        throw new IllegalArgumentException("bind-dn and password-file need each other");
      }
      if (startTls && ldaps) {
        throw new IllegalArgumentException("start-tls needs an ldap url: " + url);
      }
      if (trustStore != null && !startTls && !ldaps) {
        throw new IllegalArgumentException("trust-store needs an ldaps url or start-tls: " + url);
      }
    }

    private static void requireHostAndPort(String url) {
      try {
        LDAPURL parsed = new LDAPURL(url);
        if (url.matches("ldaps?://[^/]+/?") && parsed.hostProvided()) {
          return;
        }
      } catch (LDAPException e) {
        // the rule says what is wrong
      }
      throw new IllegalArgumentException(
          "url must be ldap://host:port or ldaps://host:port: " + url);
    }

    private static void requireFilter(String key, String filter, String place) {
      try {
        Filter.create(filter.replace(place, "x"));
      } catch (LDAPException e) {
        throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
      }
      if (!filter.contains(place)) {
        throw new IllegalArgumentException("%s must hold %s: %s".formatted(key, place, filter));
      }
    }
  }

  /**
   * What a user filter asks of an attribute.
   *
   * @param attribute its name
   * @param value what it must be, with {@code {user}} for the name
   */
  private record Asked(String attribute, String value) {}

  /**
   * Makes it; connects to nothing yet.
   *
   * @throws IOException if the password file or the trust store cannot be read
   */
  public LdapRegistry(Settings settings, DirectoryMapping mapping) throws IOException {
    this.settings = settings;
    this.mapping = mapping;
    try {
      addNames(Filter.create(settings.userFilter));
      this.pool = pool(settings);
    } catch (LDAPException | GeneralSecurityException e) {
      throw new IOException("%s: %s".formatted(settings.url, e.getMessage()), e);
    }
  }

  private static LDAPConnectionPool pool(Settings settings)
      throws IOException, LDAPException, GeneralSecurityException {
    LDAPURL url = new LDAPURL(settings.url);
    int millis = Math.toIntExact(settings.timeout.toMillis());
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis(millis);
    options.setResponseTimeoutMillis(millis);
    // each reading has its connection for itself; the library's own reader thread, which is for
    // many at once, loses now and then a connection that has just turned to TLS
    options.setUseSynchronousMode(true);
    options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
    SocketFactory sockets =
        url.getScheme().equals("ldaps")
            ? new ImpatientSockets(tls(settings).getSocketFactory(), millis)
            : SocketFactory.getDefault();
    BindRequest bind =
        settings.bindDn == null
            ? null
            : new SimpleBindRequest(settings.bindDn, password(settings.passwordFile));
    PostConnectProcessor startTls =
        settings.startTls ? new StartTLSPostConnectProcessor(tls(settings)) : null;
    SingleServerSet server =
        new SingleServerSet(
            Objects.requireNonNull(url.getHost()), url.getPort(), sockets, options, bind, startTls);
    LDAPConnectionPool pool =
        new LDAPConnectionPool(server, bind, 0, settings.connections, null, false);
    pool.setMaxWaitTimeMillis(millis);
    pool.setCreateIfNecessary(false);
    pool.setRetryFailedOperationsDueToInvalidConnections(true);
    return pool;
  }

  private static SSLContext tls(Settings settings) throws GeneralSecurityException {
    return settings.trustStore == null
        ? SSLContext.getDefault()
        : new SSLUtil(new PEMFileTrustManager(settings.trustStore.toFile())).createSSLContext();
  }

  private static String password(@Nullable Path file) throws IOException {
    if (file == null) {
      throw new IOException("a bind-dn needs a password-file");
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new IOException("%s: cannot be read as UTF-8 text".formatted(file), e);
    }
    if (lines.isEmpty() || lines.get(0).isEmpty()) {
      throw new IOException("%s: the first line must hold the password".formatted(file));
    }
    return lines.get(0);
  }

  /** Finds the attributes that the user filter compares with the name. */
  private void addNames(Filter filter) {
    for (Filter part : filter.getComponents()) {
      addNames(part);
    }
    String attribute = filter.getAttributeName();
    String value = filter.getAssertionValue();
    if (filter.getFilterType() == Filter.FILTER_TYPE_EQUALITY
        && attribute != null
        && value != null
        && value.contains(USER_PLACE)) {
      names.add(new Asked(attribute, value));
    }
  }

  /**
   * Returns whether the entry is that of the user. A directory compares more loosely than sessions
   * do: it ignores blanks at the ends, how many there are inside, and forms of letters.
   */
  private boolean isOf(String user, DirectoryEntry entry) {
    return names.isEmpty()
        || names.stream()
            .anyMatch(
                asked -> {
                  String wanted = UserName.fold(asked.value.replace(USER_PLACE, user));
                  return entry.values(asked.attribute).stream()
                      .map(UserName::fold)
                      .anyMatch(wanted::equals);
                });
  }

  @Override
  public Credential read(String user) {
    try {
      DirectoryEntry entry = entry(user);
      return mapping.credential(entry, List.of(DirectoryMapping.USER), groups(entry));
    } catch (LDAPException e) {
      throw new RegistryUnavailableException(
          "%s: %s".formatted(settings.url, e.getResultCode().getName() + ", " + reason(e)));
    }
  }

  private DirectoryEntry entry(String user) throws LDAPException {
    String filter = settings.userFilter.replace(USER_PLACE, Filter.encodeValue(user));
    List<String> asked = mapping.asked(DirectoryMapping.USER);
    names.forEach(name -> asked.add(name.attribute));
    if (settings.memberOf != null) {
      asked.add(settings.memberOf);
    }
    SearchRequest request =
        new SearchRequest(settings.baseDn, SearchScope.SUB, filter, asked.toArray(String[]::new));
    request.setSizeLimit(2);
    List<SearchResultEntry> found;
    try {
      found = found(request);
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        throw ambiguous(user);
      }
      throw e;
    }
    if (found.size() > 1) {
      throw ambiguous(user);
    }
    DirectoryEntry entry = found.isEmpty() ? null : directoryEntry(found.get(0));
    if (entry == null || entry.values(DirectoryMapping.USER).isEmpty() || !isOf(user, entry)) {
      throw new UnknownUserException(user);
    }
    return entry;
  }

  private static DirectoryEntry directoryEntry(SearchResultEntry found) throws LDAPException {
    return new DirectoryEntry(Dn.of(found.getDN()), found.getAttributes());
  }

  private RegistryUnavailableException ambiguous(String user) {
    return new RegistryUnavailableException(
        "%s: more than one entry is user %s".formatted(settings.url, user));
  }

  /** Returns the names of the user's groups; a group that the directory gives twice is one. */
  private Collection<String> groups(DirectoryEntry user) throws LDAPException {
    Map<Dn, String> groups = new HashMap<>();
    if (settings.memberOf != null) {
      for (String value : user.values(settings.memberOf)) {
        Dn group = Dn.of(value);
        groups.putIfAbsent(group, group.isRoot() ? value : group.name(DirectoryMapping.GROUP));
      }
      return groups.values();
    }
    String filter =
        settings.groupFilter.replace(DN_PLACE, Filter.encodeValue(user.dn().toString()));
    for (SearchResultEntry found :
        found(
            new SearchRequest(settings.baseDn, SearchScope.SUB, filter, DirectoryMapping.GROUP))) {
      DirectoryEntry group = directoryEntry(found);
      groups.put(group.dn(), group.nameBy(DirectoryMapping.GROUP));
    }
    return groups.values();
  }

  /** Searches; a search without a listener always has a list of entries. */
  private List<SearchResultEntry> found(SearchRequest request) throws LDAPSearchException {
    return Objects.requireNonNull(pool.search(request).getSearchEntries());
  }

  /** Returns what went wrong in the first place; the library wraps it in much else. */
  private static String reason(LDAPException e) {
    Throwable first = e;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    if (first instanceof SSLPeerUnverifiedException) {
      return "the TLS handshake failed";
    }
    if (first instanceof LDAPException && e.getResultCode().equals(ResultCode.SERVER_DOWN)) {
      return "it closed the connection";
    }
    return String.valueOf(first.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    pool.close();
  }

  /**
   * Makes sockets that wait for the other side only so long. The library bounds connecting and
   * answers, but not the handshake between them.
   */
  private static final class ImpatientSockets extends SocketFactory {

    private final SocketFactory sockets;
    private final int millis;

    ImpatientSockets(SocketFactory sockets, int millis) {
      this.sockets = sockets;
      this.millis = millis;
    }

    @Override
    public Socket createSocket() throws IOException {
      return impatient(sockets.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return impatient(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return impatient(sockets.createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return impatient(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return impatient(sockets.createSocket(host, port, from, fromPort));
    }

    private Socket impatient(Socket socket) throws IOException {
      socket.setSoTimeout(millis);
      return socket;
    }
  }
}
