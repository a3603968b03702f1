package org.smsjmx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.cli.RunningService.ADMINISTRATOR;
import static org.smsjmx.cli.RunningService.CRUZ;
import static org.smsjmx.cli.RunningService.DALLAS;
import static org.smsjmx.cli.RunningService.PASSWORD;
import static org.smsjmx.cli.RunningService.VIEWER;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.management.StatusCode;

/** The program against a service behind its JMX endpoint. */
final class PdadminTest {

  private static final String ENVELOPE = "Could not perform the administration request\nError: ";
  private static final String TASK = "server task default-webseald-cruz ";

  @TempDir private Path directory;

  private RunningService service;

  @BeforeEach
  void start() throws Exception {
    service = new RunningService(directory);
  }

  @AfterEach
  void stop() throws IOException {
    service.close();
  }

  @Test
  void terminateSaysHowMany() {
    service.signIn("dlucas", CRUZ, 2);
    service.signIn("dlucas", DALLAS, 1);
    service.signIn("johnq", CRUZ, 1);
    String line = TASK + "sms session terminate all_sessions ";
    assertThat(service.run(line + "dlucas -realm ibm.com"))
        .isEqualTo(done("3 sessions of dlucas terminated in realm ibm.com.\n"));
    assertThat(service.run(line + "dlucas -realm ibm.com"))
        .isEqualTo(done("No sessions of dlucas were found in realm ibm.com; 0 terminated.\n"));
    assertThat(service.run(line + "johnq -realm ibm.com"))
        .isEqualTo(done("1 session of johnq terminated in realm ibm.com.\n"));
  }

  @Test
  void nobodyOfThatNameShowsToProgramsToo() {
    service.signIn("dlucas", CRUZ, 1);
    String terminate = TASK + "sms session terminate all_sessions ";
    assertThat(service.run("--json", terminate + "dlcuas -realm ibm.com"))
        .isEqualTo(
            done(
                "{\"terminated\":0,\"user\":\"dlcuas\",\"realm\":\"ibm.com\","
                    + "\"notes\":[\"In realm ibm.com nobody named dlcuas is signed in.\"]}\n"));
    assertThat(service.run("--json", terminate + "dlcuas -realm *"))
        .isEqualTo(
            done(
                "{\"terminated\":0,\"user\":\"dlcuas\",\"realms\":{\"ibm.com\":0,"
                    + "\"partners.example.com\":0},"
                    + "\"notes\":[\"Nobody named dlcuas is signed in.\"]}\n"));
    assertThat(service.run("--json", TASK + "terminate all_sessions dlcuas").out())
        .contains("\"notes\":[\"No session of dlcuas began at default-webseald-cruz.\"]");
    assertThat(service.run("--json", terminate + "dlucas -realm ibm.com").out())
        .isEqualTo("{\"terminated\":1,\"user\":\"dlucas\",\"realm\":\"ibm.com\",\"notes\":[]}\n");
    assertThat(service.run(TASK + "sms session refresh all_sessions dlcuas -realm ibm.com"))
        .isEqualTo(
            done(
                "No sessions of dlcuas were found in realm ibm.com; 0 refreshed.\n"
                    + "Note: In realm ibm.com nobody named dlcuas is signed in.\n"));
    assertThat(
            service.run("--json", TASK + "sms session refresh all_sessions dlcuas -realm ibm.com"))
        .extracting(Ran::out)
        .asString()
        .contains("\"notes\":[\"In realm ibm.com nobody named dlcuas is signed in.\"]");
  }

  @Test
  void everyRealmIsWrittenAsAnAsterisk() {
    service.signIn("dlucas", CRUZ, 2);
    service.signIn("dlucas", "partners.example.com", CRUZ, 1);
    assertThat(service.run(TASK + "sms session refresh all_sessions DLUCAS -realm *"))
        .isEqualTo(
            done(
                "2 sessions of DLUCAS refreshed in realm ibm.com.\n"
                    + "1 session of DLUCAS refreshed in realm partners.example.com.\n"));
    String terminate = TASK + "sms session terminate all_sessions dlucas -reason \"4711\" -realm *";
    assertThat(service.runAs(VIEWER, "", terminate).err()).contains("needs terminate");
    assertThat(service.run(terminate))
        .isEqualTo(
            done(
                "2 sessions of dlucas terminated in realm ibm.com.\n"
                    + "1 session of dlucas terminated in realm partners.example.com.\n"));
    assertThat(service.run(terminate))
        .isEqualTo(done("No sessions of dlucas were found in any realm; 0 terminated.\n"));
    assertThat(service.run(TASK + "sms session terminate all_sessions * -realm *").err())
        .contains("CTGSI0313E");
    assertThat(service.run(TASK + "sms session refresh all_sessions nobody -realm *").err())
        .contains("HPDMG0754W");
    assertThat(service.run(TASK + "sms session list -realm * * 1").err()).contains("CTGSI0313E");
  }

  @Test
  void theUsersOfAFileAreTerminatedOneByOne() throws IOException {
    service.signIn("dlucas", CRUZ, 2);
    service.signIn("Mary Jones", DALLAS, 1);
    service.signIn("Jörg", CRUZ, 1);
    service.signIn("johnq", CRUZ, 1);
    service.signIn("dlucas", "partners.example.com", CRUZ, 1);
    Path file = directory.resolve("users of today");
    Files.writeString(
        file, "\ufeffDLUCAS\r\n# those who left\n\n  \"Mary Jones\"\t\nJörg\nnosuch\nJörg\n");
    String all = TASK + "sms session terminate all_sessions -file \"" + file + "\" -realm ";
    assertThat(service.run(all + "ibm.com"))
        .isEqualTo(
            done(
                """
                USER        TERMINATED
                DLUCAS      2
                Mary Jones  1
                Jörg        1
                nosuch      0
                4 sessions of 4 users terminated in realm ibm.com; not signed in: 1.
                """));
    assertThat(service.run("--json", all + "*"))
        .isEqualTo(
            done(
                "{\"terminated\":1,\"realm\":\"*\",\"users\":["
                    + "{\"user\":\"DLUCAS\",\"terminated\":1},"
                    + "{\"user\":\"Mary Jones\",\"terminated\":0},"
                    + "{\"user\":\"Jörg\",\"terminated\":0},"
                    + "{\"user\":\"nosuch\",\"terminated\":0}],"
                    + "\"notes\":[\"Nobody named Mary Jones is signed in.\","
                    + "\"Nobody named Jörg is signed in.\",\"Nobody named nosuch is signed in.\"]}\n"));
    assertThat(service.run(TASK + "sms session list -realm ibm.com * 0").out())
        .startsWith("1 session matches");
  }

  @Test
  void aUserOfAFileWhoIsRefusedDoesNotKeepTheOthersSignedIn() throws IOException {
    service.signIn("dlucas", CRUZ, 1);
    service.signIn("johnq", CRUZ, 1);
    Path file = directory.resolve("users");
    Files.writeString(file, "dlucas\n*\na\u0007b\njohnq\n");
    Ran ran = service.run(TASK + "sms session terminate all_sessions -realm ibm.com -file " + file);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .startsWith(ENVELOPE + "CTGSI0313E   A parameter value is not valid. ")
        .contains("\n*: CTGSI0313E ", "\na\\u0007b: CTGSI0313E ")
        .endsWith(
            "\nUSER    TERMINATED\ndlucas  1\njohnq   1\n"
                + "2 sessions of 2 users terminated in realm ibm.com.\n");
  }

  @Test
  void aFileOfUsersThatCannotBeReadEndsNobodysSession() throws IOException {
    service.signIn("dlucas", CRUZ, 1);
    Path file = directory.resolve("users");
    String all = TASK + "sms session terminate all_sessions -realm ibm.com -file ";
    assertThat(service.run(all + file)).isEqualTo(failed("There is no file " + file + ".\n"));
    assertThat(service.run(all + directory).err()).contains("cannot be read");
    Files.writeString(file, "\ufeff\n # \n\"\"\n");
    assertThat(service.run(all + file))
        .isEqualTo(failed("No user name is in file " + file + ".\n"));
    Files.write(file, "dlucas\nJörg\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(service.run(all + file)).isEqualTo(failed("File " + file + " is not UTF-8.\n"));
    Files.writeString(file, "dlucas\n".repeat(200_000));
    assertThat(service.run(all + file).err()).contains("at most 1000000 bytes");
    assertThat(service.run(TASK + "sms session list -realm ibm.com * 0").out())
        .startsWith("1 session matches");
  }

  @Test
  void refreshSaysHowMany() {
    service.signIn("Mary Jones", CRUZ, 2);
    assertThat(
            service.run(
                "server",
                "task",
                CRUZ,
                "sms",
                "session",
                "refresh",
                "all_sessions",
                "Mary Jones",
                "–realm",
                "ibm.com"))
        .isEqualTo(done("2 sessions of Mary Jones refreshed in realm ibm.com.\n"));
    assertThat(
            service.run(
                "server",
                "task",
                CRUZ,
                "sms",
                "session",
                "refresh",
                "all_sessions",
                "“Mary",
                "Jones”",
                "-realm",
                "ibm.com",
                "--json"))
        .isEqualTo(
            done(
                "{\"refreshed\":2,\"user\":\"Mary Jones\",\"realm\":\"ibm.com\",\"changed\":0,"
                    + "\"groupsAdded\":[],\"groupsRemoved\":[],\"attributesAdded\":[],"
                    + "\"attributesRemoved\":[],\"attributesReplaced\":[],"
                    + "\"attributesPreserved\":[],\"kept\":0,\"keptKinds\":[],\"notes\":[]}\n"));
  }

  @Test
  void refreshSaysWhatChanged() {
    service.change(
        List.of("employees", "trainees"),
        Map.of("mail", List.of("a"), "cn", List.of("b"), "tagvalue_x", List.of("c")));
    service.signIn("changing", CRUZ, 1);
    service.change(
        List.of("employees", "managers"),
        Map.of("mail", List.of("A"), "cn", List.of("B"), "tagvalue_x", List.of("C")));

    assertThat(refresh("changing"))
        .isEqualTo(
            done(
                "1 session of changing refreshed in realm ibm.com.\n"
                    + "groups: +managers -trainees; 2 attributes replaced, 1 preserved\n"));

    service.change(List.of("employees", "managers"), Map.of("mail", List.of("A")));

    assertThat(refresh("changing"))
        .isEqualTo(
            done(
                "1 session of changing refreshed in realm ibm.com.\n"
                    + "1 attribute removed, 1 preserved\n"));
    service.change(List.of("employees"), Map.of());
  }

  private Ran refresh(String user) {
    return service.run(
        "server",
        "task",
        CRUZ,
        "sms",
        "session",
        "refresh",
        "all_sessions",
        user,
        "-realm",
        "ibm.com");
  }

  @Test
  void sessionsAreListedAndCounted() {
    service.signIn("dlucas", CRUZ, 3);
    Ran two = service.run(TASK + "sms session list -realm ibm.com dl* 2");
    assertThat(two.out().lines())
        .hasSize(4)
        .endsWith("3 sessions match dl* in realm ibm.com; 2 printed.");
    assertThat(two.out().lines().skip(1).findFirst().orElseThrow())
        .matches(
            "dlucas  \\S+  default-webseald-cruz"
                + "(  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d){2}  1");
    assertThat(service.run(TASK + "sms session list -realm ibm.com dlucas 3").out())
        .endsWith("\n3 sessions match dlucas in realm ibm.com.\n");
    assertThat(service.run(TASK + "sms session list -realm ibm.com x* 3"))
        .isEqualTo(done("0 sessions match x* in realm ibm.com.\n"));
    assertThat(service.run("--json", TASK + "sms session list -realm ibm.com dlucas 1").out())
        .startsWith("{\"matched\":3,\"sessions\":[{\"id\":\"")
        .contains("\"user\":\"dlucas\"", "\"createdAt\":\"2026-11-21T10:00:00Z\"")
        .contains("\"groups\":[\"employees\"]", "\"refreshedAt\":null")
        .endsWith("}]}\n");
  }

  @Test
  void oneSessionIsRefreshedAndTerminated() {
    service.signIn("dlucas", CRUZ, 1);
    String id =
        service
            .run(TASK + "sms session list -realm ibm.com dlucas 1")
            .out()
            .lines()
            .skip(1)
            .findFirst()
            .orElseThrow()
            .split(" +")[1];
    assertThat(service.run(TASK + "sms session refresh session - " + id + " -realm ibm.com"))
        .as("an option after the mark that ends options")
        .extracting(Ran::exitCode)
        .isEqualTo(1);
    assertThat(service.run(TASK + "sms session refresh session -realm ibm.com - " + id))
        .isEqualTo(done("Session " + id + " refreshed in realm ibm.com.\n"));
    assertThat(service.run(TASK + "sms session terminate session -realm ibm.com - " + id))
        .isEqualTo(done("Session " + id + " terminated in realm ibm.com.\n"));
    assertThat(service.run(TASK + "sms session terminate session -realm ibm.com - " + id).err())
        .startsWith(ENVELOPE + "CTGSI0312W   The session was not found. ")
        .endsWith(" (status 0x38c58138)\n");
  }

  @Test
  void anIdFromBeforeARestartIsNotFound() throws Exception {
    service.signIn("dlucas", CRUZ, 1);
    String list = TASK + "sms session list -realm ibm.com dlucas 1";
    String id = service.run(list).out().lines().toList().get(1).split(" +")[1];
    stop();
    start();
    assertThat(service.run(TASK + "sms session terminate session -realm ibm.com - " + id).err())
        .startsWith(ENVELOPE + "CTGSI0312W   The session was not found. ")
        .endsWith(" (status 0x38c58138)\n");
  }

  @Test
  void tasksOfAServerReachTheSessionsThatBeganThere() {
    service.signIn("dlucas", CRUZ, 2);
    service.signIn("dlucas", DALLAS, 1);
    service.signIn("johnq", CRUZ, 1);
    assertThat(service.run(TASK + "refresh all_sessions dlucas"))
        .isEqualTo(done("2 sessions of dlucas that began at default-webseald-cruz refreshed.\n"));
    assertThat(service.run(TASK + "terminate all_sessions DLUCAS").exitCode()).isZero();
    assertThat(service.run(TASK + "terminate all_sessions dlucas"))
        .isEqualTo(
            done(
                "No sessions of dlucas that began at default-webseald-cruz were found; 0"
                    + " terminated.\n"));
    String list = TASK + "sms session list -realm ibm.com * 9";
    Ran left = service.run(list);
    assertThat(left.out())
        .contains(DALLAS, "johnq")
        .endsWith("\n2 sessions match * in realm ibm.com.\n");
    String id = left.out().lines().toList().get(1).split(" +")[1];
    assertThat(service.run(TASK + "terminate session - " + id))
        .isEqualTo(done("Session " + id + " terminated in realm ibm.com.\n"));
    assertThat(service.run(list).out()).endsWith("\n1 session matches * in realm ibm.com.\n");
  }

  @Test
  void ofTwoCallersAtOnceEachCountsTheSessionsThatItEnded() throws Exception {
    service.signIn("dlucas", CRUZ, 60);
    service.signIn("dlucas", DALLAS, 1);
    CyclicBarrier together = new CyclicBarrier(2);
    Callable<Ran> caller =
        () -> {
          together.await();
          return service.run("--json", TASK + "terminate all_sessions dlucas");
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    int ended = 0;
    try {
      for (Future<Ran> ran : threads.invokeAll(List.of(caller, caller))) {
        assertThat(ran.get().err()).isEmpty();
        ended += Integer.parseInt(ran.get().out().replaceAll("\\D+(\\d+).*\\n", "$1"));
      }
    } finally {
      threads.shutdown();
    }
    assertThat(ended).isEqualTo(60);
    assertThat(service.run(TASK + "sms session list -realm ibm.com * 0").out())
        .startsWith("1 session matches");
  }

  @Test
  void moreSessionsThanOneAnswerListsAreNotToldApartByServer() {
    service.signIn("dlucas", CRUZ, 10_001);
    assertThat(service.run(TASK + "refresh all_sessions dlucas"))
        .isEqualTo(
            failed(
                "DPWAP0105E   The configuration does not support the command. dlucas"
                    + " has 10001 sessions in realm ibm.com; of more than 10000 those of one server"
                    + " are not found. With sms it is done at all servers of the realm. (status"
                    + " 0x3898f069)\n"));
  }

  @Test
  void anUnreachableRegistryStopsARefreshOfAServer() {
    assertThat(service.run(TASK + "refresh all_sessions " + RunningService.UNREACHABLE).err())
        .startsWith(ENVELOPE + "The user registry is not available: ldap.example.com");
  }

  static Stream<Arguments> lists() {
    return Stream.of(
        arguments(
            "server list",
            """
            default-webseald-cruz
            default-webseald-example.dallas.ibm.com
            ivmgrd-master
            webseal2-webseald-example.dallas.ibm.com
            webseal3-webseald-example.dallas.ibm.com
            """),
        arguments(TASK + "sms realm list", "ibm.com\npartners.example.com\n"),
        arguments(TASK + "sms realm show ibm.com", "www.ibm.com\nshop.ibm.com\n"),
        arguments(
            TASK + "sms replica set list", "partners.example.com\nshop.ibm.com\nwww.ibm.com\n"),
        arguments(
            TASK + "sms replica set list -realm partners.example.com", "partners.example.com\n"),
        arguments(TASK + "sms realm list --json", "[\"ibm.com\",\"partners.example.com\"]\n"),
        arguments("server listtasks ivmgrd-master", "help [<task>...]\n"),
        arguments("server task ivmgrd-master help", "help [<task>...]\n"),
        arguments(
            "server show ivmgrd-master",
            "ivmgrd-master\n    Session management extension: not installed\n"),
        arguments(TASK + "sms trace get --json", "{\"level\":1}\n"),
        arguments(
            TASK + "sms trace set 3",
            "The trace level is now 3; it lasts until the server process ends.\n"),
        arguments(
            TASK + "key change",
            "The session management key is now 2; session ids under the former one stay valid"
                + " until they end.\n"),
        arguments(
            TASK + "sms key change",
            "The session management key is now 2; session ids under the former one stay valid"
                + " until they end.\n"),
        arguments(
            TASK + "sms key show --json",
            "{\"id\":1,\"createdAt\":\"2026-11-21T10:00:00Z\",\"expiresAt\":null}\n"));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void commandsPrintTheAnswerAndNothingElse(String line, String out) {
    assertThat(service.run(line)).isEqualTo(done(out));
  }

  @Test
  void aServerIsShown() {
    service.signIn("dlucas", CRUZ, 2);
    assertThat(service.run("server show default-webseald-cruz").out())
        .startsWith("default-webseald-cruz\n    Instance: default-webseald\n    Host: cruz\n")
        .contains("\n    Replica sets: www.ibm.com, partners.example.com\n")
        .contains("\n    Sessions: 2\n");
  }

  @Test
  void listtasksAndHelpShowTheSameSyntax() {
    Ran tasks = service.run("server listtasks " + CRUZ);
    assertThat(tasks.out().lines())
        .contains(
            "sms session terminate all_sessions <user_name> -realm <realm_name> [-reason"
                + " <reason>] [-keep-out <duration>]");
    assertThat(service.run(TASK + "help")).isEqualTo(tasks);
    assertThat(service.run(TASK + "help session terminate all_sessions").out())
        .contains(
            "terminate all_sessions <user_name> -realm <realm_name> [-reason <reason>] [-keep-out"
                + " <duration>]\n")
        .contains("Ends all sessions of a user")
        .contains("<user_name> ", "<realm_name> ");
  }

  static Stream<Arguments> errors() {
    String terminate = TASK + "sms session terminate all_sessions ";
    String refresh = TASK + "sms session refresh all_sessions ";
    return Stream.of(
        arguments(refresh + "nobody -realm ibm.com", StatusCode.HPDMG0754W, "nobody"),
        arguments(terminate + "dlucas -realm nowhere", StatusCode.CTGSI0313E, "nowhere"),
        arguments(refresh + "dlucas -realm nowhere", StatusCode.CTGSI0313E, "ibm.com"),
        arguments(terminate + "\"\" -realm ibm.com", StatusCode.CTGSI0313E, "blank"),
        arguments(terminate + "dluc* -realm ibm.com", StatusCode.CTGSI0313E, "*"),
        arguments(terminate + "String -realm ibm.com", StatusCode.CTGSI0313E, "String"),
        arguments(
            "server task " + DALLAS + " sms session list -realm partners.example.com * 1",
            StatusCode.CTGSI0307E,
            "partners.example.com"),
        arguments(TASK + "sms session list -realm ibm.com * -- -1", StatusCode.CTGSI0313E, "-1"),
        arguments(TASK + "sms session list -realm ibm.com * many", StatusCode.CTGSI0313E, "many"),
        arguments(
            TASK + "sms session list -realm ibm.com * 99999999999",
            StatusCode.CTGSI0313E,
            "99999999999"),
        arguments(
            TASK + "sms session terminate session a.b -realm ibm.com",
            StatusCode.CTGSI0313E,
            "ession id"),
        arguments(
            TASK + "sms session terminate session 678 -realm ibm.com",
            StatusCode.CTGSI0312W,
            "No live session"),
        arguments(
            TASK + "sms session refresh session 678 -realm ibm.com",
            StatusCode.CTGSI0312W,
            "No live session"),
        arguments(TASK + "sms session list -realm ibm.com * -1", StatusCode.CTGSI0313E, "-1"),
        arguments(TASK + "sms session list -realm ibm.com –1 *", StatusCode.CTGSI0313E, "*"),
        arguments(TASK + "sms trace set -1", StatusCode.CTGSI0313E, "-1"),
        arguments(TASK + "sms realm show nowhere", StatusCode.CTGSI0313E, "ibm.com"),
        arguments(TASK + "sms replica set list -realm nowhere", StatusCode.CTGSI0313E, "nowhere"),
        arguments(TASK + "sms replica set show ww.ibm.com", StatusCode.CTGSI0306E, "www.ibm.com?"),
        arguments(TASK + "sms trace set 4", StatusCode.CTGSI0313E, "4"),
        arguments(TASK + "sms trace set high", StatusCode.CTGSI0313E, "high"),
        arguments(
            "server task nosuch-webseald-cruz sms session terminate all_sessions dlucas"
                + " -realm ibm.com",
            StatusCode.DPWAP0059E,
            "nosuch-webseald-cruz"),
        arguments("server show default-webseald-crux", StatusCode.DPWAP0059E, CRUZ + "?"),
        arguments("server listtasks *", StatusCode.DPWAP0059E, "*"),
        arguments("server listtasks a,b=c", StatusCode.DPWAP0059E, "a,b=c"),
        arguments(
            "server task ivmgrd-master sms realm list", StatusCode.DPWAP0105E, "ivmgrd-master"),
        arguments(TASK + "trace set pdweb.debug 2", StatusCode.DPWAP0105E, "sms trace set"),
        arguments(TASK + "stats get pdweb.sescache", StatusCode.DPWAP0105E, "stats"),
        arguments(TASK + "create -t tcp -h host /jct", StatusCode.DPWAP0105E, "create"),
        arguments(TASK + "terminate all_sessions dl*", StatusCode.CTGSI0313E, "dl*"),
        arguments(TASK + "terminate all_sessions \"\"", StatusCode.CTGSI0313E, "user"),
        arguments(TASK + "refresh all_sessions nobody", StatusCode.HPDMG0754W, "nobody"),
        arguments(
            TASK + "throttle -i 6fc3187a-ea1c-11d7-8f4e-09267e38aa77 /pubs",
            StatusCode.DPWAP0105E,
            "throttle"),
        arguments(TASK + "terminate session \"a b\"", StatusCode.CTGSI0313E, "ession id"),
        arguments(
            TASK + "terminate session " + "x".repeat(129), StatusCode.CTGSI0313E, "ession id"),
        arguments(
            TASK + "sms session terminate session -realm ibm.com \"a b\"",
            StatusCode.CTGSI0313E,
            "ession id"),
        arguments(
            TASK + "sms session refresh session -realm ibm.com " + "x".repeat(129),
            StatusCode.CTGSI0313E,
            "ession id"),
        arguments(
            TASK + "sms session refresh session -realm ibm.com " + "x".repeat(128),
            StatusCode.CTGSI0312W,
            "No live session"),
        arguments(
            TASK + "sms session terminate session -realm ibm.com - -",
            StatusCode.CTGSI0312W,
            "No live session"),
        arguments(TASK + "terminate session 678", StatusCode.CTGSI0312W, "No live session"),
        arguments(
            "server task ivmgrd-master terminate all_sessions dlucas",
            StatusCode.DPWAP0105E,
            "ivmgrd-master"),
        arguments("errtext 010", StatusCode.CTGSI0313E, "010"),
        arguments("errtext ten", StatusCode.CTGSI0313E, "ten"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void everyErrorHasItsIdTextAndStatus(String line, StatusCode code, String named) {
    Ran ran = service.run(line);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .startsWith(ENVELOPE + code.name() + "   " + code.text() + " ")
        .contains(named)
        .endsWith(" (status " + code.status() + ")\n")
        .hasLineCount(2);
  }

  @Test
  void anUnreachableRegistryIsSaid() {
    Ran ran =
        service.run(
            TASK
                + "sms session refresh all_sessions "
                + RunningService.UNREACHABLE
                + " -realm ibm.com");
    assertThat(ran)
        .isEqualTo(
            failed(
                "The user registry is not available: ldap.example.com does not answer; sessions"
                    + " keep their credential.\n"));
  }

  @Test
  void anAccountMayDoWhatItsRoleAllows() {
    assertThat(service.runAs(VIEWER, "", "server list").exitCode()).isZero();
    assertThat(
            service.runAs(
                VIEWER, "", TASK + "sms session terminate all_sessions dlucas -realm ibm.com"))
        .isEqualTo(
            failed(
                "CTGSI0303E   The client is not authorized for the operation. viewer may view;"
                    + " this needs terminate. (status 0x38c5812f)\n"));
    assertThat(service.runAs(VIEWER, "", TASK + "sms key change").err())
        .contains("CTGSI0303E", "needs administer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server list",
        "server show default-webseald-cruz",
        "server listtasks default-webseald-cruz",
        TASK + "help",
        TASK + "sms key show",
        TASK + "sms session terminate all_sessions dlucas -realm ibm.com"
      })
  void withoutALoginServersCannotBeAsked(String line) {
    Ran ran = Ran.of(line);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith(ENVELOPE + "HPDMS4047E   A login is required. ")
        .endsWith(" (status 0x14c52fcf)\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"context show", "errtext 0x14c012f2", "exit", "quit", "help", "logout"})
  void someCommandsNeedNoLogin(String line) {
    Ran ran = Ran.of(line);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void errtextKnowsEveryStatusInBothForms() {
    for (StatusCode code : StatusCode.values()) {
      String text = code.name() + "   " + code.text() + "\n";
      assertThat(Ran.of("errtext " + code.status())).isEqualTo(done(text));
      String decimal = Long.decode(code.status()).toString();
      assertThat(Ran.of("errtext " + decimal)).isEqualTo(done(text));
    }
    assertThat(Ran.of("errtext 0x1").err()).contains("No message is known");
  }

  @Test
  void helpExplainsWhatTheTopicsWordsAreIn() {
    assertThat(Ran.of("help").out().lines())
        .contains("server list", "    Lists the names of all servers.");
    assertThat(Ran.of("help", "session", "list").out())
        .contains("-realm <realm_name> <pattern> <maximum_return>\n", "<pattern>  ");
    assertThat(Ran.of("help", "sesion").err()).contains("Did you mean session?");
  }

  @Test
  void aWrongPasswordIsRefused() {
    assertThat(Ran.of(service.environment(), "", "-a", ADMINISTRATOR, "-p", "wrong", "server list"))
        .isEqualTo(
            failed(
                "HPDIA0200W   Authentication failed. User name or password is wrong or missing."
                    + " (status 0x132120c8)\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit",
        "quit",
        "logout",
        "context show",
        "help",
        "errtext 0x14c012f2",
        "audit verify nosuch",
        "exit\ncontext show",
        "FILE"
      })
  void anAccountLogsInBeforeAnythingRuns(String line) throws IOException {
    Path file = directory.resolve("commands");
    Files.writeString(file, "exit\n");
    String words = line.equals("FILE") ? file.toString() : line;
    Map<String, String> environment = service.environment();
    assertThat(Ran.of(environment, "", "-a", ADMINISTRATOR, "-p", "wrong", words))
        .isEqualTo(
            failed(
                "HPDIA0200W   Authentication failed. User name or password is wrong or missing."
                    + " (status 0x132120c8)\n"));
    if (!line.startsWith("audit")) {
      assertThat(Ran.of(environment, "", "-a", ADMINISTRATOR, "-p", PASSWORD, words))
          .extracting(Ran::exitCode, Ran::err)
          .containsExactly(0, "");
    }
  }

  @Test
  void thePasswordOfTheOptionGoesBeforeThatOfTheEnvironment() {
    Map<String, String> environment = Map.of("SMS_ADMIN_PASSWORD", "wrong");
    assertThat(
            Ran.of(
                    environment,
                    "",
                    "-a",
                    ADMINISTRATOR,
                    "-p",
                    PASSWORD,
                    "--connect",
                    service.address(),
                    "context show")
                .out())
        .isEqualTo("User: sec_master\nConnection: " + service.address() + "\n");
  }

  @Test
  void withoutAPasswordAndATerminalNobodyIsAsked() {
    assertThat(Ran.of("-a", ADMINISTRATOR, "server list"))
        .isEqualTo(
            failed(
                "A password is needed, and there is no terminal to ask for it; set"
                    + " SMS_ADMIN_PASSWORD.\n"));
  }

  @Test
  void commandsOfStandardInputAllRunAndFailuresNameTheirLine() {
    service.signIn("dlucas", CRUZ, 2);
    Ran ran =
        service.runAs(
            ADMINISTRATOR,
            """
            # what follows continues
            pdadmin> server task default-webseald-cruz sms session terminate \\
             all_sessions dlucas -realm ibm.com

            nonsense
            server task nosuch sms realm list
            server task default-webseald-cruz sms realm list
            """);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out())
        .isEqualTo(
            "2 sessions of dlucas terminated in realm ibm.com.\nibm.com\npartners.example.com\n");
    assertThat(ran.err())
        .startsWith("Standard input, line 5:\n" + ENVELOPE + "Unknown command: nonsense.")
        .contains("\nStandard input, line 6:\n" + ENVELOPE + "DPWAP0059E   ");
  }

  @Test
  void commandsOfAFileAllRunUntilExit() throws IOException {
    Path file = directory.resolve("commands of today");
    Files.writeString(
        file,
        """
        \ufeffserver task default-webseald-cruz sms realm list
        logout
        server list
        login -a sec_master
        context show
        login -a sec_master -p wrong
        server list
        exit
        nonsense
        """);
    Ran ran = service.run(file.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out())
        .isEqualTo(
            "ibm.com\npartners.example.com\nUser: sec_master\nConnection: "
                + service.address()
                + "\n");
    assertThat(ran.err())
        .contains(file + ", line 3:\n" + ENVELOPE + "HPDMS4047E")
        .contains(file + ", line 6:\n" + ENVELOPE + "HPDIA0200W")
        .as("no command runs under the login before the one that failed")
        .contains(file + ", line 7:\n" + ENVELOPE + "HPDMS4047E")
        .doesNotContain("line 9");
  }

  @Test
  void aFileWithoutFailuresEndsWell() throws IOException {
    Path file = directory.resolve("commands");
    Files.writeString(file, "server list\r\nlogout\r\nquit");
    assertThat(service.run(file.toString()).exitCode()).isZero();
    Files.writeString(file, "");
    assertThat(service.run(file.toString())).isEqualTo(done(""));
  }

  @Test
  void aFileThatCannotBeReadIsAnError() {
    Ran ran = service.run(directory.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith(ENVELOPE).hasLineCount(2);
  }

  @Test
  void oneArgumentIsACommandLineBeforeItIsAFile() throws IOException {
    assertThat(service.run("server list").out()).startsWith("default-webseald-cruz\n");
    assertThat(Ran.of("exti").err())
        .isEqualTo(ENVELOPE + "Neither a command nor a file: exti. Did you mean exit?\n");
    assertThat(service.run("sever list").err()).contains("Did you mean server?");
    assertThat(Ran.of("").err()).contains("holds no command");
  }

  @Test
  void oneArgumentWithLineBreaksIsReadLikeAFile() {
    assertThat(service.run("server task default-webseald-cruz sms \\\n realm list").out())
        .isEqualTo("ibm.com\npartners.example.com\n");
    Ran two = service.run(TASK + "sms realm list\nnonsense\n");
    assertThat(two.out()).isEqualTo("ibm.com\npartners.example.com\n");
    assertThat(two.err()).startsWith("Argument, line 2:\n");
    assertThat(two.exitCode()).isEqualTo(1);
  }

  static Stream<Arguments> misuses() {
    return Stream.of(
        arguments("unknown option -x", new String[] {"-x"}),
        arguments("option -a needs a value", new String[] {"-a"}),
        arguments("-l and -a exclude each other", new String[] {"-l", "-a", "x"}),
        arguments("-p goes with -a", new String[] {"-p", "x"}),
        arguments("there is no domain Other; the only one is Default", with("-d", "Other")),
        arguments("-d and -m exclude each other", with("-m", "-d", "Default")),
        arguments("-d and -m go with -a", new String[] {"-l", "-d", "Default"}),
        arguments("-linelen must be a number", with("-linelen", "wide")),
        arguments("-linelen must be a number", with("-linelen", "0")),
        arguments("-linelen must be a number", with("-linelen", "99999999999")),
        arguments("option -I needs a value", with("-I")),
        arguments("option -d needs a value", with("-d")),
        arguments("option -linelen needs a value", with("-linelen")),
        arguments("there is no domain default", with("-d", "default")),
        arguments("there is no domain ", with("-d", "")),
        arguments("-histsize must be a number", with("-histsize", "-1")),
        arguments("--errors must be stdout or stderr", with("--errors", "file")),
        arguments("-v tells the version and goes with no command", with("-v", "server list")),
        arguments("-v tells the version", new String[] {"-v", "-l", "server", "list"}),
        arguments("--connect goes with -a", new String[] {"-l", "--connect", "a:1"}),
        arguments("--pid goes with -l", new String[] {"-l", "--pid", "x"}),
        arguments("--timeout must be 1..86400 seconds", new String[] {"--timeout", "0"}),
        arguments("--connect must be HOST:PORT", new String[] {"--connect", "host"}),
        arguments("--connect must be HOST:PORT", new String[] {"--connect", "host:0"}),
        arguments("--connect must be HOST:PORT", new String[] {"--connect", "::1:9010"}));
  }

  private static String[] with(String... options) {
    return Stream.concat(Stream.of("-a", ADMINISTRATOR), Stream.of(options)).toArray(String[]::new);
  }

  @Test
  void optionsOfTheDocumentedSyntaxAreTaken() {
    assertThat(
            service.run(
                "-I",
                "default",
                "-d",
                "Default",
                "-linelen",
                "20",
                "-histsize",
                "10",
                "context show"))
        .isEqualTo(done("User: sec_master\nConnection: " + service.address() + "\n"));
    assertThat(service.run("-m", "server list").exitCode()).isZero();
    assertThat(Ran.of("-v", "-linelen", "20").out()).startsWith("sms-jmx ");
  }

  @Test
  void errorsGoToStandardErrorUnlessAskedElsewhere() {
    String error =
        ENVELOPE
            + "DPWAP0059E   There is no server of that name. x is not among those that server list"
            + " prints. (status 0x3898f03b)\n";
    assertThat(service.run("server show x")).isEqualTo(new Ran(1, "", error));
    assertThat(service.run("--errors", "stderr", "server show x")).isEqualTo(new Ran(1, "", error));
    assertThat(service.run("--errors", "stdout", "server show x")).isEqualTo(new Ran(1, error, ""));
    Map<String, String> environment = new HashMap<>(service.environment());
    environment.put("SMS_ERRORS", "stdout");
    String[] show = {"-a", ADMINISTRATOR, "server show x"};
    assertThat(Ran.of(environment, "", show)).isEqualTo(new Ran(1, error, ""));
    String[] elsewhere = {"--errors", "stderr", "-a", ADMINISTRATOR, "server show x"};
    assertThat(Ran.of(environment, "", elsewhere)).isEqualTo(new Ran(1, "", error));
    environment.put("SMS_ERRORS", "file");
    assertThat(Ran.of(environment, "", show).err())
        .startsWith("pdadmin: SMS_ERRORS must be stdout or stderr: file\n");
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void wrongOptionsOfTheProgramAreRefused(String message, String[] arguments) {
    Ran ran = Ran.of(arguments);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith("pdadmin: " + message);
  }

  @Test
  void helpAndVersionOfTheProgramAreAnswers() {
    assertThat(Ran.of("--help").out()).startsWith("Usage: pdadmin ").contains("Better not");
    assertThat(Ran.of("--version").out()).startsWith("sms-jmx ");
    assertThat(Ran.of("–help").exitCode()).isZero();
  }

  @Test
  void whereNothingListensIsSaid() throws IOException {
    String address;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + socket.getLocalPort();
    }
    assertThat(connecting(address).err())
        .startsWith(ENVELOPE + "Nothing takes connections at " + address)
        .hasLineCount(2);
  }

  @Test
  void anUnknownHostIsSaid() {
    assertThat(connecting("no.such.host.invalid:9010"))
        .isEqualTo(failed("The host of no.such.host.invalid:9010 is unknown.\n"));
  }

  @Test
  void aPortThatDoesNotAnswerIsGivenUp() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + mute.getLocalPort();
      assertThat(connecting(address))
          .isEqualTo(failed(address + " does not answer within 1 s (see --timeout).\n"));
    }
  }

  @Test
  void aPortWithTlsOrOfAnotherServiceIsSaid() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      byte[] alert = {0x15, 3, 3, 0, 2, 2, 40};
      Thread thread =
          new Thread(
              () -> {
                try (var client = other.accept()) {
                  client.getOutputStream().write(alert);
                  client.getInputStream().read(new byte[100]);
                } catch (IOException e) {
                  // the client has gone
                }
              });
      thread.setDaemon(true);
      thread.start();
      String address = "127.0.0.1:" + other.getLocalPort();
      assertThat(connecting(address).err())
          .startsWith(ENVELOPE + address + " answers, but not as a JMX port without TLS does")
          .hasLineCount(2);
    }
  }

  private static Ran connecting(String address) {
    return Ran.of(
        Map.of("SMS_ADMIN_PASSWORD", "x", "SMS_CONNECT", address),
        "",
        "-a",
        ADMINISTRATOR,
        "--timeout",
        "1",
        "server list");
  }

  @Test
  void anAnswerThatDoesNotComeIsGivenUp() throws Exception {
    try (Access access = loggedIn()) {
      Failure failure = catchThrowableOfType(Failure.class, () -> access.ask(PdadminTest::never));
      assertThat(failure)
          .hasMessageContaining("No answer within 1 s")
          .hasMessageContaining("not known");
    }
  }

  private Access loggedIn() throws Failure {
    String[] address = service.address().split(":");
    Access access = new Access(1);
    access.logIn(
        new Login.Account(ADMINISTRATOR, PASSWORD, address[0], Integer.parseInt(address[1]), null));
    return access;
  }

  private static Object never(MBeanServerConnection mbeans) throws IOException {
    try {
      new CountDownLatch(1).await();
      return mbeans;
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  @Test
  void nothingThatSteersATerminalIsPrinted() {
    Ran ran = service.run("\u001b[31mserver\u0007 \u202elist \u009b1m \ud800");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("\\u001b[31mserver\\u0007").doesNotContain("\u001b", "\u0007");
    String pattern = "x\u001b]0;title\u0007*";
    assertThat(service.run(TASK + "sms session list --json -realm ibm.com " + pattern + " 1").err())
        .doesNotContain("\u001b", "\u0007");
  }

  @Test
  void inputThatIsNotUtf8IsRefusedByItsLine() {
    byte[] windows = "help\nserver list \u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    Ran ran = Ran.of(Map.of(), windows);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo("Standard input, line 2:\n" + ENVELOPE + "The line is not UTF-8.\n");
  }

  private static Ran done(String out) {
    return new Ran(0, out, "");
  }

  private static Ran failed(String error) {
    return new Ran(1, "", ENVELOPE + error);
  }
}
