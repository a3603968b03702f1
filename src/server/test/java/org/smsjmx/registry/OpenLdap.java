package org.smsjmx.registry;

import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFReader;
import com.unboundid.util.LDAPSDKException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A real slapd as a child process, with the configuration, schema and data of openldap/. */
final class OpenLdap implements AutoCloseable {

  static final Path PROGRAM = Path.of("/usr/sbin/slapd");
  static final Path SCHEMAS = Path.of("/etc/ldap/schema");
  static final String READER = "cn=reader,dc=ibm,dc=com";
  static final String READER_PASSWORD = "secret";

  private static final String ADMINISTRATOR = "cn=admin,dc=ibm,dc=com";
  private static final String ADMINISTRATOR_PASSWORD = "admin";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path here;
  private final Path configuration;
  private final int port;
  private final int tlsPort;
  private Process process;

  /**
   * Starts it.
   *
   * @param here an empty directory for its files
   * @param certificate what it shows for TLS
   */
  OpenLdap(Path here, TestCertificate certificate)
      throws IOException, GeneralSecurityException, LDAPSDKException {
    this.here = here;
    this.configuration = here.resolve("slapd.conf");
    this.port = freePort();
    this.tlsPort = freePort();
    Files.createDirectory(here.resolve("data"));
    Files.writeString(here.resolve("sms.schema"), resource("sms.schema"));
    Files.writeString(
        configuration,
        resource("slapd.conf")
            .replace("@HERE@", here.toString())
            .replace("@CERTIFICATE@", certificate.certificate().toString())
            .replace("@KEY@", certificate.privateKey().toString()));
    start();
    try (InputStream data = open("data.ldif");
        LDIFReader entries = new LDIFReader(data);
        LDAPConnection connection = connection()) {
      for (var entry = entries.readEntry(); entry != null; entry = entries.readEntry()) {
        connection.add(entry);
      }
    }
  }

  private static InputStream open(String name) {
    return OpenLdap.class.getResourceAsStream("/openldap/" + name);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts it, and waits until it answers. */
  void start() {
    Path output = here.resolve("output");
    try {
      process =
          new ProcessBuilder(
                  PROGRAM.toString(),
                  "-f",
                  configuration.toString(),
                  "-h",
                  "ldap://127.0.0.1:%d/ ldaps://127.0.0.1:%d/".formatted(port, tlsPort),
                  "-d",
                  "none")
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      await().atMost(PATIENCE).until(() -> !process.isAlive() || answers());
      if (!process.isAlive()) {
        throw new IllegalStateException(
            "slapd ended with %d: %s".formatted(process.exitValue(), Files.readString(output)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    try (LDAPConnection connection = connection()) {
      return connection.isConnected();
    } catch (LDAPException e) {
      return false;
    }
  }

  /** Returns a connection that may change everything. */
  LDAPConnection connection() throws LDAPException {
    return new LDAPConnection("127.0.0.1", port, ADMINISTRATOR, ADMINISTRATOR_PASSWORD);
  }

  String url() {
    return "ldap://localhost:" + port;
  }

  String tlsUrl() {
    return "ldaps://localhost:" + tlsPort;
  }

  /** Ends it, and waits until it is gone. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
