package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** What was acknowledged is in the audit, whatever happens to the process, the disk or the file. */
@Tag("packages")
final class AuditKeptIT {

  private static final Pattern USER = Pattern.compile("\"user\":\"(u-[0-9-]+)\"");
  private static final int CLIENTS = 8;

  private static ServerProcess.Start start(Path data, boolean required, String fileSize) {
    Path directory = ServerProcess.copyOfConfiguration();
    Path config = directory.resolve("sms.yaml");
    ChangedConfiguration.replace(config, "required: false", "required: " + required);
    ChangedConfiguration.replace(config, "file-size: 100MB", "file-size: " + fileSize);
    return ServerProcess.start().data(data).config(directory).option("--sessions", "0");
  }

  /** Returns the users whom the files of an audit name. */
  private static Set<String> users(Path data) throws IOException {
    Set<String> users = new HashSet<>();
    for (Path file : files(data)) {
      try (InputStream in =
          file.toString().endsWith(".gz")
              ? new GZIPInputStream(Files.newInputStream(file))
              : Files.newInputStream(file)) {
        Matcher user = USER.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        while (user.find()) {
          users.add(user.group(1));
        }
      }
    }
    return users;
  }

  private static List<Path> files(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files.filter(file -> file.getFileName().toString().startsWith("audit.")).toList();
    }
  }

  private static Tools.Ran verify(Path data, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ServerProcess.installation().resolve("scripts/pdadmin").toString());
    command.addAll(List.of("audit", "verify"));
    command.addAll(List.of(options));
    files(data).forEach(file -> command.add(file.toString()));
    return Tools.run(Map.of("JAVA_HOME", System.getProperty("java.home")), "", command);
  }

  private static void assertVerified(Path data, String... options) throws IOException {
    Tools.Ran ran = verify(data, options);
    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
  }

  private static boolean terminate(JolokiaClient jolokia, String user) {
    try {
      return jolokia.byPost().server(CRUZ, "terminateAllSessions", user, IBM).status() == 200;
    } catch (UncheckedIOException | IllegalStateException e) {
      // the server is gone
      return false;
    }
  }

  /** Calls with many clients until it is told to end; returns the users of acknowledged calls. */
  private static Set<String> load(ServerProcess server, int run, Runnable meanwhile)
      throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < CLIENTS; i++) {
      JolokiaClient jolokia = server.jolokia();
      String prefix = "u-%d-%d-".formatted(run, i);
      clients.submit(
          () -> {
            for (int n = 0; terminate(jolokia, prefix + n); n++) {
              acknowledged.add(prefix + n);
            }
            ended.incrementAndGet();
          });
    }
    await().until(() -> acknowledged.size() > 300);
    meanwhile.run();
    await().until(() -> ended.get() == CLIENTS);
    clients.shutdown();
    return acknowledged;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKilledServerHasWrittenWhatItAcknowledged(boolean required) throws Exception {
    Path data = ServerProcess.temporaryDirectory("data").resolve("killed");
    Set<String> acknowledged = new HashSet<>();
    for (int run = 0; run < 3; run++) {
      ServerProcess server = start(data, required, "8KB").ready();
      acknowledged.addAll(
          load(server, run, () -> ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly()));
    }
    start(data, required, "8KB").ready().close();

    assertThat(users(data)).containsAll(acknowledged);
    assertVerified(data);
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith(".audit"));
    }
  }

  @Test
  void whatIsDoneToTheFileUnderLoadLosesNothing() throws Exception {
    Path data = ServerProcess.temporaryDirectory("data").resolve("moved");
    try (ServerProcess server = start(data, false, "100MB").ready()) {
      Set<String> acknowledged = ConcurrentHashMap.newKeySet();
      AtomicBoolean over = new AtomicBoolean();
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      try {
        for (int i = 0; i < CLIENTS; i++) {
          JolokiaClient jolokia = server.jolokia();
          String prefix = "u-0-" + i + "-";
          clients.submit(
              () -> {
                for (int n = 0; !over.get(); n++) {
                  if (terminate(jolokia, prefix + n)) {
                    acknowledged.add(prefix + n);
                  }
                }
              });
        }
        for (int i = 1; i <= 5; i++) {
          int seen = acknowledged.size();
          await().until(() -> acknowledged.size() > seen + 100);
          Files.move(data.resolve("audit.log"), data.resolve("audit.log." + i));
          if (i % 2 == 0) {
            Files.writeString(data.resolve("audit.log"), "");
          }
        }
      } finally {
        over.set(true);
        clients.shutdown();
        assertThat(clients.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      }
      Map<?, ?> head = (Map<?, ?>) server.jolokia().read(SERVICE, "AuditHead");
      assertThat(server.jolokia().read(SERVICE, "AuditHealthy")).isEqualTo(true);
      assertThat(users(data)).containsAll(acknowledged);
      await().untilAsserted(() -> assertVerified(data));
      assertThat(verify(data, "-anchor", head.get("number") + ":" + "0".repeat(64)).err())
          .contains("no line is the anchor");
    }
  }

  @Test
  void theHeadIsAnAnchor() throws Exception {
    Path data = ServerProcess.temporaryDirectory("data").resolve("anchored");
    Map<?, ?> head;
    try (ServerProcess server = start(data, false, "100MB").ready()) {
      assertThat(terminate(server.jolokia(), "u-1")).isTrue();
      head = (Map<?, ?>) server.jolokia().read(SERVICE, "AuditHead");
      assertThat(terminate(server.jolokia(), "u-2")).isTrue();
    }
    String anchor = head.get("number") + ":" + head.get("hash");
    assertVerified(data, "-anchor", anchor);
    Path audit = data.resolve("audit.log");
    ChangedConfiguration.write(audit, ServerProcess.read(audit).replace("u-2", "u-3"));

    assertThat(verify(data, "-anchor", anchor).err()).contains(audit + ", line 3: changed");
  }

  @Test
  void whereTheFileCannotBeMadeAgainARequiredAuditRefuses() throws Exception {
    Path data = ServerProcess.temporaryDirectory("data").resolve("refusing");
    try (ServerProcess server = start(data, true, "100MB").ready()) {
      Path audit = data.resolve("audit.log");
      Files.delete(audit);
      Files.createDirectory(audit);

      Endpoint.Outcome refused =
          server.jolokia().byPost().server(CRUZ, "terminateAllSessions", "u-1", IBM);
      assertThat(refused.error()).contains("The audit cannot be written").contains("nothing was");
      assertThat(server.jolokia().read(SERVICE, "AuditHealthy")).isEqualTo(false);

      Files.delete(audit);
      assertThat(terminate(server.jolokia(), "u-2")).isTrue();
      assertThat(server.jolokia().read(SERVICE, "AuditHealthy")).isEqualTo(true);
      assertThat(users(data)).as("what was refused is told as well").contains("u-1", "u-2");
    }
  }

  /** Mounts a small file system on a directory, as root alone can. */
  private static Path small(String size) {
    assumeThat(System.getProperty("user.name")).as("only root mounts").isEqualTo("root");
    Path directory = ServerProcess.temporaryDirectory("small");
    Tools.Ran mounted =
        Tools.run(
            Map.of(),
            "",
            List.of(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=" + size + ",mode=700",
                "tmpfs",
                "" + directory));
    assumeThat(mounted.exitCode()).as("a tmpfs can be mounted: " + mounted.err()).isZero();
    return directory;
  }

  private static void unmount(Path directory) {
    Tools.run(Map.of(), "", List.of("umount", directory.toString()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDiskThatFillsUpWhileFilesAreCompressedLosesNothing(boolean required) throws Exception {
    Path disk = small("600k");
    try {
      Path data = disk.resolve("data");
      Set<String> acknowledged = new HashSet<>();
      try (ServerProcess server = start(data, required, "100KB").ready()) {
        JolokiaClient jolokia = server.jolokia();
        for (int i = 0; i < 3 && jolokia.read(SERVICE, "AuditHealthy").equals(true); i++) {
          acknowledged.addAll(fill(jolokia, i));
          Path filler = disk.resolve("filler");
          try {
            Files.write(filler, new byte[1 << 20]);
          } catch (IOException e) {
            // the disk is full now
          }
          acknowledged.addAll(fill(jolokia, 10 + i));
          if (!required) {
            assertThat(jolokia.read(SERVICE, "AuditHealthy")).isEqualTo(false);
          }
          Files.delete(filler);
          await().until(() -> jolokia.read(SERVICE, "AuditHealthy").equals(true));
        }
      }
      assertThat(users(data)).containsAll(acknowledged);
      assertVerified(data);
    } finally {
      unmount(disk);
    }
  }

  private static Set<String> fill(JolokiaClient jolokia, int round) {
    Set<String> acknowledged = new HashSet<>();
    for (int n = 0; n < 200; n++) {
      String user = "u-%d-%d".formatted(round, n);
      if (terminate(jolokia, user)) {
        acknowledged.add(user);
      }
    }
    return acknowledged;
  }
}
