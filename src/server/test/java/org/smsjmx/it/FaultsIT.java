package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;
import static org.smsjmx.fixture.ServerProcess.PASSWORD;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** Clients that behave well, while others do not, and while the server is told to end. */
final class FaultsIT {

  private static final String OPERATION = "terminateAllSessionsWithReason";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String REQUEST_START =
      "POST /jolokia HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n";

  private ServerProcess server;
  private ExecutorService threads;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger reasons = new AtomicInteger();

  /** The reasons of the operations that were answered. */
  private final ConcurrentLinkedQueue<String> answered = new ConcurrentLinkedQueue<>();

  private final AtomicLong slowestNanos = new AtomicLong();

  @BeforeEach
  void start() {
    server = ServerProcess.start().option("--sessions", "100").ready();
    threads = Executors.newCachedThreadPool();
  }

  @AfterEach
  void stop() {
    over.set(true);
    threads.shutdownNow();
    server.close();
  }

  /** Calls one operation after the other until all is over. */
  private void behaveWell(Endpoint endpoint) {
    while (!over.get()) {
      String reason = "ticket " + reasons.incrementAndGet();
      long begun = System.nanoTime();
      Endpoint.Outcome outcome = endpoint.server(CRUZ, OPERATION, "dlucas", IBM, reason);
      slowestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
      assertThat(outcome.status()).as(outcome.error()).isEqualTo(200);
      answered.add(reason);
    }
  }

  private List<Future<?>> wellBehaved(Rmi rmi) {
    JolokiaClient jolokia = server.jolokia();
    List<Future<?>> clients = new ArrayList<>();
    for (Endpoint endpoint : List.of(rmi.endpoint(), jolokia.byPost(), jolokia.byGet())) {
      clients.add(threads.submit(() -> behaveWell(endpoint)));
    }
    return clients;
  }

  private Socket http(String sent) throws IOException {
    URI root = server.http();
    return sending(new Socket(root.getHost(), root.getPort()), sent);
  }

  private Socket jmx(String sent) throws IOException {
    String[] address = server.jmxAddress().split(":");
    return sending(new Socket(address[0], Integer.parseInt(address[1])), sent);
  }

  private static Socket sending(Socket socket, String sent) throws IOException {
    socket.getOutputStream().write(sent.getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static String start(String password, int length) {
    return REQUEST_START.formatted(JolokiaClient.basic(ADMINISTRATOR, password), length);
  }

  private String operation() {
    return JolokiaClient.exec("sms:type=Server,name=" + CRUZ, OPERATION, "johnq", IBM, "never read")
        .toString();
  }

  /** Sends a whole request and breaks off before the answer. */
  private void leaveEarly() throws IOException {
    String body = operation();
    Socket socket = http(start(PASSWORD, body.length()) + body);
    // sends a reset
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private void repeat(int times, Callable<?> what) throws Exception {
    for (int i = 0; i < times; i++) {
      what.call();
    }
  }

  private List<String> reasonsInAudit() {
    List<String> reasons = new ArrayList<>();
    for (Map<?, ?> line : AuditLines.all(server)) {
      if (OPERATION.equals(line.get("operation"))) {
        assertThat(line.get("outcome")).isEqualTo("done");
        reasons.add((String) line.get("reason"));
      }
    }
    return reasons;
  }

  private static long openFiles(Rmi rmi) {
    return (Long) rmi.read("java.lang:type=OperatingSystem", "OpenFileDescriptorCount");
  }

  private static int liveThreads(Rmi rmi) {
    return (Integer) rmi.read("java.lang:type=Threading", "ThreadCount");
  }

  @Test
  void theWellBehavedAreAnsweredAndNothingIsLostOrLeftOver() throws Exception {
    try (Rmi rmi = server.rmi()) {
      server.jolokia().get("/jolokia/version");
      long filesBefore = openFiles(rmi);
      int threadsBefore = liveThreads(rmi);
      List<Future<?>> clients = wellBehaved(rmi);
      await().atMost(PATIENCE).until(() -> answered.size() > 100);

      List<Socket> held = new ArrayList<>();
      repeat(400, () -> held.add(http("")));
      repeat(200, () -> held.add(http("POST /jolokia HTTP/1.1\r\nHos")));
      repeat(200, () -> held.add(http(start(PASSWORD, 900) + "{\"type\"")));
      repeat(100, () -> held.add(jmx("")));
      repeat(100, () -> held.add(jmx("JRMI")));
      repeat(50, () -> threads.submit(() -> http(start("wrong", 0)).getInputStream().read()));
      repeat(
          100,
          () -> {
            leaveEarly();
            return null;
          });
      repeat(50, () -> jmx("\u0000garbage\r\n\r\n"));
      int soFar = answered.size();
      await().atMost(PATIENCE).until(() -> answered.size() > soFar + 200);
      for (Socket socket : held) {
        socket.close();
      }
      over.set(true);
      for (Future<?> client : clients) {
        client.get();
      }

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(openFiles(rmi)).isLessThanOrEqualTo(filesBefore + 20);
                assertThat(liveThreads(rmi)).isLessThanOrEqualTo(threadsBefore + 20);
              });
      List<String> audited = reasonsInAudit();
      assertThat(audited).containsAll(answered);
      assertThat(audited.stream().filter(reason -> reason.startsWith("ticket")))
          .doesNotHaveDuplicates();
      Map<?, ?> done =
          (Map<?, ?>) server.jolokia().read("sms:type=Server,name=" + CRUZ, "OperationsTotal");
      assertThat(done.get(OPERATION)).isEqualTo((long) audited.size());
      assertThat(server.err()).doesNotContain("ERROR", "Exception");
      System.out.printf(
          "%d operations by the well-behaved; slowest answer %d ms%n",
          answered.size(), slowestNanos.get() / 1_000_000);
    }
  }

  @Test
  void whatWasAnsweredBeforeTheEndIsInTheAudit() throws Exception {
    wellBehaved(server.rmi());
    await().atMost(PATIENCE).until(() -> answered.size() > 300);

    assertThat(server.terminate()).isIn(0, 143);
    over.set(true);

    assertThat(reasonsInAudit()).containsAll(answered);
    assertThat(AuditLines.last(server).get("operation")).isEqualTo("stop");
  }

  @Test
  void ofAClientThatWasKilledNothingStays() throws Exception {
    try (ServerProcess forgetful =
        ServerProcess.start()
            .environment(
                "JAVA_TOOL_OPTIONS",
                "-Djava.rmi.dgc.leaseValue=4000 -Dsun.rmi.dgc.checkInterval=200")
            .ready()) {
      Process client = pdadmin(forgetful);
      client.getOutputStream().write("server list\n".getBytes(StandardCharsets.UTF_8));
      client.getOutputStream().flush();
      assertThat(client.inputReader().readLine()).contains("webseald");
      assertThat(forgetful.jmxConnections()).isEqualTo(1);

      client.destroyForcibly().waitFor();

      await().atMost(PATIENCE).until(() -> forgetful.jmxConnections() == 0);
    }
  }

  private static Process pdadmin(ServerProcess server) throws IOException {
    ProcessBuilder pdadmin =
        new ProcessBuilder(
            ServerProcess.installation().resolve("scripts/pdadmin").toString(),
            "-a",
            ADMINISTRATOR);
    pdadmin.environment().put("SMS_CONNECT", server.jmxAddress());
    pdadmin.environment().put("SMS_ADMIN_PASSWORD", PASSWORD);
    return pdadmin.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @Test
  void whereTheMemoryIsUsedUpTheServerAnswersOrHasEndedAndSaysWhy() {
    try (ServerProcess small =
        ServerProcess.start()
            .environment("JAVA_TOOL_OPTIONS", "-Xmx64m")
            .option("--sessions", "0")
            .ready()) {
      try {
        for (int i = 0; i < 10; i++) {
          small
              .jolokia()
              .byPost()
              .call("sms:type=Simulation", "signIn", "dlucas", IBM, CRUZ, 1_000_000);
        }
      } catch (UncheckedIOException e) {
        // the connection ended with the server
      }

      assertThat(small.exitCode()).isEqualTo(3);
      assertThat(small.out() + small.err()).contains("java.lang.OutOfMemoryError");
    }
  }

  @Test
  void theServiceShowsTheStateOfItsParts() {
    Map<?, ?> parts = (Map<?, ?>) server.jolokia().read("sms:type=Service", "Parts");

    assertThat(parts.keySet().stream().map(String::valueOf))
        .contains("http", "jmx", "expiry", "accounts", "account file", "roles", "simulation");
    assertThat(parts.values().stream().map(String::valueOf)).containsOnly("ok");
    assertThat(server.jolokia().read("sms:type=Service", "PartsFailing")).isEqualTo(0L);
  }
}
