package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.management.Notification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
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
  void failuresAtBothEndpointsAreCountedAndAudited() {
    for (int i = 0; i < 3; i++) {
      assertThat(httpStatus("wrong")).isEqualTo(401);
      String[] credentials = {"nobody", "wrong"};
      assertThatThrownBy(() -> server.connect(credentials)).isInstanceOf(SecurityException.class);
    }

    assertThat(failures().stream().<Object>map(line -> line.get("delayed")))
        .containsExactly(false, false, false, false, false, false);
    assertThat(failures().stream().<Object>map(line -> line.get("door")))
        .containsExactly("http", "jmx", "http", "jmx", "http", "jmx");
    assertThat(failures().stream().<Object>map(line -> line.get("caller")).distinct())
        .containsExactly(ADMINISTRATOR, "nobody");
    assertThat(failures())
        .allSatisfy(
            line -> {
              assertThat(line.get("outcome")).isEqualTo("HPDIA0200W");
              assertThat(line.get("address")).isEqualTo("127.0.0.1");
            });
    assertThat(counted("FailedSignIns")).isEqualTo(6);
    assertThat(counted("SignInsDelayed")).isZero();
    assertThat(ServerProcess.read(server.data().resolve("audit.log"))).doesNotContain("wrong");
  }

  /** Guesses in many threads at once until the server checks no further guess. */
  private int statusOfManyGuesses() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<Integer>> guesses = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String guess = "guess" + i;
        guesses.add(threads.submit(() -> httpStatus(guess)));
      }
      int highest = 0;
      for (Future<Integer> guess : guesses) {
        highest = Math.max(highest, guess.get());
      }
      return highest;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void manyGuessesAreRefusedUncheckedAndWhoHasSignedInIsNotHeldUp() throws Exception {
    try (Rmi open = server.rmi()) {
      assertThat(httpStatus(ServerProcess.PASSWORD)).isEqualTo(200);

      assertThat(statusOfManyGuesses()).isEqualTo(429);

      assertThat(open.read(SERVICE, "SignInsDelayed")).isNotEqualTo(0L);
      assertThat(counted("FailedSignIns")).isEqualTo(200);
      assertThat(failures()).as("not a line for each").hasSizeLessThan(100);
    }
  }

  @Test
  void soonAfterGuessesFromTheSameMachineTheAdministratorComesInAgain() throws Exception {
    assertThat(statusOfManyGuesses()).isEqualTo(429);

    await().atMost(Duration.ofSeconds(2)).until(() -> httpStatus(ServerProcess.PASSWORD) == 200);
    server.rmi().close();
  }

  @Test
  void aRequestWithoutCredentialsIsNoFailedSignIn() throws IOException {
    URI root = server.http();
    for (int i = 0; i < 10; i++) {
      try (Socket socket = new Socket(root.getHost(), root.getPort())) {
        socket
            .getOutputStream()
            .write(
                "GET /jolokia HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 401");
      }
    }
    assertThat(counted("FailedSignIns")).isZero();
  }

  @Test
  void whoHasTheRightPasswordComesInAmongSomeWhoHaveNot() {
    for (int i = 0; i < 8; i++) {
      httpStatus("wrong");
      assertThat(httpStatus(ServerProcess.PASSWORD)).isEqualTo(200);
    }
    server.rmi().close();
  }

  @Test
  void aChangedPasswordCountsSoonAtBothEndpointsAndEndsOpenConnections() throws Exception {
    Path file = server.data().resolve("jmxremote.password");
    assertThat(httpStatus(ServerProcess.PASSWORD)).isEqualTo(200);
    try (Rmi open = server.rmi()) {
      Queue<Notification> heard = listen(open);
      Files.writeString(file, ADMINISTRATOR + " another\n");

      await().untilAsserted(() -> assertThat(httpStatus("another")).isEqualTo(200));
      assertThat(httpStatus(ServerProcess.PASSWORD)).isEqualTo(401);
      assertThatThrownBy(() -> server.rmi()).isInstanceOf(SecurityException.class);
      awaitClosed(open);
      terminate("another");
      assertThat(heard).isEmpty();

      Files.writeString(file, "");

      await().untilAsserted(() -> assertThat(httpStatus("another")).isEqualTo(401));
    }
  }

  private static Queue<Notification> listen(Rmi rmi) throws Exception {
    Queue<Notification> heard = new ConcurrentLinkedQueue<>();
    rmi.connection()
        .addNotificationListener(
            Rmi.name("sms:type=Server,name=" + CRUZ),
            (notification, handback) -> heard.add(notification),
            null,
            null);
    return heard;
  }

  /** Waits until the server has closed the connection, whose calls were refused before. */
  private static void awaitClosed(Rmi open) {
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> open.connection().getMBeanCount())
                    .isInstanceOf(IOException.class));
  }

  private void terminate(String password) {
    Endpoint endpoint = server.jolokia(ADMINISTRATOR, password).byPost();
    assertThat(endpoint.server(CRUZ, "terminateAllSessions", "dlucas", IBM).status())
        .isEqualTo(200);
  }

  @Test
  void whileAnAccountKeepsWhatItHasItsConnectionsStayAndHear() throws Exception {
    Path file = server.data().resolve("jmxremote.password");
    try (Rmi open = server.rmi()) {
      Queue<Notification> heard = listen(open);
      Files.writeString(file, "# a comment\n", StandardOpenOption.APPEND);
      Files.writeString(file, "other secret\n", StandardOpenOption.APPEND);
      await().during(Duration.ofSeconds(1)).until(() -> open.connection().getMBeanCount() > 0);

      terminate(ServerProcess.PASSWORD);

      await().until(() -> !heard.isEmpty());
    }
  }

  @Test
  void aLowerRoleInTheConfigurationEndsOpenConnectionsAndCountsWithoutARestart() throws Exception {
    Path configuration = ServerProcess.copyOfConfiguration();
    Path yaml = configuration.resolve("sms.yaml");
    try (ServerProcess changing =
            ServerProcess.start().config(configuration).option("--sessions", "0").ready();
        Rmi open = changing.rmi()) {
      ChangedConfiguration.replace(yaml, "sec_master: administer", "sec_master: nonsense");
      await().until(() -> part(changing, "roles").contains("sms.yaml"));
      assertThat(open.connection().getMBeanCount()).as("the last good one counts").isPositive();

      ChangedConfiguration.replace(yaml, "sec_master: nonsense", "sec_master: view");

      await().until(() -> changing.jmxConnections() == 0);
      assertThat(
              changing
                  .jolokia()
                  .byPost()
                  .server(CRUZ, "terminateAllSessions", "dlucas", IBM)
                  .status())
          .isEqualTo(403);
      assertThat(changing.jolokia().read(SERVICE, "PartsFailing")).isEqualTo(0L);
    }
  }

  private static String part(ServerProcess server, String name) {
    return (String) ((Map<?, ?>) server.jolokia().read(SERVICE, "Parts")).get(name);
  }

  @Test
  void anAccountFileThatCannotBeReadIsToldOnceAndShown() throws IOException {
    Path file = server.data().resolve("jmxremote.password");
    String good = Files.readString(file);

    Files.writeString(file, good + "one two three four five\n");

    await().until(() -> part(server, "account file").contains("jmxremote.password:2: "));
    await().during(Duration.ofSeconds(1)).until(() -> !part(server, "account file").equals("ok"));
    assertThat(server.err() + server.out()).containsOnlyOnce("jmxremote.password:2: ");

    Files.writeString(file, good);
    await().until(() -> part(server, "account file").equals("ok"));
  }
}
