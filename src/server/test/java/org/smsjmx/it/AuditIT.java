package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jolokia.json.JSONArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;

/** The audit file: one JSON line for each operation. */
final class AuditIT {

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    server = ServerProcess.shared();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  static Stream<Endpoint> endpoints() {
    return endpoints.stream();
  }

  private static int count() {
    return (int) AuditLines.text(server).lines().count();
  }

  private static Map<?, ?> last() {
    return AuditLines.last(server);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void anOperationThatWasDoneHasALine(Endpoint endpoint) {
    endpoints.signIn("Mary Jones", IBM, CRUZ, 1);
    int sessions = endpoints.matched("Mary Jones", IBM);
    int before = count();

    endpoint.server(CRUZ, "terminateAllSessions", "Mary Jones", IBM);

    assertThat(count()).isEqualTo(before + 1);
    Map<?, ?> line = last();
    assertThat(Instant.parse((String) line.get("time"))).isNotNull();
    assertThat(line.get("caller")).isEqualTo("sec_master");
    assertThat(line.get("address")).isEqualTo("127.0.0.1");
    assertThat(line.get("door")).isEqualTo(endpoint.toString().equals("RMI") ? "jmx" : "http");
    assertThat(line.get("server")).isEqualTo(CRUZ);
    assertThat(line.get("operation")).isEqualTo("terminateAllSessions");
    assertThat(line.get("user")).isEqualTo("Mary Jones");
    assertThat(line.get("realm")).isEqualTo(IBM);
    assertThat(line.get("outcome")).isEqualTo("done");
    assertThat(line.get("sessions")).isEqualTo((long) sessions);
    assertThat((Long) line.get("micros")).isNotNegative();
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void anOperationThatWasRefusedHasALine(Endpoint endpoint) {
    endpoint.server(CRUZ, "terminateAllSessions", "dlucas", "nowhere.example.com");

    assertThat(last().get("outcome")).isEqualTo("CTGSI0313E");
    assertThat(last().get("status")).isEqualTo("0x38c58139");
    assertThat(last().get("realm")).isEqualTo("nowhere.example.com");
    assertThat(last().get("sessions")).isNull();

    endpoint.server(CRUZ, "refreshAllSessions", "nobody", IBM);

    assertThat(last().get("outcome")).isEqualTo("HPDMG0754W");
    assertThat(last().get("status")).isEqualTo("0x14c012f2");
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void aNumberThatCountsNoSessionsIsNotCalledSo(Endpoint endpoint) {
    int key = endpoint.call("sms:type=Service", "changeSessionKey").number();

    assertThat(last().get("key")).isEqualTo((long) key);
    assertThat(last().get("sessions")).isNull();

    endpoint.call("sms:type=Service", "setTraceLevel", 1);

    assertThat(last().get("level")).isEqualTo(1L);
    assertThat(last().get("sessions")).isNull();
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void noUserNameForgesALine(Endpoint endpoint) {
    for (String forged :
        List.of(
            "x\n{\"number\":999999}\n",
            "x\r\n{\"number\":999999}",
            "\"},{\"number\":999999,\"x\":\"\n",
            "\\\"}\n",
            "a\u2028b\u2029c\u0085d\u0000e\u0001f",
            "\u202etxt.exe")) {
      int before = count();

      Endpoint.Outcome outcome = endpoint.server(CRUZ, "terminateAllSessions", forged, IBM);

      assertThat(outcome.error()).startsWith("CTGSI0313E   ");
      assertThat(count()).as(forged).isEqualTo(before + 1);
      assertThat((String) last().get("user")).isNotEqualTo(forged).isNotBlank();
      assertThat(AuditLines.text(server))
          .doesNotContain("\r", "\u2028", "\u2029", "\u0085", "\u0000", "\u0001", "\u202e");
    }
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void theLongestUserNameStandsThereInFull(Endpoint endpoint) {
    String user = "ü".repeat(255) + "x";

    endpoint.server(CRUZ, "terminateAllSessions", user, IBM);

    assertThat(last().get("user")).isEqualTo(user);
    assertThat(last().get("outcome")).isEqualTo("done");
  }

  @Test
  void textsOfAnyLengthMakeALineOfBoundedLength() {
    Endpoint post = server.jolokia().byPost();

    post.server(CRUZ, "terminateAllSessions", "x".repeat(500_000), "y".repeat(400_000));

    assertThat(last().toString()).hasSizeLessThan(2_000);
  }

  @Test
  void eachOfAListOfRequestsHasItsLineWhenTheListIsAnswered() {
    int requests = 600;
    int before = count();
    JSONArray list = new JSONArray();
    for (int i = 0; i < requests; i++) {
      list.add(
          JolokiaClient.exec(
              "sms:type=Server,name=" + CRUZ, "terminateAllSessions", "nobody" + i, IBM));
    }

    assertThat((JSONArray) server.jolokia().post(list)).hasSize(requests);

    List<Map<?, ?>> lines = AuditLines.all(server);
    assertThat(lines.subList(before, lines.size()).stream().<Object>map(line -> line.get("user")))
        .containsExactlyElementsOf(
            IntStream.range(0, requests).mapToObj(i -> "nobody" + i).toList());
  }

  @Test
  void linesAreNumberedWithoutGaps() {
    endpoints.stream()
        .forEach(endpoint -> endpoint.server(CRUZ, "terminateAllSessions", "nobody", IBM));
    List<Map<?, ?>> lines = AuditLines.all(server);

    assertThat(lines.stream().<Object>map(line -> line.get("number")))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, lines.size()).boxed().toList());
    assertThat(lines.stream().<Object>map(line -> line.get("run")).distinct()).hasSize(1);
  }

  @Test
  void tenThousandDeniedReadsMakeFewLinesAndNoneIsForgotten() {
    Path data = ServerProcess.temporaryDirectory("data");
    List<String> hidden = List.of("InputArguments", "SystemProperties", "ClassPath", "LibraryPath");
    JSONArray reads = new JSONArray();
    for (int i = 0; i < 1_000; i++) {
      reads.add(
          JolokiaClient.json(
              "type",
              "read",
              "mbean",
              "java.lang:type=Runtime",
              "attribute",
              hidden.get(i % hidden.size())));
    }
    try (ServerProcess own = ServerProcess.start().data(data).option("--sessions", "0").ready()) {
      JolokiaClient jolokia = own.jolokia();
      for (int i = 0; i < 10; i++) {
        assertThat((List<?>) jolokia.post((Object) reads))
            .allMatch(answer -> JolokiaClient.outcome(answer).status() == 403);
      }
      assertThat(jolokia.read("sms:type=Service", "CallsDenied")).isEqualTo(10_000L);
      assertThat(jolokia.byPost().call("java.lang:type=Memory", "gc").status()).isEqualTo(403);
      own.terminate();
    }

    List<Map<?, ?>> all = AuditLines.of(data);
    List<Map<?, ?>> lines =
        all.stream().filter(line -> "read".equals(line.get("operation"))).toList();
    assertThat(lines.size()).as("one at once, one for each minute").isBetween(2, 4);
    assertThat(lines.stream().mapToLong(line -> (Long) line.get("reads")).sum()).isEqualTo(10_000);
    assertThat(lines)
        .allMatch(line -> "sec_master".equals(line.get("caller")))
        .allMatch(line -> "java.lang:type=Runtime".equals(line.get("server")));
    assertThat(all.stream().filter(line -> "gc".equals(line.get("operation")))).hasSize(1);
    assertThat("stop".equals(all.get(all.size() - 1).get("operation"))).isTrue();
  }
}
