package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.JolokiaClient.array;
import static org.smsjmx.fixture.JolokiaClient.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.Fuzz;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Json;
import org.smsjmx.fixture.ServerProcess;

/**
 * Whatever comes in by HTTP is answered as HTTP and JSON, or the connection is closed. The account
 * may view only, so nothing may change.
 */
final class HttpFuzzIT {

  private static final String VIEWER = "viewer";
  private static final String PASSWORD = "a-password";
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int LONGEST_REASON = 1_000;

  private static final Pattern HEAD =
      Pattern.compile("HTTP/1\\.1 ([1-5]\\d\\d) [ -~]*\r\n((?:[\\w-]+: [ -~]*\r\n)*)\r\n");

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)\r\n");

  private static final List<String> TYPES =
      List.of("exec", "read", "write", "list", "search", "version", "notification", "EXEC", "x");

  private static final List<String> MBEANS =
      List.of(
          "sms:type=Server,name=" + CRUZ,
          "sms:type=Service",
          "sms:type=Simulation",
          "sms:type=Realm,name=" + IBM,
          "sms:type=Server,name=*",
          "sms:*",
          "*:*",
          "java.lang:type=Runtime",
          "java.lang:type=Memory",
          "com.sun.management:type=DiagnosticCommand",
          "JMImplementation:type=MBeanServerDelegate",
          "sms:type=Server,name=\"a\\\"b\"",
          "x");

  private static final List<String> OPERATIONS =
      List.of(
          "terminateAllSessions",
          "terminateAllSessionsWithReason",
          "terminateSession",
          "refreshAllSessions",
          "listSessions",
          "previewRefresh",
          "terminateEverywhere",
          "changeSessionKey",
          "setTraceLevel",
          "signIn",
          "signOut",
          "resume",
          "refreshRealm",
          "getSessionCount",
          "gc",
          "terminateAllSessions(java.lang.String,java.lang.String)",
          "terminateAllSessions(",
          "toString");

  /** What would change something, if the account were allowed to. */
  private static final List<String> CHANGES =
      List.of(
          change("sms:type=Server,name=" + CRUZ, "terminateAllSessions", "\"dlucas\", \"ibm.com\""),
          change("sms:type=Server,name=" + CRUZ, "refreshAllSessions", "\"dlucas\", \"ibm.com\""),
          change("sms:type=Service", "terminateEverywhere", "\"dlucas\", \"\""),
          change("sms:type=Service", "changeSessionKey", ""),
          change("sms:type=Service", "setTraceLevel", "2"),
          change("sms:type=Simulation", "resume", ""),
          change("sms:type=Simulation", "signOut", "\"dlucas\", \"ibm.com\""),
          "{\"type\": \"write\", \"mbean\": \"java.lang:type=Memory\", \"attribute\": \"Verbose\","
              + " \"value\": true}");

  private static final List<String> OPTIONS =
      List.of(
          "maxDepth",
          "maxCollectionSize",
          "maxObjects",
          "ignoreErrors",
          "includeStackTrace",
          "includeRequest",
          "serializeException",
          "serializeLong",
          "canonicalNaming",
          "canonicalProperties",
          "allowErrorDetails",
          "ifModifiedSince",
          "callback",
          "mimeType",
          "listKeys",
          "listCache",
          "listInterfaces",
          "agentId",
          "policyLocation",
          "dateFormat",
          "p",
          "x");

  private static ServerProcess server;
  private static JolokiaClient administrator;
  private static Endpoints endpoints;
  private static Object state;

  @BeforeAll
  static void start() {
    Path configuration = ServerProcess.copyOfConfiguration();
    Path yaml = configuration.resolve("sms.yaml");
    ChangedConfiguration.replace(
        yaml, "  sec_master: administer\n", "  sec_master: administer\n  viewer: view\n");
    // nothing ends by itself, however long this takes
    ChangedConfiguration.replace(yaml, "lifetime: PT1H", "lifetime: PT0S");
    ChangedConfiguration.replace(yaml, "inactive-timeout: PT10M", "inactive-timeout: PT0S");
    Path data = ServerProcess.temporaryDirectory("data");
    ServerProcess.accountFile(data, VIEWER + " " + PASSWORD);
    server =
        ServerProcess.start().config(configuration).data(data).option("--sessions", "50").ready();
    administrator = server.jolokia();
    endpoints = Endpoints.paused(server);
    endpoints.signIn("dlucas", IBM, DALLAS, 3);
    state = state();
  }

  @AfterAll
  static void stop() {
    endpoints.close();
    server.close();
  }

  /** Returns what a client without permission must not be able to change. */
  private static Object state() {
    List<?> answers =
        (List<?>)
            administrator.post(
                (Object)
                    array(
                        json("type", "read", "mbean", "sms:type=Service", "attribute", "Totals"),
                        json(
                            "type", "read", "mbean", "sms:type=Service", "attribute", "TraceLevel"),
                        json(
                            "type", "read", "mbean", "sms:type=Service", "attribute", "SessionKey"),
                        json(
                            "type", "read", "mbean", "sms:type=Simulation", "attribute", "Running"),
                        json(
                            "type",
                            "read",
                            "mbean",
                            "java.lang:type=Memory",
                            "attribute",
                            "Verbose")));
    return answers.stream().map(answer -> ((Map<?, ?>) answer).get("value").toString()).toList();
  }

  @Test
  void everyRequestIsAnsweredAsHttpOrItsConnectionIsClosed() {
    Fuzz.run(
        5,
        fuzz -> {
          byte[] request = connectionFull(fuzz);
          String answer = "";
          try {
            answer = answer(request);
            requireAnswers(answer);
            assertThat(state()).isEqualTo(state);
            assertThat(server.err())
                .doesNotContain(" ERROR ", "Exception in thread", "\tat ", "WARNING: ");
          } catch (IOException | AssertionError e) {
            throw new AssertionError(
                "%.2000s%nrequest: %.2000s%nanswer: %.2000s%nlog: %.2000s"
                    .formatted(
                        e, new String(request, StandardCharsets.ISO_8859_1), answer, server.err()),
                e);
          }
        });
  }

  @Test
  void anErrorThatRepeatsANameIsShortAndWellFormed() {
    for (String name : List.of("a\\u001cb", "a\\u202eb", "a\\ud800b", "x".repeat(5_000))) {
      String request =
          "{\"type\": \"read\", \"mbean\": \"sms:type=Server,name=%s\"}".formatted(name);

      requireJson(server.jolokia(VIEWER, PASSWORD).post(request).body());
    }
  }

  @Test
  void anAnswerThatRepeatsAnyCharacterIsWellFormed() {
    StringBuilder name = new StringBuilder("\\\\u001a\\\\\\\\");
    for (int c = 0; c < 0x100; c++) {
      name.append("\\u%04x".formatted(c));
    }
    String request =
        "{\"type\": \"read\", \"mbean\": \"sms:type=Service\", \"attribute\": [\"Totals\", \"%s\"],"
            + " \"config\": {\"ignoreErrors\": true}}";

    Map<?, ?> answer =
        (Map<?, ?>)
            Json.parse(server.jolokia(VIEWER, PASSWORD).post(request.formatted(name)).body());

    String asked = (String) ((List<?>) Json.parse("[\"%s\"]".formatted(name))).get(0);
    assertThat(((Map<?, ?>) answer.get("value")).containsKey(asked)).isTrue();
  }

  /** Sends all and reads until the server closes. */
  private static String answer(byte[] request) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket socket = new Socket(server.http().getHost(), server.http().getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        socket.getInputStream().transferTo(answer);
      } catch (SocketException e) {
        // closed before all was read: what came until then counts
        return answer.toString(StandardCharsets.UTF_8) + "\0";
      }
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static void requireAnswers(String answers) {
    assertThat(answers).doesNotContain("\tat ", "\"stacktrace\"", "Caused by");
    boolean cut = answers.endsWith("\0");
    String rest = cut ? answers.substring(0, answers.length() - 1) : answers;
    while (!rest.isEmpty()) {
      Matcher head = HEAD.matcher(rest);
      if (cut && !rest.contains("\r\n\r\n")) {
        return;
      }
      assertThat(head.lookingAt()).as(rest).isTrue();
      int status = Integer.parseInt(head.group(1));
      rest = rest.substring(head.end());
      if (status == 100) {
        continue;
      }
      Matcher length = LENGTH.matcher(head.group(2));
      if (!length.find()) {
        // to HEAD: nothing follows but the next answer
        continue;
      }
      byte[] bytes = rest.getBytes(StandardCharsets.UTF_8);
      int size = Math.min(Integer.parseInt(length.group(1)), bytes.length);
      boolean whole = size == Integer.parseInt(length.group(1));
      String body = new String(bytes, 0, size, StandardCharsets.UTF_8);
      rest = new String(bytes, size, bytes.length - size, StandardCharsets.UTF_8);
      if (whole) {
        assertThat(head.group(2)).contains("application/json");
        requireJson(body);
      } else if (!whole) {
        assertThat(cut).isTrue();
      }
    }
  }

  private static void requireJson(String body) {
    Object json = Json.parse(body);
    for (Object answer : json instanceof List<?> list ? list : List.of(json)) {
      Map<?, ?> members = (Map<?, ?>) answer;
      assertThat(members.get("status")).isInstanceOf(Number.class);
      // what was read is named beside its value
      assertThat(members.containsKey("request") && !members.containsKey("value")).isFalse();
      if (((Number) members.get("status")).intValue() != 200) {
        assertThat((String) members.get("error"))
            .isNotBlank()
            .hasSizeLessThan(LONGEST_REASON)
            .matches(text -> text.codePoints().noneMatch(Character::isISOControl), "is one line");
      }
    }
  }

  private static byte[] connectionFull(Fuzz fuzz) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int requests = fuzz.once(5) ? 1 + fuzz.below(4) : 1;
    for (int i = 0; i < requests; i++) {
      all.writeBytes(fuzz.once(4) ? getRequest(fuzz) : postRequest(fuzz));
    }
    return fuzz.once(3) ? fuzz.mutated(all.toByteArray()) : all.toByteArray();
  }

  private static byte[] getRequest(Fuzz fuzz) {
    StringBuilder path = new StringBuilder("/jolokia");
    List<String> parts =
        new ArrayList<>(List.of(fuzz.oneOf(TYPES), fuzz.oneOf(MBEANS), fuzz.oneOf(OPERATIONS)));
    for (int more = fuzz.below(4); more > 0; more--) {
      parts.add(fuzz.once(2) ? fuzz.oneOf("dlucas", IBM, "*", "1", "[null]", "\"\"") : fuzz.text());
    }
    for (String part : parts) {
      path.append('/').append(fuzz.once(8) ? part : encoded(part));
    }
    if (fuzz.once(4)) {
      path.append(query(fuzz));
    }
    return head(fuzz, "GET", path.toString(), "");
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part.replace("!", "!!").replace("/", "!/"), StandardCharsets.UTF_8)
        .replace("+", "%20");
  }

  private static String query(Fuzz fuzz) {
    return "?"
        + fuzz.oneOf(OPTIONS)
        + "="
        + fuzz.oneOf("1", "-1", "true", "99999999999", "%00", "%zz", "%FF", "x", "", "a&a=b&&=&x");
  }

  private static byte[] postRequest(Fuzz fuzz) {
    String json = fuzz.once(4) ? bulk(fuzz) : request(fuzz);
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    if (fuzz.once(8)) {
      body = fuzz.mutated(body);
    }
    String path = "/jolokia" + (fuzz.once(10) ? query(fuzz) : "");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    switch (fuzz.below(12)) {
      case 0 -> {
        all.writeBytes(head(fuzz, "POST", path, "Transfer-Encoding: chunked\r\n"));
        all.writeBytes(chunked(fuzz, body));
      }
      case 1 -> {
        String lie =
            fuzz.oneOf(
                "-1", "", "x", "0", "1", "5000000", "99999999999999999999", "0x10", "1, 2", "+3");
        all.writeBytes(head(fuzz, "POST", path, "Content-Length: " + lie + "\r\n"));
        all.writeBytes(body);
      }
      case 2 -> {
        String both = "Content-Length: %d\r\nTransfer-Encoding: chunked\r\n".formatted(body.length);
        all.writeBytes(head(fuzz, "POST", path, both));
        all.writeBytes(chunked(fuzz, body));
      }
      default -> {
        all.writeBytes(head(fuzz, "POST", path, "Content-Length: " + body.length + "\r\n"));
        all.writeBytes(body);
      }
    }
    return all.toByteArray();
  }

  private static byte[] chunked(Fuzz fuzz, byte[] body) {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    for (int from = 0; from < body.length; ) {
      int size = Math.min(body.length - from, 1 + fuzz.below(1_000));
      String told =
          fuzz.once(30)
              ? fuzz.oneOf("-1", "zz", "", "fffffffff", "7fffffff", " 1", "0")
              : Integer.toHexString(size);
      chunks.writeBytes(
          (told + (fuzz.once(10) ? ";x=y" : "") + "\r\n").getBytes(StandardCharsets.UTF_8));
      chunks.write(body, from, size);
      chunks.writeBytes(fuzz.once(50) ? new byte[] {'x'} : new byte[] {'\r', '\n'});
      from += size;
    }
    chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    return chunks.toByteArray();
  }

  private static byte[] head(Fuzz fuzz, String method, String path, String length) {
    StringBuilder head = new StringBuilder();
    head.append(
        fuzz.once(30) ? fuzz.oneOf("HEAD", "PUT", "OPTIONS", "TRACE", "get", "", "X Y") : method);
    head.append(' ').append(fuzz.once(40) ? fuzz.text() : path).append(' ');
    head.append(fuzz.once(40) ? fuzz.oneOf("HTTP/1.0", "HTTP/2", "HTTP/9", "x", "") : "HTTP/1.1");
    head.append("\r\n");
    if (!fuzz.once(20)) {
      head.append("Host: localhost\r\n");
    }
    head.append(authorization(fuzz)).append(length);
    if (fuzz.once(6)) {
      head.append(header(fuzz));
    }
    head.append("\r\n");
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String authorization(Fuzz fuzz) {
    if (fuzz.once(100)) {
      return "Authorization: Basic " + fuzz.text().replaceAll("[\r\n]", "") + "\r\n";
    }
    // failed sign-ins are answered late after a while, so they are rare
    String password = fuzz.once(800) ? "wrong" : PASSWORD;
    return fuzz.once(20) ? "" : "Authorization: " + JolokiaClient.basic(VIEWER, password) + "\r\n";
  }

  private static String header(Fuzz fuzz) {
    return switch (fuzz.below(14)) {
      case 0 -> "X: " + "x".repeat(fuzz.below(600_000)) + "\r\n";
      case 1 -> "X: y\r\n".repeat(fuzz.below(300));
      case 2 -> "X\0: \0\r\n";
      case 3 -> "no colon\r\n";
      case 4 -> " folded\r\n";
      case 5 -> "X: y\n";
      case 6 -> ": y\r\n";
      case 7 -> "Origin: " + fuzz.oneOf("null", "http://x", "https://evil.example.com") + "\r\n";
      case 8 -> "Sec-Fetch-Site: cross-site\r\n";
      case 9 -> "Expect: 100-continue\r\n";
      case 10 -> "Connection: " + fuzz.oneOf("close", "Upgrade", "x") + "\r\n";
      case 11 -> "Content-Type: text/plain; charset=UTF-16\r\nAccept: x\r\n";
      case 12 -> "Host: y\r\nContent-Length: 3\r\nTransfer-Encoding: gzip\r\n";
      default -> fuzz.text() + ": " + fuzz.text() + "\r\n";
    };
  }

  private static String bulk(Fuzz fuzz) {
    List<String> members = new ArrayList<>();
    for (int more = fuzz.below(fuzz.once(20) ? 300 : 5); more > 0; more--) {
      members.add(fuzz.once(6) ? value(fuzz) : request(fuzz));
    }
    return members.stream().collect(Collectors.joining(",", "[", "]"));
  }

  private static String change(String mbean, String operation, String arguments) {
    return "{\"type\": \"exec\", \"mbean\": \"%s\", \"operation\": \"%s\", \"arguments\": [%s]}"
        .formatted(mbean, operation, arguments);
  }

  private static String request(Fuzz fuzz) {
    if (fuzz.once(5)) {
      return fuzz.oneOf(CHANGES);
    }
    Map<String, String> members = new LinkedHashMap<>();
    String type = fuzz.oneOf(TYPES);
    members.put("type", quoted(fuzz, type));
    String mbean = fuzz.once(5) ? "sms:type=Server,name=" + fuzz.text() : fuzz.oneOf(MBEANS);
    members.put("mbean", quoted(fuzz, mbean));
    if (type.equals("exec") || fuzz.once(6)) {
      members.put("operation", quoted(fuzz, fuzz.oneOf(OPERATIONS)));
      members.put("arguments", arguments(fuzz));
    }
    if (type.equals("read") || type.equals("write") || fuzz.once(6)) {
      members.put(
          "attribute",
          fuzz.once(3)
              ? "[\"Totals\", \"Verbose\", %s]".formatted(value(fuzz))
              : fuzz.oneOf("\"Totals\"", "\"Verbose\"", "\"SystemProperties\"", "null"));
      members.put("value", value(fuzz));
    }
    if (fuzz.once(3)) {
      members.put("config", "{%s: %s}".formatted(quoted(fuzz, fuzz.oneOf(OPTIONS)), value(fuzz)));
    }
    if (fuzz.once(5)) {
      members.put("path", fuzz.once(2) ? "\"used\"" : value(fuzz));
    }
    if (fuzz.once(10)) {
      members.put("target", "{\"url\": \"service:jmx:rmi:///jndi/rmi://127.0.0.1:1/jmxrmi\"}");
    }
    if (fuzz.once(4)) {
      String member =
          fuzz.oneOf(
              "type",
              "mbean",
              "operation",
              "arguments",
              "attribute",
              "path",
              "config",
              "target",
              "value",
              "p",
              "command",
              "maxDepth");
      members.put(member, value(fuzz));
    }
    String joined =
        members.entrySet().stream()
            .map(member -> "\"%s\": %s".formatted(member.getKey(), member.getValue()))
            .collect(Collectors.joining(", "));
    return fuzz.once(20) ? "{%s, \"type\": %s}".formatted(joined, value(fuzz)) : "{" + joined + "}";
  }

  private static String arguments(Fuzz fuzz) {
    return switch (fuzz.below(4)) {
      case 0 -> "[\"dlucas\", \"ibm.com\"]";
      case 1 -> "[\"*\", \"ibm.com\", %s]".formatted(value(fuzz));
      case 2 -> "[%s, %s]".formatted(value(fuzz), value(fuzz));
      default -> value(fuzz);
    };
  }

  private static String value(Fuzz fuzz) {
    return switch (fuzz.below(16)) {
      case 0 -> "null";
      case 1 -> fuzz.oneOf("true", "false");
      case 2 -> fuzz.oneOf("0", "-1", "-0", "2147483648", "9223372036854775808", "0.1", "1e3");
      case 3 -> fuzz.oneOf("1e999999999", "-1e-999999999", "1e99999999999999", "01", "1.", "NaN");
      case 4 -> "9".repeat(1 + fuzz.below(fuzz.once(10) ? 100_000 : 1_000));
      case 5 -> "[]";
      case 6 -> "{}";
      case 7 -> "{\"a\": %s, \"a\": %s}".formatted(value(fuzz), value(fuzz));
      case 8 -> "[%s, %s]".formatted(value(fuzz), value(fuzz));
      case 9 -> nested(fuzz, "[", "]");
      case 10 -> nested(fuzz, "{\"a\": ", "}");
      case 11 -> fuzz.oneOf("", "tru", "\"", "'x'", "\"\\x\"", "\"\\ud8\"", "/*x*/1", "\"\t\"");
      default -> quoted(fuzz, fuzz.text());
    };
  }

  private static String nested(Fuzz fuzz, String open, String close) {
    int depth = 1 + fuzz.below(fuzz.once(3) ? 100_000 : fuzz.once(2) ? 5_000 : 20);
    return open.repeat(depth) + (open.endsWith(" ") ? "1" : "") + close.repeat(depth);
  }

  /** Writes a text as JSON, in one of the ways there are. */
  private static String quoted(Fuzz fuzz, String text) {
    boolean raw = fuzz.once(8);
    boolean escaped = fuzz.once(8);
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (escaped || (!raw && (c < ' ' || Character.isSurrogate(c)))) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
