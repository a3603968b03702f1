package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.ServerProcess;

/** Whose the data directory is, and what becomes of it. */
@Tag("packages")
final class DataDirectoryIT {

  private static final int NOBODY = 65_534;

  private static ServerProcess.Start start(Path data) {
    return ServerProcess.start().data(data).option("--sessions", "0");
  }

  /** Returns a data directory of a server that has ended. */
  private static Path used() {
    Path data = ServerProcess.temporaryDirectory("data").resolve("of a server");
    try (ServerProcess server = start(data).ready()) {
      server.jolokia().byPost().server(CRUZ, "terminateAllSessions", "nobody", IBM);
    }
    return data;
  }

  /** Returns all that is in a directory: names, times, modes and contents. */
  private static Map<String, String> content(Path directory) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        PosixFileAttributes found =
            Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        content.put(
            file.toString(),
            found.fileKey()
                + " "
                + PosixFilePermissions.toString(found.permissions())
                + (found.isRegularFile()
                    ? " "
                        + found.lastModifiedTime()
                        + " "
                        + Base64.getEncoder().encodeToString(Files.readAllBytes(file))
                    : ""));
      }
    }
    return content;
  }

  private static String refused(ServerProcess.Start start) {
    ServerProcess.Ended ended = start.ended();
    assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).startsWith("sms-server: ").hasLineCount(1);
    return ended.err();
  }

  @Test
  void aSecondServerIsRefusedAndChangesNothing() throws IOException {
    try (ServerProcess server = start(used()).ready()) {
      Path data = server.data();
      Map<String, String> before = content(data);

      assertThat(refused(start(data).environment("SMS_ADMIN_PASSWORD", "hijack")))
          .contains(data.toString(), "another server");

      assertThat(content(data)).isEqualTo(before);
      assertThat(server.jolokia().get("/jolokia/version").statusCode()).isEqualTo(200);
    }
  }

  /** Why a start fails. */
  enum Reason {
    HTTP_PORT,
    JMX_PORT,
    CONFIGURATION,
    POLICY,
    REGISTRY,
    MEMORY,
    DISK;

    private ServerProcess.Start prepare(ServerProcess.Start start, String port) {
      Path directory = ServerProcess.copyOfConfiguration();
      start.config(directory).environment("SMS_ADMIN_PASSWORD", "another");
      switch (this) {
        case HTTP_PORT -> start.option("--http-port", port);
        case JMX_PORT -> start.option("--jmx-port", port);
        case CONFIGURATION ->
            ChangedConfiguration.replace(directory.resolve("sms.yaml"), "sync: false", "sink: 1");
        case POLICY ->
            ChangedConfiguration.write(directory.resolve("jolokia-access.xml"), "<restrict>");
        case REGISTRY -> ChangedConfiguration.write(directory.resolve("users.ldif"), "nonsense\n");
        case MEMORY ->
            start.option("--sessions", "20000000").environment("JDK_JAVA_OPTIONS", "-Xmx48m");
        case DISK ->
            start.script(withoutDisk()).environment("JDK_JAVA_OPTIONS", "-XX:-UsePerfData");
      }
      return start;
    }
  }

  /** Returns what starts a server that can write to no file, as on a full disk. */
  private static Path withoutDisk() {
    Path script = ServerProcess.temporaryDirectory("script").resolve("limited");
    ChangedConfiguration.write(
        script,
        "#!/bin/sh\ntrap '' XFSZ\nulimit -f 0\nexec '%s' \"$@\"\n"
            .formatted(ServerProcess.installation().resolve("scripts/sms-server")));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void aStartThatFailsChangesNothing(Reason reason) throws IOException {
    Path data = used();
    Map<String, String> before = content(data);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = String.valueOf(taken.getLocalPort());
      ServerProcess.Ended ended = reason.prepare(start(data), port).ended();
      assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(reason == Reason.MEMORY ? 3 : 1);

      assertThat(content(data)).isEqualTo(before);

      Path fresh = ServerProcess.temporaryDirectory("data");
      reason.prepare(start(fresh.resolve("new").resolve("one")), port).ended();
      assertThat(fresh).isEmptyDirectory();
    }
  }

  @Test
  void whatOthersCanReadIsRefusedWithTheCommandThatMendsIt() throws IOException {
    Path data = used();
    Path audit = data.resolve("audit.log");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(refused(start(data))).contains("chmod 700 '" + data + "'");
    Files.setPosixFilePermissions(audit, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(refused(start(data))).contains("chmod -R go-rwx '" + data + "'");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    assertThat(refused(start(data))).contains("chmod 600 '" + audit + "'");
    Files.setPosixFilePermissions(audit, PosixFilePermissions.fromString("rw-------"));

    start(data).ready().close();
  }

  @Test
  void aLockThatIsTakenAwayIsMadeAgain() throws IOException {
    Path data = ServerProcess.temporaryDirectory("data").resolve("locked");
    try (ServerProcess server = start(data).ready()) {
      Path lock = data.resolve(".lock");
      String said = Files.readString(lock);
      assertThat(said).contains("process " + server.pid() + "\n", server.facts().get("JMX"));
      Files.delete(lock);
      await().until(() -> Files.exists(lock) && Files.readString(lock).equals(said));

      assertThat(refused(start(data))).contains("another server runs with it");
      assertThat(lock).hasContent(said);
      assertThat(server.jolokia().read("sms:type=Service", "PartsFailing")).isEqualTo(0L);
    }
  }

  @Test
  void ofTwoServersTheOneEndsWhoseLockTheOtherHasTaken() throws IOException {
    Path data = ServerProcess.temporaryDirectory("data").resolve("taken");
    try (ServerProcess server = start(data).ready()) {
      Path other = data.resolve("other");
      try (FileChannel channel =
              FileChannel.open(other, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        assertThat(held.isValid()).isTrue();
        Files.move(other, data.resolve(".lock"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(server.exitCode()).isEqualTo(3);
      }
      assertThat(server.err()).contains("another server runs with it");
    }
  }

  @Test
  void aDirectoryThatOthersCouldReplaceIsRefused() throws IOException {
    Path parent = ServerProcess.temporaryDirectory("parent");
    Path data = parent.resolve("data");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(refused(start(data))).contains("chmod o-w '" + parent.toRealPath() + "'");
    assertThat(parent).isEmptyDirectory();
    Files.setAttribute(parent, "unix:mode", 01777);

    start(data).ready().close();
  }

  @Test
  void whatBelongsToAnotherUserIsRefused() throws IOException {
    assumeThat(System.getProperty("user.name")).as("only root gives files away").isEqualTo("root");
    Path data = used();
    Path root = Files.writeString(data.resolveSibling("of root"), "secret");
    Path link = Files.createSymbolicLink(data.resolve("audit.2026-01-01.0.log"), root);
    Files.setAttribute(link, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
    assertThat(refused(start(data))).contains(link.toString(), "another user", "chown");
    Files.delete(link);
    Files.setAttribute(data, "unix:uid", NOBODY);
    assertThat(refused(start(data))).contains(data.toString(), "another user", "chown");
    Files.setAttribute(data, "unix:uid", 0);

    start(data).ready().close();
  }

  @Test
  void aGroupMayReadTheAuditIfSmsYamlSaysSo() throws IOException {
    Path data = used();
    Path directory = ServerProcess.copyOfConfiguration();
    PosixFileAttributes mine = Files.readAttributes(data, PosixFileAttributes.class);
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"), "# group: adm", "group: " + mine.group().getName());
    for (int i = 0; i < 2; i++) {
      start(data).config(directory).ready().close();
      assertThat(mode(data)).isEqualTo("rwxr-x---");
      assertThat(mode(data.resolve("audit.log"))).isEqualTo("rw-r-----");
      assertThat(mode(data.resolve("jmxremote.password"))).isEqualTo("rw-------");
    }
    assertThat(refused(start(data))).contains("chmod -R go-rwx");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aVolumeThatKubernetesOpensToItsGroupIsTakenIfSmsYamlSaysSo() throws IOException {
    Path data = used();
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"), "group-access: false", "group-access: true");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwx---"));
    for (String name : new String[] {"audit.log", "jmxremote.password", ".lock"}) {
      Files.setPosixFilePermissions(
          data.resolve(name), PosixFilePermissions.fromString("rw-rw----"));
    }
    assertThat(refused(start(data))).contains("chmod -R go-rwx");

    try (ServerProcess server = start(data).config(directory).ready()) {
      assertThat(server.jolokia().get("/jolokia/version").statusCode()).isEqualTo(200);
    }
  }
}
