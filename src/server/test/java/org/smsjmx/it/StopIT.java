package org.smsjmx.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SIMULATION;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;
import static org.smsjmx.fixture.ServerProcess.PASSWORD;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** How a server ends. */
final class StopIT {

  /** The server says when it has begun with it. */
  private static final String UNDER_WAY =
      "POST /jolokia HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Length: %d\r\n"
          + "Expect: 100-continue\r\n\r\n";

  @Test
  void aSignalInTheMiddleOfTrafficEndsItCleanly() {
    ServerProcess server = ServerProcess.start().ready();
    AtomicInteger calls = new AtomicInteger();
    ExecutorService clients = Executors.newFixedThreadPool(4);
    Rmi one = server.rmi();
    Rmi two = server.rmi();
    try {
      JolokiaClient jolokia = server.jolokia();
      Stream.of(one.endpoint(), two.endpoint(), jolokia.byPost(), jolokia.byGet())
          .forEach(endpoint -> clients.submit(() -> callUntilItEnds(endpoint, calls)));
      await().until(() -> calls.get() > 200);

      assertThat(server.terminate()).isIn(0, 143);
    } finally {
      clients.shutdownNow();
    }
    assertThat(server.err()).isEmpty();
    assertThat(server.out()).doesNotContain("Exception", "\tat ");
    assertThat(AuditLines.all(server)).as("no half line").hasSizeGreaterThan(200);
  }

  @Test
  void aCallUnderWayIsAnsweredAndNoOtherOne() throws IOException {
    ServerProcess server = ServerProcess.start().option("--sessions", "200").ready();
    String body =
        JolokiaClient.exec("sms:type=Server,name=" + CRUZ, "terminateAllSessions", "dlucas", IBM)
            .toString();
    String head = UNDER_WAY.formatted(JolokiaClient.basic(ADMINISTRATOR, PASSWORD), body.length());
    URI endpoint = server.http();
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      OutputStream request = socket.getOutputStream();
      request.write(head.getBytes(US_ASCII));
      BufferedReader answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
      await().until(() -> answer.readLine().isEmpty());

      ProcessHandle.of(server.pid()).orElseThrow().destroy();
      await().until(() -> isClosed(server));
      request.write(body.getBytes(US_ASCII));

      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(answer.lines().reduce((one, next) -> next).orElseThrow())
          .contains("\"status\":200");
    }
    assertThat(server.terminate()).isIn(0, 143);
    assertThat(AuditLines.all(server).stream().map(line -> (Object) line.get("operation")))
        .endsWith("terminateAllSessions", "stop");
  }

  private static boolean isClosed(ServerProcess server) {
    try {
      server.jolokia().get("/jolokia/version");
      return false;
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  private static void callUntilItEnds(Endpoint endpoint, AtomicInteger calls) {
    for (int status = 200; status == 200; calls.incrementAndGet()) {
      List<String> users = Endpoints.SEED_USERS;
      String user = users.get(calls.get() % users.size());
      endpoint.call(SIMULATION, "signIn", user, IBM, CRUZ, 3);
      endpoint.server(CRUZ, "refreshAllSessions", user, IBM);
      status = endpoint.server(CRUZ, "terminateAllSessions", user, IBM).status();
    }
  }
}
