package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import org.smsjmx.remote.ClientSocket;

/**
 * Reads the body, if it is not too large, without space for more than was announced. The body is
 * read to its end even where none is expected, else the connection is not kept.
 */
final class BodyLimitFilter extends Filter {

  static final int MAXIMUM_BYTES = 1 << 20;

  /** How long an answer may take, with its way to the client. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  @Override
  public String description() {
    return "limits the size of bodies";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    byte[] body = body(exchange);
    if (body.length > MAXIMUM_BYTES) {
      throw new Refusal(413, "The body is larger than %d bytes.".formatted(MAXIMUM_BYTES));
    }
    ClientSocket client = ClientSocket.current();
    if (client != null) {
      client.closeIn(ANSWER);
    }
    exchange.setStreams(new ByteArrayInputStream(body), null);
    chain.doFilter(exchange);
  }

  /** Returns the body, or one byte more than the maximum of it. */
  private static byte[] body(HttpExchange exchange) throws IOException {
    long announced = MAXIMUM_BYTES;
    Headers headers = exchange.getRequestHeaders();
    String length = headers.getFirst("Content-Length");
    if (length != null && !headers.containsKey("Transfer-Encoding")) {
      // the server has refused what is no number
      announced = Math.min(Long.parseLong(length.strip()), MAXIMUM_BYTES);
    }
    return exchange.getRequestBody().readNBytes((int) announced + 1);
  }
}
