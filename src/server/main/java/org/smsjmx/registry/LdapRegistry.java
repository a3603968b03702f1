package org.smsjmx.registry;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.text.Showable;

/**
 * Users and groups of an LDAP directory. Connections are pooled, made when they are needed, and
 * made anew once when the directory has closed one; no reading takes longer than about twice the
 * timeout.
 */
public final class LdapRegistry implements UserRegistry, AutoCloseable {

  /** Ends of answers that concern the one user that was asked for: the directory did answer. */
  private static final Set<ResultCode> INCOMPLETE =
      Set.of(
          ResultCode.SIZE_LIMIT_EXCEEDED,
          ResultCode.TIME_LIMIT_EXCEEDED,
          ResultCode.ADMIN_LIMIT_EXCEEDED,
          ResultCode.REFERRAL);

  private static final int MAXIMUM_REASON_LENGTH = 300;

  private final Settings settings;
  private final LdapReading.Rules rules;
  private final InstantSource clock;
  private final LongSupplier nanos;
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
   * @param ignoreReferrals whether what other directories have is left out without a word
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
      Duration timeout,
      boolean ignoreReferrals) {

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
      new SearchFilter(userFilter).require("user-filter", SearchFilter.USER);
      new SearchFilter(groupFilter).require("group-filter", SearchFilter.DN);
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
  }

  /**
   * Makes it; connects to nothing yet.
   *
   * @param settings where the directory is
   * @param mapping how entries become credentials
   * @param clock tells which accounts have expired
   * @throws IOException if the password file or the trust store cannot be read
   */
  public LdapRegistry(Settings settings, DirectoryMapping mapping, InstantSource clock)
      throws IOException {
    this(settings, mapping, clock, System::nanoTime);
  }

  /** With a time of its own for how long a reading takes. */
  LdapRegistry(Settings settings, DirectoryMapping mapping, InstantSource clock, LongSupplier nanos)
      throws IOException {
    this.nanos = nanos;
    this.settings = settings;
    this.rules = LdapReading.Rules.of(settings, mapping);
    this.clock = clock;
    try {
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

  @Override
  public Credential read(String user) {
    try {
      return readAgainOnce(user);
    } catch (LDAPException e) {
      if (INCOMPLETE.contains(e.getResultCode())) {
        throw new NoCredentialException(
            "%s: user %s: the answer is not complete: %s".formatted(settings.url, user, said(e)));
      }
      throw new RegistryUnavailableException("%s: %s".formatted(settings.url, said(e)));
    }
  }

  private static String said(LDAPException e) {
    String[] urls = e.getReferralURLs();
    String said =
        "%s, %s"
            .formatted(
                e.getResultCode().getName(),
                urls.length == 0 ? reason(e) : "it refers to " + urls[0]);
    return Showable.shown(said, MAXIMUM_REASON_LENGTH);
  }

  /** Reads on one connection, and once more on a new one if the directory had closed it. */
  private Credential readAgainOnce(String user) throws LDAPException {
    LDAPConnection connection = pool.getConnection();
    for (boolean again = true; ; again = false) {
      try {
        Credential read = new LdapReading(connection, rules, user, nanos).read(clock.instant());
        pool.releaseConnection(connection);
        return read;
      } catch (LDAPException e) {
        if (e.getResultCode().isConnectionUsable()) {
          pool.releaseConnection(connection);
          throw e;
        }
        if (!again || e.getResultCode().equals(ResultCode.TIMEOUT)) {
          pool.releaseDefunctConnection(connection);
          throw e;
        }
        connection = pool.replaceDefunctConnection(connection);
      } catch (RuntimeException e) {
        pool.releaseConnection(connection);
        throw e;
      }
    }
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
