package org.smsjmx.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.LongFunction;

/**
 * A kept HTTP connection that posts to Jolokia. It does no more than it must, since it shares the
 * machine with the server that is measured.
 */
final class HttpConnection implements Connection {

  private static final String LENGTH = "Content-Length:";
  private static final byte[] VALUE = "\"value\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STATUS = "\"status\":".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_CHUNKS = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;
  private final String head;
  private final LongFunction<String> body;

  /** The answer, as far as it has come. */
  private byte[] answer = new byte[64 * 1024];

  private int end;
  private int bodyBegin;
  private boolean complete;

  /**
   * Connects.
   *
   * @param url Jolokia's
   * @param body what to post, by number of the call
   */
  HttpConnection(URI url, LongFunction<String> body) throws IOException {
    this.channel = SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()));
    this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    this.body = body;
    String account = ServerProcess.ACCOUNT + ":" + ServerProcess.PASSWORD;
    this.head =
        "POST %s HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Basic %s\r\nContent-Type: application/json\r\nContent-Length: "
            .formatted(
                url.getPath(),
                url.getHost(),
                url.getPort(),
                Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns the request to call an operation on all sessions of a user. */
  static String exec(String mbean, String operation, String user, String realm) {
    return "{\"type\":\"exec\",\"mbean\":\""
        + mbean
        + "\",\"operation\":\""
        + operation
        + "\",\"arguments\":[\""
        + user
        + "\",\""
        + realm
        + "\"]}";
  }

  /** Has a selector tell when some of an answer has come; from then on reading does not wait. */
  void register(Selector selector, Object attachment) throws IOException {
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, attachment);
  }

  @Override
  public long call(long number) throws IOException {
    send(number);
    while (!receive()) {
      // more is to come
    }
    return sum();
  }

  /** Sends the request of a call. */
  void send(long number) throws IOException {
    String json = body.apply(number);
    String request = head + json.length() + "\r\n\r\n" + json;
    ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Reads some of the answer; returns whether it is complete. */
  boolean receive() throws IOException {
    if (complete) {
      end = 0;
    }
    if (end == answer.length) {
      answer = Arrays.copyOf(answer, 2 * end);
    }
    int read = channel.read(ByteBuffer.wrap(answer, end, answer.length - end));
    if (read < 0) {
      throw new EOFException("the server closed the connection");
    }
    end += read;
    complete = isComplete();
    return complete;
  }

  private boolean isComplete() throws IOException {
    bodyBegin = 0;
    while (!is(END_OF_HEAD, bodyBegin)) {
      if (++bodyBegin > end) {
        return false;
      }
    }
    String[] lines = new String(answer, 0, bodyBegin, StandardCharsets.US_ASCII).split("\r\n");
    bodyBegin += END_OF_HEAD.length;
    if (!lines[0].startsWith("HTTP/1.1 200 ")) {
      throw new IOException(lines[0]);
    }
    for (String line : lines) {
      if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        return end - bodyBegin >= Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    // no JSON ends like this
    return is(END_OF_CHUNKS, end - END_OF_CHUNKS.length);
  }

  /** Returns what the answer says that the operation returned; the sum of a bulk request. */
  long sum() throws IOException {
    long sum = 0;
    int answers = 0;
    int done = 0;
    for (int i = bodyBegin; i < end; i++) {
      if (is(VALUE, i)) {
        sum += number(i + VALUE.length);
        answers++;
      } else if (is(STATUS, i)) {
        done += number(i + STATUS.length) == 200 ? 1 : 0;
      }
    }
    if (answers == 0 || answers != done) {
      throw new IOException(text());
    }
    return sum;
  }

  /** Returns the body of the answer. */
  String text() {
    return new String(answer, bodyBegin, end - bodyBegin, StandardCharsets.UTF_8);
  }

  private boolean is(byte[] word, int at) {
    return at >= 0
        && at + word.length <= end
        && Arrays.equals(answer, at, at + word.length, word, 0, word.length);
  }

  private long number(int at) {
    long number = 0;
    for (int i = at; answer[i] >= '0' && answer[i] <= '9'; i++) {
      number = 10 * number + answer[i] - '0';
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
