package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.SessionTotals;

/** The totals of the last ten minutes, and how fast they grow. */
final class HistoryTest {

  private final HandClock clock = new HandClock();
  private final History history = new History(clock);

  private void note(long signedIn) {
    history.note(new SessionTotals(signedIn, 0, 0, 0, 0));
  }

  private double signIns() {
    return history.perSecond(SessionTotals::signedIn);
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

  @Test
  void itHoldsASampleOfEachTimeItWasNotedAndOfTheLastTenMinutesOnly() {
    for (int second = 0; second < 1_000; second++) {
      history.note(new SessionTotals(second * 10L, second * 3L, second * 2L, second, second * 5L));
      clock.advance(Duration.ofSeconds(1));
    }

    ServiceMXBean.HistoryView view = history.view();

    assertThat(view.atMillis()).hasSize(600).isSorted();
    assertThat(view.atMillis()[599]).isEqualTo(clock.instant().minusSeconds(1).toEpochMilli());
    assertThat(view.signedIn()).hasSize(600).startsWith(4_000).endsWith(9_990);
    assertThat(view.signedOut()).hasSize(600).endsWith(2_997);
    assertThat(view.terminated()).hasSize(600).endsWith(1_998);
    assertThat(view.expired()).hasSize(600).endsWith(999);
    assertThat(view.displaced()).hasSize(600).endsWith(0);
    assertThat(view.refreshed()).hasSize(600).endsWith(4_995);
    assertThat(view.sessions()).hasSize(600).endsWith(9_990 - 2_997 - 1_998 - 999);
  }

  @Test
  void whatIsOlderThanTenMinutesIsForgottenHoweverSeldomItIsNoted() {
    note(1);
    clock.advance(Duration.ofMinutes(11));
    note(2);

    assertThat(history.view().signedIn()).containsExactly(2);
  }
}
