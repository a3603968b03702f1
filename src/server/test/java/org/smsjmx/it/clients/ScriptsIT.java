package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.PARTNERS;
import static org.smsjmx.fixture.Endpoints.WEBSEAL2;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.Script;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/** The scripts for monitoring tools and alert handlers, beyond what {@link ToolsIT} shows. */
@Tag("clients")
final class ScriptsIT {

  private static final List<String> SCRIPTS = List.of("check_sms", "sms-terminate", "sms-refresh");

  /** What a plugin may print: text, and after a bar label=value[unit];warn;crit;min. */
  private static final Pattern PLUGIN =
      Pattern.compile("SMS (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+(?: \\|((?: [a-z_]+=\\S+)+))?\n");

  private static final Pattern PERFORMANCE =
      Pattern.compile("([a-z_]+)=(\\d+)(B|c)?;([-0-9.:@~]*);([-0-9.:@~]*);0");

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    server = ChangedConfiguration.server();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  @BeforeEach
  void needCurl() {
    Tools.assumeInstalled("curl");
  }

  /** Runs a script by its own first line, as administrator. */
  private static Ran run(String script, String... arguments) {
    return run(Map.of("SMS_ADMIN_PASSWORD", ServerProcess.PASSWORD), script, arguments);
  }

  private static Ran run(Map<String, String> environment, String script, String... arguments) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putIfAbsent("SMS_URL", server.http() + "/jolokia");
    List<String> command = new ArrayList<>(List.of(Script.path(script)));
    command.addAll(List.of(arguments));
    return Tools.run(all, "", command);
  }

  static Stream<Arguments> shells() {
    return Stream.of("sh", "dash", "bash", "busybox").map(shell -> arguments(shell));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void everyShellReadsThem(String shell) {
    Tools.assumeInstalled(shell);
    List<String> command =
        new ArrayList<>(shell.equals("busybox") ? List.of(shell, "sh") : List.of(shell));
    for (String script : SCRIPTS) {
      List<String> help = new ArrayList<>(command);
      help.addAll(List.of(Script.path(script), "--help"));

      Ran ran = Tools.run(Map.of(), "", help);

      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.out()).startsWith("Usage: " + script).contains("--password-file FILE");
      assertThat(ran.err()).isEmpty();
    }
  }

  @Test
  void shellcheckFindsNothing() {
    Tools.assumeInstalled("shellcheck");
    List<String> command =
        new ArrayList<>(
            List.of("shellcheck", "-x", "-P", ServerProcess.installation() + "/scripts"));
    // variables that one file sets and another uses
    command.addAll(List.of("-e", "SC2034,SC2154"));
    SCRIPTS.forEach(script -> command.add(Script.path(script)));

    Ran ran = Tools.run(Map.of(), "", command);

    assertThat(ran.exitCode()).as(ran.out()).isZero();
  }

  @Test
  void withoutAServerAnyOfTheRealmIsTheEntry() {
    endpoints.signIn("dlucas", PARTNERS, CRUZ, 2);
    int sessions = endpoints.matched("dlucas", PARTNERS);

    Ran ran = run("sms-terminate", "dlucas", PARTNERS);

    assertThat(ran)
        .isEqualTo(
            new Ran(
                0,
                sessions + " sessions of dlucas terminated in realm partners.example.com.\n",
                ""));
    assertThat(endpoints.matched("dlucas", PARTNERS)).isZero();
  }

  @Test
  void allRealmsMeansEveryOne() {
    endpoints.signIn("Mary Jones", IBM, WEBSEAL2, 1);
    endpoints.signIn("Mary Jones", PARTNERS, CRUZ, 1);
    int lines = AuditLines.all(server).size();

    Ran refreshed = run("sms-refresh", "--all-realms", "Mary Jones");
    Ran terminated = run("sms-terminate", "--reason", "alert 4711", "--all-realms", "Mary Jones");

    assertThat(AuditLines.all(server)).as("one request each").hasSize(lines + 2);
    Map<?, ?> last = AuditLines.last(server);
    assertThat(last.get("operation")).isEqualTo("terminateEverywhere");
    assertThat(last.get("user")).isEqualTo("Mary Jones");
    assertThat(last.get("reason")).isEqualTo("alert 4711");
    assertThat(last.get("realms")).isEqualTo(List.of(IBM, PARTNERS));

    assertThat(refreshed.out()).contains("in realm ibm.com.\n", "in realm partners.example.com.\n");
    assertThat(terminated.out()).hasLineCount(2).doesNotContain("0 sessions");
    assertThat(endpoints.matched("Mary Jones", IBM) + endpoints.matched("Mary Jones", PARTNERS))
        .isZero();
  }

  @Test
  void theReasonStandsInTheAudit() {
    String reason = "TICKET \"4711\" \\ ü";
    endpoints.signIn("dlucas", IBM, CRUZ, 1);

    assertThat(run("sms-refresh", "--reason", reason, "dlucas", IBM).out())
        .endsWith("refreshed in realm ibm.com.\n");
    assertThat(AuditLines.last(server).get("reason")).isEqualTo(reason);
    assertThat(run("sms-terminate", "--reason=" + reason, "dlucas", IBM).out())
        .endsWith("terminated in realm ibm.com.\n");
    assertThat(AuditLines.last(server).get("reason")).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$(touch made)",
        "`touch made`",
        "; touch made",
        "%s%n%d",
        "\"}],\"x\":[{\"",
        "\" -o made \"",
        "-o",
        "--help",
        "@/etc/passwd",
        "\\u0041",
        "\\"
      })
  void aHostileNameIsANameAndNothingElse(String user) {
    Ran ran = run("sms-terminate", "--", user, IBM);

    assertThat(ran)
        .isEqualTo(new Ran(0, "0 sessions of " + user + " terminated in realm ibm.com.\n", ""));
    assertThat(AuditLines.last(server).get("user")).isEqualTo(user);
    assertThat(Path.of("made")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\nurl = \"http://127.0.0.1:1/\"", "a\tb", "dlucas\n", "\u001b[31m", "\u007f"})
  void controlCharactersAreNotSent(String text) {
    int lines = AuditLines.all(server).size();

    assertThat(run("sms-terminate", text, IBM).exitCode()).isEqualTo(2);
    assertThat(run("sms-terminate", "dlucas", text).exitCode()).isEqualTo(2);
    assertThat(run("sms-refresh", "--reason", text, "dlucas", IBM).exitCode()).isEqualTo(2);
    assertThat(run("sms-refresh", "--account", text, "dlucas", IBM).exitCode()).isEqualTo(1);
    assertThat(run("sms-refresh", "--url", "http://" + text, "dlucas", IBM).exitCode())
        .isEqualTo(1);
    assertThat(AuditLines.all(server)).hasSize(lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere.com", "a,b=c", "*", "ibm.com\",\"x", "", "String"})
  void theServerSaysThatARealmIsWrong(String realm) {
    Ran ran = run("sms-refresh", "dlucas", realm);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("sms-refresh: CTGSI0313E   ").endsWith("0x38c58139)\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "x,name=y", "nosuch-webseald-cruz"})
  void aWrongServerIsRefused(String entry) {
    assertThat(run("sms-terminate", "--server", entry, "dlucas", IBM).exitCode()).isEqualTo(1);
  }

  @Test
  void wrongCommandLinesAreRefusedWithTwo() {
    for (String[] arguments :
        new String[][] {
          {},
          {"dlucas"},
          {"dlucas", IBM, "more"},
          {"--nothing", "x"},
          {"--server"},
          {"-x"},
          {"--all-realms"},
          {"--all-realms", "--server", CRUZ, "dlucas"},
          {"--all-realms", "dlucas", IBM}
        }) {
      Ran ran = run("sms-terminate", arguments);

      assertThat(ran.exitCode()).as(String.join(" ", arguments)).isEqualTo(2);
      assertThat(ran.err()).endsWith("; --help tells the options\n").hasLineCount(1);
    }
  }

  @Test
  void thePasswordComesFromAFileThatOthersCannotRead() throws IOException {
    Path file = ServerProcess.temporaryDirectory("password").resolve("a file");
    Files.writeString(file, ChangedConfiguration.password("refresh") + "\nsecond line\n");
    String[] arguments = {"--account", "refresh", "--password-file", file.toString(), "johnq", IBM};
    for (String mode : List.of("rw-r--r--", "rw----r--", "rw-r-----")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

      Ran ran = run(Map.of(), "sms-refresh", arguments);

      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.err()).contains(file.toString(), "chmod 600");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(run(Map.of(), "sms-refresh", arguments).exitCode()).isZero();
    Path link = Files.createSymbolicLink(file.resolveSibling("link"), file);
    arguments[3] = link.toString();
    assertThat(run(Map.of(), "sms-refresh", arguments).exitCode()).isZero();
    Files.writeString(file, "");
    assertThat(run(Map.of(), "sms-refresh", arguments).err()).contains("is empty");
    arguments[3] = file.getParent().toString();
    assertThat(run(Map.of(), "sms-refresh", arguments).err()).contains("not a file");
  }

  @Test
  void withoutAPasswordNothingIsSent() {
    Ran ran = run(Map.of("SMS_ADMIN_PASSWORD", ""), "sms-refresh", "johnq", IBM);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith("sms-refresh: no password").hasLineCount(1);
  }

  @Test
  void nothingStandsOnACommandLineThatOthersSee() throws IOException {
    Path directory = ServerProcess.temporaryDirectory("bin");
    Path seen = directory.resolve("seen");
    Path curl = directory.resolve("curl");
    Files.writeString(
        curl, "#!/bin/sh\nPATH=${PATH#*:}\necho \"$@\" >>'" + seen + "'\nexec curl \"$@\"\n");
    Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwx------"));

    Ran ran =
        run(
            Map.of(
                "SMS_ADMIN_PASSWORD",
                ServerProcess.PASSWORD,
                "PATH",
                directory + ":" + System.getenv("PATH")),
            "sms-refresh",
            "johnq",
            IBM);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ServerProcess.read(seen)).isEqualTo("-q -K -\n".repeat(2));
  }

  @Test
  void aServerThatIsDownOrSilentIsSaidToBe() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/jolokia";
      for (String at : List.of(url, "http://127.0.0.1:1/jolokia")) {
        for (String script : List.of("sms-terminate", "sms-refresh")) {
          Ran ran = run(script, "--timeout", "1", "--url", at, "dlucas", IBM);

          assertThat(ran.exitCode()).isEqualTo(1);
          assertThat(ran.out()).isEmpty();
          assertThat(ran.err()).startsWith(script + ": " + at).contains("curl: (");
        }
        assertPlugin(run("check_sms", "-t", "1", "--url", at), "CRITICAL", 2);
      }
    }
  }

  @Test
  void anAnswerThatIsNotOursIsNotTakenForOne() {
    Ran ran = run("sms-terminate", "--url", server.http() + "/elsewhere", "dlucas", IBM);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertPlugin(run("check_sms", "--url", server.http() + "/elsewhere"), "UNKNOWN", 3);
  }

  private static Map<String, String> assertPlugin(Ran ran, String state, int code) {
    assertThat(ran.err()).isEmpty();
    Matcher output = PLUGIN.matcher(ran.out());
    assertThat(output.matches()).as(ran.out()).isTrue();
    assertThat(output.group(1)).as(ran.out()).isEqualTo(state);
    assertThat(ran.exitCode()).isEqualTo(code);
    Map<String, String> values = new LinkedHashMap<>();
    if (output.group(2) != null) {
      for (String word : output.group(2).strip().split(" ")) {
        Matcher value = PERFORMANCE.matcher(word);
        assertThat(value.matches()).as(word).isTrue();
        values.put(value.group(1), value.group(2));
      }
    }
    return values;
  }

  @Test
  void checkSmsCountsSessionsAndLooksAtTheState() {
    endpoints.signIn("dlucas", IBM, CRUZ, 50);

    Map<String, String> all = assertPlugin(run("check_sms"), "OK", 0);
    Map<String, String> realm =
        assertPlugin(
            run(
                Map.of("SMS_ADMIN_PASSWORD", ChangedConfiguration.password("view")),
                "check_sms",
                "--account=view",
                "--realm=" + IBM),
            "OK",
            0);

    assertThat(all.get("sessions"))
        .isEqualTo(String.valueOf(endpoints.matched("*", IBM) + endpoints.matched("*", PARTNERS)));
    assertThat(realm.get("sessions")).isEqualTo(String.valueOf(endpoints.matched("*", IBM)));
    String ofLucas = String.valueOf(endpoints.matched("dlucas", IBM));
    await()
        .alias("the largest users, who may be ten seconds old")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(assertPlugin(run("check_sms"), "OK", 0).get("largest_user"))
                    .isEqualTo(ofLucas));
    endpoints.rmi().server(CRUZ).terminateAllSessions("dlucas", IBM);
  }

  static Stream<Arguments> ranges() {
    return Stream.of(
        arguments("OK", new String[] {"-w", "1000000", "-c", "1000000"}),
        arguments("WARNING", new String[] {"-w", "10", "-c", "1000000"}),
        arguments("CRITICAL", new String[] {"-w", "10", "-c", "20"}),
        arguments("CRITICAL", new String[] {"--warning=10", "--critical=20:30"}),
        arguments("WARNING", new String[] {"-w", "1000000:"}),
        arguments("OK", new String[] {"-w", "~:1000000", "-c", "10:"}),
        arguments("WARNING", new String[] {"-w", "@0:1000000"}),
        arguments("OK", new String[] {"-w", "@0:3"}),
        arguments("CRITICAL", new String[] {"--user-critical", "0"}),
        arguments("WARNING", new String[] {"--user-warning", "0.5", "--user-critical", "1000000"}));
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void checkSmsKnowsRanges(String state, String[] arguments) {
    int code = List.of("OK", "WARNING", "CRITICAL").indexOf(state);

    assertThat(assertPlugin(run("check_sms", arguments), state, code)).isNotEmpty();
  }

  @Test
  void whatCheckSmsCannotTellIsUnknown() {
    assertPlugin(run(Map.of("SMS_ADMIN_PASSWORD", "wrong"), "check_sms"), "UNKNOWN", 3);
    for (String[] wrong :
        new String[][] {
          {"-w", "x"},
          {"-w", "1:2:3"},
          {"-c", "5;rm"},
          {"--nothing", "1"},
          {"-w"},
          {"--realm", "nowhere.com"},
          {"--realm", "a,b=c"},
          {"--password-file", "/nowhere"}
        }) {
      assertPlugin(run("check_sms", wrong), "UNKNOWN", 3);
    }
  }

  @Test
  void aRegistryFileThatCannotBeReadIsAWarning() throws IOException {
    Path directory = ServerProcess.copyOfConfiguration();
    try (ServerProcess stale = ServerProcess.start().config(directory).ready()) {
      Files.writeString(directory.resolve("users.ldif"), "nonsense\n", StandardOpenOption.APPEND);

      Ran ran = run("check_sms", "--url", stale.http() + "/jolokia");

      assertPlugin(ran, "WARNING", 1);
      assertThat(ran.out()).contains("registry file cannot be read", "users.ldif:");
    }
  }

  @Test
  void aRegistryThatIsDownIsCritical() throws IOException {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"),
        "  ldif: users.ldif\n",
        "  ldap:\n    url: ldap://127.0.0.1:1\n    base-dn: dc=ibm,dc=com\n");
    try (ServerProcess without = ServerProcess.start().config(directory).ready()) {
      without.jolokia().byPost().server(CRUZ, "refreshAllSessions", "dlucas", IBM);

      Ran ran = run("check_sms", "--url", without.http() + "/jolokia");

      assertPlugin(ran, "CRITICAL", 2);
      assertThat(ran.out()).contains("user registry does not answer: ");
    }
  }
}
