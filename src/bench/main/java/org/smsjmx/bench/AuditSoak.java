package org.smsjmx.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditVerifier;

/**
 * Lets many clients call a server while its process is killed, its disk fills up and its audit file
 * is rotated and taken away, and compares a ledger of answered operations with what the audit
 * holds.
 */
final class AuditSoak {

  private static final int CLIENTS = 32;
  private static final String SERVER = "sms:type=Server,name=default-webseald-cruz";
  private static final Pattern USER = Pattern.compile("\"user\":\"(s-[0-9-]+)\"");
  private static final long DISK_BYTES = 1L << 28;
  private static final FileAttribute<?> FOR_ITS_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final Path data;
  private final boolean ownDisk;
  private final Random random;
  private final Set<String> ledger = ConcurrentHashMap.newKeySet();
  private final Map<Trouble, Integer> troubles = new EnumMap<>(Trouble.class);

  /** Held for reading by each call, and for writing where calls would make a trouble inexact. */
  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock(true);

  private volatile @Nullable ServerProcess server;
  private volatile boolean ended;

  /** While it is, clients call less, so that no more lines wait than are kept: 10,000. */
  private volatile boolean full;

  private int moved;

  /** What happens to the server. */
  private enum Trouble {
    /** kill -9, and a start. */
    KILL,
    /** A stop, and a start. */
    RESTART,
    /** The disk is full for two seconds. */
    FULL,
    /** The file is moved away. */
    MOVE,
    /** As logrotate does with create. */
    CREATE,
    /** As logrotate does with copytruncate; without calls, since those would be lost. */
    COPY_TRUNCATE
  }

  private AuditSoak(Path directory, long seed) throws IOException, InterruptedException {
    this.directory = directory;
    this.random = new Random(seed);
    Path disk = Files.createDirectory(directory.resolve("disk"));
    this.ownDisk =
        new ProcessBuilder(
                    "mount", "-t", "tmpfs", "-o", "mode=700,size=" + DISK_BYTES, "tmpfs", "" + disk)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
    this.data = disk.resolve("data");
  }

  /**
   * Runs the soak.
   *
   * @param args minutes and seed, as {@code scripts/sms-soak} passes them
   */
  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[1]);
    Path directory = Files.createTempDirectory("sms-soak");
    AuditSoak soak = new AuditSoak(directory, seed);
    boolean kept;
    try {
      kept = soak.run(Duration.ofSeconds((long) (60 * Double.parseDouble(args[0]))));
    } finally {
      soak.cleanUp();
    }
    System.exit(kept ? 0 : 1);
  }

  private void cleanUp() throws IOException, InterruptedException {
    if (ownDisk) {
      new ProcessBuilder("umount", directory.resolve("disk").toString()).start().waitFor();
    }
    ServerProcess.delete(directory);
  }

  private boolean run(Duration time) throws Exception {
    Path installation = ServerProcess.unpack(directory);
    List<Thread> clients = new ArrayList<>();
    server = start(installation);
    for (int i = 0; i < CLIENTS; i++) {
      String prefix = "s-" + i + "-";
      Thread client = new Thread(() -> call(prefix), "client-" + i);
      client.setDaemon(true);
      client.start();
      clients.add(client);
    }
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < time.toNanos()) {
      Thread.sleep(500 + random.nextInt(2_500));
      trouble(installation);
    }
    ended = true;
    for (Thread client : clients) {
      client.join();
    }
    running().close();
    return compare();
  }

  /** Starts a server with a small audit file, which is required every other time. */
  private ServerProcess start(Path installation) throws IOException {
    Path config = installation.resolve("jmx-config/sms.yaml");
    String shipped = Files.readString(config);
    Files.writeString(
        config,
        shipped
            .replaceFirst("\n  required: \\w+", "\n  required: " + random.nextBoolean())
            .replaceFirst("\n  file-size: \\w+", "\n  file-size: 1MB"));
    return ServerProcess.shipped(installation, data, "--sessions=0");
  }

  private ServerProcess running() {
    ServerProcess now = server;
    if (now == null) {
      throw new IllegalStateException("no server runs");
    }
    return now;
  }

  /** Calls again and again; what is answered goes into the ledger. */
  private void call(String prefix) {
    int number = 0;
    while (!ended) {
      try {
        int from = number;
        HttpConnection connection =
            new HttpConnection(
                running().http(),
                n -> HttpConnection.exec(SERVER, "terminateAllSessions", prefix + n, "ibm.com"));
        try (connection) {
          for (number = from; !ended; number++) {
            calls.readLock().lock();
            try {
              connection.call(number);
              ledger.add(prefix + number);
            } finally {
              calls.readLock().unlock();
            }
            if (full) {
              pause();
            }
          }
        }
      } catch (IOException | RuntimeException e) {
        // refused, or the server was killed: that call counts for nothing
        number++;
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void trouble(Path installation) throws Exception {
    Trouble trouble = Trouble.values()[random.nextInt(Trouble.values().length)];
    if (trouble == Trouble.FULL && !ownDisk) {
      return;
    }
    troubles.merge(trouble, 1, Integer::sum);
    Path audit = data.resolve("audit.log");
    switch (trouble) {
      case KILL -> {
        awaitHealthy();
        running().kill();
        server = start(installation);
      }
      case RESTART -> {
        running().close();
        server = start(installation);
      }
      case FULL -> {
        Path filler = data.resolveSibling("filler");
        full = true;
        fill(filler);
        Thread.sleep(2_000);
        Files.delete(filler);
        awaitHealthy();
        full = false;
      }
      case MOVE, CREATE -> {
        Files.move(audit, data.resolve("audit.log." + ++moved));
        if (trouble == Trouble.CREATE) {
          try {
            Files.createFile(audit, FOR_ITS_OWNER);
          } catch (IOException e) {
            // the server was faster
          }
        }
      }
      case COPY_TRUNCATE -> {
        calls.writeLock().lock();
        try {
          awaitHealthy();
          Path copy = data.resolve("audit.log." + ++moved);
          Files.copy(audit, copy, StandardCopyOption.COPY_ATTRIBUTES);
          Files.write(audit, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        } finally {
          calls.writeLock().unlock();
        }
      }
    }
  }

  private static void fill(Path filler) {
    byte[] block = new byte[1 << 16];
    try {
      while (true) {
        Files.write(filler, block, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      // now it is full
    }
  }

  /** While it is false, what was answered may be in memory alone. */
  private void awaitHealthy() throws Exception {
    String read =
        "{\"type\":\"read\",\"mbean\":\"sms:type=Service\",\"attribute\":\"AuditHealthy\"}";
    for (int i = 0; i < 500; i++) {
      try (HttpConnection connection = new HttpConnection(running().http(), n -> read)) {
        connection.send(0);
        while (!connection.receive()) {
          // more is to come
        }
        if (connection.text().contains("\"value\":true")) {
          return;
        }
      }
      pause();
    }
    throw new IllegalStateException("the audit does not recover");
  }

  private boolean compare() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(data)) {
      files = all.filter(file -> file.getFileName().toString().startsWith("audit.")).toList();
    }
    Set<String> missing = new TreeSet<>(ledger);
    for (Path file : files) {
      missing.removeAll(users(file));
    }
    AuditVerifier.Result found = AuditVerifier.verify(files, null);
    found.notes().forEach(System.out::println);
    System.out.printf(
        "%d operations answered, %d of them not in the audit; %d lines of %d runs in %d files: %s%n",
        ledger.size(),
        missing.size(),
        found.lines(),
        found.runs(),
        files.size(),
        found.fault() == null ? "as they were written" : found.fault());
    System.out.println(
        "Meanwhile: " + troubles + (ownDisk ? "" : "; no full disk, which needs root"));
    missing.stream().limit(10).forEach(user -> System.out.println("missing: " + user));
    boolean kept = missing.isEmpty() && found.fault() == null && !ledger.isEmpty();
    if (!kept) {
      Path copy = Files.createTempDirectory("sms-soak-files");
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
      System.out.println("The files of the audit are kept in " + copy);
    }
    return kept;
  }

  private static Set<String> users(Path file) throws IOException {
    Set<String> users = new TreeSet<>();
    try (InputStream in =
        file.toString().endsWith(".gz")
            ? new GZIPInputStream(Files.newInputStream(file))
            : Files.newInputStream(file)) {
      Matcher user = USER.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      while (user.find()) {
        users.add(user.group(1));
      }
    }
    return users;
  }
}
