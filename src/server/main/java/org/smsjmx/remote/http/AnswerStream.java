package org.smsjmx.remote.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The JSON of an answer while it is made. A short one is sent whole, with its length; of a long one
 * what is made is sent at once, so that it never stands in memory as a whole.
 */
final class AnswerStream {

  private static final int BUFFERED_BYTES = 1 << 20;

  private final HttpExchange exchange;
  private Runnable beforeSending = () -> {};
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
  private OutputStream sent;
  private long bytes;

  AnswerStream(HttpExchange exchange) {
    this.exchange = exchange;
    this.sent = OutputStream.nullOutputStream();
  }

  /** Names what is to be done before something is sent, once. */
  void beforeSending(Runnable task) {
    beforeSending = task;
  }

  /** Returns how many bytes were written. */
  long bytes() {
    return bytes;
  }

  void write(String json) throws IOException {
    byte[] part = json.getBytes(StandardCharsets.UTF_8);
    boolean fits = bytes + part.length <= BUFFERED_BYTES;
    if (!fits && bytes <= BUFFERED_BYTES) {
      beforeSending.run();
      JsonResponse.setHeaders(exchange);
      exchange.sendResponseHeaders(200, 0);
      sent = exchange.getResponseBody();
      sent.write(buffer.toByteArray());
      buffer.reset();
    }
    bytes += part.length;
    if (fits) {
      buffer.write(part);
    } else {
      sent.write(part);
    }
  }

  /** Ends the answer; to be left out where making it failed. */
  void end() throws IOException {
    if (bytes <= BUFFERED_BYTES) {
      JsonResponse.send(exchange, 200, buffer.toByteArray());
    } else {
      sent.close();
    }
  }
}
