package org.smsjmx.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that sign in at the same moment, more than there are checks. */
final class CheckBudgetRaceTest {

  private static final String ACCOUNT = "sec_master";
  private static final String ADDRESS = "10.0.0.1";

  private final CheckBudget budget = new CheckBudget(() -> 0);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneMoreThanThereAreChecksWaitsForThoseUnderWayAndIsLetInIfOneIsRight(boolean right)
      throws Exception {
    for (int i = 0; i < CheckBudget.A_SECOND; i++) {
      assertThat(budget.take(ACCOUNT, ADDRESS)).isTrue();
    }
    FutureTask<Boolean> oneMore = new FutureTask<>(() -> budget.take(ACCOUNT, ADDRESS));
    Thread thread = new Thread(oneMore);
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);

    for (int i = 1; i < CheckBudget.A_SECOND; i++) {
      budget.done(ACCOUNT, ADDRESS, false);
    }
    assertThat(oneMore.isDone()).isFalse();
    budget.done(ACCOUNT, ADDRESS, right);

    assertThat(oneMore.get()).isEqualTo(right);
    assertThat(budget.take(ACCOUNT, "10.0.0.2")).isFalse();
  }
}
