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

  /** One answer may have so many, and so many may be sent before a further one is made. */
  static final long MOST_BYTES = 64L << 20;

  private static final int OK = 200;
  private static final int TOO_LARGE = 413;

  private final HttpExchange exchange;
  private final boolean followsBody;
  private Runnable beforeSending = () -> {};
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
  private OutputStream sent;
  private long bytes;
  private int status = OK;
  private boolean moreToCome;

  /**
   * @param followsBody whether the HTTP status is the highest error among the answers, else 200
   */
  AnswerStream(HttpExchange exchange, boolean followsBody) {
    this.exchange = exchange;
    this.followsBody = followsBody;
    this.sent = OutputStream.nullOutputStream();
  }

  /** Names what is to be done before something is sent, once. */
  void beforeSending(Runnable task) {
    beforeSending = task;
  }

  /**
   * Says whether further answers follow the next one. Once the HTTP status is sent it cannot follow
   * them, so it says already that they are {@link #isFull refused}.
   */
  void moreToCome(boolean more) {
    moreToCome = more;
  }

  /** Notes the status of an answer that is written next; only errors count. */
  void note(int answered) {
    if (followsBody && answered >= 400 && answered < 600) {
      status = Math.max(status, answered);
    }
  }

  /** Returns how many bytes there may be before a further answer is made. */
  long limit() {
    return followsBody ? BUFFERED_BYTES : MOST_BYTES;
  }

  /** Returns whether no further answer may be made. */
  boolean isFull() {
    return bytes > limit();
  }

  void write(String json) throws IOException {
    byte[] part = json.getBytes(StandardCharsets.UTF_8);
    boolean fits = bytes + part.length <= BUFFERED_BYTES;
    if (!fits && bytes <= BUFFERED_BYTES) {
      if (moreToCome) {
        note(TOO_LARGE);
      }
      beforeSending.run();
      JsonResponse.setHeaders(exchange);
      exchange.sendResponseHeaders(status, 0);
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
      JsonResponse.send(exchange, status, buffer.toByteArray());
    } else {
      sent.close();
    }
  }
}
