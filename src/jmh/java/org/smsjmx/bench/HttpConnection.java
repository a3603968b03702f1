package org.smsjmx.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.LongFunction;

/**
 * A kept HTTP connection that posts to Jolokia. It does no more than it must, since it shares the
 * machine with the server that is measured.
 */
final class HttpConnection implements Connection {

  private static final byte[] VALUE = "\"value\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STATUS = "\"status\":".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String head;
  private final LongFunction<String> body;
  private byte[] buffer = new byte[64 * 1024];
  private int begin;
  private int end;

  /**
   * Connects.
   *
   * @param url Jolokia's
   * @param body what to post, by number of the call
   */
  HttpConnection(URI url, LongFunction<String> body) throws IOException {
    this.socket = new Socket(url.getHost(), url.getPort());
    this.socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
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

  @Override
  public long call(long number) throws IOException {
    String json = body.apply(number);
    out.write((head + json.length() + "\r\n\r\n" + json).getBytes(StandardCharsets.US_ASCII));
    String status = line();
    if (!status.startsWith("HTTP/1.1 200 ")) {
      throw new IOException(status);
    }
    int length = 0;
    boolean chunked = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      } else if (line.regionMatches(true, 0, "transfer-encoding:", 0, 18)) {
        chunked = line.toLowerCase(Locale.ROOT).contains("chunked");
      }
    }
    long sum = 0;
    if (!chunked) {
      return sumOfValues(length);
    }
    // a small answer comes as one chunk
    for (int size = chunk(); size > 0; size = chunk()) {
      sum += sumOfValues(size);
      line();
    }
    line();
    return sum;
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().strip(), 16);
  }

  /** Reads so many bytes of answers and returns the sum of their values. */
  private long sumOfValues(int length) throws IOException {
    while (end - begin < length) {
      fill();
    }
    long sum = 0;
    int answers = 0;
    int done = 0;
    for (int i = begin; i < begin + length; i++) {
      if (is(VALUE, i)) {
        sum += number(i + VALUE.length);
        answers++;
      } else if (is(STATUS, i)) {
        done += number(i + STATUS.length) == 200 ? 1 : 0;
      }
    }
    if (answers == 0 || answers != done) {
      throw new IOException(new String(buffer, begin, length, StandardCharsets.UTF_8));
    }
    begin += length;
    return sum;
  }

  private boolean is(byte[] word, int at) {
    if (at + word.length > end) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (buffer[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  private long number(int at) {
    long number = 0;
    for (int i = at; buffer[i] >= '0' && buffer[i] <= '9'; i++) {
      number = 10 * number + buffer[i] - '0';
    }
    return number;
  }

  private String line() throws IOException {
    int i = begin;
    while (true) {
      for (; i < end; i++) {
        if (buffer[i] == '\n') {
          String line = new String(buffer, begin, i - begin - 1, StandardCharsets.US_ASCII);
          begin = i + 1;
          return line;
        }
      }
      int searched = i - begin;
      fill();
      i = begin + searched;
    }
  }

  private void fill() throws IOException {
    if (begin == end) {
      begin = 0;
      end = 0;
    } else if (end == buffer.length) {
      byte[] target = begin == 0 ? new byte[2 * buffer.length] : buffer;
      System.arraycopy(buffer, begin, target, 0, end - begin);
      buffer = target;
      end -= begin;
      begin = 0;
    }
    int read = in.read(buffer, end, buffer.length - end);
    if (read < 0) {
      throw new EOFException("the server closed the connection");
    }
    end += read;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
