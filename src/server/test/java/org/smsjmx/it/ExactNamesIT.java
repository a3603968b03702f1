package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.ServerProcess;

/** A server for users whose names differ in letter case. */
final class ExactNamesIT {

  @Test
  void namesThatDifferInLetterCaseAreTwoUsersFromTheFileToTheOperations() {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"), "user-names: directory", "user-names: exact");
    ChangedConfiguration.append(
        directory.resolve("users.ldif"),
        "\ndn: cn=capital,dc=ibm,dc=com\nobjectClass: inetOrgPerson\nuid: DLucas\ncn: capital\n");
    try (ServerProcess server =
            ServerProcess.start().config(directory).option("--sessions", "30").ready();
        Endpoints endpoints = Endpoints.paused(server)) {
      int capital = endpoints.matched("DLucas", IBM);
      int small = endpoints.matched("dlucas", IBM);
      assertThat(capital).isPositive();
      assertThat(small).isPositive();

      for (Endpoint endpoint : endpoints.stream().toList()) {
        assertThat(endpoint.server(CRUZ, "refreshAllSessions", "DLucas", IBM).number())
            .isEqualTo(capital);
        assertThat(endpoint.server(CRUZ, "refreshAllSessions", "DLUCAS", IBM).error())
            .startsWith("HPDMG0754W");
        assertThat(endpoint.server(CRUZ, "terminateAllSessions", "DLUCAS", IBM).number()).isZero();
      }
      assertThat(endpoints.rmi().server(CRUZ).terminateAllSessions("DLucas", IBM))
          .isEqualTo(capital);
      assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(small);
    }
  }
}
