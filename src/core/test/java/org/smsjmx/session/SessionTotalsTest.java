package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SessionTotalsTest {

  private static final SessionTotals KNOWN = new SessionTotals(10, 1, 2, 3, 5);
  private static final SessionTotals OF_A_STORE =
      new SessionTotals(10, 1, 20, SessionTotals.UNKNOWN, 5);

  @Test
  void sessionsAreThoseThatHaveNotEnded() {
    assertThat(KNOWN.sessions()).isEqualTo(4);
    assertThat(KNOWN.plus(KNOWN).sessions()).isEqualTo(8);
  }

  @Test
  void sessionsAreNotKnownWhereTheyExpireElsewhere() {
    assertThat(OF_A_STORE.sessions()).isEqualTo(SessionTotals.UNKNOWN);
    assertThat(OF_A_STORE.plus(KNOWN).sessions()).isEqualTo(SessionTotals.UNKNOWN);
    assertThat(KNOWN.plus(OF_A_STORE).plus(OF_A_STORE).terminated()).isEqualTo(42);
  }
}
