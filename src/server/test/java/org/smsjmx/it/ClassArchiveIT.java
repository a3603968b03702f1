package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.fixture.JavaImage;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/** The archive of classes: a whole one that helps, or none. */
@Tag("packages")
final class ClassArchiveIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path SCRIPTS = ServerProcess.installation().resolve("scripts");
  private static final String[] SERVER_LIST = {"-a", ServerProcess.ADMINISTRATOR, "server", "list"};

  private static ServerProcess server;

  private final Path cache = ServerProcess.temporaryDirectory("cache");

  @BeforeAll
  static void start() {
    server = ServerProcess.start().option("--sessions", "10").ready();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void needJavasOwnArchive() {
    assumeThat(JavaImage.jdk().resolve("lib/server/classes.jsa")).isRegularFile();
  }

  private ServerProcess.Start anotherServer() {
    return ServerProcess.start()
        .environment("XDG_CACHE_HOME", cache.toString())
        .option("--sessions", "0");
  }

  /** Returns the names of the files in the cache. */
  private List<String> files() {
    Path directory = cache.resolve("sms-jmx");
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isUsedBy(ServerProcess process) {
    return ServerProcess.read(Path.of("/proc/" + process.pid() + "/maps"))
        .contains(cache.resolve("sms-jmx") + "/sms-server-");
  }

  private Ran pdadmin(String... arguments) {
    return pdadmin(SCRIPTS.resolve("pdadmin"), arguments);
  }

  private Ran pdadmin(Path script, String... arguments) {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    Map<String, String> environment = environment();
    environment.put("XDG_CACHE_HOME", cache.toString());
    return Tools.run(environment, "", command);
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("JAVA_HOME", JavaImage.jdk().toString());
    environment.put("SMS_ADMIN_PASSWORD", ServerProcess.PASSWORD);
    environment.put("SMS_CONNECT", server.jmxAddress());
    return environment;
  }

  /** Makes a script that runs another one with files of at most 4 or 8 MB, as shells count. */
  private static Path withSmallFiles(String script) throws IOException {
    Path wrapper = ServerProcess.temporaryDirectory("small").resolve(script);
    Files.writeString(
        wrapper,
        "#!/bin/sh\nulimit -f 8192\nexec \"%s\" \"$@\"\n".formatted(SCRIPTS.resolve(script)));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
    return wrapper;
  }

  @Test
  void aServerThatIsKilledWhileItWritesLeavesNoHalfArchive() {
    ServerProcess killed = anotherServer().ready();
    ProcessHandle process = ProcessHandle.of(killed.pid()).orElseThrow();
    process.destroy();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> files().stream().anyMatch(name -> name.contains(".jsa.")));
    process.destroyForcibly();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
    assertThat(files()).isNotEmpty().noneMatch(name -> name.endsWith(".jsa"));

    ServerProcess next = anotherServer().ready();
    assertThat(files()).as("what was half is removed").isEmpty();
    next.close();

    assertThat(files()).singleElement().asString().endsWith(".jsa");
    try (ServerProcess last = anotherServer().ready()) {
      assertThat(isUsedBy(last)).isTrue();
    }
  }

  @Test
  void aServerThatCannotWriteItWholeLeavesItOutAndEndsWell() throws IOException {
    ServerProcess small = anotherServer().script(withSmallFiles("sms-server")).ready();
    String out = small.out();

    assertThat(small.terminate()).isZero();

    assertThat(small.out()).isEqualTo(out);
    assertThat(small.err()).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void pdadminThatCannotWriteItWholeLeavesItOutAndEndsWell() throws IOException {
    Ran ran = pdadmin(withSmallFiles("pdadmin"), SERVER_LIST);

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).startsWith(CRUZ + "\n");
    assertThat(ran.err()).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void twoServersThatEndAtOnceLeaveOneArchive() {
    ServerProcess one = anotherServer().ready();
    ServerProcess other = anotherServer().ready();
    ProcessHandle.of(one.pid()).ifPresent(ProcessHandle::destroy);

    assertThat(other.terminate()).isZero();
    assertThat(one.terminate()).isZero();

    assertThat(files()).singleElement().asString().endsWith(".jsa");
    try (ServerProcess last = anotherServer().ready()) {
      assertThat(isUsedBy(last)).isTrue();
    }
  }

  @Test
  void aRunOfPdadminThatDidNothingAtAServerLeavesNone() {
    pdadmin("help");
    pdadmin("help", "session", "list");
    pdadmin("errtext", "0x14c012f2");
    pdadmin("--version");
    assertThat(pdadmin("-a", ServerProcess.ADMINISTRATOR, "-p", "wrong", "server", "list"))
        .matches(ran -> ran.exitCode() == 1);
    assertThat(pdadmin("-a", ServerProcess.ADMINISTRATOR, "server", "show", "nosuch-webseald-cruz"))
        .matches(ran -> ran.exitCode() == 1);
    assertThat(files()).isEmpty();

    assertThat(pdadmin(SERVER_LIST).exitCode()).isZero();
    assertThat(files()).singleElement().asString().matches("pdadmin-[\\w-]+\\.jsa");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HOME=",
        "HOME=/",
        "HOME=/nonexistent",
        "HOME=/nonexistent/of/nobody",
        "XDG_CACHE_HOME=/nonexistent/cache",
        "XDG_CACHE_HOME=relative"
      })
  void withoutAHomeDirectoryItWorksAndMakesNone(String variable) throws IOException {
    Path nonexistent = Path.of("/nonexistent");
    assumeThat(nonexistent).doesNotExist();
    assumeThat(Path.of("/.cache")).doesNotExist();
    Path data = ServerProcess.temporaryDirectory("data");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    List<String> command = new ArrayList<>(List.of("env", "-i"));
    environment().forEach((name, value) -> command.add(name + "=" + value));
    if (!variable.isEmpty()) {
      command.add(variable);
    }
    List<String> pdadmin = new ArrayList<>(command);
    pdadmin.add(SCRIPTS.resolve("pdadmin").toString());
    pdadmin.addAll(List.of(SERVER_LIST));

    Ran ran = Tools.run(Map.of(), "", pdadmin);

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).startsWith(CRUZ + "\n");
    List<String> serve = new ArrayList<>(List.of("#!/bin/sh\nexec"));
    command.forEach(word -> serve.add("'" + word + "'"));
    serve.add("'" + SCRIPTS.resolve("sms-server") + "' \"$@\"\n");
    Path script = data.resolve("serve");
    Files.writeString(script, String.join(" ", serve));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    try (ServerProcess other =
        ServerProcess.start().script(script).option("--sessions", "0").ready()) {
      assertThat(other.terminate()).isZero();
      assertThat(other.err()).isEmpty();
    }
    assertThat(nonexistent).doesNotExist();
    assertThat(Path.of("/.cache")).doesNotExist();
    assertThat(Path.of("relative")).doesNotExist();
  }

  @Test
  void nothingIsMadeInTheHomeOfAnotherUser() throws IOException {
    assumeThat(System.getProperty("user.name")).as("only root gives files away").isEqualTo("root");
    Path home = ServerProcess.temporaryDirectory("home");
    Files.setAttribute(home, "unix:uid", 65_534);
    List<String> command = new ArrayList<>(List.of("env", "-u", "XDG_CACHE_HOME", "HOME=" + home));
    command.add(SCRIPTS.resolve("pdadmin").toString());
    command.addAll(List.of(SERVER_LIST));

    Ran ran = Tools.run(environment(), "", command);

    assertThat(ran.out()).startsWith(CRUZ + "\n");
    assertThat(home).isEmptyDirectory();
  }
}
