package org.smsjmx.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets hostile clients have a server with little memory for a while, and administrators who call it
 * meanwhile; tells how long the slowest answer to these took.
 */
final class HostileSoak {

  private static final String SERVER = "sms:type=Server,name=default-webseald-cruz";
  private static final String HEAP = "-Xmx128m";
  private static final int HELD = 700;
  private static final int SESSIONS = 15_000;
  private static final int MANY_LISTS = 50;
  private static final int OBJECT_ID_BYTES = 22;
  private static final long LOOKUP_HASH = 4905912898345647071L;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Path directory;
  private final Random random;
  private final Map<Hostile, AtomicInteger> attacks = new EnumMap<>(Hostile.class);
  private final Map<Good, Answers> answers = new EnumMap<>(Good.class);
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean ended;

  /** What clients do that mean harm. */
  private enum Hostile {
    SILENT_HTTP,
    SILENT_JMX,
    HALF_REQUESTS,
    ANY_BYTES,
    ANNOUNCED_ARRAYS,
    GUESSES,
    FOREIGN_HOSTS,
    LISTS_THAT_NOBODY_READS
  }

  /** How administrators call. */
  private enum Good {
    HTTP_KEPT,
    HTTP_NEW,
    JMX_KEPT,
    JMX_NEW
  }

  private static final class Answers {
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger refusedBefore = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();
  }

  private HostileSoak(Path directory, long seed) {
    this.directory = directory;
    this.random = new Random(seed);
    for (Hostile hostile : Hostile.values()) {
      attacks.put(hostile, new AtomicInteger());
    }
    for (Good good : Good.values()) {
      answers.put(good, new Answers());
    }
  }

  /**
   * Runs the soak.
   *
   * @param args minutes and seed, as {@code scripts/sms-soak} passes them
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("sms-soak");
    HostileSoak soak = new HostileSoak(directory, Long.parseLong(args[1]));
    boolean held;
    try {
      held = soak.run(Duration.ofSeconds((long) (60 * Double.parseDouble(args[0]))));
    } finally {
      ServerProcess.delete(directory);
    }
    System.exit(held ? 0 : 1);
  }

  private boolean run(Duration time) throws Exception {
    Path installation = ServerProcess.unpack(directory);
    Path config = installation.resolve("jmx-config/sms.yaml");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("  sec_master: administer\n", "  sec_master: administer\n  viewer: view\n"));
    Path data =
        Files.createDirectory(
            directory.resolve("data"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        Files.createFile(
            data.resolve("jmxremote.password"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
        "viewer look\n");
    try (ServerProcess server =
        ServerProcess.shipped(
            installation, data, Map.of("JDK_JAVA_OPTIONS", HEAP), "--sessions=" + SESSIONS)) {
      List<Thread> threads = new ArrayList<>();
      for (Good good : Good.values()) {
        threads.add(begin(good.name(), () -> administrate(good, server)));
      }
      for (Hostile hostile : Hostile.values()) {
        threads.add(begin(hostile.name(), () -> attack(hostile, server)));
      }
      long begun = System.nanoTime();
      while (server.runs() && System.nanoTime() - begun < time.toNanos()) {
        Thread.sleep(200);
      }
      boolean survived = server.runs();
      ended = true;
      for (Thread thread : threads) {
        thread.join(Duration.ofMinutes(1).toMillis());
      }
      return tell(survived);
    }
  }

  private static Thread begin(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private boolean tell(boolean survived) {
    answers.forEach(
        (good, all) ->
            System.out.printf(
                "%s: %,d answers, the slowest after %,d ms; %d times asked again before it came in%n",
                good,
                all.count.get(),
                all.slowestNanos.get() / NANOS_PER_MILLI,
                all.refusedBefore.get()));
    System.out.println("Meanwhile: " + attacks);
    System.out.println("The server " + (survived ? "runs on." : "has ended."));
    failures.stream()
        .distinct()
        .limit(10)
        .forEach(failure -> System.out.println("failed: " + failure));
    return survived
        && failures.isEmpty()
        && answers.values().stream().allMatch(all -> all.count.get() > 0);
  }

  /**
   * Calls again and again. A call is tried again where the refusal says so, and on a new connection
   * that was closed for others before it had signed in; the time for its answer goes on.
   */
  private void administrate(Good good, ServerProcess server) {
    Connection kept = null;
    while (!ended) {
      long begun = System.nanoTime();
      boolean again = true;
      while (again && !ended) {
        try {
          kept = kept == null ? connect(good, server) : kept;
          kept.call(0);
          again = false;
          answers.get(good).count.incrementAndGet();
          answers.get(good).slowestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
          if (good == Good.HTTP_NEW || good == Good.JMX_NEW) {
            kept.close();
            kept = null;
          }
        } catch (Exception e) {
          kept = null;
          String reason = String.valueOf(e.getMessage());
          boolean cutOff =
              e instanceof IOException
                  && server.runs()
                  && (good == Good.HTTP_NEW || good == Good.JMX_NEW);
          if (cutOff || reason.contains("429") || reason.contains("Too many sign-ins")) {
            answers.get(good).refusedBefore.incrementAndGet();
          } else {
            again = false;
            failures.add(good + ": " + e);
          }
        }
      }
      pause(20);
    }
  }

  private static Connection connect(Good good, ServerProcess server) throws Exception {
    return good == Good.HTTP_KEPT || good == Good.HTTP_NEW
        ? new HttpConnection(
            server.http(),
            n -> HttpConnection.exec(SERVER, "terminateAllSessions", "nobody", "ibm.com"))
        : new RmiConnection(server.jmx(), SERVER, "terminateAllSessions", n -> "nobody", "ibm.com");
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Attacks again and again, and holds many connections, the latest of those it has opened. */
  private void attack(Hostile hostile, ServerProcess server) {
    Deque<Socket> held = new ArrayDeque<>();
    int holds = hostile == Hostile.LISTS_THAT_NOBODY_READS ? MANY_LISTS : HELD;
    while (!ended) {
      try {
        held.add(open(hostile, server));
        attacks.get(hostile).incrementAndGet();
        if (held.size() > holds) {
          held.remove().close();
        }
      } catch (IOException | RuntimeException e) {
        // it was refused or cut off, which is what is to be
      }
      pause(2);
    }
    for (Socket socket : held) {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone
      }
    }
  }

  private Socket open(Hostile hostile, ServerProcess server) throws IOException {
    URI http = server.http();
    InetSocketAddress toHttp = new InetSocketAddress(http.getHost(), http.getPort());
    String[] jmx = server.jmx().getURLPath().replaceFirst(".*rmi://(.*)/.*", "$1").split(":");
    InetSocketAddress toJmx = new InetSocketAddress(jmx[0], Integer.parseInt(jmx[1]));
    return switch (hostile) {
      case SILENT_HTTP -> send(toHttp, new byte[0]);
      case SILENT_JMX -> send(toJmx, new byte[] {'J', 'R', 'M', 'I', 0, 2, 'K'});
      case HALF_REQUESTS ->
          send(
              toHttp,
              ascii("POST /jolokia HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9_000)));
      case ANY_BYTES -> {
        byte[] bytes = new byte[random.nextInt(5_000)];
        random.nextBytes(bytes);
        yield send(random.nextBoolean() ? toHttp : toJmx, bytes);
      }
      case ANNOUNCED_ARRAYS -> send(toJmx, announcedArray());
      case GUESSES -> send(toHttp, request("localhost", "somebody:guess" + random.nextInt(), "{}"));
      case FOREIGN_HOSTS -> send(toHttp, request("evil.example.com", "a:b", "{}"));
      case LISTS_THAT_NOBODY_READS ->
          send(
              toHttp,
              request(
                  "localhost",
                  "viewer:look",
                  Collections.nCopies(
                          20,
                          "{\"type\":\"exec\",\"mbean\":\""
                              + SERVER
                              + "\",\"operation\":\"listSessions\",\"arguments\":[\"*\",\"ibm.com\",9999]}")
                      .toString()));
    };
  }

  private static Socket send(InetSocketAddress to, byte[] bytes) throws IOException {
    Socket socket = new Socket();
    socket.connect(to, 2_000);
    socket.getOutputStream().write(bytes);
    return socket;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] request(String host, String account, String body) {
    return ascii(
        "POST /jolokia HTTP/1.1\r\nHost: %s\r\nAuthorization: Basic %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(
                host, Base64.getEncoder().encodeToString(ascii(account)), body.length(), body));
  }

  /** Returns a call of the RMI registry that announces an array of two thousand million numbers. */
  private static byte[] announcedArray() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(new byte[] {'J', 'R', 'M', 'I', 0, 2, 'L', 'P'});
    ObjectOutputStream out = new ObjectOutputStream(all);
    out.write(ByteBuffer.allocate(OBJECT_ID_BYTES).array());
    out.writeInt(2);
    out.writeLong(LOOKUP_HASH);
    out.writeObject(new long[0]);
    out.flush();
    byte[] bytes = all.toByteArray();
    ByteBuffer.wrap(bytes).putInt(bytes.length - Integer.BYTES, Integer.MAX_VALUE - 8);
    return bytes;
  }
}
