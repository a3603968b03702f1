package org.smsjmx.it;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;
import static org.smsjmx.fixture.ServerProcess.PASSWORD;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.ServerProcess;

/** The script pdadmin of an installation, against a server process. */
final class PdadminIT {

  private static final String ENVELOPE = "Could not perform the administration request\nError: ";

  /** As the documents print them, prompts and line breaks included. */
  private static final String TERMINATE =
      """
      pdadmin> server task default-webseald-cruz sms session terminate \\
       all_sessions dlucas -realm ibm.com""";

  private static final String REFRESH =
      """
      pdadmin> server task default-webseald-cruz sms session refresh all_sessions johnq \\
      -realm ibm.com""";

  private static final String PROMPT = "pdadmin> ";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String AUTHENTICATION_FAILED =
      ENVELOPE
          + "HPDIA0200W   Authentication failed. User name or password is wrong or missing."
          + " (status 0x132120c8)\n";

  private static ServerProcess server;
  private static Endpoints endpoints;
  private static Path cache;

  @BeforeAll
  static void start() {
    server = ServerProcess.start().option("--sessions", "50").option("--users", "20").ready();
    endpoints = Endpoints.paused(server);
    cache = ServerProcess.temporaryDirectory("cache");
  }

  @AfterAll
  static void stop() {
    endpoints.close();
    server.close();
  }

  /** How to log in. */
  enum Login {
    LOCAL("-l", "--pid"),
    ACCOUNT("-a", ADMINISTRATOR);

    private final List<String> options;

    Login(String... options) {
      this.options = List.of(options);
    }

    List<String> options() {
      List<String> given = new ArrayList<>(options);
      if (this == LOCAL) {
        given.add(pid());
      }
      return given;
    }
  }

  private static String pid() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                Arrays.asList(process.info().arguments().orElse(new String[0]))
                    .contains("--data=" + server.data()))
        .map(process -> String.valueOf(process.pid()))
        .findFirst()
        .orElseThrow();
  }

  /** What a run left. */
  record Ran(int exitCode, String out, String err) {}

  private static Path script() {
    return ServerProcess.installation().resolve("scripts/pdadmin");
  }

  private static List<String> pdadmin(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>(List.of(script().toString()));
    command.addAll(options);
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("SMS_CONNECT", server.jmxAddress());
    environment.put("SMS_ADMIN_PASSWORD", PASSWORD);
    environment.put("XDG_CACHE_HOME", cache.toString());
    environment.put(
        "JAVA_HOME", System.getProperty("server.java.home", System.getProperty("java.home")));
    return builder;
  }

  private static Ran run(List<String> command) {
    return run(builder(command), "");
  }

  private static Ran run(ProcessBuilder builder, String in) {
    Path output = ServerProcess.temporaryDirectory("output");
    Path out = output.resolve("out");
    Path err = output.resolve("err");
    try {
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try (OutputStream stream = process.getOutputStream()) {
        stream.write(in.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("does not end: " + builder.command());
      }
      return new Ran(process.exitValue(), ServerProcess.read(out), ServerProcess.read(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Ran done(String out) {
    return new Ran(0, out, "");
  }

  private static void signIn() {
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    endpoints.signIn("dlucas", IBM, DALLAS, 1);
  }

  /** Users whose sessions were ended stay away by themselves. */
  private static void signInAgain() {
    endpoints.signIn("johnq", IBM, CRUZ, 2);
    endpoints.signIn("Mary Jones", IBM, CRUZ, 2);
  }

  private static String terminated(int count) {
    return count + " sessions of dlucas terminated in realm ibm.com.\n";
  }

  private static String refreshed() {
    return endpoints.matched("johnq", IBM) + " sessions of johnq refreshed in realm ibm.com.\n";
  }

  @ParameterizedTest
  @EnumSource
  void documentedCommandsRunAsTheyStandInAShell(Login login) {
    signIn();
    int count = endpoints.matched("dlucas", IBM);
    assertThat(run(shell(login, TERMINATE))).isEqualTo(done(terminated(count)));
    assertThat(endpoints.matched("dlucas", IBM)).isZero();
    assertThat(run(shell(login, TERMINATE)))
        .isEqualTo(done("No sessions of dlucas were found in realm ibm.com; 0 terminated.\n"));
    assertThat(run(shell(login, REFRESH))).isEqualTo(done(refreshed()));
  }

  /** The examples of the documents as they print them, each with how it answers here. */
  static Stream<Arguments> printed() {
    String notFound = "CTGSI0312W ";
    String unsupported = "DPWAP0105E ";
    return Stream.of(
        arguments("pdadmin> server list", CRUZ + "\n"),
        arguments("pdadmin> server show default-webseald-cruz", CRUZ + "\n"),
        arguments("pdadmin sec_master> server listtasks default-webseald-cruz", "help [<task>...]"),
        arguments("pdadmin> server task default-webseald-cruz help terminate", "all_sessions"),
        arguments(TERMINATE, " of dlucas "),
        arguments(
            "pdadmin> server task default-webseald-cruz sms session terminate \\\n"
                + " all_sessions dlucas –realm ibm.com",
            " of dlucas "),
        arguments(
            "pdadmin> server task default-webseald-cruz sms session terminate all_sessions \\\n"
                + "“Mary Jones\" –realm ibm.com",
            " of Mary Jones "),
        arguments(REFRESH, " of johnq "),
        arguments(
            "pdadmin> server task default-webseald-cruz sms session refresh all_sessions johnq \\\n"
                + "–realm ibm.com",
            " of johnq "),
        arguments(
            "pdadmin> server task default-webseald-cruz sms session terminate session 678 \\\n"
                + "–realm ibm.com",
            notFound),
        arguments(
            "pdadmin> server task default-webseald-cruz sms session refresh session 678 \\\n"
                + "–realm ibm.com",
            notFound),
        arguments(
            "pdadmin> server task default-webseald-cruz sms session list –realm ibm.com *luca* 10",
            " match *luca* in realm ibm.com"),
        arguments("pdadmin> server task default-webseald-cruz sms realm list", "ibm.com\n"),
        arguments(
            "pdadmin> server task default-webseald-cruz sms realm show ibm.com", "www.ibm.com"),
        arguments("pdadmin> server task default-webseald-cruz sms replica set list", "www.ibm.com"),
        arguments(
            "pdadmin> server task default-webseald-cruz sms replica set list –realm ibm.com",
            "www.ibm.com"),
        arguments(
            "pdadmin> server task default-webseald-cruz sms replica set show www.ibm.com",
            "SERVER "),
        arguments("pdadmin> server task default-webseald-cruz sms key show", "Key: "),
        arguments("pdadmin> server task default-webseald-cruz sms key change", "key is now"),
        arguments("pdadmin> server task default-webseald-cruz key change", "key is now"),
        arguments("pdadmin> server task default-webseald-cruz sms trace get", "level is "),
        arguments("pdadmin> server task default-webseald-cruz sms trace set 1", "level is now 1"),
        arguments(
            "pdadmin> server task default-webseald-cruz terminate all_sessions dlucas", "dlucas"),
        arguments("pdadmin> server task default-webseald-cruz refresh all_sessions johnq", "johnq"),
        arguments("pdadmin> server task default-webseald-cruz terminate session 678", notFound),
        arguments(
            "pdadmin> server task default-webseald-cruz stats get pdweb.sescache", unsupported),
        arguments(
            "pdadmin> server task default-webseald-cruz trace set pdweb.debug 2", unsupported),
        arguments("pdadmin> server task default-webseald-cruz trace show", unsupported),
        arguments("pdadmin> server task default-webseald-cruz cache flush all", unsupported),
        arguments("pdadmin> server task default-webseald-cruz dynurl update", unsupported),
        arguments("pdadmin> server task default-webseald-cruz jmt load", unsupported),
        arguments("pdadmin> server task default-webseald-cruz list", unsupported),
        arguments("pdadmin> server task default-webseald-cruz show /pubs", unsupported),
        arguments(
            "pdadmin> server task default-webseald-cruz throttle \\\n"
                + "–i 6fc3187a-ea1c-11d7-8f4e-09267e38aa77 /pubs",
            unsupported),
        arguments(
            "pdadmin> server task default-webseald-cruz virtualhost throttle\\\n"
                + " -i bacecc66-13ce-11d8-8f0a-09267ea5aa77 support-vhost-https",
            unsupported),
        arguments("pdadmin> errtext 0x14c012f2", "HPDMG0754W "));
  }

  @Test
  void everyPrintedExampleRunsAsPasted() throws IOException {
    List<Arguments> examples = printed().toList();
    Path file = ServerProcess.temporaryDirectory("commands").resolve("examples");
    Files.writeString(
        file, String.join("\n", examples.stream().map(of -> (String) of.get()[0]).toList()) + "\n");
    Ran all = run(pdadmin(Login.ACCOUNT.options(), file.toString()));
    assertThat(all.err()).doesNotContain("Unknown", "Unexpected", "missing", "CTGSI0313E");
    for (Arguments example : examples) {
      // one after the other in one process, as in a conversation
      String printed = (String) example.get()[0];
      String answer = (String) example.get()[1];
      boolean error = answer.matches("[A-Z]+\\d{4}[EW] ") && !printed.contains("errtext");
      assertThat(error ? all.err() : all.out()).as(printed).contains(answer);
    }
    assertThat(all.err().split("DPWAP0105E   ", -1)).hasSize(11);
    assertThat(all.err().split("CTGSI0312W   ", -1)).hasSize(4);
    signInAgain();
  }

  /** Replaces the prompt by the program, which is what one does who pastes into a shell. */
  private static List<String> shell(Login login, String pasted) {
    String program = "\"$0\" " + String.join(" ", login.options()) + " ";
    return List.of("sh", "-c", program + pasted.substring(PROMPT.length()), script().toString());
  }

  @ParameterizedTest
  @EnumSource
  void documentedCommandsRunFromOneArgumentAFileAndStandardInput(Login login) throws IOException {
    Path file = ServerProcess.temporaryDirectory("commands").resolve("of the documents");
    Files.writeString(file, TERMINATE + "\n" + REFRESH);
    signIn();
    String terminated = terminated(endpoints.matched("dlucas", IBM));
    assertThat(run(pdadmin(login.options(), TERMINATE))).isEqualTo(done(terminated));
    assertThat(run(pdadmin(login.options(), REFRESH))).isEqualTo(done(refreshed()));
    signIn();
    assertThat(run(pdadmin(login.options(), file.toString())))
        .isEqualTo(done(terminated(2) + refreshed()));
    signIn();
    assertThat(run(builder(pdadmin(login.options())), Files.readString(file)))
        .isEqualTo(done(terminated(2) + refreshed()));
  }

  @ParameterizedTest
  @EnumSource
  void whatFailedHasExitCodeOne(Login login) {
    Ran unknown = run(pdadmin(login.options(), "server", "show", "nosuch-webseald-cruz"));
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.out()).isEmpty();
    assertThat(unknown.err())
        .startsWith(ENVELOPE + "DPWAP0059E   ")
        .endsWith("(status 0x3898f03b)\n");
    Ran file = run(builder(pdadmin(login.options())), "server list\nnonsense\nserver list\n");
    assertThat(file.exitCode()).isEqualTo(1);
    assertThat(file.out().lines()).hasSize(10);
    assertThat(file.err()).startsWith("Standard input, line 2:\n" + ENVELOPE);
    assertThat(run(pdadmin(List.of(), "server", "list")).err()).contains("HPDMS4047E");
  }

  @Test
  void scriptsCanTestAPasswordByExit() {
    assertThat(passwordTest("wrong")).isEqualTo(new Ran(1, "", AUTHENTICATION_FAILED));
    assertThat(passwordTest(PASSWORD)).isEqualTo(done(""));
  }

  private static Ran passwordTest(String password) {
    String test = "\"$0\" -a \"$1\" -p \"$2\" exit";
    return run(List.of("sh", "-c", test, script().toString(), ADMINISTRATOR, password));
  }

  /** In the words of published scripts, which capture nothing but standard output. */
  @Test
  void aPublishedPasswordTestRunsUnchangedWhereTheEnvironmentSendsErrorsToStandardOutput() {
    String test =
        """
        result=$(pdadmin -a "$1" -p "$2" exit)
        if echo "$result" | grep "Authentication failed" >/dev/null
        then echo refused
        else echo accepted
        fi
        """;
    for (String shell : List.of("sh", "bash")) {
      for (String password : List.of(PASSWORD, "wrong", "")) {
        ProcessBuilder builder =
            builder(List.of(shell, "-c", test, "script", ADMINISTRATOR, password));
        builder.environment().put("SMS_ERRORS", "stdout");
        builder.environment().merge("PATH", script().getParent() + ":", (path, own) -> own + path);
        assertThat(run(builder, ""))
            .as(shell + ": " + password)
            .isEqualTo(done(password.equals(PASSWORD) ? "accepted\n" : "refused\n"));
      }
    }
  }

  private static final Pattern ONE_COMMAND =
      Pattern.compile("(?m)^\\| (.+) \\| `(scripts/pdadmin .+)` \\|$");

  /** The table of the page on tools: its commands in a shell, as they stand there. */
  @Test
  void theCommandsOfThePageDoWhatItSays() throws IOException {
    String page = Files.readString(Path.of("src/docs/tools.md"));
    String section = page.split("One command for:", 2)[1].split("\n\n", 3)[1];
    Map<String, String> commands = new LinkedHashMap<>();
    ONE_COMMAND.matcher(section).results().forEach(row -> commands.put(row.group(1), row.group(2)));
    assertThat(commands.keySet()).isEqualTo(SAYS.keySet());
    assertThat(commands).hasSize((int) section.lines().count() - 2);
    Path directory = ServerProcess.temporaryDirectory("one command");
    Files.createDirectories(directory.resolve("jmx-config"));
    Files.createSymbolicLink(directory.resolve("jmx-config/data"), server.data());
    Files.writeString(directory.resolve("users.txt"), "johnq\nMary Jones\n");
    for (Map.Entry<String, String> command : commands.entrySet()) {
      if (!command.getKey().contains("letting")) {
        signInAll();
      }
      Ran ran = run(builder(shellCommand(command.getValue())).directory(directory.toFile()), "");
      assertThat(ran.err()).as(command.getKey()).isEmpty();
      assertThat(ran.exitCode()).as(command.getKey()).isZero();
      assertThat(ran.out()).as(command.getKey()).containsPattern(SAYS.get(command.getKey()));
      if (command.getKey().contains("all realms")) {
        assertThat(endpoints.matched("dlucas", IBM)).isZero();
        assertThat(endpoints.matched("dlucas", "partners.example.com")).isZero();
      } else if (command.getKey().contains("file")) {
        assertThat(endpoints.matched("johnq", IBM) + endpoints.matched("Mary Jones", IBM)).isZero();
      } else if (command.getKey().contains("but the newest")) {
        assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(1);
      } else if (command.getKey().contains("everybody")) {
        assertThat(endpoints.matched("*", IBM)).isZero();
      } else if (command.getKey().contains("three")) {
        endpoints.signIn("dlucas", IBM, CRUZ, 5);
        assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(3);
        run(shellCommand("scripts/pdadmin -l policy set max-concurrent-web-sessions unset"));
      }
    }
    signInAgain();
  }

  private static void signInAll() {
    endpoints.signIn("dlucas", IBM, CRUZ, 2);
    endpoints.signIn("dlucas", "partners.example.com", CRUZ, 1);
    endpoints.signIn("johnq", IBM, CRUZ, 1);
    endpoints.signIn("Mary Jones", IBM, DALLAS, 1);
  }

  /** What the commands of the page answer. */
  private static final Map<String, String> SAYS =
      Map.ofEntries(
          entry("seeing who is signed in at one server", "sessions of \\d+ users would be ended"),
          entry(
              "knowing before how many sessions it will end",
              "^\\d+ sessions match dlucas in realm ibm.com; 0 printed.\n$"),
          entry(
              "seeing before what would end, with the command that ends exactly that",
              "To end exactly these, until .*: server task "
                  + CRUZ
                  + " sms session terminate previewed \\w+\n$"),
          entry(
              "ending only the sessions that are older than eight hours and were not used for one",
              "^No sessions were found; 0 ended.\n$"),
          entry(
              "ending all but the newest session of a user",
              "^(\\d+) of \\1 sessions? ended; 0 survive.\n$"),
          entry(
              "ending all sessions of a user in all realms",
              "in realm ibm.com.\n(?s:.*)in realm partners.example.com.\n"),
          entry(
              "ending all sessions of the users whom a file lists, one a line",
              "^USER (?s:.*)of 2 users terminated"),
          entry(
              "ending all sessions of a user and keeping the user out for ten minutes",
              "dlucas is kept out of realm ibm.com for PT10M.\n$"),
          entry(
              "letting the user in again before that",
              "^dlucas may sign in again in realm ibm.com.\n$"),
          entry(
              "ending everybody's sessions in a realm",
              "^(\\d+) of \\1 sessions ended; 0 survive.\n$"),
          entry(
              "three sessions of a user at most, of which the oldest goes",
              "in realm ibm.com: displace:3\n"),
          entry(
              "seeing what was done last week, by whom and why",
              "^TIME (?s:.*)terminateRealm .*drill\n(?s:.*)operations found"),
          entry("proving that the audit was not changed", "all as written.(?s:.*)Head: "));

  /** The scripts are elsewhere, and several servers run here. */
  private static List<String> shellCommand(String command) {
    return List.of(
        "sh",
        "-c",
        command
            .replaceFirst("^scripts/pdadmin", "\"\\$0\"")
            .replaceFirst(" -l ", " -l --pid " + pid() + " "),
        script().toString());
  }

  /** As published scripts do it: nothing but standard output is captured. */
  @Test
  void scriptsThatCaptureStandardOutputFindErrorsThere() {
    String capture =
        "result=$(\"$0\" --errors stdout -a \"$1\" -p wrong exit)\n"
            + "echo \"$result\" | grep -c 'Authentication failed'";
    assertThat(run(List.of("sh", "-c", capture, script().toString(), ADMINISTRATOR)))
        .isEqualTo(done("1\n"));
  }

  static Stream<Arguments> pasted() {
    return Stream.of(
        arguments("with a dash", List.of("Mary Jones", "–realm", "ibm.com")),
        arguments("with curly quotes", List.of("“Mary", "Jones”", "–realm", "ibm.com")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pasted")
  void whatIsPastedIsReadWithoutAnUtf8LocaleToo(String how, List<String> words) {
    String[] start = {"server", "task", CRUZ, "sms", "session", "refresh", "all_sessions"};
    List<String> command = pdadmin(Login.LOCAL.options(), start);
    command.addAll(words);
    for (String locale : List.of("C", "POSIX", "en_US.ISO-8859-1")) {
      // not every JVM passes such arguments on in that locale, but a shell does
      ProcessBuilder builder = builder(List.of("sh", "-c", quoted(command)));
      builder.environment().put("LC_ALL", locale);
      assertThat(run(builder, "").out())
          .as(locale)
          .isEqualTo(
              endpoints.matched("Mary Jones", IBM)
                  + " sessions of Mary Jones refreshed in realm ibm.com.\n");
    }
  }

  private static String quoted(List<String> words) {
    return "'" + String.join("' '", words) + "'";
  }

  @Test
  void theScriptRunsThroughALinkAndFromAnywhere() throws IOException {
    Path link = ServerProcess.temporaryDirectory("linked").resolve("pdadmin");
    Files.createSymbolicLink(link, script());
    List<String> command = new ArrayList<>(List.of(link.toString()));
    command.addAll(List.of("-a", ADMINISTRATOR, "server", "list"));
    ProcessBuilder builder = builder(command).directory(link.getParent().toFile());
    assertThat(run(builder, "").out()).startsWith(CRUZ + "\n");
  }

  @Test
  void theFirstLoginLeavesAnArchiveOfClassesAndOthersUseIt() throws IOException {
    Path empty = ServerProcess.temporaryDirectory("cache");
    List<String> command = pdadmin(Login.ACCOUNT.options(), "server", "list");
    ProcessBuilder builder = builder(command);
    builder.environment().put("XDG_CACHE_HOME", empty.toString());
    Ran first = run(builder, "");
    assertThat(first.err()).isEmpty();
    Path archive;
    try (Stream<Path> files = Files.list(empty.resolve("sms-jmx"))) {
      archive = files.reduce((one, other) -> null).orElseThrow();
    }
    assertThat(archive.getFileName().toString()).matches("pdadmin-[\\w-]+\\.jsa");
    assertThat(run(builder, "")).isEqualTo(first);
    Files.delete(archive);
    Files.writeString(archive, "not an archive");
    assertThat(run(builder, "")).isEqualTo(first);
  }

  @Test
  void anArchiveThatCannotBeWrittenIsLeftOut() throws IOException {
    Path file = Files.createTempFile(cache, "no", "directory");
    ProcessBuilder builder = builder(pdadmin(Login.ACCOUNT.options(), "server", "list"));
    builder.environment().put("XDG_CACHE_HOME", file.toString());
    Ran ran = run(builder, "");
    assertThat(ran.out()).startsWith(CRUZ + "\n");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void aProcessWithoutServersIsSaid() {
    String self = String.valueOf(ProcessHandle.current().pid());
    assertThat(run(pdadmin(List.of("-l", "--pid", self), "server", "list")))
        .isEqualTo(
            new Ran(
                1,
                "",
                ENVELOPE
                    + "Process "
                    + self
                    + " has no server of sms-jmx: no MBean sms:type=Server,name=*.\n"));
  }

  @Test
  void withSeveralServersEachIsToldByPortsFilesAndStart() throws IOException {
    ServerProcess other = ServerProcess.shared();
    Ran ran = run(pdadmin(List.of("-l"), "server", "list"));
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .startsWith(
            ENVELOPE + "Several sms-jmx servers run here; choose one with --pid.\nPROCESS ");
    for (ServerProcess one : List.of(server, other)) {
      List<String> cells = List.of(row(ran, one).split("  +"));
      assertThat(cells)
          .startsWith(
              String.valueOf(one.pid()),
              one.facts().get("HTTP"),
              one.jmxAddress(),
              ServerProcess.installation().resolve("jmx-config/sms.yaml").toString(),
              one.data().toString());
      assertThat(cells.get(5))
          .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d");
    }
    // one that does not say who it is: its file is that of something else
    Path lock = other.data().resolve(".lock");
    byte[] said = Files.readAllBytes(lock);
    try {
      Files.writeString(lock, "process 1\nhttp \u001b[31m\njmx x\nconfig y\n");
      Ran unknown = run(pdadmin(List.of("-l"), "server", "list"));
      assertThat(row(unknown, other).split("  +")[1]).isEqualTo("unknown");
      Files.writeString(lock, "process " + other.pid() + "\nhttp \u001b[31m\njmx x\nconfig y\n");
      Ran hostile = run(pdadmin(List.of("-l"), "server", "list"));
      assertThat(row(hostile, other)).containsPattern("\\\\u001b\\[31m +x +y  ");
    } finally {
      Files.write(lock, said);
    }
  }

  private static String row(Ran ran, ServerProcess of) {
    return ran.err()
        .lines()
        .filter(line -> line.startsWith(of.pid() + " "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(ran.err()));
  }

  @Test
  void aRuntimeWithoutTheAttachModuleIsSaid() {
    ProcessBuilder builder = builder(pdadmin(Login.LOCAL.options(), "server", "list"));
    builder.environment().put("JDK_JAVA_OPTIONS", "--limit-modules=java.management.rmi");
    Ran ran = run(builder, "");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains(ENVELOPE + "This Java runtime lacks the module jdk.attach");
    ProcessBuilder account = builder(pdadmin(Login.ACCOUNT.options(), "server", "list"));
    account.environment().putAll(builder.environment());
    assertThat(run(account, "").exitCode()).isZero();
  }

  @Test
  void aLostConnectionIsMadeAnew() {
    ServerProcess own = ServerProcess.start().option("--sessions", "10").ready();
    String port = own.jmxAddress().replaceFirst(".*:", "");
    ProcessBuilder builder = builder(pdadmin(Login.ACCOUNT.options()));
    builder.environment().put("SMS_CONNECT", own.jmxAddress());
    try (Conversation conversation = new Conversation(builder)) {
      conversation.type("server list\n").awaits("webseal3-webseald-example.dallas.ibm.com");
      own.close();
      conversation.forget().type("server list\n").awaits(ENVELOPE);
      ServerProcess next =
          ServerProcess.start().option("--sessions", "10").option("--jmx-port", port).ready();
      conversation
          .forget()
          .type("server list\n")
          .awaits("webseal3-webseald-example.dallas.ibm.com");
      next.close();
    } finally {
      own.close();
    }
  }

  @Test
  void anAdministratorWorksAtATerminal() {
    signIn();
    int count = endpoints.matched("dlucas", IBM);
    ProcessBuilder builder = atTerminal(pdadmin(Login.ACCOUNT.options()));
    builder.environment().remove("SMS_ADMIN_PASSWORD");
    String prompt = "pdadmin sec_master> ";
    try (Conversation conversation = new Conversation(builder)) {
      conversation.awaits("Enter Password:").type(PASSWORD + "\n").awaits(prompt);
      assertThat(conversation.seen()).as("echo").doesNotContain(PASSWORD);
      conversation
          .forget()
          .type("server task default-webseald-cruz sms session terminate \\\n")
          .awaits("\n> ")
          .type(" all_sessions dlucas -realm ibm.com\n")
          .awaits(count + " sessions of dlucas terminated in realm ibm.com.")
          .awaits(prompt);
      conversation
          .forget()
          .type(REFRESH.substring(PROMPT.length()) + "\n")
          .awaits("sessions of johnq refreshed in realm ibm.com.")
          .awaits(prompt);
      conversation
          .forget()
          .type("server task nosuch-webseald-cruz sms realm list\n")
          .awaits("Error: DPWAP0059E   ")
          .awaits(prompt);
      conversation.forget().type("something to be discarded").awaits("discarded");
      conversation.forget().type("\u0003").awaits(prompt);
      conversation
          .forget()
          .type("serv\tsho\tdefault-webseald-c\t\n")
          .awaits("Instance: default-webseald")
          .awaits(prompt);
      assertThat(conversation.seen()).doesNotContain("discarded", "Error");
      conversation
          .forget()
          .type("server task default-webseald-c\tsms real\tsho\tib\t\n")
          .awaits("shop.ibm.com")
          .awaits(prompt);
      conversation.forget().type("\u001bOA\u001bOA\n").awaits("Instance: default-webseald");
      conversation.awaits(prompt).type("\u0004");
      assertThat(conversation.exitCode()).isZero();
    }
  }

  @Test
  void promptsTellWhoIsLoggedIn() {
    try (Conversation conversation = new Conversation(atTerminal(pdadmin(List.of())))) {
      conversation.awaits("pdadmin> ").type("server list\n").awaits("HPDMS4047E");
      conversation.forget().type("login -a sec_master\n").awaits("pdadmin sec_master> ");
      conversation.forget().type("logout\n").awaits("pdadmin> ");
      conversation.forget().type("login -a sec_master -p wrong\n").awaits("HPDIA0200W");
      conversation.awaits("pdadmin> ").type("quit\n");
      assertThat(conversation.exitCode()).isZero();
    }
    try (Conversation conversation = new Conversation(atTerminal(pdadmin(Login.LOCAL.options())))) {
      conversation.awaits("pdadmin local> ").type("context show\n").awaits("User: local");
      conversation.type("exit\n");
      assertThat(conversation.exitCode()).isZero();
    }
  }

  /** Runs a command on a pseudo-terminal. */
  private static ProcessBuilder atTerminal(List<String> command) {
    String python = "python3";
    try {
      Process check = new ProcessBuilder(python, "-c", "import pty").start();
      Assumptions.assumeTrue(check.waitFor() == 0, "python3 has no pty");
    } catch (IOException e) {
      Assumptions.abort("no python3 for a pseudo-terminal");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    List<String> all =
        new ArrayList<>(
            List.of(
                python,
                "-c",
                // tests that run in the background have ctrl-C ignored
                "import os, pty, signal, sys\n"
                    + "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
                    + "sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
                "sh",
                "-c",
                "stty cols 200 rows 50; exec \"$@\"",
                "sh"));
    all.addAll(command);
    ProcessBuilder builder = builder(all);
    builder.environment().put("TERM", "xterm");
    return builder;
  }

  /** A program that is typed to, and what it has shown so far. */
  private static final class Conversation implements AutoCloseable {

    private final Process process;
    private final StringBuffer shown = new StringBuffer();

    Conversation(ProcessBuilder builder) {
      try {
        process = builder.redirectErrorStream(true).start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Thread reader = new Thread(this::read, "what the program shows");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      byte[] bytes = new byte[8192];
      try (InputStream stream = process.getInputStream()) {
        for (int count = stream.read(bytes); count >= 0; count = stream.read(bytes)) {
          shown.append(new String(bytes, 0, count, StandardCharsets.UTF_8).replace("\r", ""));
        }
      } catch (IOException e) {
        shown.append(e);
      }
    }

    Conversation awaits(String text) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .untilAsserted(() -> assertThat(seen()).contains(text));
      return this;
    }

    Conversation forget() {
      shown.setLength(0);
      return this;
    }

    Conversation type(String text) {
      try {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return this;
    }

    String seen() {
      return shown.toString();
    }

    int exitCode() {
      try {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
