package org.smsjmx.remote.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.remote.Connections;
import org.smsjmx.remote.ListeningSocket;

/** HTTP as RFC 9112 has it, byte by byte. */
final class HttpListenerTest {

  private static final String GET = "GET /here HTTP/1.1\r\nHost: x\r\n";
  private static final String POST = "POST /here HTTP/1.1\r\nHost: x\r\n";
  private static final String LAST = GET + "Connection: close\r\n\r\n";

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final HttpHandler echo =
      exchange -> {
        byte[] body = exchange.getRequestBody().readAllBytes();
        bodies.add(new String(body, StandardCharsets.UTF_8));
        JsonResponse.send(
            exchange,
            200,
            "\"" + exchange.getRequestMethod() + exchange.getRequestURI().getPath() + "\"");
      };
  private LoopbackServer server;

  @BeforeEach
  void open() throws IOException {
    server = new LoopbackServer(echo);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @Test
  void requestsOnOneConnectionAreAnsweredInTheirOrder() throws IOException {
    String answers =
        server.answerTo(
            "GET /here/1 HTTP/1.1\r\nHost: x\r\n\r\n"
                + "POST /here/2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
                + "\r\nGET /here/3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                + "GET /here/4 HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(answers).containsSubsequence("\"GET/here/1\"", "\"POST/here/2\"", "\"GET/here/3\"");
    assertThat(answers).doesNotContain("/here/4");
    assertThat(bodies).containsExactly("", "{}", "");
  }

  @Test
  void chunksAreReadAndTrailerFieldsDropped() throws IOException {
    String answers =
        server.answerTo(
            POST
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "3;note=x\r\nabc\r\n0a\r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n"
                + LAST);

    assertThat(count(answers, "HTTP/1.1 200 ")).isEqualTo(2);
    assertThat(bodies).containsExactly("abc0123456789", "");
  }

  @Test
  void anOlderClientMustAskForAConnectionThatIsKept() throws IOException {
    assertThat(server.answerTo("GET /here HTTP/1.0\r\n\r\nGET /here HTTP/1.0\r\n\r\n"))
        .containsOnlyOnce("HTTP/1.1 200 ");
    String kept = "GET /here HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    String answers = server.answerTo(kept + "GET /here HTTP/1.0\r\n\r\n");
    assertThat(count(answers, "HTTP/1.1 200 ")).isEqualTo(2);
    assertThat(answers).containsIgnoringCase("connection: keep-alive");
  }

  @Test
  void aClientThatWaitsToBeAskedForItsBodyIsAsked() throws IOException {
    try (Socket client = server.connect()) {
      OutputStream out = client.getOutputStream();
      out.write(
          (POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      InputStream in = client.getInputStream();
      String asked = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(new String(in.readNBytes(asked.length()), StandardCharsets.US_ASCII))
          .isEqualTo(asked);

      out.write("{}".getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void anAnswerToHeadHasNoBody() throws IOException {
    assertThat(server.answerTo("HEAD /here HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void aRefusalReachesAClientThatIsStillSending() throws IOException {
    String head = "POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n";

    assertThat(server.answerTo(head + "x".repeat(60_000))).startsWith("HTTP/1.1 404 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET  /here HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /here\r\nHost: x\r\n\r\n",
        "GET /he re HTTP/1.1\r\nHost: x\r\n\r\n",
        "G\u0001T /here HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /here HTTP/1.1\r\n\r\n",
        "GET /here HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /here HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /here HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        "GET /here HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        "GET /here HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n",
        "GET /here HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n",
        "GET /here HTTP/1.1\nHost: x\n\n",
        "GET /J%F6rg HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /J%C3%9 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%C0%AF HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /here?a=%FF HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /here?a=%ED%A0%80 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /here?a=\u00C3%B6 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /here#part HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET here HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET mailto:x HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://y/here HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /here HTTP/1.1\r\nHost: x\r\nX\u0001: a\r\n\r\n",
        "POST /here HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /here HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n",
        "POST /here HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n",
        "POST /here HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /here HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\nx",
        "POST /here HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\nx",
        "POST /here HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "POST /here HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\n",
        "POST /here HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
        "POST /here HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n",
        "POST /here HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFF\r\nx",
        "POST /here HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n"
      })
  void whatCouldBeUnderstoodInTwoWaysIsABadRequest(String request) throws IOException {
    assertThat(server.answerTo(request)).startsWith("HTTP/1.1 400 ").contains("\"status\":400");
    assertThat(bodies).isEmpty();
  }

  @Test
  void aHeadThatIsTooLargeIsRefusedWithItsLimit() throws IOException {
    int most = RequestLines.MAXIMUM_BYTES;
    assertThat(server.answerTo(GET + "X: " + "x".repeat(most) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ")
        .contains(String.valueOf(most));
    assertThat(server.answerTo(GET + "X: x\r\n".repeat(RequestParser.MAXIMUM_HEADERS) + "\r\n"))
        .startsWith("HTTP/1.1 431 ")
        .contains(String.valueOf(RequestParser.MAXIMUM_HEADERS));
    assertThat(
            server.answerTo(GET + "X: " + "x".repeat(most / 2) + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2.0", "HTTP/1.2", "http/1.1", "ICAP/1.0"})
  void otherVersionsAreNotUnderstood(String version) throws IOException {
    assertThat(server.answerTo("GET /here " + version + "\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 505 ");
  }

  @Test
  void anAddressInUtf8IsUnderstoodWithPercentSignsAndWithout() throws IOException {
    String last = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assertThat(server.answerTo("GET /here/Jörg" + last)).contains("\"GET/here/Jörg\"");
    assertThat(server.answerTo("GET /here/J%C3%B6rg" + last)).contains("\"GET/here/Jörg\"");
    assertThat(server.answerTo("GET /here/a%EF%BF%BDb" + last)).contains("\"GET/here/a\uFFFDb\"");
  }

  @Test
  void requestsUnderWayAreAnsweredWhenTheEndpointCloses() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    HttpHandler slow =
        exchange -> {
          begun.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          JsonResponse.send(exchange, 200, "{}");
        };
    LoopbackServer closing = new LoopbackServer(slow);
    try (Socket asking = closing.connect();
        Socket idle = closing.connect()) {
      asking.getOutputStream().write((GET + "\r\n").getBytes(StandardCharsets.US_ASCII));
      begun.await();
      Thread closer =
          new Thread(
              () -> {
                try {
                  closing.close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      closer.start();

      assertThat(idle.getInputStream().read()).isNegative();
      goOn.countDown();

      assertThat(new String(asking.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 200 ");
      closer.join();
    }
  }

  @Test
  void whereTheAcceptingThreadHasEndedAnotherOneGoesOn() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Connections connections =
        new Connections(
            "deadlines", new Connections.Limits(10, 10, Duration.ofSeconds(30), 1_000_000, false));
    try (connections;
        ListeningSocket socket =
            new ListeningSocket(InetAddress.getLoopbackAddress(), 0, connections, null)) {
      Thread once =
          new Thread(
              () -> {
                try {
                  socket.accept().close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                } finally {
                  ended.countDown();
                }
              });
      once.start();
      new Socket(socket.getInetAddress(), socket.getLocalPort()).close();
      ended.await();
      once.join();
      assertThat(socket.problem()).contains("not accepted any more");

      try (HttpListener listener = new HttpListener(socket, new Routes().add("/here", echo))) {
        listener.tend();
        try (Socket client = new Socket(socket.getInetAddress(), socket.getLocalPort())) {
          client.getOutputStream().write(LAST.getBytes(StandardCharsets.US_ASCII));
          assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
              .startsWith("HTTP/1.1 200 ");
        }
        assertThat(socket.problem()).isNull();
      }
    }
  }
}
