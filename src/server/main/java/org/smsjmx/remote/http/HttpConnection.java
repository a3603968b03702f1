package org.smsjmx.remote.http;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.remote.ClientSocket;

/** A connection, which has a thread for itself: it answers one request after the other. */
final class HttpConnection implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private static final int OUT_BYTES = 4 << 10;
  private static final int DROPPED_BYTES = 4 << 10;
  private static final int DRAINED_BYTES = 64 << 10;

  /** How long a connection that has signed in may wait between requests. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** How long a request may take to come in, with its body, from its first byte on. */
  private static final Duration REQUEST = Duration.ofSeconds(10);

  /** How long a client may take to hear that no further request is read. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Socket socket;
  private final HttpHandler handler;
  private final RequestLines lines = new RequestLines();
  private final SessionOutputBuffer buffer = new SessionOutputBufferImpl(OUT_BYTES);

  /** True while a request is answered, which ends before the connection does; also at the end. */
  private final AtomicBoolean busy = new AtomicBoolean();

  private volatile boolean last;

  HttpConnection(Socket socket, HttpHandler handler) {
    this.socket = socket;
    this.handler = handler;
  }

  @Override
  public void run() {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      RequestParser parser = new RequestParser(lines, in);
      while (!last && awaitRequest(in) && answer(parser, in)) {
        // before "last" is asked: an end that comes in between closes the connection itself
        busy.set(false);
      }
    } catch (IOException e) {
      LOG.debug("connection ended: {}", e.toString());
    }
  }

  /** Returns whether there is a request, and not the end of the connection. */
  private boolean awaitRequest(InputStream in) throws IOException {
    closeIn(IDLE);
    if (!lines.hasBufferedData() && lines.fillBuffer(in) < 0) {
      return false;
    }
    closeIn(REQUEST);
    return busy.compareAndSet(false, true);
  }

  private static void closeIn(Duration time) {
    ClientSocket client = ClientSocket.current();
    if (client != null) {
      client.closeIn(time);
    }
  }

  /** Returns whether a further request may follow. */
  private boolean answer(RequestParser parser, InputStream in) throws IOException {
    Exchange exchange;
    try {
      ClassicHttpRequest request = parser.next();
      if (request == null) {
        return false;
      }
      exchange = exchange(request, parser.body(request));
      handler.handle(exchange);
    } catch (Refusal refusal) {
      ClassicHttpRequest unreadable = new BasicClassicHttpRequest("", "/");
      unreadable.setVersion(HttpVersion.HTTP_1_1);
      exchange = exchange(unreadable, InputStream.nullInputStream());
      JsonResponse.refuse(exchange, refusal);
    }
    if (exchange.end()) {
      return true;
    }
    sayFarewell(in);
    return false;
  }

  private Exchange exchange(ClassicHttpRequest request, InputStream body) throws IOException {
    return new Exchange(socket, request, body, buffer, socket.getOutputStream());
  }

  /**
   * Reads on for a moment what the client still sends: where something is left unread, closing
   * would reset the connection, and the client might lose the answer.
   */
  private void sayFarewell(InputStream in) throws IOException {
    closeIn(FAREWELL);
    socket.shutdownOutput();
    socket.setSoTimeout((int) FAREWELL.toMillis());
    byte[] dropped = new byte[DROPPED_BYTES];
    int left = DRAINED_BYTES;
    for (int count = in.read(dropped); count >= 0 && left > 0; count = in.read(dropped)) {
      left -= count;
    }
  }

  /** Ends the connection: at once if no request is answered, else when its answer is sent. */
  void end() {
    last = true;
    if (busy.compareAndSet(false, true)) {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("connection could not be closed", e);
      }
    }
  }
}
