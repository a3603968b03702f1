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
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jolokia.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** The HTTP status, which says nothing of the answer unless the client asks that it does. */
final class HttpStatusIT {

  private static final String SERVER = "sms:type=Server,name=" + CRUZ;
  private static final String HEADER = "Sms-Http-Status";
  private static final String PARAMETER = "http-status";

  /** Not in any realm, so that a call is refused with 500. */
  private static final String NOWHERE = "nowhere.example.com";

  /** So many are more than a megabyte of JSON. */
  private static final int MANY = 5_000;

  private static final JSONObject DONE = exec(SERVER, "terminateAllSessions", "nobody", IBM);
  private static final JSONObject REFUSED = exec(SERVER, "terminateAllSessions", "nobody", NOWHERE);
  private static final JSONObject DENIED = exec("java.lang:type=Memory", "gc");
  private static final JSONObject MALFORMED = exec(SERVER, "terminateAllSessions", "nobody");
  private static final JSONObject MISSING =
      json("type", "read", "mbean", "sms:type=Nothing", "attribute", "Nothing");

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

  private static HttpResponse<String> post(Object request, String query, String... headers) {
    HttpRequest.Builder builder = jolokia.request("/jolokia" + query);
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return send(builder.POST(BodyPublishers.ofString(request.toString())).build());
  }

  /** The time of an answer changes from one to the next. */
  private static String untimed(HttpResponse<String> answer) {
    return answer.body().replaceAll("\"timestamp\":\\d+", "");
  }

  @Test
  void withoutBeingAskedItIs200WhateverTheAnswerSays() {
    for (JSONObject request : List.of(DONE, REFUSED, DENIED, MALFORMED, MISSING)) {
      assertThat(post(request, "").statusCode()).isEqualTo(200);
      assertThat(post(array(request), "?other=body").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"body", "BODY", "Body"})
  void itFollowsTheAnswerWhichStaysAsItIs(String value) {
    Map<JSONObject, Integer> expected =
        Map.of(DONE, 200, REFUSED, 500, DENIED, 403, MALFORMED, 400, MISSING, 404);
    expected.forEach(
        (request, status) -> {
          HttpResponse<String> plain = post(request, "");
          for (HttpResponse<String> answer :
              List.of(
                  post(request, "", HEADER, value),
                  post(request, "?" + PARAMETER + "=" + value),
                  post(request, "?" + PARAMETER + "=" + value, HEADER, value))) {
            assertThat(answer.statusCode()).as(request.toString()).isEqualTo(status);
            assertThat(outcome(parse(answer.body())).status()).isEqualTo(status);
            assertThat(untimed(answer)).isEqualTo(untimed(plain));
            assertThat(answer.headers().firstValue("content-type"))
                .contains("application/json; charset=utf-8");
          }
        });
  }

  @Test
  void itIsTheHighestOfAList() {
    assertThat(follow(array()).statusCode()).isEqualTo(200);
    assertThat(follow(array(DONE, DONE)).statusCode()).isEqualTo(200);
    assertThat(follow(array(DONE, DENIED, DONE)).statusCode()).isEqualTo(403);
    assertThat(follow(array(DENIED, MISSING, MALFORMED)).statusCode()).isEqualTo(404);
    assertThat(follow(array(REFUSED, MISSING)).statusCode()).isEqualTo(500);
    assertThat(follow(array(DONE, 7)).statusCode()).isEqualTo(400);
  }

  private static HttpResponse<String> follow(Object request) {
    return post(request, "", HEADER, "body");
  }

  @Test
  void anAnswerThatNothingHasChangedHasABody() {
    JSONObject list = json("type", "list");
    list.put("config", json("ifModifiedSince", String.valueOf(Integer.MAX_VALUE)));

    HttpResponse<String> answer = follow(list);

    assertThat(outcome(parse(answer.body())).status()).isEqualTo(304);
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void aRequestByGetIsAnsweredAsWithoutTheParameter() {
    String call = "/jolokia/exec/" + SERVER + "/terminateAllSessions/nobody/";

    assertThat(jolokia.get(call + IBM + "?" + PARAMETER + "=body").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = jolokia.get(call + NOWHERE + "?" + PARAMETER + "=body");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(untimed(refused)).isEqualTo(untimed(jolokia.get(call + NOWHERE)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', always",
    "'', ''",
    "'', 'body,body'",
    "'', bödy",
    "?http-status=200,",
    "?http-status=,",
    "?http-status,",
    "?http-status=body&http-status=always,",
    "?http-status=body%20,",
    "?http-status=body, always",
  })
  void anotherWordIsRefusedAndNothingIsCarriedOut(String query, String header) throws IOException {
    endpoints.signIn("johnq", IBM, CRUZ, 1);
    int before = endpoints.matched("johnq", IBM);

    String answer =
        raw(
            query,
            header == null ? "X-Nothing: 1" : HEADER + ": " + header,
            exec(SERVER, "terminateAllSessions", "johnq", IBM));

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .contains("\"status\":400")
        .contains(HEADER + " and " + PARAMETER + " may be body, and nothing else.");
    assertThat(endpoints.matched("johnq", IBM)).isEqualTo(before);
  }

  @Test
  void twoHeadersMustBothSaySoAndControlCharactersArePartOfNone() throws IOException {
    String one = HEADER + ": body";
    String two = one + "\r\n";

    assertThat(raw("", two + one, DENIED)).startsWith("HTTP/1.1 403 ");
    assertThat(raw("", two + HEADER + ": x", DENIED)).startsWith("HTTP/1.1 400 ");
    assertThat(raw("", HEADER + ": bo\u0001dy", DENIED)).startsWith("HTTP/1.1 400 ");
    assertThat(raw("", one + "\u0000", DENIED)).startsWith("HTTP/1.1 400 ");
    assertThat(raw("?http-status=%25", "X-Nothing: 1", DENIED))
        .startsWith("HTTP/1.1 400 ")
        .contains("percent-encoded");
  }

  private static String raw(String query, String header, JSONObject request) throws IOException {
    URI root = server.http();
    String body = request.toString();
    String sent =
        "POST /jolokia%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: %s\r\n"
                .formatted(query, JolokiaClient.basic(ADMINISTRATOR, PASSWORD))
            + "%s\r\nContent-Length: %d\r\n\r\n%s".formatted(header, body.length(), body);
    try (Socket socket = new Socket(root.getHost(), root.getPort())) {
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aLargeAnswerHasItsStatusAndWhatComesAfterOneIsRefusedRatherThanUnderAWrongStatus() {
    endpoints.signIn("dlucas", IBM, CRUZ, MANY);
    JSONObject large = exec(SERVER, "listSessions", "dlucas", IBM, MANY);

    assertThat(follow(large).statusCode()).isEqualTo(200);
    assertThat(statuses(follow(array(DONE, large)))).containsExactly(200, 200, 200);
    assertThat(statuses(follow(array(DENIED, large)))).containsExactly(403, 403, 200);
    JSONObject terminate = exec(SERVER, "terminateAllSessions", "dlucas", IBM);
    assertThat(statuses(follow(array(large, terminate, large))))
        .containsExactly(413, 200, 413, 413);
    assertThat(endpoints.matched("dlucas", IBM)).isGreaterThanOrEqualTo(MANY);
    assertThat(statuses(post(array(large, large, terminate), "")))
        .containsExactly(200, 200, 200, 200);
  }

  /** The HTTP status, and after it those of the members. */
  private static List<Integer> statuses(HttpResponse<String> answer) {
    List<Integer> statuses = new ArrayList<>(List.of(answer.statusCode()));
    for (Object member : (List<?>) parse(answer.body())) {
      statuses.add(outcome(member).status());
    }
    return statuses;
  }

  @Test
  void curlFailsWithItsOptionWhereTheCallFails() {
    Tools.assumeInstalled("curl");
    String url = server.http() + "/jolokia";
    String call = url + "/exec/" + SERVER + "/terminateAllSessions/nobody/";
    String parameter = "?" + PARAMETER + "=body";

    assertThat(curl("-f", call + NOWHERE).exitCode()).isZero();
    assertThat(curl("-f", call + NOWHERE + parameter).exitCode()).isEqualTo(22);
    assertThat(curl("-f", call + IBM + parameter).exitCode()).isZero();
    String[] post = {"-f", "-H", HEADER + ": body", "-d"};
    assertThat(curl(post, REFUSED.toString(), url).exitCode()).isEqualTo(22);
    assertThat(curl(post, array(DONE, DENIED).toString(), url).exitCode()).isEqualTo(22);
    assertThat(curl(post, DONE.toString(), url).out()).startsWith("{\"value\":0,");
  }

  private static Tools.Ran curl(String[] options, String... more) {
    List<String> command = new ArrayList<>(Arrays.asList(options));
    command.addAll(Arrays.asList(more));
    return curl(command.toArray(new String[0]));
  }

  private static Tools.Ran curl(String... options) {
    List<String> command =
        new ArrayList<>(List.of("curl", "-q", "-sS", "-u", ADMINISTRATOR + ":" + PASSWORD));
    command.addAll(Arrays.asList(options));
    return Tools.run(Map.of(), "", command);
  }
}
