package org.smsjmx.registry;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryDirectoryServerSnapshot;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.OperationType;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.util.LDAPSDKException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** A directory in this JVM that listens on a real socket of 127.0.0.1. */
public final class TestDirectory implements AutoCloseable {

  /** Where its users and groups stand. */
  public static final String BASE = "dc=ibm,dc=com";

  static final String READER = "cn=reader," + BASE;
  static final String READER_PASSWORD = "Päss wört:1";

  private static final String LOOPBACK = "127.0.0.1";

  private final Options options;
  private final int port;
  private InMemoryDirectoryServer server;

  private TestDirectory(Options options) throws LDAPSDKException {
    this.options = options;
    this.server = listen(0);
    this.port = server.getListenPort();
    server.add(new Entry("dn: " + BASE, "objectClass: domain", "dc: ibm"));
    for (String unit : List.of("people", "groups")) {
      server.add(
          new Entry(
              "dn: ou=%s,%s".formatted(unit, BASE),
              "objectClass: organizationalUnit",
              "ou: " + unit));
    }
  }

  /** Opens one that anybody may read, without users. */
  public static TestDirectory open(InMemoryOperationInterceptor... interceptors)
      throws LDAPSDKException {
    Options options = options();
    List.of(interceptors).forEach(options::intercept);
    return options.open();
  }

  static Options options() {
    return new Options();
  }

  /** What a directory is to be. */
  static final class Options {

    private final List<InMemoryOperationInterceptor> interceptors = new ArrayList<>();
    private TestCertificate ldaps;
    private TestCertificate startTls;
    private boolean signInNeeded;
    private boolean anySchema;
    private int sizeLimit;

    /** Speaks TLS from the first byte. */
    Options ldaps(TestCertificate certificate) {
      ldaps = certificate;
      return this;
    }

    Options startTls(TestCertificate certificate) {
      startTls = certificate;
      return this;
    }

    /** Lets nobody search but {@link #READER}. */
    Options signInNeeded() {
      signInNeeded = true;
      return this;
    }

    /** Takes entries of any classes, with any attributes. */
    Options anySchema() {
      anySchema = true;
      return this;
    }

    /** Gives no more entries to a search, or to a page of one. */
    Options sizeLimit(int entries) {
      sizeLimit = entries;
      return this;
    }

    Options intercept(InMemoryOperationInterceptor interceptor) {
      interceptors.add(interceptor);
      return this;
    }

    TestDirectory open() throws LDAPSDKException {
      return new TestDirectory(this);
    }
  }

  private InMemoryDirectoryServer listen(int at) throws LDAPSDKException {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(options.anySchema ? null : schema());
    config.setMaxSizeLimit(options.sizeLimit);
    config.addAdditionalBindCredentials(READER, READER_PASSWORD);
    if (options.signInNeeded) {
      config.setAuthenticationRequiredOperationTypes(OperationType.SEARCH);
    }
    options.interceptors.forEach(config::addInMemoryOperationInterceptor);
    try {
      InetAddress address = InetAddress.getByName(LOOPBACK);
      config.setListenerConfigs(
          options.ldaps != null
              ? InMemoryListenerConfig.createLDAPSConfig(
                  "ldaps", address, at, options.ldaps.server().createSSLServerSocketFactory(), null)
              : InMemoryListenerConfig.createLDAPConfig(
                  "ldap",
                  address,
                  at,
                  options.startTls == null
                      ? null
                      : options.startTls.server().createSSLSocketFactory()));
    } catch (GeneralSecurityException | UnknownHostException e) {
      throw new IllegalStateException(e);
    }
    InMemoryDirectoryServer made = new InMemoryDirectoryServer(config);
    made.startListening();
    return made;
  }

  /** The usual schema, with {@code memberOf} as many directories have it. */
  private static Schema schema() throws LDAPSDKException {
    Entry memberOf =
        new Entry(
            "dn: cn=schema",
            "objectClass: top",
            "objectClass: ldapSubentry",
            "objectClass: subschema",
            "cn: schema",
            "attributeTypes: ( 1.2.840.113556.1.2.102 NAME 'memberOf'"
                + " EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )");
    return Schema.mergeSchemas(Schema.getDefaultStandardSchema(), new Schema(memberOf));
  }

  int port() {
    return port;
  }

  /** Returns its address, by name: the LDAP library trusts 127.0.0.1 whatever its certificate. */
  public String url() {
    return (options.ldaps == null ? "ldap" : "ldaps") + "://localhost:" + port;
  }

  /** Adds a user and returns the DN. */
  public String addUser(String uid, Attribute... more) throws LDAPSDKException {
    String dn = new DN(new RDN("uid", uid), new DN("ou=people," + BASE)).toString();
    Entry entry = new Entry(dn);
    entry.addAttribute("objectClass", "inetOrgPerson", "extensibleObject");
    entry.addAttribute("uid", uid);
    entry.addAttribute("cn", uid);
    entry.addAttribute("sn", "x");
    for (Attribute attribute : more) {
      entry.addAttribute(attribute);
    }
    server.add(entry);
    return dn;
  }

  /** Adds an entry, below {@link #BASE}. */
  String add(String rdn, Attribute... attributes) throws LDAPSDKException {
    Entry entry = new Entry(rdn + "," + BASE, attributes);
    server.add(entry);
    return entry.getDN();
  }

  /** Returns the DNs of what a search finds, whatever lies between clients and the directory. */
  List<String> find(String filter) throws LDAPSDKException {
    return server.search(BASE, SearchScope.SUB, filter, "1.1").getSearchEntries().stream()
        .map(Entry::getDN)
        .toList();
  }

  /** Adds a group. */
  public void addGroup(String name, String... members) throws LDAPSDKException {
    Entry entry = new Entry(groupDn(name));
    entry.addAttribute("objectClass", "groupOfNames");
    entry.addAttribute("cn", name);
    entry.addAttribute("member", members);
    server.add(entry);
  }

  /** Takes a group away. */
  public void removeGroup(String name) throws LDAPSDKException {
    server.delete(groupDn(name));
  }

  static String groupDn(String name) throws LDAPSDKException {
    return new DN(new RDN("cn", name), new DN("ou=groups," + BASE)).toString();
  }

  /** Sets what an attribute of an entry holds. */
  public void set(String dn, String attribute, String... values) throws LDAPSDKException {
    server.modify(dn, new Modification(ModificationType.REPLACE, attribute, values));
  }

  /** Closes the connections of all clients, who are not told. */
  void closeConnections() {
    server.closeAllConnections(false);
  }

  /** Ends; nothing listens on the port any more. */
  public void stop() {
    server.shutDown(true);
  }

  /** Listens again on the same port, with the same content. */
  public void startAgain() throws LDAPSDKException {
    InMemoryDirectoryServerSnapshot content = server.createSnapshot();
    server = listen(port);
    server.restoreSnapshot(content);
  }

  @Override
  public void close() {
    stop();
  }
}
