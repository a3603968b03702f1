package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Doors.CRUZ;
import static org.smsjmx.fixture.Doors.DALLAS;
import static org.smsjmx.fixture.Doors.IBM;
import static org.smsjmx.fixture.Doors.PARTNERS;
import static org.smsjmx.fixture.Doors.SEED_USERS;
import static org.smsjmx.fixture.Doors.WEBSEAL2;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.Door;
import org.smsjmx.fixture.Door.Outcome;
import org.smsjmx.fixture.Doors;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** The operations of a server's MBean, through every door. */
final class OperationsIT {

  private static final String PARAMETER = "CTGSI0313E   ";
  private static final String PARAMETER_STATUS = "(status 0x38c58139)";

  private static Doors doors;

  @BeforeAll
  static void openDoors() {
    doors = Doors.paused(ServerProcess.shared());
  }

  @AfterAll
  static void closeDoors() {
    doors.close();
  }

  static Stream<Door> doors() {
    return doors.stream();
  }

  static Stream<Arguments> doorsAndUsers() {
    return doors.stream().flatMap(door -> SEED_USERS.stream().map(user -> arguments(door, user)));
  }

  @ParameterizedTest
  @MethodSource("doorsAndUsers")
  void terminateAllSessionsEndsThoseOfTheUserInTheRealmAndSaysHowMany(Door door, String user) {
    doors.signIn(user, IBM, CRUZ, 2);
    doors.signIn(user, IBM, WEBSEAL2, 1);
    doors.signIn(user, PARTNERS, CRUZ, 1);
    int before = doors.matched(user, IBM);
    int others = doors.matched("*", IBM) - before;
    int elsewhere = doors.matched(user, PARTNERS);

    assertThat(door.server(CRUZ, "terminateAllSessions", user, IBM).number()).isEqualTo(before);
    assertThat(doors.matched(user, IBM)).isZero();
    assertThat(doors.matched("*", IBM)).as("sessions of others").isEqualTo(others);
    assertThat(doors.matched(user, PARTNERS)).as("in another realm").isEqualTo(elsewhere);

    assertThat(door.server(CRUZ, "terminateAllSessions", user, IBM).number()).isZero();
    assertThat(door.server(CRUZ, "refreshAllSessions", user, IBM).number()).isZero();
  }

  @ParameterizedTest
  @MethodSource("doorsAndUsers")
  void refreshAllSessionsRenewsTheCredentialAndNothingElse(Door door, String user) {
    doors.signIn(user, IBM, DALLAS, 1);
    doors.signIn(user, IBM, WEBSEAL2, 1);
    List<Map<?, ?>> before = doors.sessions(user, IBM);
    List<Map<?, ?>> others = doors.sessions("user*", IBM);
    List<Map<?, ?>> elsewhere = doors.sessions("*", PARTNERS);

    assertThat(door.server(CRUZ, "refreshAllSessions", user, IBM).number())
        .isEqualTo(before.size());

    List<Map<?, ?>> after = doors.sessions(user, IBM);
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < after.size(); i++) {
      Map<?, ?> was = before.get(i);
      assertThat(after.get(i).get("credentialVersion")).isEqualTo(next(was));
      assertThat(after.get(i).get("refreshedAt")).isNotNull();
      for (String kept :
          List.of("id", "user", "server", "createdAt", "lastAccessAt", "expiresAt", "groups")) {
        assertThat(after.get(i).get(kept)).as(kept).isEqualTo(was.get(kept));
      }
    }
    assertThat(doors.sessions("user*", IBM)).isEqualTo(others);
    assertThat(doors.sessions("*", PARTNERS)).as("in another realm").isEqualTo(elsewhere);
  }

  private static long next(Map<?, ?> session) {
    return (Long) session.get("credentialVersion") + 1;
  }

  @ParameterizedTest
  @MethodSource("doors")
  void everyServerOfTheRealmIsAnEntryToTheWholeRealm(Door door) {
    for (String server : List.of(CRUZ, DALLAS, WEBSEAL2)) {
      doors.signIn("dlucas", IBM, CRUZ, 1);
      doors.signIn("dlucas", IBM, DALLAS, 1);
      doors.signIn("dlucas", IBM, WEBSEAL2, 1);
      int before = doors.matched("dlucas", IBM);

      assertThat(door.server(server, "terminateAllSessions", "dlucas", IBM).number())
          .isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void letterCaseOfTheUserIsIgnored(Door door) {
    doors.signIn("Mary Jones", IBM, CRUZ, 2);
    int before = doors.matched("Mary Jones", IBM);

    assertThat(door.server(CRUZ, "refreshAllSessions", "MARY jones", IBM).number())
        .isEqualTo(before);
    assertThat(door.server(CRUZ, "terminateAllSessions", "mary JONES", IBM).number())
        .isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void terminateOfAUserWhomNobodyKnowsEndsNothing(Door door) {
    assertThat(door.server(CRUZ, "terminateAllSessions", "nobody", IBM).number()).isZero();
  }

  @ParameterizedTest
  @MethodSource("doors")
  void refreshOfAUserWhomTheRegistryDoesNotKnowIsRefused(Door door) {
    Outcome outcome = door.server(CRUZ, "refreshAllSessions", "nobody", IBM);

    assertThat(outcome.status()).isEqualTo(500);
    assertThat(outcome.error())
        .startsWith("HPDMG0754W   ")
        .contains("nobody")
        .endsWith("(status 0x14c012f2)");
  }

  static Stream<Arguments> doorsAndOperations() {
    return doors.stream()
        .flatMap(
            door ->
                Stream.of("terminateAllSessions", "refreshAllSessions")
                    .map(operation -> arguments(door, operation)));
  }

  @ParameterizedTest
  @MethodSource("doorsAndOperations")
  void wrongUsersAreRefusedAndNothingChanges(Door door, String operation) {
    List<Map<?, ?>> before = doors.sessions("*", IBM);
    for (String user :
        new String[] {
          null,
          "",
          "   ",
          "\u00a0",
          "String",
          "*",
          "dluc*",
          "dlucas\u0007",
          "dlu\ncas",
          "\u0000",
          "dlucas\u202e",
          "x".repeat(257),
          " dlucas"
        }) {
      assertWrongParameter(door.server(CRUZ, operation, user, IBM));
    }
    assertThat(doors.sessions("*", IBM)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("doorsAndOperations")
  void wrongRealmsAreRefusedAndNothingChanges(Door door, String operation) {
    List<Map<?, ?>> before = doors.sessions("dlucas", IBM);
    for (String realm :
        new String[] {
          null,
          "",
          "  ",
          "String",
          "nowhere.example.com",
          "IBM.COM",
          "*",
          "ibm\n.com",
          "r".repeat(999)
        }) {
      assertWrongParameter(door.server(CRUZ, operation, "dlucas", realm));
    }
    assertThat(doors.sessions("dlucas", IBM)).isEqualTo(before);
  }

  private static void assertWrongParameter(Outcome outcome) {
    assertThat(outcome.status()).as(outcome.toString()).isEqualTo(500);
    assertThat(outcome.error())
        .startsWith(PARAMETER)
        .endsWith(PARAMETER_STATUS)
        .hasSizeLessThan(400)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void anUnknownRealmIsNamedTogetherWithTheKnownOnes(Door door) {
    Outcome outcome = door.server(CRUZ, "terminateAllSessions", "dlucas", "nowhere.example.com");

    assertThat(outcome.error()).contains("nowhere.example.com", IBM, PARTNERS);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void aRealmInWhichTheServerTakesNoPartIsRefused(Door door) {
    doors.signIn("dlucas", PARTNERS, CRUZ, 1);
    List<Map<?, ?>> before = doors.sessions("*", PARTNERS);
    for (String operation : List.of("terminateAllSessions", "refreshAllSessions")) {

      Outcome outcome = door.server(WEBSEAL2, operation, "dlucas", PARTNERS);

      assertThat(outcome.status()).isEqualTo(500);
      assertThat(outcome.error())
          .startsWith("CTGSI0307E   ")
          .contains(WEBSEAL2, PARTNERS)
          .endsWith("(status 0x38c58133)");
    }
    assertThat(doors.sessions("*", PARTNERS)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void terminateSessionEndsThatOneOnly(Door door) {
    doors.signIn("johnq", IBM, CRUZ, 3);
    List<Map<?, ?>> before = doors.sessions("johnq", IBM);
    Object id = before.get(1).get("id");

    assertThat(door.server(DALLAS, "terminateSession", id, IBM).number()).isEqualTo(1);

    assertThat(doors.sessions("johnq", IBM))
        .hasSize(before.size() - 1)
        .noneMatch(session -> session.get("id").equals(id));
    assertThat(door.server(DALLAS, "terminateSession", id, IBM).error())
        .startsWith("CTGSI0312W   ")
        .endsWith("(status 0x38c58138)");
  }

  @ParameterizedTest
  @MethodSource("doors")
  void refreshSessionRenewsThatOneOnly(Door door) {
    doors.signIn("johnq", IBM, CRUZ, 3);
    List<Map<?, ?>> before = doors.sessions("johnq", IBM);
    Map<?, ?> one = before.get(1);

    assertThat(door.server(WEBSEAL2, "refreshSession", one.get("id"), IBM).number()).isEqualTo(1);

    List<Map<?, ?>> after = doors.sessions("johnq", IBM);
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < after.size(); i++) {
      assertThat(after.get(i).get("credentialVersion"))
          .isEqualTo(i == 1 ? next(one) : before.get(i).get("credentialVersion"));
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void aSessionIsFoundInItsOwnRealmOnly(Door door) {
    doors.signIn("johnq", IBM, CRUZ, 1);
    Object id = doors.sessions("johnq", IBM).get(0).get("id");
    for (String operation : List.of("terminateSession", "refreshSession")) {
      assertThat(door.server(CRUZ, operation, id, PARTNERS).error()).startsWith("CTGSI0312W   ");
      assertThat(door.server(WEBSEAL2, operation, id, PARTNERS).error())
          .startsWith("CTGSI0307E   ");
      for (String wrong :
          new String[] {
            null, "", "String", "../x", "AAAAAAAAAAAAAAAAAAAAAA", "x".repeat(500), "é\n"
          }) {
        assertWrongParameter(door.server(CRUZ, operation, wrong, IBM));
      }
    }
    assertThat(doors.sessions("johnq", IBM)).anyMatch(session -> session.get("id").equals(id));
  }

  @ParameterizedTest
  @MethodSource("doors")
  void listSessionsSaysTheExactNumberEvenWhenCut(Door door) {
    doors.signIn("dlucas", IBM, CRUZ, 5);
    // in a GET path Jolokia takes a lone * for null
    String everybody = "**";
    int all = doors.matched("*", IBM);
    int ofUser = doors.matched("dlucas", IBM);

    assertThat(list(door, everybody, 3)).isEqualTo(tuple(all, 3));
    assertThat(list(door, everybody, 0)).isEqualTo(tuple(all, 0));
    assertThat(list(door, "DLUC*", 1_000_000)).isEqualTo(tuple(ofUser, ofUser));
    assertThat(list(door, "nobody*", 10)).isEqualTo(tuple(0, 0));
  }

  private static Object list(Door door, String pattern, int maximum) {
    Map<?, ?> found = (Map<?, ?>) door.server(CRUZ, "listSessions", pattern, IBM, maximum).value();
    return tuple(
        Math.toIntExact((Long) found.get("matched")), ((List<?>) found.get("sessions")).size());
  }

  @ParameterizedTest
  @MethodSource("doors")
  void listSessionsRefusesWrongArguments(Door door) {
    assertThat(door.server(CRUZ, "listSessions", "dlucas", IBM, -1).error())
        .startsWith(PARAMETER)
        .contains("-1");
    assertThat(door.server(CRUZ, "listSessions", "", IBM, 1).error()).startsWith(PARAMETER);
    assertThat(door.server(CRUZ, "listSessions", null, IBM, 1).error()).startsWith(PARAMETER);
    assertThat(door.server(CRUZ, "listSessions", "String", IBM, 1).error()).startsWith(PARAMETER);
    assertThat(door.server(CRUZ, "listSessions", "dlucas", "x", 1).error()).startsWith(PARAMETER);
  }

  @Test
  void listSessionsRefusesAMissingNumberInOneLine() {
    Door post = ServerProcess.shared().jolokia().byPost();

    assertThat(post.server(CRUZ, "listSessions", "*", IBM, null).error()).startsWith(PARAMETER);
  }

  @Test
  void aListHoldsWhatIsKnownOfEachSession() {
    doors.signIn("Mary Jones", IBM, WEBSEAL2, 1);

    assertThat(doors.rmi().server(WEBSEAL2).listSessions("mary jones", IBM, 100).sessions())
        .isNotEmpty()
        .allSatisfy(
            session -> {
              assertThat(session.user()).isEqualTo("Mary Jones");
              assertThat(session.realm()).isEqualTo(IBM);
              assertThat(session.groups()).containsExactlyInAnyOrder("employees", "managers");
              assertThat(session.createdAt()).endsWith("Z");
              assertThat(session.lastAccessAt()).isGreaterThanOrEqualTo(session.createdAt());
              assertThat(session.expiresAt()).isGreaterThan(session.createdAt());
            })
        .anyMatch(session -> session.server().equals(WEBSEAL2));
  }

  @Test
  void twoAdministratorsWhoTerminateAtOnceShareTheCount() throws Exception {
    JolokiaClient jolokia = ServerProcess.shared().jolokia();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Rmi other = ServerProcess.shared().rmi()) {
      for (int round = 0; round < 5; round++) {
        doors.signIn("dlucas", IBM, CRUZ, 10_000);
        int before = doors.matched("dlucas", IBM);
        CyclicBarrier together = new CyclicBarrier(2);
        List<Callable<Integer>> both =
            Stream.of(other.door(), jolokia.byPost())
                .map(
                    door ->
                        (Callable<Integer>)
                            () -> {
                              together.await();
                              return door.server(CRUZ, "terminateAllSessions", "dlucas", IBM)
                                  .number();
                            })
                .toList();
        int sum = 0;
        for (Future<Integer> count : threads.invokeAll(both)) {
          sum += count.get();
        }
        assertThat(sum).isEqualTo(before);
        assertThat(doors.matched("dlucas", IBM)).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
