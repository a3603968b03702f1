package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.WEBSEAL2;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.ServerProcess;

/** Sessions that end by themselves, with a lifetime of a second. */
final class ShortLifetimeIT {

  @Test
  void usersComeBackAfterTheLifetimeUnlessAnAdministratorEndedTheirSessions() {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(directory.resolve("sms.yaml"), "lifetime: PT1H", "lifetime: PT1S");
    try (ServerProcess server =
            ServerProcess.start().config(directory).option("--sessions", "30").ready();
        Endpoints endpoints = new Endpoints(server)) {
      endpoints.rmi().endpoint().server(CRUZ, "terminateAllSessions", "johnq", IBM);
      awaitLaterSessions(endpoints, "dlucas");
      awaitLaterSessions(endpoints, "dlucas");

      // all three are there again and again, but for the moment between their end and their return
      await().until(() -> endpoints.matched("dlucas", IBM) == 3);
      assertThat(endpoints.matched("johnq", IBM)).isZero();
      for (String name : List.of(CRUZ, DALLAS, WEBSEAL2)) {
        assertThat(endpoints.rmi().server(name).getExpiredTotal()).isPositive();
      }
    }
  }

  private static void awaitLaterSessions(Endpoints endpoints, String user) {
    String latest = latest(endpoints, user);
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                endpoints.sessions(user, IBM).size() == 3
                    && latest(endpoints, user).compareTo(latest) > 0
                    && endpoints.sessions(user, IBM).stream()
                        .allMatch(s -> s.get("createdAt").toString().compareTo(latest) > 0));
  }

  private static String latest(Endpoints endpoints, String user) {
    return endpoints.sessions(user, IBM).stream()
        .map((Map<?, ?> session) -> session.get("createdAt").toString())
        .max(String::compareTo)
        .orElse("");
  }
}
