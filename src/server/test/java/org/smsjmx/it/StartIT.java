package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.ServerProcess;

/** How a server starts, and how it says that it cannot. */
final class StartIT {

  private static final Pattern READY =
      Pattern.compile("sms-jmx ready in (\\d+\\.\\d\\d) s, process (\\d+)");
  private static final Pattern GENERATED = Pattern.compile("password (\\S+) \\(shown once\\)");

  @Test
  void aGeneratedPasswordIsShownOnceAndStaysUntilAnotherIsGiven() {
    Path data = ServerProcess.temporaryDirectory("data");
    String generated;
    try (ServerProcess first = withoutPassword(data).ready()) {
      generated = generatedPassword(first.out());
      assertLetIn(first, generated);
    }
    try (ServerProcess second = withoutPassword(data).ready()) {
      assertThat(second.out() + second.err()).doesNotContain(generated, "shown once");
      assertLetIn(second, generated);
    }
    assertThat(ServerProcess.read(data.resolve("jmxremote.password"))).doesNotContain(generated);
    try (ServerProcess third = start(data, "first").ready()) {
      assertThat(third.out() + third.err()).doesNotContain("first");
      assertLetIn(third, "first");
      assertKeptOut(third, generated);
    }
    try (ServerProcess fourth = start(data, "second").ready()) {
      assertLetIn(fourth, "second");
      assertKeptOut(fourth, "first");
    }
  }

  private static ServerProcess.Start withoutPassword(Path data) {
    return start(data, null);
  }

  private static ServerProcess.Start start(Path data, String password) {
    return ServerProcess.start().data(data).environment("SMS_ADMIN_PASSWORD", password);
  }

  private static String generatedPassword(String out) {
    Matcher shown = GENERATED.matcher(out);
    assertThat(shown.find()).as(out).isTrue();
    assertThat(shown.group(1)).hasSizeGreaterThanOrEqualTo(16);
    return shown.group(1);
  }

  private static void assertLetIn(ServerProcess server, String password) {
    assertThat(server.jolokia(ADMINISTRATOR, password).get("/jolokia/version").statusCode())
        .isEqualTo(200);
    server.rmi(ADMINISTRATOR, password).close();
  }

  private static void assertKeptOut(ServerProcess server, String password) {
    assertThat(server.jolokia(ADMINISTRATOR, password).get("/jolokia/version").statusCode())
        .isEqualTo(401);
    assertThatThrownBy(() -> server.rmi(ADMINISTRATOR, password).close())
        .isInstanceOf(SecurityException.class);
  }

  @Test
  void aFirstStartThatFailsDoesNotLoseTheGeneratedPassword() throws IOException {
    Path data = ServerProcess.temporaryDirectory("data");
    ServerProcess.Ended failed;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      failed =
          withoutPassword(data).option("--http-port", String.valueOf(taken.getLocalPort())).ended();
    }
    assertThat(failed.exitCode()).isEqualTo(1);
    try (ServerProcess second = withoutPassword(data).ready()) {
      assertLetIn(second, generatedPassword(failed.out() + second.out()));
    }
  }

  @Test
  void itStartsThroughSymbolicLinksFromAnyDirectoryWithAnyLocale() throws IOException {
    Path directory = ServerProcess.temporaryDirectory("links");
    Path script = ServerProcess.installation().resolve("scripts/sms-server");
    Path absolute = Files.createSymbolicLink(directory.resolve("absolute"), script);
    Path bin = Files.createDirectory(directory.resolve("my bin"));
    Path relative = Files.createSymbolicLink(bin.resolve("sms"), Path.of("../absolute"));
    // by a shell, as this JVM could not write the password where its own locale is not UTF-8
    Path wrapper = directory.resolve("wrapper");
    Files.writeString(
        wrapper,
        """
        #!/bin/sh
        SMS_ADMIN_PASSWORD=$(printf 'P\\303\\244ssw\\303\\266rt') exec "%s" "$@"
        """
            .formatted(relative));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));

    try (ServerProcess server =
        ServerProcess.start().script(wrapper).directory(Path.of("/")).ready()) {
      assertLetIn(server, "Pässwört");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http-port", "--jmx-port"})
  void aUsedPortIsNamed(String option) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = String.valueOf(taken.getLocalPort());

      assertFails(ServerProcess.start().option(option, port), "port " + port, "in use");
    }
  }

  @Test
  void aPortThatIsNoneIsRefused() {
    assertFails(ServerProcess.start().option("--http-port", "70000"), "--http-port", "70000");
  }

  @Test
  void aWrongCommandLineHasItsOwnExitCode() {
    assertThat(ServerProcess.start().option("--nonsense", "1").ended().exitCode()).isEqualTo(2);
  }

  @Test
  void aBrokenConfigurationIsNamedWithFileLineAndKey() {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"), "inactive-timeout:", "inaktive-timeout:");

    assertFails(
        ServerProcess.start().config(directory),
        "sms.yaml:",
        "sessions.inaktive-timeout",
        "inactive-timeout");
  }

  @Test
  void aMissingConfigurationIsNamed() {
    assertFails(ServerProcess.start().config(Path.of("/nowhere")), "/nowhere/sms.yaml", "missing");
  }

  @Test
  void aPasswordFileThatOthersCanReadIsRefusedWithAHint() throws IOException {
    Path data = ServerProcess.temporaryDirectory("data");
    Path file = ServerProcess.accountFile(data, "sec_master secret");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertFails(ServerProcess.start().data(data), file.toString(), "chmod 600");
    assertFails(withoutPassword(data), file.toString(), "chmod 600");
    assertThat(ServerProcess.read(file)).as("left alone").isEqualTo("sec_master secret\n");
  }

  @Test
  void aPasswordFileWithABrokenLineIsNamedWithItsLine() {
    Path data = ServerProcess.temporaryDirectory("data");
    Path file = ServerProcess.accountFile(data, "# accounts", "sec_master one two");

    assertFails(withoutPassword(data), file + ":2:");
  }

  @Test
  void anEmptyPasswordIsRefused() {
    assertFails(
        ServerProcess.start().environment("SMS_ADMIN_PASSWORD", ""), "password", "sec_master");
  }

  @Test
  void aMissingRegistryFileIsNamed() throws IOException {
    Path directory = ServerProcess.copyOfConfiguration();
    Files.delete(directory.resolve("users.ldif"));

    assertFails(
        ServerProcess.start().config(directory),
        directory.resolve("users.ldif").toString(),
        "missing");
  }

  @Test
  void aBrokenRegistryFileIsNamedWithItsLine() {
    Path directory = ServerProcess.copyOfConfiguration();
    Path ldif = directory.resolve("users.ldif");
    ChangedConfiguration.write(ldif, "dn: dc=com\nobjectClass: domain\nnonsense\n");

    assertFails(ServerProcess.start().config(directory), ldif + ":");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*b", ":: YQdi"})
  void aUserWhoCannotSignInIsRefused(String uid) {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("users.ldif"),
        "uid: johnq\n",
        (uid.startsWith(":") ? "uid" + uid : "uid: " + uid) + "\n");

    assertFails(ServerProcess.start().config(directory), "users.ldif", "user");
  }

  @Test
  void aBrokenPolicyIsNamed() {
    Path directory = ServerProcess.copyOfConfiguration();
    Path policy = directory.resolve("jolokia-access.xml");
    ChangedConfiguration.write(policy, "<restrict><commands>");

    assertFails(ServerProcess.start().config(directory), "jolokia-access.xml");
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(ServerProcess.temporaryDirectory("data").resolve("file"));

    assertFails(ServerProcess.start().data(file.resolve("data")), file.toString(), "--data");
  }

  /** Asserts one clear line and exit code 1. */
  private static void assertFails(ServerProcess.Start start, String... named) {
    ServerProcess.Ended ended = start.ended();

    assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .startsWith("sms-server: ")
        .hasLineCount(1)
        .contains(named)
        .doesNotContain("Exception");
    assertThat(ended.err().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(500);
  }

  @Test
  void theReadyLineTellsForHowLongJavaHasBeenRunning() {
    long begun = System.nanoTime();
    try (ServerProcess server = ServerProcess.start().option("--sessions", "20000").ready()) {
      double seconds = (System.nanoTime() - begun) / 1e9;
      Matcher told = READY.matcher(server.out().lines().findFirst().orElseThrow());
      assertThat(told.matches()).as(server.out()).isTrue();
      assertThat(told.group(2)).isEqualTo(String.valueOf(server.pid()));
      assertThat(Double.parseDouble(told.group(1))).isGreaterThan(0).isLessThan(seconds);
      assertThat(server.facts()).containsEntry("sessions", "20000");
    }
  }

  @Test
  void theFirstServerThatEndsLeavesAnArchiveOfClassesAndTheNextOneTakesIt() throws IOException {
    Path cache = ServerProcess.temporaryDirectory("cache");
    ServerProcess.Start start =
        ServerProcess.start()
            .environment("XDG_CACHE_HOME", cache.toString())
            .option("--sessions", "0");
    ServerProcess first = start.ready();
    int ready = first.out().length();
    first.close();
    assertThat(first.out()).hasSize(ready);
    Path archive = onlyFile(cache.resolve("sms-jmx"));
    assertThat(archive.getFileName().toString()).matches("sms-server-[\\w-]+\\.jsa");

    try (ServerProcess second = start.ready()) {
      assertThat(second.err()).isEmpty();
      assertThat(ServerProcess.read(Path.of("/proc/" + second.pid() + "/maps")))
          .contains(archive.toString());
    }
    assertThat(onlyFile(cache.resolve("sms-jmx"))).isEqualTo(archive);
  }

  @Test
  void anArchiveOfClassesInADirectoryThatOthersMayEnterIsNotUsed() throws IOException {
    Path cache = ServerProcess.temporaryDirectory("cache");
    ServerProcess.Start start =
        ServerProcess.start()
            .environment("XDG_CACHE_HOME", cache.toString())
            .option("--sessions", "0");
    start.ready().close();
    Path archive = onlyFile(cache.resolve("sms-jmx"));
    Files.setPosixFilePermissions(
        archive.getParent(), PosixFilePermissions.fromString("rwxrwxr-x"));

    try (ServerProcess server = start.ready()) {
      assertThat(ServerProcess.read(Path.of("/proc/" + server.pid() + "/maps")))
          .doesNotContain(archive.toString());
    }
  }

  @Test
  void itAsksForHugePagesWhereTheKernelHasThem() throws IOException {
    Path offered = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    assumeThat(offered).exists();
    assumeThat(offered).content().doesNotContain("[never]");

    try (ServerProcess server = ServerProcess.start().option("--sessions", "0").ready()) {
      assertThat(ServerProcess.read(Path.of("/proc/" + server.pid() + "/smaps")).lines())
          .anyMatch(line -> line.matches("VmFlags:.* hg\\b.*"));
    }
  }

  private static Path onlyFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.reduce((one, other) -> null).orElseThrow();
    }
  }
}
