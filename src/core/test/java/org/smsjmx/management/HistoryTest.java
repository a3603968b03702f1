package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.SessionTotals;

/** How fast totals grow. */
final class RatesTest {

  private final HandClock clock = new HandClock();
  private final Rates rates = new Rates(clock);

  private void note(long signedIn) {
    rates.note(new SessionTotals(signedIn, 0, 0, 0, 0));
  }

  private double signIns() {
    return rates.perSecond(SessionTotals::signedIn);
  }

  @Test
  void thereIsNoneUntilItWasNotedTwice() {
    assertThat(signIns()).isZero();
    note(100);
    assertThat(signIns()).isZero();
  }

  @Test
  void itIsThatOfTheLastMinute() {
    for (int second = 0; second <= 100; second++) {
      note(second * 10L);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(signIns()).isEqualTo(10);
    for (int second = 0; second < 61; second++) {
      note(1_000);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(signIns()).isZero();
  }

  @Test
  void aClockThatIsSetChangesNothing() {
    note(0);
    for (int hours : new int[] {-1, 2}) {
      clock.advance(Duration.ofSeconds(10));
      clock.set(Duration.ofHours(hours));
      note(50);
    }

    assertThat(signIns()).isEqualTo(2.5);
  }
}
