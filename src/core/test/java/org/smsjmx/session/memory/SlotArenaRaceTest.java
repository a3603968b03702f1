package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SlotArenaRaceTest extends SlotArenaFixture {

  /** Pages come and go meanwhile, and slots are given to one thread after another. */
  @Test
  void aSessionIsFoundAtAnyMomentAndASlotBelongsToOne() {
    List<Entered> staying = enterMany(PAGE + 1);
    ConcurrentLinkedQueue<Entered> left = new ConcurrentLinkedQueue<>();
    CompletableFuture<?>[] threads =
        Stream.of(1, 2, 3)
            .map(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int round = 0; round < 2_000; round++) {
                            List<Entered> passing = enterMany(3 * PAGE);
                            assertThat(numbers(passing)).hasSize(3 * PAGE);
                            for (Entered one : passing) {
                              if (!isFound(one.id())) {
                                throw new AssertionError(one.id() + " was not found");
                              }
                            }
                            // other threads may have to remove them
                            left.addAll(passing);
                            for (int i = 0; i < passing.size(); i++) {
                              remove(left.remove());
                            }
                            staying.forEach(
                                one -> {
                                  if (!isFound(one.id())) {
                                    throw new AssertionError(one.id() + " was not found");
                                  }
                                });
                          }
                        }))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(threads).join();
    assertThat(slots.size()).isEqualTo(PAGE + 1);
  }
}
