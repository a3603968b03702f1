package org.smsjmx.remote.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.management.Caller;
import org.smsjmx.management.StatusCode;
import org.smsjmx.remote.Authentication;
import org.smsjmx.text.Json;

/**
 * Lets requests through to Jolokia: the right path, by a known account, from no foreign web page.
 */
final class HttpRequests implements HttpHandler {

  static final String PATH = "/jolokia";

  private static final Logger LOG = LoggerFactory.getLogger(HttpRequests.class);
  private static final String ENDPOINT = "http";
  private static final int MAXIMUM_BODY_BYTES = 1 << 20;
  private static final String BASIC = "Basic ";

  private final Authentication authentication;
  private final Jolokia jolokia;
  private final Executor executor;

  /**
   * Makes it.
   *
   * @param authentication who may come in
   * @param jolokia answers those
   * @param executor sends answers that were held back
   */
  HttpRequests(Authentication authentication, Jolokia jolokia, Executor executor) {
    this.authentication = authentication;
    this.jolokia = jolokia;
    this.executor = executor;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path == null || !(path.equals(PATH) || path.startsWith(PATH + "/"))) {
      refuse(exchange, 404, "Nothing is here but " + PATH + ".");
      return;
    }
    if (isForeign(exchange.getRequestHeaders())) {
      refuse(exchange, 403, "Requests from web pages of other origins are refused.");
      return;
    }
    Caller caller;
    try {
      caller = caller(exchange);
    } catch (Authentication.FailedException e) {
      challenge(exchange, e.delay());
      return;
    }
    if (caller == null) {
      challenge(exchange);
      return;
    }
    try (Caller.Scope scope = caller.enter()) {
      answer(exchange);
    } catch (BadRequest e) {
      refuse(exchange, 400, e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("request failed", e);
      refuse(exchange, 500, "The request failed; see the server's log.");
    }
  }

  private void answer(HttpExchange exchange) throws IOException, BadRequest {
    byte[] body = body(exchange);
    if (body.length > MAXIMUM_BODY_BYTES) {
      refuse(exchange, 413, "The body is larger than %d bytes.".formatted(MAXIMUM_BODY_BYTES));
      return;
    }
    URI uri = exchange.getRequestURI();
    switch (exchange.getRequestMethod()) {
      case "GET" -> send(exchange, 200, jolokia.get(uri));
      case "POST" -> send(exchange, 200, jolokia.post(text(body), uri));
      default -> {
        exchange.getResponseHeaders().set("Allow", "GET, POST");
        refuse(exchange, 405, "Only GET and POST are understood.");
      }
    }
  }

  /**
   * Returns the body, or more than the maximum of it, without space for more than was announced. It
   * is read to its end even where none is expected, else the connection is not kept.
   */
  private static byte[] body(HttpExchange exchange) throws IOException, BadRequest {
    long announced = MAXIMUM_BODY_BYTES;
    Headers headers = exchange.getRequestHeaders();
    String length = headers.getFirst("Content-Length");
    if (length != null && !headers.containsKey("Transfer-Encoding")) {
      // the server has refused what is no number
      announced = Math.min(Long.parseLong(length.strip()), MAXIMUM_BODY_BYTES);
    }
    try {
      return exchange.getRequestBody().readNBytes((int) announced + 1);
    } catch (IndexOutOfBoundsException e) {
      // the JDK's reader of chunks takes a negative size for a size
      throw new BadRequest("The body is not chunked as it should be.");
    }
  }

  /** JSON is UTF-8, whatever the header says. */
  private static String text(byte[] body) throws BadRequest {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new BadRequest("The body is not UTF-8.");
    }
  }

  /** A web page elsewhere could make a browser send requests; the browser then says so. */
  private static boolean isForeign(Headers headers) {
    String origin = headers.getFirst("Origin");
    if (origin != null && !origin.replaceFirst("^https?://", "").equals(headers.getFirst("Host"))) {
      return true;
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }

  /**
   * Returns who sends the request.
   *
   * @return null if it carries no name and password
   * @throws Authentication.FailedException if they are wrong
   */
  private @Nullable Caller caller(HttpExchange exchange) throws Authentication.FailedException {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return null;
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
      pair = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return null;
    }
    String address = exchange.getRemoteAddress().getAddress().getHostAddress();
    return authentication.signIn(
        pair.substring(0, colon), pair.substring(colon + 1), ENDPOINT, address);
  }

  /** Challenges later, in another thread, so that those who guess passwords keep none busy. */
  private void challenge(HttpExchange exchange, Duration delay) throws IOException {
    if (delay.isZero()) {
      challenge(exchange);
      return;
    }
    Executor later =
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, executor);
    later.execute(
        () -> {
          try {
            challenge(exchange);
          } catch (IOException e) {
            LOG.debug("client left before its answer", e);
          }
        });
  }

  /** A browser is not asked for a password: it would send it with requests of any page. */
  private static void challenge(HttpExchange exchange) throws IOException {
    Headers request = exchange.getRequestHeaders();
    String agent = request.getFirst("User-Agent");
    boolean browser =
        request.containsKey("Sec-Fetch-Mode")
            || (agent != null && agent.toLowerCase(Locale.ROOT).startsWith("mozilla/"));
    if (!browser) {
      exchange
          .getResponseHeaders()
          .set("WWW-Authenticate", "Basic realm=\"sms-jmx\", charset=\"UTF-8\"");
    }
    refuse(
        exchange, 401, StatusCode.HPDIA0200W.message("User name or password is wrong or missing."));
  }

  /** Refuses without reading a body, so the connection cannot be used further. */
  private static void refuse(HttpExchange exchange, int status, String reason) throws IOException {
    LOG.debug(
        "{} {}: {} {}", exchange.getRequestMethod(), exchange.getRequestURI(), status, reason);
    exchange.getResponseHeaders().set("Connection", "close");
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", status);
    answer.put("error", reason);
    send(exchange, status, Json.of(answer));
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json; charset=utf-8");
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    // not exchange.close(), which ends the connection where no body was asked for
    try (OutputStream answer = exchange.getResponseBody()) {
      answer.write(body);
    }
  }

  /** Says why a request cannot be understood. */
  static final class BadRequest extends Exception {
    BadRequest(String message) {
      super(message);
    }
  }
}
