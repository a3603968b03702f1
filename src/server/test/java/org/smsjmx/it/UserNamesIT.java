package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SIMULATION;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;

/** User names in any script and with any sign, through every endpoint. */
final class UserNamesIT {

  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    endpoints = Endpoints.paused(ChangedConfiguration.server());
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  static Stream<Arguments> doorsAndUsers() {
    return endpoints.stream()
        .flatMap(
            endpoint ->
                ChangedConfiguration.HARD_NAMES.stream().map(user -> arguments(endpoint, user)));
  }

  @ParameterizedTest
  @MethodSource("doorsAndUsers")
  void aNameMeansTheSameUserEverywhere(Endpoint endpoint, String user) {
    assertThat(endpoint.call(SIMULATION, "signIn", user, IBM, DALLAS, 2).number()).isEqualTo(2);
    int sessions = endpoints.matched(user, IBM);
    assertThat(sessions).isGreaterThanOrEqualTo(2);
    assertThat(endpoints.sessions(user, IBM)).allMatch(session -> user.equals(session.get("user")));

    assertThat(endpoint.server(CRUZ, "refreshAllSessions", user, IBM).number()).isEqualTo(sessions);
    assertThat(endpoint.server(CRUZ, "terminateAllSessions", user, IBM).number())
        .isEqualTo(sessions);
    assertThat(endpoints.matched(user, IBM)).isZero();
  }

  static Stream<Endpoint> endpoints() {
    return endpoints.stream();
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void spellingsOfOneNameAreOneUserAndEachIsShownAsTyped(Endpoint endpoint) {
    for (String spelling : List.of("J\u00F6rg", "JO\u0308RG", "j\u00F6\u200Brg")) {
      assertThat(endpoint.call(SIMULATION, "signIn", spelling, IBM, DALLAS, 1).number())
          .isEqualTo(1);
    }
    List<String> shown =
        endpoints.sessions("J\u00D6RG", IBM).stream()
            .map(session -> session.get("user").toString())
            .toList();
    assertThat(shown).containsExactly("J\u00F6rg", "JO\u0308RG", "j\u00F6\u200Brg");

    assertThat(endpoint.server(CRUZ, "refreshAllSessions", "\uFF2A\u00D6rg", IBM).number())
        .isEqualTo(3);
    assertThat(endpoint.server(CRUZ, "terminateAllSessions", "jo\u0308rg", IBM).number())
        .isEqualTo(3);
  }
}
