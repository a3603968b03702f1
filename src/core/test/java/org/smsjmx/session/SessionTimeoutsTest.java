package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionTimeoutsTest {

  @Test
  void theDefaultsAreAnHourAndTenMinutes() {
    assertThat(SessionTimeouts.DEFAULT.lifetime()).hasSeconds(3600);
    assertThat(SessionTimeouts.DEFAULT.inactive()).hasSeconds(600);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.001S", "PT1H", "P36500D"})
  void aTimeWithinBoundsIsAllowed(Duration time) {
    assertThat(new SessionTimeouts(time, Duration.ZERO).lifetime()).isEqualTo(time);
    assertThat(new SessionTimeouts(Duration.ZERO, time).inactive()).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0.000999S", "P36500DT0.001S", "PT2562047788015H"})
  void aTimeOutOfBoundsIsRefused(Duration time) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SessionTimeouts(time, Duration.ZERO))
        .withMessageStartingWith("lifetime must be ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SessionTimeouts(Duration.ZERO, time))
        .withMessageStartingWith("inactive-timeout must be ");
  }
}
