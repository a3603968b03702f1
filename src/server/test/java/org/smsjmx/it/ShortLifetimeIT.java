package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Doors.CRUZ;
import static org.smsjmx.fixture.Doors.DALLAS;
import static org.smsjmx.fixture.Doors.IBM;
import static org.smsjmx.fixture.Doors.WEBSEAL2;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Doors;
import org.smsjmx.fixture.ServerProcess;

/** Sessions that end by themselves, with a lifetime of a second. */
final class ShortLifetimeIT {

  @Test
  void usersComeBackAfterTheLifetimeUnlessAnAdministratorEndedTheirSessions() {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(directory.resolve("sms.yaml"), "lifetime: PT1H", "lifetime: PT1S");
    try (ServerProcess server =
            ServerProcess.start().config(directory).option("--sessions", "30").ready();
        Doors doors = new Doors(server)) {
      doors.rmi().door().server(CRUZ, "terminateAllSessions", "johnq", IBM);
      awaitLaterSessions(doors, "dlucas");
      awaitLaterSessions(doors, "dlucas");

      assertThat(doors.matched("dlucas", IBM)).isEqualTo(3);
      assertThat(doors.matched("johnq", IBM)).isZero();
      for (String name : List.of(CRUZ, DALLAS, WEBSEAL2)) {
        assertThat(doors.rmi().server(name).getExpiredTotal()).isPositive();
      }
    }
  }

  private static void awaitLaterSessions(Doors doors, String user) {
    String latest = latest(doors, user);
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                doors.sessions(user, IBM).size() == 3
                    && latest(doors, user).compareTo(latest) > 0
                    && doors.sessions(user, IBM).stream()
                        .allMatch(s -> s.get("createdAt").toString().compareTo(latest) > 0));
  }

  private static String latest(Doors doors, String user) {
    return doors.sessions(user, IBM).stream()
        .map((Map<?, ?> session) -> session.get("createdAt").toString())
        .max(String::compareTo)
        .orElse("");
  }
}
