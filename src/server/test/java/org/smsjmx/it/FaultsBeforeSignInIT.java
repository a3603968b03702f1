package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.rmi.dgc.Lease;
import java.rmi.dgc.VMID;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.ObjID;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** What clients without a password can cost, at a server with little memory. */
final class FaultsBeforeSignInIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long REGISTRY_HASH = 4905912898345647071L;
  private static final long COLLECTOR_HASH = -669196253586618813L;
  private static final long NEW_CLIENT_HASH = -1089742558549201240L;
  private static final int OBJECT_ID_BYTES = 22;
  private static final int LOOKUP = 2;
  private static final int DIRTY = 1;

  private ServerProcess server;
  private ExecutorService threads;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger opened = new AtomicInteger();

  @BeforeEach
  void start() {
    server =
        ServerProcess.start()
            .environment("JAVA_TOOL_OPTIONS", "-Xmx128m")
            .option("--sessions", "1000")
            .ready();
    threads = Executors.newCachedThreadPool();
  }

  @AfterEach
  void stop() {
    over.set(true);
    threads.shutdownNow();
    server.close();
  }

  /** Writes the arguments of a call. */
  private interface Arguments {
    void write(ObjectOutputStream out) throws IOException;
  }

  /** Returns what begins a call of RMI: its protocol, whom it calls, and the arguments. */
  private static byte[] call(byte[] object, int operation, long hash, Arguments arguments)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(new byte[] {'J', 'R', 'M', 'I', 0, 2, 'L', 'P'});
    ObjectOutputStream out =
        new ObjectOutputStream(all) {
          @Override
          protected void annotateClass(Class<?> type) throws IOException {
            writeObject(null);
          }
        };
    out.write(object);
    out.writeInt(operation);
    out.writeLong(hash);
    arguments.write(out);
    out.flush();
    return all.toByteArray();
  }

  private static byte[] wellKnown(int number) {
    // the number, and an id of a JVM and a time that are none
    return ByteBuffer.allocate(OBJECT_ID_BYTES).putLong(number).array();
  }

  /** Returns the id of the object that signs clients in: the last but two bytes of its stub. */
  private byte[] signIn() throws Exception {
    InetSocketAddress at = jmx();
    ByteArrayOutputStream stub = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(stub)) {
      out.writeObject(LocateRegistry.getRegistry(at.getHostName(), at.getPort()).lookup("jmxrmi"));
    }
    byte[] bytes = stub.toByteArray();
    int end = bytes.length - 2;
    return Arrays.copyOfRange(bytes, end - OBJECT_ID_BYTES, end);
  }

  /** Announces an array of so many elements in place of an empty one at the end. */
  private static byte[] announcing(byte[] call, int elements) {
    byte[] changed = call.clone();
    for (int i = 0; i < 4; i++) {
      changed[changed.length - 4 + i] = (byte) (elements >>> 24 - 8 * i);
    }
    return changed;
  }

  private static byte[] collectorCall() throws IOException {
    return call(
        wellKnown(ObjID.DGC_ID),
        DIRTY,
        COLLECTOR_HASH,
        out -> {
          out.writeObject(new ObjID[] {new ObjID()});
          out.writeLong(1);
          out.writeObject(new Lease(new VMID(), 60_000));
        });
  }

  private Socket connect(InetSocketAddress to, byte[] sent) throws IOException {
    Socket socket = new Socket();
    socket.connect(to, 5_000);
    socket.getOutputStream().write(sent);
    socket.setSoTimeout(1);
    opened.incrementAndGet();
    return socket;
  }

  /** Holds as many connections, and opens new ones for those that the server closes. */
  private Future<?> hold(InetSocketAddress to, int connections, byte[] sent) {
    return threads.submit(
        () -> {
          Deque<Socket> held = new ArrayDeque<>();
          while (!over.get()) {
            try {
              if (held.size() < connections) {
                held.add(connect(to, sent));
              } else {
                held.remove().close();
              }
            } catch (IOException e) {
              // the next one
            }
          }
          for (Socket socket : held) {
            socket.close();
          }
          return null;
        });
  }

  private InetSocketAddress http() {
    URI root = server.http();
    return new InetSocketAddress(root.getHost(), root.getPort());
  }

  private InetSocketAddress jmx() {
    String[] address = server.jmxAddress().split(":");
    return new InetSocketAddress(address[0], Integer.parseInt(address[1]));
  }

  private void administrate(int calls) {
    for (int i = 0; i < calls; i++) {
      Outcome byHttp =
          server.jolokia().byPost().server(CRUZ, "terminateAllSessions", "dlucas", IBM);
      assertThat(byHttp.status()).as(byHttp.error()).isEqualTo(200);
      try (Rmi rmi = server.rmi()) {
        Outcome byJmx = rmi.endpoint().server(CRUZ, "terminateAllSessions", "johnq", IBM);
        assertThat(byJmx.status()).as(byJmx.error()).isEqualTo(200);
      }
    }
  }

  @Test
  void announcedArraysAndLongHeadersTakeNoMemoryAndKeepNobodyOut() throws Exception {
    byte[] texts = call(signIn(), -1, NEW_CLIENT_HASH, out -> out.writeObject(new String[0]));
    byte[] numbers =
        call(
            wellKnown(ObjID.REGISTRY_ID),
            LOOKUP,
            REGISTRY_HASH,
            out -> out.writeObject(new long[0]));
    byte[] objects =
        call(wellKnown(ObjID.DGC_ID), DIRTY, COLLECTOR_HASH, out -> out.writeObject(new ObjID[0]));
    byte[] headers =
        ("GET /jolokia HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(16_000))
            .getBytes(StandardCharsets.US_ASCII);
    List<Future<?>> hostile = new ArrayList<>();
    for (byte[] sent : List.of(texts, numbers, objects)) {
      hostile.add(hold(jmx(), 300, announcing(sent, 20_000_000)));
    }
    hostile.add(hold(http(), 1_500, headers));

    administrate(20);
    await().atMost(PATIENCE).until(() -> opened.get() > 5_000);
    administrate(20);
    over.set(true);
    for (Future<?> one : hostile) {
      one.get();
    }

    assertThat(server.err()).doesNotContain("OutOfMemoryError", " ERROR ");
    administrate(1);
  }

  @Test
  void silentConnectionsKeepNobodyOut() throws Exception {
    List<Future<?>> hostile =
        List.of(
            hold(http(), 2_048, new byte[0]),
            hold(jmx(), 1_024, new byte[] {'J', 'R', 'M', 'I', 0, 2, 'K'}));
    await().atMost(PATIENCE).until(() -> opened.get() > 4_000);

    administrate(20);

    over.set(true);
    for (Future<?> one : hostile) {
      one.get();
    }
  }

  @Test
  void garbageCollectionKeepsLittleOfClientsThatNeverSignIn() throws Exception {
    for (int i = 0; i < 3_000; i++) {
      try (Socket socket = connect(jmx(), collectorCall())) {
        socket.setSoTimeout(10_000);
        socket.getInputStream().read();
      }
    }

    assertThat(server.instancesOf("sun.rmi.transport.DGCImpl$LeaseInfo")).isBetween(500, 2_500);
    administrate(3);
  }
}
