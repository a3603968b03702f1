package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.unboundid.util.ssl.KeyStoreKeyManager;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.registry.TestCertificate;

/** Both endpoints with TLS. */
@Tag("packages")
final class TlsIT {

  private static TestCertificate ofServer;
  private static TestCertificate ofClient;
  private static TestCertificate ofNobody;

  @BeforeAll
  static void makeCertificates() throws IOException, InterruptedException {
    Path directory = ServerProcess.temporaryDirectory("certificates");
    ofServer = new TestCertificate(directory, "ip:127.0.0.1");
    ofClient = new TestCertificate(directory, "dns:client");
    ofNobody = new TestCertificate(directory, "ip:127.0.0.1");
  }

  private static ServerProcess server(String tls) {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"), "\ntls:\n", "\ntls: {%s}\n".formatted(tls));
    return ServerProcess.start().config(directory).option("--sessions", "0").ready();
  }

  private static String pem() throws IOException, GeneralSecurityException {
    return "certificate: %s, key: %s".formatted(ofServer.certificate(), secret(ofServer));
  }

  private static Path secret(TestCertificate certificate)
      throws IOException, GeneralSecurityException {
    return ownerOnly(certificate.privateKey());
  }

  private static Path ownerOnly(Path file) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static int httpsStatus(
      ServerProcess server, TestCertificate trusted, TestCertificate shown)
      throws IOException, GeneralSecurityException, InterruptedException {
    KeyManager own =
        shown == null
            ? null
            : new KeyStoreKeyManager(shown.keyStore().toFile(), "changeit".toCharArray());
    PEMFileTrustManager trust = new PEMFileTrustManager(trusted.certificate().toFile());
    HttpClient client =
        HttpClient.newBuilder().sslContext(new SSLUtil(own, trust).createSSLContext()).build();
    URI uri = URI.create(server.facts().get("HTTP") + "/version");
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri)
                .header(
                    "Authorization",
                    JolokiaClient.basic(ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD))
                .build(),
            BodyHandlers.ofString());
    return answer.statusCode();
  }

  private static Ran pdadmin(ServerProcess server, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ServerProcess.installation().resolve("scripts/pdadmin").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-a", ServerProcess.ADMINISTRATOR, "server", "list"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SMS_ADMIN_PASSWORD", ServerProcess.PASSWORD);
    builder.environment().put("SMS_CONNECT", server.jmxAddress());
    builder
        .environment()
        .put("XDG_CACHE_HOME", ServerProcess.temporaryDirectory("cache").toString());
    Path out = ServerProcess.temporaryDirectory("output").resolve("out");
    Process process = builder.redirectOutput(out.toFile()).redirectErrorStream(true).start();
    int code = process.waitFor();
    return new Ran(code, ServerProcess.read(out));
  }

  private record Ran(int code, String output) {}

  @Test
  void bothEndpointsTakeTlsAndNothingElse() throws Exception {
    try (ServerProcess server = server(pem())) {
      assertThat(server.facts().get("HTTP")).startsWith("https://");
      assertThat(httpsStatus(server, ofServer, null)).isEqualTo(200);
      assertThatThrownBy(() -> httpsStatus(server, ofNobody, null))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("PEM file trust store");
      URI plain = URI.create(server.facts().get("HTTP").replace("https:", "http:"));
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      assertThatThrownBy(
              () -> client.send(HttpRequest.newBuilder(plain).build(), BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);

      String trust = ofServer.certificate().toString();
      assertThat(pdadmin(server, "--trust", trust).output()).startsWith("default-webseald-cruz\n");
      Ran untrusted = pdadmin(server, "--trust", ofNobody.certificate().toString());
      assertThat(untrusted.code()).isEqualTo(1);
      assertThat(untrusted.output()).contains("cannot be connected to by TLS: Certificate");
      String port = server.jmxAddress().replaceFirst(".*:", "");
      assertThat(pdadmin(server, "--connect", "localhost:" + port, "--trust", trust).output())
          .as("the certificate must be that of the host asked for")
          .contains("cannot be connected to by TLS", "localhost");
      assertThat(pdadmin(server).output()).contains("it needs TLS (see --trust)");
      assertThatThrownBy(server::rmi).hasMessageContaining("non-JRMP server");
    }
  }

  @Test
  void aKeyStoreDoesAsWellAndClientsMayBeAskedForACertificateToo() throws Exception {
    Path password = Files.writeString(ofServer.keyStore().resolveSibling("pw"), "changeit\n");
    ownerOnly(password);
    ownerOnly(ofServer.keyStore());
    String tls =
        "key-store: %s, password-file: %s, client-certificates: %s"
            .formatted(ofServer.keyStore(), password, ofClient.certificate());
    try (ServerProcess server = server(tls)) {
      assertThat(httpsStatus(server, ofServer, ofClient)).isEqualTo(200);
      assertThatThrownBy(() -> httpsStatus(server, ofServer, null)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> httpsStatus(server, ofServer, ofNobody))
          .isInstanceOf(IOException.class);

      String trust = ofServer.certificate().toString();
      String certificate = ofClient.certificate().toString();
      String key = ofClient.privateKey().toString();
      assertThat(
              pdadmin(server, "--trust", trust, "--certificate", certificate, "--key", key).code())
          .isZero();
      assertThat(pdadmin(server, "--trust", trust).code()).isEqualTo(1);
    }
  }

  @Test
  void aFileThatCannotBeUsedEndsTheStart() {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"), "\ntls:\n", "\ntls: {certificate: no.pem, key: no.key}\n");

    ServerProcess.Ended ended = ServerProcess.start().config(directory).ended();

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).startsWith("sms-server: ").contains("no.key: is missing");
  }

  @Test
  void aServerThatIsOpenWithoutTlsSaysSo() {
    Path directory = ServerProcess.copyOfConfiguration();
    Path yaml = directory.resolve("sms.yaml");
    ChangedConfiguration.replace(yaml, "insecure: false", "insecure: true");
    ChangedConfiguration.replace(yaml, "  host: 127.0.0.1\n  port: 8778", "  host: 0.0.0.0\n");
    try (ServerProcess server =
        ServerProcess.start().config(directory).option("--sessions", "0").ready()) {
      assertThat(server.err()).contains("WARN", "no TLS, and open to other machines");
    }
  }

  @Test
  void aRenewedCertificateIsTakenWithoutARestartAtBothEndpoints() throws Exception {
    Path directory = ServerProcess.temporaryDirectory("renewed");
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    Files.copy(ofServer.certificate(), certificate);
    Files.copy(ofServer.privateKey(), key);
    ownerOnly(key);
    try (ServerProcess server = server("certificate: %s, key: %s".formatted(certificate, key))) {
      assertThat(httpsStatus(server, ofServer, null)).isEqualTo(200);

      Files.copy(ofNobody.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> assertThat(server.err() + server.out()).contains("cannot be used for TLS"));
      assertThat(httpsStatus(server, ofServer, null)).as("the key is still to come").isEqualTo(200);

      Files.copy(ofNobody.privateKey(), key, StandardCopyOption.REPLACE_EXISTING);
      ownerOnly(key);
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .until(() -> httpsStatus(server, ofNobody, null) == 200);
      assertThat(pdadmin(server, "--trust", ofNobody.certificate().toString()).code()).isZero();
      assertThatThrownBy(() -> httpsStatus(server, ofServer, null)).isInstanceOf(IOException.class);
    }
  }
}
