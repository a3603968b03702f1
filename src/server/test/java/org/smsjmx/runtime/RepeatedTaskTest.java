package org.smsjmx.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work that is done again and again. */
final class RepeatedTaskTest {

  @Test
  void whatItThrowsDoesNotEndIt() {
    AtomicInteger runs = new AtomicInteger();
    try (RepeatedTask task =
        RepeatedTask.begin(
            "failing",
            Duration.ofMillis(1),
            () -> {
              if (runs.incrementAndGet() % 2 == 1) {
                throw new IllegalStateException("thrown by the test");
              }
              throw new AssertionError("thrown by the test");
            })) {
      await().until(() -> runs.get() > 3);
      assertThat(task.problem()).contains("thrown by the test");
    }
  }

  @Test
  void aProblemIsOverWhenARunEndsWell() {
    AtomicBoolean broken = new AtomicBoolean(true);
    try (RepeatedTask task =
        RepeatedTask.begin(
            "sometimes failing",
            Duration.ofMillis(1),
            () -> {
              if (broken.get()) {
                throw new IllegalStateException("thrown by the test");
              }
            })) {
      await().until(() -> task.problem() != null);
      broken.set(false);
      await().until(() -> task.problem() == null);
    }
  }
}
