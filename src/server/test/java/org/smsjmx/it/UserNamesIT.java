package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Doors.CRUZ;
import static org.smsjmx.fixture.Doors.DALLAS;
import static org.smsjmx.fixture.Doors.IBM;
import static org.smsjmx.fixture.Doors.SIMULATION;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Door;
import org.smsjmx.fixture.Doors;

/** User names in any script and with any sign, through every door. */
final class UserNamesIT {

  private static Doors doors;

  @BeforeAll
  static void openDoors() {
    doors = Doors.paused(ChangedConfiguration.server());
  }

  @AfterAll
  static void closeDoors() {
    doors.close();
  }

  static Stream<Arguments> doorsAndUsers() {
    return doors.stream()
        .flatMap(
            door -> ChangedConfiguration.HARD_NAMES.stream().map(user -> arguments(door, user)));
  }

  @ParameterizedTest
  @MethodSource("doorsAndUsers")
  void aNameMeansTheSameUserEverywhere(Door door, String user) {
    assertThat(door.call(SIMULATION, "signIn", user, IBM, DALLAS, 2).number()).isEqualTo(2);
    int sessions = doors.matched(user, IBM);
    assertThat(sessions).isGreaterThanOrEqualTo(2);
    assertThat(doors.sessions(user, IBM)).allMatch(session -> user.equals(session.get("user")));

    assertThat(door.server(CRUZ, "refreshAllSessions", user, IBM).number()).isEqualTo(sessions);
    assertThat(door.server(CRUZ, "terminateAllSessions", user, IBM).number()).isEqualTo(sessions);
    assertThat(doors.matched(user, IBM)).isZero();
  }
}
