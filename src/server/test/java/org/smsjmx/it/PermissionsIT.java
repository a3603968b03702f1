package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.ChangedConfiguration.ROLES;
import static org.smsjmx.fixture.ChangedConfiguration.STRANGER;
import static org.smsjmx.fixture.ChangedConfiguration.password;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;
import static org.smsjmx.fixture.Endpoints.SIMULATION;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** What accounts of each role may do, through every endpoint. */
final class PermissionsIT {

  private static final Map<String, Object[]> ARGUMENTS =
      Map.of(
          "listSessions", new Object[] {"dlucas", IBM, 10},
          "previewRefresh", new Object[] {"dlucas", IBM},
          "refreshAllSessions", new Object[] {"dlucas", IBM},
          "refreshAllSessionsWithReport", new Object[] {"dlucas", IBM, "why"},
          "terminateAllSessionsWithReason", new Object[] {"dlucas", IBM, "why"},
          "terminateAllSessions", new Object[] {"dlucas", IBM});

  private static ServerProcess server;
  private static Endpoints endpoints;
  private static List<Endpoints> opened;

  @BeforeAll
  static void openEndpoints() {
    server = ChangedConfiguration.server();
    endpoints = Endpoints.paused(server);
    opened = new ArrayList<>();
  }

  @AfterAll
  static void closeEndpoints() {
    opened.forEach(Endpoints::close);
    endpoints.close();
  }

  static Stream<Arguments> rolesAndEndpoints() {
    return ROLES.stream()
        .flatMap(
            role -> {
              Endpoints ofRole = new Endpoints(server, role, password(role));
              opened.add(ofRole);
              return ofRole.stream().map(endpoint -> arguments(role, endpoint));
            });
  }

  @ParameterizedTest
  @MethodSource("rolesAndEndpoints")
  void aRoleMayDoWhatItIncludesAndNothingElse(String role, Endpoint endpoint) {
    int may = ROLES.indexOf(role);
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    int sessions = endpoints.matched("dlucas", IBM);

    assertThat(callServer(endpoint, "listSessions").status()).isEqualTo(200);
    assertThat(callServer(endpoint, "previewRefresh").status()).isEqualTo(200);
    assertAllowed(may >= 1, role, callServer(endpoint, "refreshAllSessions"));
    assertAllowed(may >= 1, role, callServer(endpoint, "refreshAllSessionsWithReport"));
    Outcome terminated = callServer(endpoint, "terminateAllSessions");
    assertAllowed(may >= 2, role, terminated);
    assertAllowed(may >= 2, role, callServer(endpoint, "terminateAllSessionsWithReason"));
    assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(may >= 2 ? 0 : sessions);
    assertAllowed(may >= 1, role, endpoint.call(SERVICE, "refreshEverywhere", "dlucas", "any"));
    assertAllowed(may >= 2, role, endpoint.call(SERVICE, "terminateEverywhere", "dlucas", "any"));
    assertAllowed(may >= 3, role, endpoint.call(SIMULATION, "pause"));
    assertAllowed(may >= 3, role, endpoint.call(SIMULATION, "signOut", "johnq", IBM));
    assertAllowed(may >= 3, role, endpoint.call(SERVICE, "changeSessionKey"));
  }

  private static Outcome callServer(Endpoint endpoint, String operation) {
    return endpoint.server(CRUZ, operation, ARGUMENTS.get(operation));
  }

  private static void assertAllowed(boolean allowed, String account, Outcome outcome) {
    if (allowed) {
      assertThat(outcome.status()).as(outcome.error()).isEqualTo(200);
    } else {
      assertThat(outcome.status()).as(outcome.toString()).isEqualTo(403);
      assertThat(outcome.error())
          .startsWith("CTGSI0303E   ")
          .contains(account)
          .endsWith("(status 0x38c5812f)");
      Map<?, ?> line = AuditLines.last(server);
      assertThat(line.get("outcome")).isEqualTo("CTGSI0303E");
      assertThat(line.get("caller")).isEqualTo(account);
    }
  }

  @ParameterizedTest
  @MethodSource("rolesAndEndpoints")
  void everyRoleMayReadAttributes(String role, Endpoint endpoint) {
    try (Rmi rmi = server.rmi(role, password(role))) {
      assertThat(rmi.read(SERVICE, "SessionCount")).isNotNull();
    }
    assertThat(server.jolokia(role, password(role)).read(SERVICE, "SessionCount")).isNotNull();
  }

  @Test
  void anAccountWithoutRoleDoesNotComeIn() {
    assertThat(server.jolokia(STRANGER, password(STRANGER)).get("/jolokia/version").statusCode())
        .isEqualTo(401);
    assertThatThrownBy(() -> server.rmi(STRANGER, password(STRANGER)).close())
        .isInstanceOf(SecurityException.class);
  }

  @Test
  void aBulkRequestIsCheckedMemberByMember() {
    JolokiaClient viewer = server.jolokia("view", password("view"));
    String mbean = "sms:type=Server,name=" + CRUZ;
    endpoints.signIn("johnq", IBM, CRUZ, 1);
    int before = endpoints.matched("johnq", IBM);

    List<?> answers =
        (List<?>)
            viewer.post(
                (Object)
                    JolokiaClient.array(
                        JolokiaClient.exec(mbean, "listSessions", "johnq", IBM, 0),
                        JolokiaClient.exec(mbean, "terminateAllSessions", "johnq", IBM)));

    assertThat(answers.stream().map(answer -> JolokiaClient.outcome(answer).status()))
        .containsExactly(200, 403);
    assertThat(endpoints.matched("johnq", IBM)).isEqualTo(before);
  }

  @Test
  void passwordsInClearHaveBeenReplacedByHashes() {
    Path accounts = server.data().resolve("jmxremote.password");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !ServerProcess.read(accounts).contains("Paßwort"));
    String file = ServerProcess.read(accounts);

    assertThat(file)
        .startsWith("# accounts in clear, as a person writes them\n")
        .doesNotContain("Paßwort", ServerProcess.PASSWORD);
    for (String account : List.of("view", "refresh", "terminate", "administer", STRANGER)) {
      assertThat(file).containsPattern("(?m)^\\s*" + account + " \\S+ \\S+ SHA3-512$");
    }
  }
}
