package org.smsjmx.remote.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jolokia.jvmagent.ParsedUri;
import org.jspecify.annotations.Nullable;

/**
 * Hands requests to Jolokia: GET with everything in the URI, POST with JSON in the body. A client
 * may ask that the HTTP status be that of the answer, by a header or by a parameter.
 */
final class JolokiaHandler implements HttpHandler {

  static final String PATH = "/jolokia";

  /** Header by which a client says what the HTTP status follows. */
  static final String STATUS_HEADER = "Sms-Http-Status";

  private static final String STATUS_PARAMETER = "http-status";
  private static final String BODY = "body";

  private final Jolokia jolokia;

  JolokiaHandler(Jolokia jolokia) {
    this.jolokia = jolokia;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    jolokia.requireAllowed(exchange.getRemoteAddress().getAddress());
    ParsedUri uri = parsed(exchange.getRequestURI());
    // taken out, so that Jolokia does not see it
    String[] parameter = uri.getParameterMap().remove(STATUS_PARAMETER);
    List<String> header = exchange.getRequestHeaders().get(STATUS_HEADER);
    AnswerStream answer = new AnswerStream(exchange, followsBody(header, parameter));
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

  private static ParsedUri parsed(URI uri) throws Refusal {
    try {
      return new ParsedUri(uri, PATH);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "A parameter of the address is not percent-encoded as it should be.");
    }
  }

  private static boolean followsBody(@Nullable List<String> header, String @Nullable [] parameter)
      throws Refusal {
    List<@Nullable String> asked = new ArrayList<>();
    if (header != null) {
      asked.addAll(header);
    }
    if (parameter != null) {
      asked.addAll(Arrays.asList(parameter));
    }
    for (String value : asked) {
      if (!BODY.equalsIgnoreCase(value)) {
        throw new Refusal(
            400,
            "%s and %s may be %s, and nothing else."
                .formatted(STATUS_HEADER, STATUS_PARAMETER, BODY));
      }
    }
    return !asked.isEmpty();
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
