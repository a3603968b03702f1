package org.smsjmx.remote.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request with its answer, as the JDK's handlers and filters have it. */
final class Exchange extends HttpExchange {

  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(204, "No Content"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(413, "Content Too Large"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(505, "HTTP Version Not Supported"));

  private final Socket socket;
  private final RequestHead head;
  private final RequestBody body;
  private final OutputStream out;
  private final Headers answerHeaders = new Headers();
  private final Map<String, Object> attributes = new HashMap<>();
  private InputStream requestBody;
  private OutputStream answerBody;
  private int status = -1;
  private boolean keepsAlive;

  /**
   * @param body of the request
   * @param out buffered; flushed when the exchange ends
   */
  Exchange(Socket socket, RequestHead head, RequestBody body, OutputStream out) {
    this.socket = socket;
    this.head = head;
    this.body = body;
    this.out = out;
    this.keepsAlive = head.keepsAlive();
    this.requestBody = expected(body);
    this.answerBody = OutputStream.nullOutputStream();
  }

  /** A client that waits to be asked for the body is asked when somebody reads it. */
  private InputStream expected(RequestBody whole) {
    String expect = head.headers().getFirst("Expect");
    if (expect == null || !expect.equalsIgnoreCase("100-continue") || whole.isAtEnd()) {
      return whole;
    }
    return new FilterInputStream(whole) {
      private boolean asked;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (!asked) {
          asked = true;
          out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
        }
        return in.read(bytes, offset, length);
      }
    };
  }

  /**
   * Ends the answer.
   *
   * @return whether a further request may follow
   */
  boolean end() throws IOException {
    answerBody.close();
    out.flush();
    return keepsAlive && body.isAtEnd();
  }

  @Override
  public void sendResponseHeaders(int code, long length) throws IOException {
    if (status >= 0) {
      throw new IOException("an answer has begun");
    }
    status = code;
    boolean toHead = head.method().equals("HEAD");
    boolean empty = length < 0 || toHead || code == 204 || code == 304;
    boolean chunked = length == 0 && !empty && head.minorVersion() > 0;
    boolean untilClosed = length == 0 && !empty && !chunked;
    String connection = String.valueOf(answerHeaders.getFirst("Connection"));
    keepsAlive &=
        body.isAtEnd() && !untilClosed && !connection.toLowerCase(Locale.ROOT).contains("close");
    if (chunked) {
      answerHeaders.set("Transfer-Encoding", "chunked");
    } else if (length > 0) {
      answerHeaders.set("Content-Length", String.valueOf(length));
    } else if (empty && !toHead && code != 204 && code != 304) {
      answerHeaders.set("Content-Length", "0");
    }
    if (!keepsAlive) {
      answerHeaders.set("Connection", "close");
    } else if (head.minorVersion() == 0) {
      answerHeaders.set("Connection", "keep-alive");
    }
    StringBuilder text = new StringBuilder(512);
    text.append("HTTP/1.1 ").append(code).append(' ').append(REASONS.getOrDefault(code, "-"));
    text.append("\r\n");
    for (Map.Entry<String, List<String>> header : answerHeaders.entrySet()) {
      for (String value : header.getValue()) {
        text.append(header.getKey()).append(": ").append(value).append("\r\n");
      }
    }
    out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    if (chunked) {
      answerBody = new ChunkedOutput(out);
    } else if (!empty) {
      answerBody = new UnclosedOutput(out);
    }
  }

  /** Writes chunks; the last one, which is empty, when it is closed. */
  private static final class ChunkedOutput extends OutputStream {

    private static final byte[] END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private boolean closed;

    ChunkedOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, offset, length);
        out.write('\r');
        out.write('\n');
      }
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        out.write(END);
      }
    }
  }

  /** The connection is not closed with an answer. */
  private static final class UnclosedOutput extends OutputStream {

    private final OutputStream out;

    UnclosedOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }
  }

  @Override
  public Headers getRequestHeaders() {
    return head.headers();
  }

  @Override
  public Headers getResponseHeaders() {
    return answerHeaders;
  }

  @Override
  public URI getRequestURI() {
    return head.uri();
  }

  @Override
  public String getRequestMethod() {
    return head.method();
  }

  @Override
  public HttpContext getHttpContext() {
    throw new UnsupportedOperationException("handlers are found by Routes");
  }

  @Override
  public void close() {
    keepsAlive = false;
  }

  @Override
  public InputStream getRequestBody() {
    return requestBody;
  }

  @Override
  public OutputStream getResponseBody() {
    return answerBody;
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  @Override
  public int getResponseCode() {
    return status;
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  @Override
  public String getProtocol() {
    return "HTTP/1." + head.minorVersion();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    if (value == null) {
      attributes.remove(name);
    } else {
      attributes.put(name, value);
    }
  }

  @Override
  public void setStreams(@Nullable InputStream in, @Nullable OutputStream answer) {
    requestBody = in == null ? requestBody : in;
    answerBody = answer == null ? answerBody : answer;
  }

  @Override
  public @Nullable HttpPrincipal getPrincipal() {
    return null;
  }
}
