package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An HTTP server of the JDK on loopback, with a handler behind filters at {@code /here}. */
final class LoopbackServer implements AutoCloseable {

  private final HttpServer server;

  LoopbackServer(HttpHandler handler, Filter... filters) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", new Routes().add("/here", handler, filters));
    server.start();
  }

  /** Returns what the server answers to a request line and headers, and closes the connection. */
  String answer(String... head) throws IOException {
    return answerTo(String.join("\r\n", head) + "\r\nConnection: close\r\n\r\n");
  }

  String answerTo(String request) throws IOException {
    try (Socket socket =
        new Socket(server.getAddress().getAddress(), server.getAddress().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
