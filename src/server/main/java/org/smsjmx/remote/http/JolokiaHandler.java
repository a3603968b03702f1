package org.smsjmx.remote.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Hands requests to Jolokia: GET with everything in the URI, POST with JSON in the body. */
final class JolokiaHandler implements HttpHandler {

  static final String PATH = "/jolokia";

  private final Jolokia jolokia;

  JolokiaHandler(Jolokia jolokia) {
    this.jolokia = jolokia;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    jolokia.requireAllowed(exchange.getRemoteAddress().getAddress());
    URI uri = exchange.getRequestURI();
    AnswerStream answer = new AnswerStream(exchange);
    switch (exchange.getRequestMethod()) {
      case "GET" -> jolokia.get(uri, answer);
      case "POST" -> jolokia.post(text(exchange), uri, answer);
      default -> {
        exchange.getResponseHeaders().set("Allow", "GET, POST");
        throw new Refusal(405, "Only GET and POST are understood.");
      }
    }
    answer.end();
  }

  /** JSON is UTF-8, whatever the header says. */
  private static String text(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(400, "The body is not UTF-8.");
    }
  }
}
