package org.smsjmx.remote.http;

import com.sun.net.httpserver.HttpHandler;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.remote.ClientSocket;

/** A connection, which has a thread for itself: it answers one request after the other. */
final class HttpConnection implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private static final int IN_BYTES = 4 << 10;
  private static final int OUT_BYTES = 16 << 10;
  private static final int DRAINED_BYTES = 64 << 10;

  /** How long a connection that has signed in may wait between requests. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** How long a request may take to come in, with its body, from its first byte on. */
  private static final Duration REQUEST = Duration.ofSeconds(10);

  /** How long a client may take to hear that no further request is read. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Socket socket;
  private final HttpHandler handler;

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
      InputStream in = new BufferedInputStream(socket.getInputStream(), IN_BYTES);
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), OUT_BYTES);
      while (awaitRequest(in) && answer(in, out) && !last) {
        busy.set(false);
      }
    } catch (IOException e) {
      LOG.debug("connection ended: {}", e.toString());
    }
  }

  /** Returns whether there is a request, and not the end of the connection. */
  private boolean awaitRequest(InputStream in) throws IOException {
    closeIn(IDLE);
    in.mark(1);
    if (in.read() < 0) {
      return false;
    }
    in.reset();
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
  private boolean answer(InputStream in, OutputStream out) throws IOException {
    RequestHead head;
    RequestBody body;
    try {
      head = RequestHead.read(in);
      if (head == null) {
        return false;
      }
      body = RequestBody.of(head, in);
    } catch (Refusal refusal) {
      refuse(refusal, in, out);
      return false;
    }
    Exchange exchange = new Exchange(socket, head, body, out);
    handler.handle(exchange);
    if (exchange.end()) {
      return true;
    }
    sayFarewell(in);
    return false;
  }

  private void refuse(Refusal refusal, InputStream in, OutputStream out) throws IOException {
    RequestBody none = RequestBody.of(RequestHead.UNREADABLE, in);
    Exchange exchange = new Exchange(socket, RequestHead.UNREADABLE, none, out);
    JsonResponse.refuse(exchange, refusal);
    exchange.end();
    sayFarewell(in);
  }

  /**
   * Reads on for a moment what the client still sends: where something is left unread, closing
   * would reset the connection, and the client might lose the answer.
   */
  private void sayFarewell(InputStream in) throws IOException {
    closeIn(FAREWELL);
    socket.shutdownOutput();
    socket.setSoTimeout((int) FAREWELL.toMillis());
    byte[] dropped = new byte[IN_BYTES];
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
