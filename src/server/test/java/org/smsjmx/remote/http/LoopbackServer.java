package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.smsjmx.remote.Connections;
import org.smsjmx.remote.ListeningSocket;

/** An HTTP server on loopback, with a handler behind filters at {@code /here}. */
final class LoopbackServer implements AutoCloseable {

  private final Connections connections =
      new Connections(
          "deadlines", new Connections.Limits(10, 10, Duration.ofSeconds(30), 10_000_000, false));
  private final ListeningSocket socket;
  private final HttpListener listener;

  LoopbackServer(HttpHandler handler, Filter... filters) throws IOException {
    socket = new ListeningSocket(InetAddress.getLoopbackAddress(), 0, connections, null);
    listener = new HttpListener(socket, new Routes().add("/here", handler, filters));
    listener.start();
  }

  /** Returns what the server answers to a request line and headers, and closes the connection. */
  String answer(String... head) throws IOException {
    return answerTo(String.join("\r\n", head) + "\r\nConnection: close\r\n\r\n");
  }

  /** Returns all that comes until the server closes the connection. */
  String answerTo(String requests) throws IOException {
    try (Socket client = connect()) {
      client.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  Socket connect() throws IOException {
    return new Socket(socket.getInetAddress(), socket.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    listener.close();
    connections.close();
  }
}
