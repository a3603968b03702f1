package org.smsjmx.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many large answers are made at a time, and how many may wait. */
final class LargeAnswersTest {

  @Test
  void someAreMadeAtATimeSomeWaitAndMoreAreRefused() throws Exception {
    LargeAnswers answers = new LargeAnswers();
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  answers.begin();
                  begun.incrementAndGet();
                } catch (LargeAnswers.BusyException e) {
                  refused.incrementAndGet();
                }
              });
      thread.start();
      threads.add(thread);
    }
    await().until(() -> begun.get() + refused.get() + waiting(threads) == 200);
    int atATime = begun.get();
    assertThat(atATime).isBetween(1, 8);
    assertThat(waiting(threads)).isEqualTo(64);
    assertThatThrownBy(answers::begin).hasMessageContaining("try again later");

    for (int i = 0; i < 64; i++) {
      answers.end();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(begun).hasValue(atATime + 64);
  }

  private static long waiting(List<Thread> threads) {
    return threads.stream()
        .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
        .count();
  }
}
