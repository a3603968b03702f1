package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.SessionTotals;

/** How fast totals grow. */
final class RatesTest {

  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final Rates rates = new Rates(() -> now);

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
      now = now.plusSeconds(1);
    }
    assertThat(signIns()).isEqualTo(10);
    for (int second = 0; second < 61; second++) {
      note(1_000);
      now = now.plusSeconds(1);
    }
    assertThat(signIns()).isZero();
  }

  @Test
  void aClockThatIsSetBackBeginsAnew() {
    note(0);
    now = now.plusSeconds(10);
    note(50);
    now = now.minusSeconds(3_600);
    note(50);
    now = now.plusSeconds(10);
    note(70);

    assertThat(signIns()).isEqualTo(2);
  }
}
