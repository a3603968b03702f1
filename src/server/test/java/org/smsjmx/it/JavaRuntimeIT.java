package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.JavaImage;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/** The Java runtimes that the scripts start with, and what they say of the others. */
@Tag("packages")
final class JavaRuntimeIT {

  /** Those of a common runtime without compiler and tools; jdk.jconsole is one of the tools. */
  private static final String[] COMMON_JRE = {
    "java.se",
    "java.smartcardio",
    "jdk.accessibility",
    "jdk.charsets",
    "jdk.crypto.cryptoki",
    "jdk.crypto.ec",
    "jdk.dynalink",
    "jdk.httpserver",
    "jdk.incubator.foreign",
    "jdk.incubator.vector",
    "jdk.jdwp.agent",
    "jdk.jfr",
    "jdk.jsobject",
    "jdk.localedata",
    "jdk.management",
    "jdk.management.agent",
    "jdk.management.jfr",
    "jdk.naming.dns",
    "jdk.naming.rmi",
    "jdk.net",
    "jdk.nio.mapmode",
    "jdk.random",
    "jdk.sctp",
    "jdk.security.auth",
    "jdk.security.jgss",
    "jdk.unsupported",
    "jdk.xml.dom",
    "jdk.zipfs"
  };

  private static final Pattern JLINK = Pattern.compile("(?m)^jlink --add-modules (\\S+) ");

  /** Returns the modules that operations.md tells to make an image of. */
  private static String[] documented() {
    Matcher command =
        JLINK.matcher(
            ServerProcess.read(ServerProcess.installation().resolve("src/docs/operations.md")));
    assertThat(command.find()).isTrue();
    return command.group(1).split(",");
  }

  static Stream<Arguments> images() {
    return Stream.of(
        arguments("a common JRE", COMMON_JRE), arguments("an image as documented", documented()));
  }

  private static Ran pdadmin(Path javaHome, ServerProcess server, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(ServerProcess.installation().resolve("scripts/pdadmin").toString()));
    command.addAll(List.of(arguments));
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("JAVA_HOME", javaHome.toString());
    environment.put("SMS_ADMIN_PASSWORD", ServerProcess.PASSWORD);
    environment.put("SMS_CONNECT", server.jmxAddress());
    environment.put("XDG_CACHE_HOME", ServerProcess.temporaryDirectory("cache").toString());
    return Tools.run(environment, "", command);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("images")
  void aRuntimeWithoutJconsoleAndArchiveIsEnough(String name, String[] modules) {
    Path image = JavaImage.of(modules);
    assertThat(image.resolve("lib/server/classes.jsa")).doesNotExist();
    Path cache = ServerProcess.temporaryDirectory("cache").resolve("none");
    ServerProcess server =
        ServerProcess.start()
            .environment("JAVA_HOME", image.toString())
            .environment("XDG_CACHE_HOME", cache.toString())
            .ready();
    try (server;
        Rmi rmi = server.rmi()) {
      assertThat(server.jolokia().byPost().server(CRUZ, "refreshAllSessions", "dlucas", IBM))
          .matches(outcome -> outcome.status() == 200);
      assertThat(rmi.server(CRUZ).terminateAllSessions("dlucas", IBM)).isPositive();
      Ran ran = pdadmin(image, server, "-a", ServerProcess.ADMINISTRATOR, "server", "list");
      assertThat(ran.err()).isEmpty();
      assertThat(ran.out()).startsWith(CRUZ + "\n");
      // the JDK attaches to the server, whatever that runs on
      assertThat(
              pdadmin(JavaImage.jdk(), server, "-l", "--pid", "" + server.pid(), "server", "list"))
          .isEqualTo(ran);
    }
    assertThat(server.err()).isEmpty();
    assertThat(cache).doesNotExist();
  }

  @Test
  void pdadminNeedsOneModuleAndWithoutAttachTellsSo() {
    Path image = JavaImage.of("java.management.rmi");
    ServerProcess server = ServerProcess.shared();

    assertThat(pdadmin(image, server, "-a", ServerProcess.ADMINISTRATOR, "server", "list").out())
        .startsWith(CRUZ + "\n");
    Ran local = pdadmin(image, server, "-l", "server", "list");
    assertThat(local.exitCode()).isEqualTo(1);
    assertThat(local.err()).contains("lacks the module jdk.attach, which -l needs; use -a");
  }

  @Test
  void aModuleThatIsMissingIsNamed() {
    Path image = JavaImage.of("java.management.rmi");

    ServerProcess.Ended ended =
        ServerProcess.start().environment("JAVA_HOME", image.toString()).ended();

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err())
        .startsWith("sms-server: ")
        .hasLineCount(1)
        .contains(image.toString(), "java.xml, jdk.httpserver, jdk.management.agent");
    Ran pdadmin =
        pdadmin(
            JavaImage.of("java.logging"),
            ServerProcess.shared(),
            "-a",
            ServerProcess.ADMINISTRATOR,
            "server",
            "list");
    assertThat(pdadmin.exitCode()).isEqualTo(1);
    assertThat(pdadmin.err()).contains("lacks the modules", "java.management.rmi").hasLineCount(2);
  }

  @Test
  void aKeyOfAnEllipticCurveNeedsItsModule() throws IOException {
    Path image = JavaImage.of(documented());
    Path directory = ServerProcess.copyOfConfiguration();
    Path store = directory.resolve("server.p12");
    String keytool = JavaImage.jdk().resolve("bin/keytool").toString();
    List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", "server"));
    command.addAll(List.of("-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", "changeit", "-keystore", store.toString()));
    assertThat(Tools.run(Map.of(), "", command).exitCode()).isZero();
    Path password = Files.writeString(directory.resolve("password"), "changeit\n");
    for (Path file : List.of(store, password)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"),
        "\ntls:\n",
        "\ntls:\n  key-store: server.p12\n  password-file: password\n");
    ServerProcess.Start start =
        ServerProcess.start().config(directory).environment("JAVA_HOME", image.toString());

    if (Runtime.Version.parse(version(image)).feature() >= 22) {
      start.ready().close();
    } else {
      assertThat(start.ended().err()).contains("server.p12", "jdk.crypto.ec").hasLineCount(1);
    }
  }

  private static String version(Path javaHome) throws IOException {
    return Files.readString(javaHome.resolve("release"))
        .replaceFirst("(?s).*JAVA_VERSION=\"(.+?)\".*", "$1");
  }

  @Test
  void aRuntimeWithoutAnArchiveOfClassesInUseIsEnough() {
    try (ServerProcess server =
        ServerProcess.start()
            .environment("JAVA_TOOL_OPTIONS", "-Xshare:off")
            .option("--sessions", "10")
            .ready()) {
      Ran ran =
          Tools.run(
              Map.of(
                  "JAVA_TOOL_OPTIONS",
                  "-Xshare:off",
                  "SMS_ADMIN_PASSWORD",
                  ServerProcess.PASSWORD,
                  "SMS_CONNECT",
                  server.jmxAddress()),
              "",
              List.of(
                  ServerProcess.installation().resolve("scripts/pdadmin").toString(),
                  "-a",
                  ServerProcess.ADMINISTRATOR,
                  "server",
                  "list"));
      assertThat(ran.out()).startsWith(CRUZ + "\n");
      assertThat(ran.exitCode()).isZero();
      assertThat(server.terminate()).isZero();
    }
  }

  /** Makes a Java home of a shell script. */
  private static Path fake(String release, String... lines) throws IOException {
    Path home = ServerProcess.temporaryDirectory("other Java");
    Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    if (release != null) {
      Files.writeString(home.resolve("release"), release);
    }
    return home;
  }

  private static Ran run(String script, Path javaHome) {
    return Tools.run(
        Map.of("JAVA_HOME", javaHome.toString()),
        "",
        List.of(
            ServerProcess.installation().resolve("scripts").resolve(script).toString(),
            "--version"));
  }

  private static void assertRefused(Path javaHome, String... said) {
    for (String script : List.of("sms-server", "pdadmin")) {
      Ran ran = run(script, javaHome);

      assertThat(ran.exitCode()).as(script).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).startsWith(script + ": ").hasLineCount(1).contains(said);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.0.22", "1.8.0_392", "16", "9-ea"})
  void anOlderJavaIsRefusedWithItsVersion(String version) throws IOException {
    Path told = fake("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n", "exit 9");
    Path asked =
        fake(
            null,
            "echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=y'",
            "echo '    java.home = /nowhere'",
            "echo '    java.version = " + version + "'");

    assertRefused(told, "needs Java 17 or later", told + "/bin/java is Java " + version);
    assertRefused(asked, "needs Java 17 or later", asked + "/bin/java is Java " + version);
  }

  @Test
  void aJavaHomeWithoutJavaIsNamed() throws IOException {
    Path empty = ServerProcess.temporaryDirectory("empty");
    Path broken = fake(null, "echo 'cannot execute' >&2", "exit 126");

    assertRefused(empty, "JAVA_HOME is " + empty, "bin/java");
    assertRefused(Path.of("/nowhere"), "JAVA_HOME is /nowhere");
    assertRefused(broken, broken + "/bin/java does not run: cannot execute");
  }

  @Test
  void withoutAnyJavaThatIsSaid() {
    Ran ran =
        Tools.run(
            Map.of("JAVA_HOME", "", "PATH", "/nowhere"),
            "",
            List.of("/bin/sh", ServerProcess.installation().resolve("scripts/pdadmin").toString()));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("needs Java 17 or later: no java on the PATH, no JAVA_HOME");
  }

  /** As version managers put one before the real program. */
  @Test
  void aWrapperThatStartsJavaIsEnough() throws IOException {
    Path jdk = JavaImage.jdk();
    Path wrapper = fake(null, "exec \"" + jdk + "/bin/java\" \"$@\"");
    try (ServerProcess server =
        ServerProcess.start()
            .environment("JAVA_HOME", wrapper.toString())
            .option("--sessions", "10")
            .ready()) {
      assertThat(server.err()).isEmpty();
      assertThat(
              pdadmin(wrapper, server, "-a", ServerProcess.ADMINISTRATOR, "server", "list").out())
          .startsWith(CRUZ + "\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void theScriptsRunInEachShell(String shell) {
    List<String> words = List.of(shell.split(" "));
    Tools.assumeInstalled(words.get(0));
    for (String script : List.of("sms-server", "pdadmin")) {
      List<String> command = new ArrayList<>(words);
      command.add(ServerProcess.installation().resolve("scripts").resolve(script).toString());
      command.add("--version");

      Ran ran =
          Tools.run(
              Map.of(
                  "JAVA_HOME",
                  JavaImage.jdk().toString(),
                  "XDG_CACHE_HOME",
                  ServerProcess.temporaryDirectory("cache").toString()),
              "",
              command);

      assertThat(ran.err()).isEmpty();
      assertThat(ran.out()).startsWith("sms-jmx ").hasLineCount(1);
    }
  }
}
