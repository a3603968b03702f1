package org.smsjmx.remote.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.text.Json;

/** Answers in JSON, with headers that keep browsers from showing, guessing at or keeping them. */
final class JsonResponse {

  private static final Logger LOG = LoggerFactory.getLogger(JsonResponse.class);

  private JsonResponse() {}

  /** Sends an answer. */
  static void send(HttpExchange exchange, int status, String json) throws IOException {
    send(exchange, status, json.getBytes(StandardCharsets.UTF_8));
  }

  static void send(HttpExchange exchange, int status, byte[] json) throws IOException {
    setHeaders(exchange);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, json.length);
    // not exchange.close(), which ends the connection where no body was asked for
    try (OutputStream answer = exchange.getResponseBody()) {
      answer.write(json);
    }
  }

  static void setHeaders(HttpExchange exchange) {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json; charset=utf-8");
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
  }

  /** Refuses without reading the request's body, so the connection cannot be used further. */
  static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
    LOG.debug(
        "{} {}: {} {}",
        exchange.getRequestMethod(),
        exchange.getRequestURI(),
        refusal.status(),
        refusal.reason());
    exchange.getResponseHeaders().set("Connection", "close");
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", refusal.status());
    answer.put("error", refusal.reason());
    send(exchange, refusal.status(), Json.of(answer));
  }
}
