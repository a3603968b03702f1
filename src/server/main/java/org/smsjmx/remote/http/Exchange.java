package org.smsjmx.remote.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedOutputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthOutputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseWriter;
import org.apache.hc.core5.http.impl.io.IdentityOutputStream;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.ResponseConnControl;
import org.jspecify.annotations.Nullable;

/** A request of the library with its answer, as the JDK's handlers and filters have it. */
final class Exchange extends HttpExchange {

  private static final int CHUNK_BYTES = 8 << 10;

  private final Socket socket;
  private final ClassicHttpRequest request;
  private final RequestBody body;
  private final SessionOutputBuffer buffer;
  private final OutputStream out;
  private final HttpCoreContext context = HttpCoreContext.create();
  private final Headers requestHeaders = new Headers();
  private final Headers answerHeaders = new Headers();
  private final Map<String, Object> attributes = new HashMap<>();
  private InputStream requestBody;
  private OutputStream answerBody = OutputStream.nullOutputStream();
  private int status = -1;
  private boolean keepsAlive = true;

  /**
   * @param body of the request
   * @param buffer flushed when the exchange ends
   * @param out where the buffer is flushed to
   */
  Exchange(
      Socket socket,
      ClassicHttpRequest request,
      InputStream body,
      SessionOutputBuffer buffer,
      OutputStream out) {
    this.socket = socket;
    this.request = request;
    this.buffer = buffer;
    this.out = out;
    context.setRequest(request);
    context.setProtocolVersion(request.getVersion());
    for (Header header : request.getHeaders()) {
      requestHeaders.add(header.getName(), header.getValue());
    }
    this.body = expected(body);
    this.requestBody = this.body;
  }

  private RequestBody expected(InputStream whole) {
    String length = requestHeaders.getFirst(HttpHeaders.CONTENT_LENGTH);
    boolean chunked = requestHeaders.containsKey(HttpHeaders.TRANSFER_ENCODING);
    boolean empty = !chunked && (length == null || Long.parseLong(length) == 0);
    return new RequestBody(whole, empty) {
      @Override
      void begin() throws IOException {
        String expect = requestHeaders.getFirst(HttpHeaders.EXPECT);
        if (HeaderElements.CONTINUE.equalsIgnoreCase(expect)) {
          write(new BasicClassicHttpResponse(100));
          buffer.flush(out);
        }
      }
    };
  }

  private void write(ClassicHttpResponse response) throws IOException {
    try {
      new DefaultHttpResponseWriter().write(response, buffer, out);
    } catch (HttpException e) {
      throw new IOException(e);
    }
  }

  /**
   * Ends the answer.
   *
   * @return whether a further request may follow
   */
  boolean end() throws IOException {
    answerBody.close();
    buffer.flush(out);
    return keepsAlive && body.isAtEnd();
  }

  @Override
  public void sendResponseHeaders(int code, long length) throws IOException {
    if (status >= 0) {
      throw new IOException("an answer has begun");
    }
    status = code;
    ClassicHttpResponse response = new BasicClassicHttpResponse(code);
    answerHeaders.forEach((name, values) -> values.forEach(v -> response.addHeader(name, v)));
    boolean hasBody = MessageSupport.canResponseHaveBody(request.getMethod(), response);
    boolean chunked = length == 0 && !HttpVersion.HTTP_1_0.equals(request.getVersion());
    if (hasBody && chunked) {
      response.setHeader(HttpHeaders.TRANSFER_ENCODING, HeaderElements.CHUNKED_ENCODING);
      answerBody = new ChunkedOutputStream(buffer, out, CHUNK_BYTES);
    } else if (hasBody && length != 0) {
      response.setHeader(HttpHeaders.CONTENT_LENGTH, Math.max(length, 0));
      answerBody = new ContentLengthOutputStream(buffer, out, Math.max(length, 0));
    } else if (hasBody) {
      response.setHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);
      answerBody = new IdentityOutputStream(buffer, out);
    }
    if (!body.isAtEnd() || !keepsAlive) {
      response.setHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);
    }
    try {
      ResponseConnControl.INSTANCE.process(response, null, context);
    } catch (HttpException e) {
      throw new IOException(e);
    }
    keepsAlive = DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context);
    write(response);
  }

  @Override
  public Headers getRequestHeaders() {
    return requestHeaders;
  }

  @Override
  public Headers getResponseHeaders() {
    return answerHeaders;
  }

  @Override
  public URI getRequestURI() {
    return URI.create(request.getPath());
  }

  @Override
  public String getRequestMethod() {
    return request.getMethod();
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
    return request.getVersion().toString();
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
