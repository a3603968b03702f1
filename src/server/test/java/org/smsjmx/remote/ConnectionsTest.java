package org.smsjmx.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which connections stay when there are too many: four, of which three may be anonymous. */
final class ConnectionsTest {

  private static final byte[] REQUEST = new byte[100];
  private static final int BYTES = 1_000;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Connections connections =
      new Connections(
          "deadlines",
          new Connections.Limits(4, 3, Duration.ofSeconds(3), BYTES, false),
          nanos::get);
  private final BlockingQueue<ClientSocket> accepted = new LinkedBlockingQueue<>();
  private final List<Socket> clients = new ArrayList<>();
  private ListeningSocket listening;

  @BeforeEach
  void listen() throws IOException {
    listening = new ListeningSocket(InetAddress.getLoopbackAddress(), 0, connections, null);
    Thread acceptor =
        new Thread(
            () -> {
              try {
                while (true) {
                  accepted.add((ClientSocket) listening.accept());
                }
              } catch (IOException e) {
                // closed
              }
            });
    acceptor.setDaemon(true);
    acceptor.start();
  }

  @AfterEach
  void close() throws IOException {
    listening.close();
    connections.close();
    for (Socket client : clients) {
      client.close();
    }
  }

  private ClientSocket connect() throws Exception {
    clients.add(new Socket(listening.getInetAddress(), listening.getLocalPort()));
    return accepted.take();
  }

  /** Connects and sends so much that a request may begin with it. */
  private ClientSocket request() throws Exception {
    ClientSocket server = connect();
    clients.get(clients.size() - 1).getOutputStream().write(REQUEST);
    assertThat(server.getInputStream().readNBytes(REQUEST.length)).hasSameSizeAs(REQUEST);
    return server;
  }

  private ClientSocket signIn() throws Exception {
    ClientSocket server = connect();
    server.signedIn();
    return server;
  }

  @Test
  void theOldestThatHasNotSignedInGivesWay() throws Exception {
    ClientSocket first = connect();
    ClientSocket second = connect();
    connect();

    ClientSocket fourth = connect();

    assertThat(first.isClosed()).isTrue();
    assertThat(second.isClosed()).isFalse();
    assertThat(fourth.isClosed()).isFalse();
    assertThat(connections.open()).isEqualTo(3);
  }

  @Test
  void silentOnesGiveWayBeforeThoseThatHaveSentARequest() throws Exception {
    ClientSocket asking = request();
    ClientSocket silent = connect();
    connect();

    connect();

    assertThat(asking.isClosed()).isFalse();
    assertThat(silent.isClosed()).isTrue();
  }

  @Test
  void whatWaitsToBeReadIsNoSilence() throws Exception {
    ClientSocket waiting = connect();
    clients.get(0).getOutputStream().write(REQUEST);
    await().until(() -> !waiting.isSilent());
    ClientSocket silent = connect();
    connect();

    connect();

    assertThat(waiting.isClosed()).isFalse();
    assertThat(silent.isClosed()).isTrue();
  }

  @Test
  void thoseThatHaveSignedInStay() throws Exception {
    ClientSocket kept = signIn();
    for (int i = 0; i < 20; i++) {
      connect();
    }

    assertThat(kept.isClosed()).isFalse();
    assertThat(connections.open()).isEqualTo(4);
  }

  @Test
  void whereAllHaveSignedInNoMoreComeIn() throws Exception {
    for (int i = 0; i < 4; i++) {
      signIn();
    }
    try (Socket client = new Socket(listening.getInetAddress(), listening.getLocalPort())) {
      assertThat(client.getInputStream().read()).isNegative();
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    assertThat(connections.open()).isEqualTo(4);
  }

  @Test
  void aClosedConnectionMakesRoom() throws Exception {
    ClientSocket first = signIn();
    ClientSocket second = connect();
    first.close();
    second.close();

    assertThat(connections.open()).isZero();
  }

  @Test
  void whoHasNotSignedInInTimeIsClosedWhateverIsSent() throws Exception {
    ClientSocket early = request();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    ClientSocket late = connect();
    ClientSocket kept = signIn();

    nanos.addAndGet(Duration.ofMillis(1_001).toNanos());
    connections.closeOverdue();

    assertThat(early.isClosed()).isTrue();
    assertThat(late.isClosed()).isFalse();
    assertThat(kept.isClosed()).isFalse();
  }

  @Test
  void whoHasSignedInIsClosedAtItsOwnDeadline() throws Exception {
    ClientSocket kept = signIn();
    kept.closeIn(Duration.ofSeconds(30));

    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    connections.closeOverdue();
    assertThat(kept.isClosed()).isFalse();

    nanos.addAndGet(1);
    connections.closeOverdue();
    assertThat(kept.isClosed()).isTrue();
  }

  @Test
  void onlySoMuchIsReadBeforeSigningIn() throws Exception {
    ClientSocket anonymous = connect();
    ClientSocket kept = signIn();
    for (Socket client : clients) {
      client.getOutputStream().write(new byte[BYTES + 1]);
    }

    assertThatThrownBy(() -> anonymous.getInputStream().readNBytes(BYTES + 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("before signing in");
    assertThat(kept.getInputStream().readNBytes(BYTES + 1)).hasSize(BYTES + 1);
  }

  @Test
  void aThreadKnowsTheConnectionThatItReadsOf() throws Exception {
    ClientSocket first = request();
    assertThat(ClientSocket.current()).isSameAs(first);
    ClientSocket second = request();
    assertThat(ClientSocket.current()).isSameAs(second);
  }

  @Test
  void whatAnAnswerTakesIsGivenBackOnceWhenTheNextRequestIsRead() throws Exception {
    AtomicInteger givenBack = new AtomicInteger();
    ClientSocket server = request();
    server.signedIn();

    server.untilAnswered(givenBack::incrementAndGet, Duration.ofSeconds(30));
    server.getOutputStream().write(REQUEST);
    assertThat(givenBack).hasValue(0);
    clients.get(0).getOutputStream().write(REQUEST);
    server.getInputStream().readNBytes(REQUEST.length);
    nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    connections.closeOverdue();

    assertThat(givenBack).hasValue(1);
    assertThat(server.isClosed()).isFalse();
  }

  @Test
  void anAnswerThatAClientDoesNotTakeEndsTheConnectionAndIsGivenBack() throws Exception {
    AtomicInteger givenBack = new AtomicInteger();
    ClientSocket server = request();
    server.signedIn();
    server.untilAnswered(givenBack::incrementAndGet, Duration.ofSeconds(30));

    nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    connections.closeOverdue();

    assertThat(server.isClosed()).isTrue();
    assertThat(givenBack).hasValue(1);
    server.untilAnswered(givenBack::incrementAndGet, Duration.ofSeconds(30));
    assertThat(givenBack).hasValue(2);
  }
}
