package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.ChangedConfiguration.AUDITOR;
import static org.smsjmx.fixture.ChangedConfiguration.password;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jolokia.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** What people and consoles read, through every endpoint. */
final class ReadingIT {

  private static final String REALM = "sms:type=Realm,name=" + IBM;

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

  static Stream<Endpoint> endpoints() {
    return endpoints.stream();
  }

  private static List<Map<?, ?>> rows(Outcome outcome, String member) {
    assertThat(outcome.status()).as(outcome.error()).isEqualTo(200);
    Object rows = member.isEmpty() ? outcome.value() : ((Map<?, ?>) outcome.value()).get(member);
    return ((List<?>) rows).stream().<Map<?, ?>>map(row -> (Map<?, ?>) row).toList();
  }

  private static List<Object> all(List<Map<?, ?>> rows, String member) {
    return rows.stream().<Object>map(row -> row.get(member)).toList();
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void pagesOfUsersTogetherHoldAllOfThem(Endpoint endpoint) {
    endpoints.signIn("dlucas", IBM, CRUZ, 2);
    endpoints.signIn("smile \uD83D\uDE00", IBM, DALLAS, 1);
    Outcome whole = endpoint.server(CRUZ, "listUsers", "**", IBM, "", 10_000);
    List<Map<?, ?>> users = rows(whole, "users");
    assertThat(((Map<?, ?>) whole.value()).get("matched")).isEqualTo((long) users.size());
    assertThat(all(users, "user")).contains("dlucas", "smile \uD83D\uDE00");

    List<Object> paged = new ArrayList<>();
    List<Map<?, ?>> page = rows(endpoint.server(CRUZ, "listUsers", "**", IBM, null, 20), "users");
    while (!page.isEmpty()) {
      paged.addAll(all(page, "user"));
      page =
          rows(
              endpoint.server(CRUZ, "listUsers", "**", IBM, paged.get(paged.size() - 1), 20),
              "users");
    }
    assertThat(paged).isEqualTo(all(users, "user"));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void aPartOfAUsersSessionsIsListed(Endpoint endpoint) {
    endpoints.signIn("johnq", IBM, CRUZ, 5);
    List<Object> ids =
        new ArrayList<>(
            all(
                rows(
                    endpoint.server(CRUZ, "listUserSessions", "johnq", IBM, 0, 999, false),
                    "sessions"),
                "id"));
    Collections.reverse(ids);

    Outcome newest = endpoint.server(CRUZ, "listUserSessions", "JOHNQ", IBM, 1, 3, true);

    assertThat(all(rows(newest, "sessions"), "id")).isEqualTo(ids.subList(1, 4));
    assertThat(((Map<?, ?>) newest.value()).get("matched")).isEqualTo((long) ids.size());
    assertThat(endpoint.server(CRUZ, "listUserSessions", "johnq", IBM, -1, 3, true).error())
        .startsWith("CTGSI0313E   ")
        .contains("Offset must be 0 or more: -1");
  }

  @Test
  void whatIsNoTruthValueIsRefusedOverHttp() {
    JolokiaClient jolokia = server.jolokia();
    for (Endpoint endpoint : List.of(jolokia.byPost(), jolokia.byGet())) {
      Outcome refused = endpoint.server(CRUZ, "listUserSessions", "johnq", IBM, 0, 1, "yes");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.error())
          .startsWith("CTGSI0313E   ")
          .contains("NewestFirst must be true or false");
    }
    Outcome refused =
        jolokia.byPost().call(REALM, "countSessions", JolokiaClient.array("johnq", 7L));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error())
        .startsWith("CTGSI0313E   ")
        .contains("Users must be a list of texts");
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void sessionsOfManyUsersAreCountedAtOnce(Endpoint endpoint) {
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    int sessions = endpoints.matched("dlucas", IBM);
    int lines = AuditLines.all(server).size();

    List<Map<?, ?>> counts =
        rows(
            endpoint.call(REALM, "countSessions", (Object) new String[] {"DLUCAS", "nobody", "a*"}),
            "");

    assertThat(all(counts, "user")).containsExactly("DLUCAS", "nobody", "a*");
    assertThat(all(counts, "sessions")).containsExactly((long) sessions, 0L, 0L);
    assertThat((String) counts.get(2).get("error")).startsWith("user must be one name");
    assertThat(AuditLines.all(server)).hasSize(lines + 1);
    String[] many = Collections.nCopies(1_000, "x".repeat(200)).toArray(String[]::new);
    if (!endpoint.toString().equals("GET")) {
      assertThat(rows(endpoint.call(REALM, "countSessions", (Object) many), "")).hasSize(1_000);
    }
  }

  @Test
  void theOverviewIsReadOverBothEndpointsAndLeavesNoAuditLine() {
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    JolokiaClient jolokia = server.jolokia("view", password("view"));
    try (Rmi rmi = server.rmi("view", password("view"))) {
      int lines = AuditLines.all(server).size();
      for (String attribute : List.of("Overview", "History", "RecentOperations", "Caller")) {
        assertThat(rmi.read(SERVICE, attribute)).isNotNull();
        assertThat(jolokia.read(SERVICE, attribute).toString()).doesNotContain("null");
      }
      assertThat(AuditLines.all(server)).hasSize(lines);
    }
    JSONObject overview = (JSONObject) jolokia.read(SERVICE, "Overview");
    Map<?, ?> byServer = (Map<?, ?>) overview.get("sessionsByServer");
    assertThat(byServer.values().stream().mapToLong(count -> (Long) count).sum())
        .isEqualTo(((Map<?, ?>) overview.get("totals")).get("sessions"));
    JSONObject caller = (JSONObject) jolokia.read(SERVICE, "Caller");
    assertThat(caller)
        .containsEntry("account", "view")
        .containsEntry("permission", "view")
        .containsEntry("address", "127.0.0.1")
        .containsEntry("endpoint", "http");
  }

  @Test
  void theAuditIsFoundByTheRoleAuditAndByNoLesserOne() {
    assertThat(server.jolokia("nobody", "secret-typed-here").get("/jolokia/version").statusCode())
        .isEqualTo(401);
    endpoints
        .rmi()
        .call(
            "sms:type=Server,name=" + CRUZ,
            "terminateAllSessionsWithReason",
            "dlucas",
            IBM,
            "why not");
    try (Endpoints auditor = new Endpoints(server, AUDITOR, password(AUDITOR))) {
      auditor.stream()
          .forEach(
              endpoint -> {
                Outcome found = endpoint.call(SERVICE, "findOperations", "DLUCAS", "", "PT1H", 99);
                assertThat(all(rows(found, "operations"), "reason")).contains("why not");
                Outcome all = endpoint.call(SERVICE, "findOperations", "", "", "", 1_000);
                assertThat(all(rows(all, "operations"), "account")).doesNotContain("nobody");
                assertThat(endpoint.server(CRUZ, "listSessions", "dlucas", IBM, 1).status())
                    .isEqualTo(200);
                assertThat(endpoint.server(CRUZ, "terminateAllSessions", "dlucas", IBM).status())
                    .isEqualTo(403);
              });
    }
    for (String role : List.of("view", "refresh", "terminate")) {
      assertThat(
              server
                  .jolokia(role, password(role))
                  .byPost()
                  .call(SERVICE, "findOperations", "", "", "", 1)
                  .status())
          .isEqualTo(403);
    }
    Outcome failed =
        server
            .jolokia("administer", password("administer"))
            .byPost()
            .call(SERVICE, "findOperations", "", "nobody", "", 5);
    assertThat(rows(failed, "operations").get(0).get("operation")).isEqualTo("signIn");
  }
}
