package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.JolokiaClient.array;
import static org.smsjmx.fixture.JolokiaClient.exec;
import static org.smsjmx.fixture.JolokiaClient.json;
import static org.smsjmx.fixture.JolokiaClient.outcome;
import static org.smsjmx.fixture.JolokiaClient.parse;
import static org.smsjmx.fixture.JolokiaClient.send;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;
import static org.smsjmx.fixture.ServerProcess.PASSWORD;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jolokia.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;

/** What the HTTP endpoint lets in, and what it does with bad requests. */
final class HttpEndpointIT {

  private static final String SERVER = "sms:type=Server,name=" + CRUZ;
  private static final int MEGABYTE = 1 << 20;

  private static ServerProcess server;
  private static JolokiaClient jolokia;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    server = ServerProcess.shared();
    jolokia = server.jolokia();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, 404",
    "/jolokia, 401",
    "/jolokia/, 401",
    "/jolokia/version, 401",
    "/jolokia/list, 401",
    "/jolokia?a=b, 401",
    "/jolokia/../x, 401",
    "/jolokiaX, 404",
    "/config, 404",
    "/jolokia-access.xml, 404",
    "//jolokia, 404",
    "/JOLOKIA, 404",
    "/../jolokia, 404"
  })
  void nothingIsAnsweredWithoutPassword(String path, int status) throws Exception {
    List<Future<Integer>> statuses = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(60);
    try {
      for (String method : List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD")) {
        for (String authorization :
            List.of(
                "X-Nothing: 1",
                "Authorization: " + JolokiaClient.basic(ADMINISTRATOR, "wrong"),
                "Authorization: " + JolokiaClient.basic(ADMINISTRATOR, ""),
                "Authorization: " + JolokiaClient.basic("nobody", PASSWORD),
                "Authorization: " + JolokiaClient.basic("", ""),
                "Authorization: Basic",
                "Authorization: Basic ???",
                "Authorization: Basic " + "c2VjX21hc3Rlcg==",
                "Authorization: Bearer " + PASSWORD)) {
          statuses.add(threads.submit(() -> rawStatus(method + " " + path, authorization)));
        }
      }
      for (Future<Integer> answered : statuses) {
        // of many guesses some are not even checked
        assertThat(answered.get()).isIn(status == 401 ? List.of(401, 429) : List.of(status));
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Sends the path as it is; a client of the JDK would tidy it up. */
  private static int rawStatus(String methodAndPath, String header) throws IOException {
    String request =
        "%s HTTP/1.1\r\nHost: localhost\r\n%s\r\nConnection: close\r\n\r\n"
            .formatted(methodAndPath, header);
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ")[1]);
    }
  }

  private static Socket connect() throws IOException {
    URI root = server.http();
    return new Socket(root.getHost(), root.getPort());
  }

  @Test
  void theRefusalSaysWhyAndAsksClientsForAPassword() {
    HttpResponse<String> refused = server.jolokia(ADMINISTRATOR, "wrong").get("/jolokia/version");

    assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Basic ");
    assertThat(outcome(parse(refused.body())).error())
        .startsWith("HPDIA0200W   ")
        .endsWith("(status 0x132120c8)");
  }

  @Test
  void aBrowserIsNotAskedForAPassword() {
    JolokiaClient wrong = server.jolokia(ADMINISTRATOR, "wrong");
    for (HttpRequest request :
        List.of(
            wrong.request("/jolokia").header("User-Agent", "Mozilla/5.0 (X11)").build(),
            wrong.request("/jolokia").header("Sec-Fetch-Mode", "navigate").build())) {
      HttpResponse<String> refused = send(request);

      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate")).isEmpty();
    }
  }

  @Test
  void aRefusalComesBeforeTheBody() throws IOException {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              "POST /jolokia HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));

      InputStream answer = socket.getInputStream();

      assertThat(new String(answer.readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 401");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, http://evil.example.com",
    "Origin, null",
    "Origin, http://127.0.0.1",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site"
  })
  void requestsFromForeignWebPagesAreRefused(String header, String value) {
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    int before = endpoints.matched("dlucas", IBM);
    String body = exec(SERVER, "terminateAllSessions", "dlucas", IBM).toString();

    HttpResponse<String> refused =
        send(
            jolokia
                .request("/jolokia")
                .header(header, value)
                .POST(BodyPublishers.ofString(body))
                .build());

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"Sec-Fetch-Site, same-origin", "Sec-Fetch-Site, none"})
  void requestsFromNoOtherPageAreAnswered(String header, String value) {
    assertThat(send(jolokia.request("/jolokia/version").header(header, value).build()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void requestsFromThePageOfTheSameOriginAreAnswered() {
    String origin = server.http().toString();

    assertThat(
            send(jolokia.request("/jolokia/version").header("Origin", origin).build()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aRequestForAnotherHostIsMisdirected() throws IOException {
    String request =
        "GET /jolokia/version HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nConnection: close\r\n\r\n";
    for (String host : List.of("rebound.example.com", "rebound.example.com:8778", "localhost")) {
      try (Socket socket = connect()) {
        socket
            .getOutputStream()
            .write(
                request
                    .formatted(host, JolokiaClient.basic(ADMINISTRATOR, PASSWORD))
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith(host.equals("localhost") ? "HTTP/1.1 200 " : "HTTP/1.1 421 ");
      }
    }
  }

  @Test
  void aListOfRequestsIsAnsweredInItsOrder() {
    endpoints.signIn("dlucas", IBM, CRUZ, 2);
    endpoints.signIn("johnq", IBM, CRUZ, 2);
    int dlucas = endpoints.matched("dlucas", IBM);
    int johnq = endpoints.matched("johnq", IBM);

    List<?> answers =
        (List<?>)
            jolokia.post(
                (Object)
                    array(
                        exec(SERVER, "refreshAllSessions", "johnq", IBM),
                        exec(SERVER, "terminateAllSessions", "dlucas", IBM),
                        exec(SERVER, "terminateAllSessions", "johnq", IBM),
                        json("type", "read", "mbean", SERVER, "attribute", "ServerName")));

    List<Object> values =
        answers.stream().<Object>map(answer -> ((Map<?, ?>) answer).get("value")).toList();
    assertThat(values).containsExactly((long) johnq, (long) dlucas, (long) johnq, CRUZ);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3",
        "null",
        "[]",
        "{}",
        "\"text\"",
        "{\"type\":\"nonsense\"}",
        "{\"type\":1}",
        "{\"type\":{}}",
        "{\"type\":null}",
        "{\"type\":\"exec\"}",
        "{\"type\":\"exec\",\"mbean\":7,\"operation\":[]}",
        "{\"type\":\"exec\",\"mbean\":\"no name\",\"operation\":\"x\"}",
        "{\"type\":\"exec\",\"mbean\":\"sms:type=Nothing\",\"operation\":\"x\",\"arguments\":{}}",
        "{\"type\":\"exec\",\"mbean\":\"sms:type=Nothing\",\"operation\":\"x\"}",
        "{\"type\":\"exec\",\"mbean\":\"sms:type=Service\",\"operation\":\"nothing\"}",
        "{\"type\":\"read\",\"mbean\":\"sms:type=Service\",\"path\":[1,{}]}",
        "{\"type\":\"read\",\"mbean\":\"sms:type=Service\",\"config\":7}",
        "{\"type\":\"read\",\"mbean\":\"sms:type=Service\",\"attribute\":{}}",
        "{\"type\":\"version\",\"target\":{\"url\":\"service:jmx:rmi:///jndi/rmi://x/jmxrmi\"}}",
        "{\"type\":\"exec\",\"mbean\":\"sms:type=Server,name=*\",\"operation\":\"x\"}"
      })
  void aBadMemberOfAListLeavesTheOthersAlone(String bad) {
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    endpoints.signIn("johnq", IBM, CRUZ, 1);
    int dlucas = endpoints.matched("dlucas", IBM);
    int johnq = endpoints.matched("johnq", IBM);
    String body =
        "[%s,%s,%s]"
            .formatted(
                exec(SERVER, "terminateAllSessions", "dlucas", IBM),
                bad,
                exec(SERVER, "terminateAllSessions", "johnq", IBM));

    List<?> answers = (List<?>) parse(jolokia.post(body).body());

    assertThat(answers).hasSize(3);
    assertThat(outcome(answers.get(0)).number()).isEqualTo(dlucas);
    assertThat(outcome(answers.get(2)).number()).isEqualTo(johnq);
    if (!bad.contains("config")) {
      assertThat(outcome(answers.get(1)).status()).isGreaterThanOrEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "{",
        "[",
        "[1",
        "\"abc",
        "{\"a\"",
        "{\"type\":",
        "{\"type\":\"version\"",
        "[{\"type\":\"version\"},",
        "{\"type\":\"version\"} x",
        "nul",
        "{\"type\":\"version\",\"n\":1e99999999999}"
      })
  void aBodyThatIsNotJsonIsABadRequest(String body) {
    HttpResponse<String> refused = jolokia.post(body);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(outcome(parse(refused.body())).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3",
        "\"text\"",
        "{}",
        "{\"type\":\"nonsense\"}",
        "{\"type\":1}",
        "{\"type\":{}}",
        "{\"type\":\"exec\",\"mbean\":\"sms:type=Service\",\"operation\":[]}",
        "{\"type\":\"exec\",\"mbean\":\"sms:type=Service\",\"operation\":\"x\",\"arguments\":{}}",
        "{\"type\":\"read\",\"mbean\":\"sms:type=Service\",\"path\":[1,{}]}"
      })
  void aBodyThatIsNoRequestIsABadRequest(String body) {
    assertThat(jolokia.post(body).statusCode()).isEqualTo(400);
  }

  @Test
  void deeplyNestedJsonIsABadRequest() {
    for (String body :
        List.of(
            "[".repeat(500_000),
            "[".repeat(200_000) + "]".repeat(200_000),
            "{\"type\":\"version\",\"a\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}")) {
      assertThat(jolokia.post(body).statusCode()).isBetween(200, 499);
    }
  }

  @Test
  void aBodyThatIsNotUtf8IsABadRequest() {
    byte[] latin1 =
        exec(SERVER, "terminateAllSessions", "Jörg", IBM)
            .toString()
            .getBytes(StandardCharsets.ISO_8859_1);

    HttpResponse<String> refused =
        send(
            jolokia
                .request("/jolokia")
                .header("Content-Type", "application/json; charset=ISO-8859-1")
                .POST(BodyPublishers.ofByteArray(latin1))
                .build());

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(outcome(parse(refused.body())).error()).contains("UTF-8");
  }

  @Test
  void aBodyUpToOneMegabyteIsReadAndALargerOneRefused() {
    String request = "{\"type\":\"version\"}";

    assertThat(jolokia.post(request + " ".repeat(MEGABYTE - request.length())).statusCode())
        .isEqualTo(200);
    assertThat(jolokia.post(request + " ".repeat(MEGABYTE + 1 - request.length())).statusCode())
        .isEqualTo(413);
  }

  @Test
  void aRequestIsNotEchoedAndAnErrorHoldsNoStackTrace() {
    String answer = jolokia.post(exec(SERVER, "terminateAllSessions", "", IBM).toString()).body();

    assertThat(answer).doesNotContain("stacktrace", "request", "\\tat ");
  }

  @Test
  void otherMethodsAreRefused() {
    HttpResponse<String> refused = send(jolokia.request("/jolokia").DELETE().build());

    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Allow")).contains("GET, POST");
  }

  @Test
  void anOperationIsNotCalledOnAPattern() {
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    int before = endpoints.matched("dlucas", IBM);
    for (String pattern : List.of("sms:type=Server,name=*", "sms:*", "*:*", SERVER + ",*")) {
      assertThat(
              outcome(jolokia.post((Object) exec(pattern, "terminateAllSessions", "dlucas", IBM)))
                  .status())
          .as(pattern)
          .isEqualTo(403);
      assertThat(jolokia.byGet().call(pattern, "terminateAllSessions", "dlucas", IBM).status())
          .as(pattern)
          .isEqualTo(403);
    }
    assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(before);
  }

  @Test
  void whatThePolicyDeniesIsAudited() {
    Map<String, List<String>> denied =
        Map.of(
            "exec", List.of("java.lang:type=Memory", "operation", "gc"),
            "write", List.of("java.lang:type=Memory", "attribute", "Verbose"));
    denied.forEach(
        (type, of) -> {
          Object answer = answer(type, of.get(0), of.get(1), of.get(2));

          assertThat(outcome(answer).error()).startsWith("CTGSI0303E   ");
          Map<?, ?> line = AuditLines.last(server);
          assertThat(line.get("operation")).isEqualTo(type.equals("exec") ? "gc" : type);
          assertThat(line.get("server")).isEqualTo(of.get(0));
          assertThat(line.get("caller")).isEqualTo(ADMINISTRATOR);
          assertThat(line.get("outcome")).isEqualTo("CTGSI0303E");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'version'}",
        "{'type':'version','path':'config'}",
        "{'type':'version','path':['config','policyLocation']}",
        "{'type':'version','config':{'maxDepth':-1}}",
        "{'type':'version','config':{'maxDepth':'-1'}}",
        "{'type':'version','config':{'maxDepth':0}}",
        "{'type':'version','config':{'maxDepth':1}}",
        "{'type':'version','config':{'maxCollectionSize':-1}}",
        "{'type':'version','config':{'maxObjects':-1}}",
        "[{'type':'version','path':'config'}]"
      })
  void theVersionTellsNothingOfTheMachine(String request) {
    assertThat(jolokia.post(request.replace('\'', '"')).body())
        .doesNotContain("policyLocation", "file:", "jolokia-access");
  }

  @Test
  void theVersionHoldsWhatClientsLookFor() {
    Map<?, ?> answer = (Map<?, ?>) parse(jolokia.get("/jolokia/version").body());

    assertThat(((Map<?, ?>) answer.get("value")).containsKey("agent")).isTrue();
    assertThat(((Map<?, ?>) answer.get("value")).get("config")).isEqualTo(Map.of());
    assertThat(jolokia.get("/jolokia/version/config").body()).doesNotContain("file:");
    assertThat(jolokia.get("/jolokia/version?maxDepth=-1").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "['dlucas']",
        "['dlucas','ibm.com','ticket 4711']",
        "['dlucas','ibm.com',null]",
        "[7,'ibm.com']",
        "['dlucas',true]",
        "['dlucas',['ibm.com']]",
        "['dlucas',{'realm':'ibm.com'}]"
      })
  void argumentsThatAnOperationDoesNotTakeAreRefusedAsOverRmi(String arguments) {
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    int before = endpoints.matched("dlucas", IBM);
    String request =
        "{'type':'exec','mbean':'%s','operation':'terminateAllSessions','arguments':%s}"
            .formatted(SERVER, arguments)
            .replace('\'', '"');

    Outcome refused = outcome(parse(jolokia.post(request).body()));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).startsWith("CTGSI0313E   ");
    assertThat(AuditLines.last(server).get("outcome")).isEqualTo("CTGSI0313E");
    assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(before);
  }

  @Test
  void argumentsInTheAddressAreAsManyAsTheOperationTakes() {
    for (String arguments : List.of("dlucas", "dlucas/ibm.com/more", "dlucas/ibm.com/more/0")) {
      Outcome refused =
          outcome(
              parse(
                  jolokia
                      .get("/jolokia/exec/" + SERVER + "/terminateAllSessions/" + arguments)
                      .body()));

      assertThat(refused.status()).as(arguments).isEqualTo(400);
      assertThat(refused.error()).contains("takes 2 arguments");
    }
  }

  @Test
  void aLongNumberIsRefusedAtOnce() {
    assertThat(
            jolokia.post("{\"type\":\"version\",\"x\":" + "1".repeat(1_000_000) + "}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void aListOfMoreThanAThousandRequestsIsRefusedAsAWhole() {
    String most = "{\"type\":\"version\"}" + ",{\"type\":\"version\"}".repeat(999);

    assertThat(jolokia.post("[" + most + "]").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = jolokia.post("[" + most + ",1]");
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("1000");
  }

  @Test
  void answersAreNotForBrowsersToShowOrKeep() {
    for (JolokiaClient client : List.of(jolokia, server.jolokia("nobody", ""))) {
      Map<String, List<String>> headers = client.get("/jolokia/version").headers().map();

      assertThat(headers)
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("cache-control", List.of("no-store"))
          .containsEntry("cross-origin-resource-policy", List.of("same-origin"))
          .containsEntry(
              "content-security-policy", List.of("default-src 'none'; frame-ancestors 'none'"))
          .doesNotContainKeys("server", "access-control-allow-origin");
    }
  }

  @Test
  void requestsForOtherServersAreRefused() {
    JSONObject request = exec(SERVER, "terminateAllSessions", "nobody", IBM);
    request.put("target", json("url", "service:jmx:rmi:///jndi/rmi://127.0.0.1:1/jmxrmi"));

    assertThat(outcome(jolokia.post((Object) request)).status()).isEqualTo(403);
    List<?> answers = (List<?>) jolokia.post((Object) array(request));
    assertThat(outcome(answers.get(0)).status()).isEqualTo(403);
  }

  @Test
  void notificationsAreNotOfferedHere() {
    JSONObject request = json("type", "notification");
    request.put("command", "register");

    assertThat(outcome(jolokia.post((Object) request)).status()).isEqualTo(403);
  }

  @Test
  void otherMBeansAreReadButForSecretsAndOnlyThreadsAreAskedFor() {
    assertThat(status("read", "java.lang:type=Memory", "attribute", "HeapMemoryUsage"))
        .isEqualTo(200);
    assertThat(status("read", "java.lang:type=Runtime", "attribute", "Uptime")).isEqualTo(200);
    assertThat(status("read", "java.lang:type=Runtime", "attribute", "SystemProperties"))
        .isEqualTo(403);
    assertThat(status("read", "java.lang:type=Runtime", "attribute", "InputArguments"))
        .isEqualTo(403);
    assertThat(status("read", "java.lang:*", "attribute", "SystemProperties")).isEqualTo(403);
    assertThat(status("exec", "java.lang:type=Memory", "operation", "gc")).isEqualTo(403);
    assertThat(status("exec", "java.lang:type=Threading", "operation", "findDeadlockedThreads"))
        .as("as by JMX, for JConsole")
        .isEqualTo(200);
    assertThat(status("exec", "java.lang:type=Threading", "operation", "resetPeakThreadCount"))
        .isEqualTo(403);
    assertThat(
            status("exec", "com.sun.management:type=DiagnosticCommand", "operation", "vmVersion"))
        .isEqualTo(403);
    assertThat(status("write", "java.lang:type=Memory", "attribute", "Verbose")).isEqualTo(403);
    assertThat(status("write", "sms:type=Simulation", "attribute", "Running")).isEqualTo(403);
  }

  @Test
  void aReadThatIgnoresErrorsShowsNothingOfWhatIsHidden() {
    for (String mbean : List.of("java.lang:type=Runtime", "java.lang:*", "*:*")) {
      JSONObject request = json("type", "read", "mbean", mbean);
      request.put("config", json("ignoreErrors", "true"));

      String answer = jolokia.post(request.toString()).body();

      assertThat(answer)
          .contains("VmName", "is forbidden for MBean")
          .doesNotContain("sms.home", "add-opens", "java.class.path");
    }
  }

  private static int status(String type, String mbean, String key, String value) {
    return outcome(answer(type, mbean, key, value)).status();
  }

  private static JSONObject answer(String type, String mbean, String key, String value) {
    JSONObject request = json("type", type, "mbean", mbean, key, value);
    if (type.equals("write")) {
      request.put("value", true);
    }
    return (JSONObject) jolokia.post((Object) request);
  }

  @Test
  void whatDoesNotExistIsNotFoundWhetherOrNotThePolicyWouldAllowIt() {
    for (String mbean : List.of("sms:type=Nothing", "java.lang:type=Nothing", "other:type=x")) {
      int lines = AuditLines.all(server).size();

      assertNotFound(404, "InstanceNotFoundException", "read", mbean, "attribute", "Any");
      assertNotFound(404, "InstanceNotFoundException", "write", mbean, "attribute", "Any");
      assertNotFound(404, "InstanceNotFoundException", "exec", mbean, "operation", "any");
      assertNotFound(404, "InstanceNotFoundException", "exec", mbean, "operation", "any(int)");

      assertThat(AuditLines.all(server)).as("nothing was denied").hasSize(lines);
    }
    for (String mbean : List.of("sms:type=Service", "java.lang:type=Runtime")) {
      assertNotFound(404, "AttributeNotFoundException", "read", mbean, "attribute", "Nothing");
      assertNotFound(404, "AttributeNotFoundException", "write", mbean, "attribute", "Nothing");
      assertNotFound(500, "NoSuchMethodException", "exec", mbean, "operation", "nothing");
    }
    assertThat(status("read", "java.lang:type=Runtime", "attribute", "InputArguments"))
        .isEqualTo(403);
    assertThat(status("write", "java.lang:type=Runtime", "attribute", "InputArguments"))
        .isEqualTo(403);
    assertThat(status("read", "nothing:*", "attribute", "Any")).isEqualTo(404);
    assertThat(status("exec", "nothing:*", "operation", "any")).isEqualTo(403);
  }

  private static void assertNotFound(
      int status, String error, String type, String mbean, String key, String value) {
    JSONObject answer = answer(type, mbean, key, value);
    assertThat(answer.get("status")).as(answer.toString()).isEqualTo((long) status);
    assertThat((String) answer.get("error_type")).as(answer.toString()).endsWith("." + error);
    assertThat((String) answer.get("error")).endsWith(error.startsWith("Instance") ? mbean : value);
  }

  @Test
  void twoHundredHalfSentRequestsDoNotKeepAGoodOneFromItsAnswer() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket socket = connect();
        slow.add(socket);
        String start =
            "POST /jolokia HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Length: 900\r\n"
                .formatted(JolokiaClient.basic(ADMINISTRATOR, PASSWORD));
        socket
            .getOutputStream()
            .write((start + (i % 2 == 0 ? "\r\n{" : "X-Half")).getBytes(StandardCharsets.US_ASCII));
      }

      assertThat(jolokia.byPost().server(CRUZ, "terminateAllSessions", "nobody", IBM).number())
          .isZero();
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }
}
