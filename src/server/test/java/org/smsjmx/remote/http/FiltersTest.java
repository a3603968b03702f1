package org.smsjmx.remote.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smsjmx.management.Audit;
import org.smsjmx.management.Caller;
import org.smsjmx.management.Permission;
import org.smsjmx.remote.Accounts;
import org.smsjmx.remote.Authentication;

/** Each filter by itself, in front of a handler that notes what reaches it. */
final class FiltersTest {

  private static final String GET = "GET /here HTTP/1.1";
  private static final String HOST = "Host: sms.example.com";

  private final List<String> reached = new CopyOnWriteArrayList<>();
  private final HttpHandler handler =
      exchange -> {
        byte[] body = exchange.getRequestBody().readAllBytes();
        reached.add(Caller.current().name() + ":" + new String(body, StandardCharsets.UTF_8));
        JsonResponse.send(exchange, 200, "{}");
      };

  private static AuthenticationFilter authentication(Path directory) throws IOException {
    Path file = directory.resolve("jmxremote.password");
    Accounts.setPassword(file, "jörg", "päss:wört");
    Accounts accounts = new Accounts(file, () -> Map.of("jörg", Permission.VIEW));
    return new AuthenticationFilter(
        new Authentication(accounts, new Audit(InstantSource.system(), false)), false);
  }

  private static String authorization(String pair) {
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static final Set<Origin> ALLOWED = Set.of(Origin.of("https://dash.example.com"));

  @ParameterizedTest
  @CsvSource({
    "Origin: http://evil.example.com, 403",
    "Origin: null, 403",
    "Origin: http://sms.example.com, 200",
    "Origin: http://SMS.example.com:80, 200",
    "Origin: http://sms.example.com:8080, 403",
    "Origin: http://sms.example.com/, 403",
    "Origin: http://sms.example.com.evil.com, 403",
    "Origin: http://evil@sms.example.com, 403",
    "Origin: ftp://sms.example.com, 403",
    "Origin: sms.example.com, 403",
    "Origin: https://dash.example.com, 200",
    "Origin: https://dash.example.com:443, 200",
    "Origin: http://dash.example.com, 403",
    "Origin: https://dash.example.com:8443, 403",
    "Sec-Fetch-Site: cross-site, 403",
    "Sec-Fetch-Site: same-site, 403",
    "Sec-Fetch-Site: same-origin, 200",
    "Sec-Fetch-Site: none, 200",
    "Accept: */*, 200"
  })
  void onlyPagesOfTheSameOriginAndAllowedOnesGetThroughTheOriginFilter(String header, int status)
      throws IOException {
    try (LoopbackServer server = new LoopbackServer(handler, new OriginFilter(false, ALLOWED))) {
      assertThat(server.answer(GET, HOST, header)).startsWith("HTTP/1.1 " + status);
    }
    assertThat(reached).hasSize(status == 200 ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "sms.example.com:443, https://sms.example.com, false, 200",
    "sms.example.com, https://sms.example.com:443, false, 200",
    "sms.example.com:80, http://sms.example.com, false, 200",
    "sms.example.com:443, https://sms.example.com, true, 200",
    "sms.example.com:80, http://sms.example.com, true, 403",
    "sms.example.com, http://sms.example.com, true, 403",
    "sms.example.com:8778, https://sms.example.com, true, 403",
    "[::1]:8778, http://[::1]:8778, false, 200",
    "sms_server:8778, http://sms_server:8778, false, 200",
    "sms.example.com., http://sms.example.com, false, 200"
  })
  void thePortOfASchemeNeedNotBeNamed(String host, String origin, boolean tls, int status)
      throws IOException {
    try (LoopbackServer server = new LoopbackServer(handler, new OriginFilter(tls, Set.of()))) {
      assertThat(server.answer(GET, "Host: " + host, "Origin: " + origin))
          .startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void aBrowserIsToldThatAnAllowedPageMayAskWithAPassword(@TempDir Path directory)
      throws IOException {
    String ask = "OPTIONS /here HTTP/1.1";
    String method = "Access-Control-Request-Method: POST";
    try (LoopbackServer server =
        new LoopbackServer(handler, new OriginFilter(false, ALLOWED), authentication(directory))) {
      assertThat(server.answer(ask, HOST, method, "Origin: https://dash.example.com"))
          .startsWith("HTTP/1.1 204")
          .containsIgnoringCase("Access-Control-Allow-Origin: https://dash.example.com\r\n")
          .containsIgnoringCase(
              "Access-Control-Allow-Headers: Authorization, Content-Type, Sms-Http-Status\r\n")
          .doesNotContainIgnoringCase("Allow-Credentials");
      assertThat(server.answer(ask, HOST, method, "Origin: https://evil.example.com"))
          .startsWith("HTTP/1.1 403")
          .doesNotContainIgnoringCase("Access-Control");
      assertThat(server.answer(GET, HOST, "Origin: https://dash.example.com"))
          .startsWith("HTTP/1.1 401")
          .containsIgnoringCase("Access-Control-Allow-Origin: https://dash.example.com\r\n");
    }
    assertThat(reached).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:1234, 200",
    "localhost., 200",
    "127.0.0.1:8778, 200",
    "127.9.9.9, 200",
    "[::1]:8778, 200",
    "[0:0:0:0:0:0:0:1], 200",
    "sms_server:80, 200",
    "10.20.30.40, 200",
    "sms.example.com, 200",
    "a.cluster.example.com, 200",
    "cluster.example.com, 421",
    "a.b.cluster.example.com, 421",
    "evil.example.com, 421",
    "evil.example.com:8778, 421",
    "localhost.evil.com, 421",
    "127.0.0.1.evil.com, 421",
    "198.51.100.7, 421",
    "[2001:db8::1], 421",
    "999.0.0.1, 421",
    "localhost:x, 421",
    "'localhost, evil.com', 421",
    "'', 421"
  })
  void onlyRequestsForThisHostGetThroughTheHostFilter(String host, int status) throws IOException {
    HostFilter filter =
        new HostFilter(
            Set.of("sms_server", "10.20.30.40"),
            () -> Set.of("sms.example.com", "*.cluster.example.com"));
    try (LoopbackServer server = new LoopbackServer(handler, filter)) {
      assertThat(server.answer(GET, "Host: " + host)).startsWith("HTTP/1.1 " + status);
    }
    assertThat(reached).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void whatIsBehindTheAuthenticationFilterRunsAsTheCaller(@TempDir Path directory)
      throws IOException {
    Filter noted =
        new Filter() {
          @Override
          public String description() {
            return "notes who calls before and after";
          }

          @Override
          public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            reached.add("before " + Caller.current().name());
            chain.doFilter(exchange);
            reached.add("after " + Caller.current().name());
          }
        };
    try (LoopbackServer server = new LoopbackServer(handler, noted, authentication(directory))) {
      assertThat(server.answer(GET, HOST, authorization("jörg:päss:wört"))).contains(" 200 ");
    }
    assertThat(reached).containsExactly("before local", "jörg:", "after local");
  }

  @ParameterizedTest
  @CsvSource({
    "jörg:wrong",
    "jörg:päss:wörtx",
    "nobody:päss:wört",
    "jörg",
    "''",
  })
  void nothingGetsThroughTheAuthenticationFilterWithoutTheRightPassword(
      String pair, @TempDir Path directory) throws IOException {
    try (LoopbackServer server = new LoopbackServer(handler, authentication(directory))) {
      assertThat(server.answer(GET, HOST, authorization(pair)))
          .startsWith("HTTP/1.1 401")
          .containsIgnoringCase("WWW-Authenticate: Basic ")
          .contains("HPDIA0200W   ");
      assertThat(server.answer(GET, HOST)).startsWith("HTTP/1.1 401");
      assertThat(server.answer(GET, HOST, "Authorization: Bearer x")).startsWith("HTTP/1.1 401");
      assertThat(server.answer(GET, HOST, "Authorization: Basic %")).startsWith("HTTP/1.1 401");
    }
    assertThat(reached).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"User-Agent: Mozilla/5.0 (X11)", "Sec-Fetch-Mode: navigate"})
  void aBrowserIsNotAskedForAPassword(String header, @TempDir Path directory) throws IOException {
    try (LoopbackServer server = new LoopbackServer(handler, authentication(directory))) {
      assertThat(server.answer(GET, HOST, header))
          .startsWith("HTTP/1.1 401")
          .doesNotContainIgnoringCase("WWW-Authenticate");
    }
  }

  @Test
  void aBodyUpToTheLimitGetsThroughAndALargerOneDoesNot() throws IOException {
    String head = "POST /here HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ";
    int most = BodyLimitFilter.MAXIMUM_BYTES;
    try (LoopbackServer server = new LoopbackServer(handler, new BodyLimitFilter())) {
      assertThat(server.answerTo(head + most + "\r\n\r\n" + "x".repeat(most))).contains(" 200 ");
      assertThat(server.answerTo(head + (most + 1) + "\r\n\r\n" + "x".repeat(most + 1)))
          .startsWith("HTTP/1.1 413");
    }
    assertThat(reached).hasSize(1).allMatch(body -> body.length() == "local:".length() + most);
  }

  @ParameterizedTest
  @CsvSource({
    "/here, 200",
    "/here/below, 200",
    "/hereafter, 404",
    "/, 404",
    "/there/here, 404",
    "//x/here, 404"
  })
  void aHandlerHasItsPathAndThoseBelow(String path, int status) throws IOException {
    try (LoopbackServer server = new LoopbackServer(handler)) {
      assertThat(server.answer("GET " + path + " HTTP/1.1", HOST)).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void whatGoesWrongIsAnsweredWithoutItsDetails() throws IOException {
    HttpHandler broken =
        exchange -> {
          throw new IllegalStateException("a secret");
        };
    try (LoopbackServer server = new LoopbackServer(broken)) {
      assertThat(server.answer(GET, HOST)).startsWith("HTTP/1.1 500").doesNotContain("secret");
    }
  }

  @ParameterizedTest
  @CsvSource({"localhost, localhost", "127.0.0.1, 127.0.0.1", "::1, [::1]", "[::1], [::1]"})
  void theUrlHoldsAnIpv6AddressInBracketsOnce(String host, String shown) {
    assertThat(HttpEndpoint.inUrl(host)).isEqualTo(shown);
  }
}
