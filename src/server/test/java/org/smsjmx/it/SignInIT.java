package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.SERVICE;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** Administrators who sign in at the endpoints, and those who only try. */
final class SignInIT {

  private ServerProcess server;

  @BeforeEach
  void start() {
    server = ServerProcess.start().option("--sessions", "0").ready();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int httpStatus(String password) {
    return server.jolokia(ADMINISTRATOR, password).get("/jolokia/version").statusCode();
  }

  private long counted(String attribute) {
    return (Long) server.jolokia().read(SERVICE, attribute);
  }

  private List<Map<?, ?>> failures() {
    Stream<Map<?, ?>> lines = AuditLines.all(server).stream();
    return lines.filter(line -> "signIn".equals(line.get("operation"))).toList();
  }

  @Test
  void failuresAtBothEndpointsAreCountedAndAuditedAndFromTheSixthOnLate() {
    for (int i = 0; i < 4; i++) {
      assertThat(httpStatus("wrong")).isEqualTo(401);
      String[] credentials = {"nobody", "wrong"};
      assertThatThrownBy(() -> server.connect(credentials)).isInstanceOf(SecurityException.class);
    }

    assertThat(failures().stream().<Object>map(line -> line.get("delayed")))
        .containsExactly(false, false, false, false, false, true, true, true);
    assertThat(failures().stream().<Object>map(line -> line.get("door")))
        .containsExactly("http", "jmx", "http", "jmx", "http", "jmx", "http", "jmx");
    assertThat(failures().stream().<Object>map(line -> line.get("caller")).distinct())
        .containsExactly(ADMINISTRATOR, "nobody");
    assertThat(failures())
        .allSatisfy(
            line -> {
              assertThat(line.get("outcome")).isEqualTo("HPDIA0200W");
              assertThat(line.get("address")).isEqualTo("127.0.0.1");
            });
    assertThat(counted("FailedSignIns")).isEqualTo(8);
    assertThat(counted("SignInsDelayed")).isEqualTo(3);
    assertThat(ServerProcess.read(server.data().resolve("audit.log"))).doesNotContain("wrong");
  }

  @Test
  void aRequestWithoutCredentialsIsNoFailedSignIn() throws IOException {
    URI root = server.http();
    for (int i = 0; i < 10; i++) {
      try (Socket socket = new Socket(root.getHost(), root.getPort())) {
        socket
            .getOutputStream()
            .write("GET /jolokia HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 401");
      }
    }
    assertThat(counted("FailedSignIns")).isZero();
  }

  @Test
  void whoHasTheRightPasswordComesInAmongMany() {
    for (int i = 0; i < 8; i++) {
      httpStatus("wrong");
      assertThat(httpStatus(ServerProcess.PASSWORD)).isEqualTo(200);
    }
    server.rmi().close();
  }

  @Test
  void aChangedPasswordCountsSoonAtBothEndpointsAndForOpenConnections() throws IOException {
    Path file = server.data().resolve("jmxremote.password");
    assertThat(httpStatus(ServerProcess.PASSWORD)).isEqualTo(200);
    try (Rmi open = server.rmi()) {
      Files.writeString(file, ADMINISTRATOR + " another\n");

      await().untilAsserted(() -> assertThat(httpStatus("another")).isEqualTo(200));
      assertThat(httpStatus(ServerProcess.PASSWORD)).isEqualTo(401);
      assertThatThrownBy(() -> server.rmi()).isInstanceOf(SecurityException.class);

      Files.writeString(file, "");

      await().untilAsserted(() -> assertThat(httpStatus("another")).isEqualTo(401));
      assertThatThrownBy(() -> open.read(SERVICE, "Version")).isInstanceOf(SecurityException.class);
    }
  }
}
