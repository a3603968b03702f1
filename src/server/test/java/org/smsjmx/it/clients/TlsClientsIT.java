package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.registry.TestCertificate;

/** The tools of others at a server with TLS, by a trust store as the documentation makes it. */
@Tag("clients")
final class TlsClientsIT {

  private static TestCertificate ofServer;

  @BeforeAll
  static void makeCertificate() throws Exception {
    ofServer =
        new TestCertificate(ServerProcess.temporaryDirectory("certificates"), "ip:127.0.0.1");
  }

  private static ServerProcess server() throws Exception {
    Path directory = ServerProcess.copyOfConfiguration();
    Path key =
        Files.setPosixFilePermissions(
            ofServer.privateKey(), PosixFilePermissions.fromString("rw-------"));
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"),
        "\ntls:\n",
        "\ntls: {certificate: %s, key: %s}\n".formatted(ofServer.certificate(), key));
    return ServerProcess.start().config(directory).option("--sessions", "0").ready();
  }

  @Test
  void jmxtermTakesTheCertificateFromATrustStoreThatKeytoolMade() throws Exception {
    try (ServerProcess server = server()) {
      Outcome outcome =
          Jmxterm.tls(trustStore(), server, ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD)
              .server("default-webseald-cruz", "terminateAllSessions", "nobody", "ibm.com");
      assertThat(outcome).isEqualTo(new Outcome(0L, 200, ""));
    }
  }

  @Test
  void jconsoleTakesTheCertificateFromATrustStoreThatKeytoolMade() throws Exception {
    JConsole.assumeInstalled();
    try (ServerProcess server = server();
        JConsole console = JConsole.open(trustStore())) {
      JConsoleIT.logIn(
          console, server.jmxAddress(), ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD);
      console.tell("size", "1150", "600");
      console.tell("tab", "MBeans");
      console.mbean("Service", "Attributes");
      console.tell("shows", "Version");
    }
  }

  /** Returns the options that name a trust store with the server's certificate. */
  private static List<String> trustStore() throws Exception {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + ofServer.trustStore(),
        "-Djavax.net.ssl.trustStorePassword=changeit");
  }
}
