package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.PARTNERS;
import static org.smsjmx.fixture.Endpoints.SEED_USERS;
import static org.smsjmx.fixture.Endpoints.WEBSEAL2;

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
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** The operations of a server's MBean, through every endpoint. */
final class OperationsIT {

  private static final String PARAMETER = "CTGSI0313E   ";
  private static final String PARAMETER_STATUS = "(status 0x38c58139)";

  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    endpoints = Endpoints.paused(ServerProcess.shared());
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  static Stream<Endpoint> endpoints() {
    return endpoints.stream();
  }

  static Stream<Arguments> doorsAndUsers() {
    return endpoints.stream()
        .flatMap(endpoint -> SEED_USERS.stream().map(user -> arguments(endpoint, user)));
  }

  @ParameterizedTest
  @MethodSource("doorsAndUsers")
  void terminateAllSessionsEndsThoseOfTheUserInTheRealmAndSaysHowMany(
      Endpoint endpoint, String user) {
    endpoints.signIn(user, IBM, CRUZ, 2);
    endpoints.signIn(user, IBM, WEBSEAL2, 1);
    endpoints.signIn(user, PARTNERS, CRUZ, 1);
    int before = endpoints.matched(user, IBM);
    int others = endpoints.matched("*", IBM) - before;
    int elsewhere = endpoints.matched(user, PARTNERS);

    assertThat(endpoint.server(CRUZ, "terminateAllSessions", user, IBM).number()).isEqualTo(before);
    assertThat(endpoints.matched(user, IBM)).isZero();
    assertThat(endpoints.matched("*", IBM)).as("sessions of others").isEqualTo(others);
    assertThat(endpoints.matched(user, PARTNERS)).as("in another realm").isEqualTo(elsewhere);

    assertThat(endpoint.server(CRUZ, "terminateAllSessions", user, IBM).number()).isZero();
    assertThat(endpoint.server(CRUZ, "refreshAllSessions", user, IBM).number()).isZero();
  }

  @ParameterizedTest
  @MethodSource("doorsAndUsers")
  void refreshAllSessionsRenewsTheCredentialAndNothingElse(Endpoint endpoint, String user) {
    endpoints.signIn(user, IBM, DALLAS, 1);
    endpoints.signIn(user, IBM, WEBSEAL2, 1);
    List<Map<?, ?>> before = endpoints.sessions(user, IBM);
    List<Map<?, ?>> others = endpoints.sessions("user*", IBM);
    List<Map<?, ?>> elsewhere = endpoints.sessions("*", PARTNERS);

    assertThat(endpoint.server(CRUZ, "refreshAllSessions", user, IBM).number())
        .isEqualTo(before.size());

    List<Map<?, ?>> after = endpoints.sessions(user, IBM);
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
    assertThat(endpoints.sessions("user*", IBM)).isEqualTo(others);
    assertThat(endpoints.sessions("*", PARTNERS)).as("in another realm").isEqualTo(elsewhere);
  }

  private static long next(Map<?, ?> session) {
    return (Long) session.get("credentialVersion") + 1;
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void everyServerOfTheRealmIsAnEntryToTheWholeRealm(Endpoint endpoint) {
    for (String server : List.of(CRUZ, DALLAS, WEBSEAL2)) {
      endpoints.signIn("dlucas", IBM, CRUZ, 1);
      endpoints.signIn("dlucas", IBM, DALLAS, 1);
      endpoints.signIn("dlucas", IBM, WEBSEAL2, 1);
      int before = endpoints.matched("dlucas", IBM);

      assertThat(endpoint.server(server, "terminateAllSessions", "dlucas", IBM).number())
          .isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void letterCaseOfTheUserIsIgnored(Endpoint endpoint) {
    endpoints.signIn("Mary Jones", IBM, CRUZ, 2);
    int before = endpoints.matched("Mary Jones", IBM);

    assertThat(endpoint.server(CRUZ, "refreshAllSessions", "MARY jones", IBM).number())
        .isEqualTo(before);
    assertThat(endpoint.server(CRUZ, "terminateAllSessions", "mary JONES", IBM).number())
        .isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void terminateOfAUserWhomNobodyKnowsEndsNothing(Endpoint endpoint) {
    assertThat(endpoint.server(CRUZ, "terminateAllSessions", "nobody", IBM).number()).isZero();
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void refreshOfAUserWhomTheRegistryDoesNotKnowIsRefused(Endpoint endpoint) {
    Outcome outcome = endpoint.server(CRUZ, "refreshAllSessions", "nobody", IBM);

    assertThat(outcome.status()).isEqualTo(500);
    assertThat(outcome.error())
        .startsWith("HPDMG0754W   ")
        .contains("nobody")
        .endsWith("(status 0x14c012f2)");
  }

  static Stream<Arguments> doorsAndOperations() {
    return endpoints.stream()
        .flatMap(
            endpoint ->
                Stream.of("terminateAllSessions", "refreshAllSessions")
                    .map(operation -> arguments(endpoint, operation)));
  }

  @ParameterizedTest
  @MethodSource("doorsAndOperations")
  void wrongUsersAreRefusedAndNothingChanges(Endpoint endpoint, String operation) {
    List<Map<?, ?>> before = endpoints.sessions("*", IBM);
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
      assertWrongParameter(endpoint.server(CRUZ, operation, user, IBM));
    }
    assertThat(endpoints.sessions("*", IBM)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("doorsAndOperations")
  void wrongRealmsAreRefusedAndNothingChanges(Endpoint endpoint, String operation) {
    List<Map<?, ?>> before = endpoints.sessions("dlucas", IBM);
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
      assertWrongParameter(endpoint.server(CRUZ, operation, "dlucas", realm));
    }
    assertThat(endpoints.sessions("dlucas", IBM)).isEqualTo(before);
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
  @MethodSource("endpoints")
  void anUnknownRealmIsNamedTogetherWithTheKnownOnes(Endpoint endpoint) {
    Outcome outcome =
        endpoint.server(CRUZ, "terminateAllSessions", "dlucas", "nowhere.example.com");

    assertThat(outcome.error()).contains("nowhere.example.com", IBM, PARTNERS);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void aRealmInWhichTheServerTakesNoPartIsRefused(Endpoint endpoint) {
    endpoints.signIn("dlucas", PARTNERS, CRUZ, 1);
    List<Map<?, ?>> before = endpoints.sessions("*", PARTNERS);
    for (String operation : List.of("terminateAllSessions", "refreshAllSessions")) {

      Outcome outcome = endpoint.server(WEBSEAL2, operation, "dlucas", PARTNERS);

      assertThat(outcome.status()).isEqualTo(500);
      assertThat(outcome.error())
          .startsWith("CTGSI0307E   ")
          .contains(WEBSEAL2, PARTNERS)
          .endsWith("(status 0x38c58133)");
    }
    assertThat(endpoints.sessions("*", PARTNERS)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void terminateSessionEndsThatOneOnly(Endpoint endpoint) {
    endpoints.signIn("johnq", IBM, CRUZ, 3);
    List<Map<?, ?>> before = endpoints.sessions("johnq", IBM);
    Object id = before.get(1).get("id");

    assertThat(endpoint.server(DALLAS, "terminateSession", id, IBM).number()).isEqualTo(1);

    assertThat(endpoints.sessions("johnq", IBM))
        .hasSize(before.size() - 1)
        .noneMatch(session -> session.get("id").equals(id));
    assertThat(endpoint.server(DALLAS, "terminateSession", id, IBM).error())
        .startsWith("CTGSI0312W   ")
        .endsWith("(status 0x38c58138)");
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void refreshSessionRenewsThatOneOnly(Endpoint endpoint) {
    endpoints.signIn("johnq", IBM, CRUZ, 3);
    List<Map<?, ?>> before = endpoints.sessions("johnq", IBM);
    Map<?, ?> one = before.get(1);

    assertThat(endpoint.server(WEBSEAL2, "refreshSession", one.get("id"), IBM).number())
        .isEqualTo(1);

    List<Map<?, ?>> after = endpoints.sessions("johnq", IBM);
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < after.size(); i++) {
      assertThat(after.get(i).get("credentialVersion"))
          .isEqualTo(i == 1 ? next(one) : before.get(i).get("credentialVersion"));
    }
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void aSessionIsFoundInItsOwnRealmOnly(Endpoint endpoint) {
    endpoints.signIn("johnq", IBM, CRUZ, 1);
    Object id = endpoints.sessions("johnq", IBM).get(0).get("id");
    for (String operation : List.of("terminateSession", "refreshSession")) {
      assertThat(endpoint.server(CRUZ, operation, id, PARTNERS).error())
          .startsWith("CTGSI0312W   ");
      assertThat(endpoint.server(WEBSEAL2, operation, id, PARTNERS).error())
          .startsWith("CTGSI0307E   ");
      for (String unknown : List.of("678", "AAAAAAAAAAAAAAAAAAAAAA", "A".repeat(48))) {
        assertThat(endpoint.server(CRUZ, operation, unknown, IBM).error())
            .startsWith("CTGSI0312W   ");
      }
      for (String wrong : new String[] {null, "", "String", "../x", "x".repeat(500), "é\n"}) {
        assertWrongParameter(endpoint.server(CRUZ, operation, wrong, IBM));
      }
    }
    assertThat(endpoints.sessions("johnq", IBM)).anyMatch(session -> session.get("id").equals(id));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void listSessionsSaysTheExactNumberEvenWhenCut(Endpoint endpoint) {
    endpoints.signIn("dlucas", IBM, CRUZ, 5);
    // in a GET path Jolokia takes a lone * for null
    String everybody = "**";
    int all = endpoints.matched("*", IBM);
    int ofUser = endpoints.matched("dlucas", IBM);

    assertThat(list(endpoint, everybody, 3)).isEqualTo(tuple(all, 3));
    assertThat(list(endpoint, everybody, 0)).isEqualTo(tuple(all, 0));
    assertThat(list(endpoint, "DLUC*", 1_000_000)).isEqualTo(tuple(ofUser, ofUser));
    assertThat(list(endpoint, "nobody*", 10)).isEqualTo(tuple(0, 0));
  }

  private static Object list(Endpoint endpoint, String pattern, int maximum) {
    Map<?, ?> found =
        (Map<?, ?>) endpoint.server(CRUZ, "listSessions", pattern, IBM, maximum).value();
    return tuple(
        Math.toIntExact((Long) found.get("matched")), ((List<?>) found.get("sessions")).size());
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void listSessionsRefusesWrongArguments(Endpoint endpoint) {
    assertThat(endpoint.server(CRUZ, "listSessions", "dlucas", IBM, -1).error())
        .startsWith(PARAMETER)
        .contains("-1");
    assertThat(endpoint.server(CRUZ, "listSessions", "", IBM, 1).error()).startsWith(PARAMETER);
    assertThat(endpoint.server(CRUZ, "listSessions", null, IBM, 1).error()).startsWith(PARAMETER);
    assertThat(endpoint.server(CRUZ, "listSessions", "String", IBM, 1).error())
        .startsWith(PARAMETER);
    assertThat(endpoint.server(CRUZ, "listSessions", "dlucas", "x", 1).error())
        .startsWith(PARAMETER);
  }

  @Test
  void listSessionsRefusesAMissingNumberInOneLine() {
    Endpoint post = ServerProcess.shared().jolokia().byPost();

    assertThat(post.server(CRUZ, "listSessions", "*", IBM, null).error()).startsWith(PARAMETER);
  }

  @Test
  void aListHoldsWhatIsKnownOfEachSession() {
    endpoints.signIn("Mary Jones", IBM, WEBSEAL2, 1);

    assertThat(endpoints.rmi().server(WEBSEAL2).listSessions("mary jones", IBM, 100).sessions())
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
        endpoints.signIn("dlucas", IBM, CRUZ, 10_000);
        int before = endpoints.matched("dlucas", IBM);
        CyclicBarrier together = new CyclicBarrier(2);
        List<Callable<Integer>> both =
            Stream.of(other.endpoint(), jolokia.byPost())
                .map(
                    endpoint ->
                        (Callable<Integer>)
                            () -> {
                              together.await();
                              return endpoint
                                  .server(CRUZ, "terminateAllSessions", "dlucas", IBM)
                                  .number();
                            })
                .toList();
        int sum = 0;
        for (Future<Integer> count : threads.invokeAll(both)) {
          sum += count.get();
        }
        assertThat(sum).isEqualTo(before);
        assertThat(endpoints.matched("dlucas", IBM)).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
