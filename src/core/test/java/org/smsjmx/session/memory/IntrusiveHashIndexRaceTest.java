package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smsjmx.session.memory.IntrusiveHashIndexTest.Number;

@Timeout(60)
final class IntrusiveHashIndexRaceTest {

  private final IntrusiveHashIndex<Integer, Number> index =
      new IntrusiveHashIndex<>(2, Number::hash);

  private Number enter(int value) {
    Number number = new Number(value);
    assertThat(index.putIfAbsent(value, number)).isNull();
    return number;
  }

  /** Other nodes enter and leave meanwhile, so that segments grow and shrink again and again. */
  @Test
  void aNodeThatIsInIsFoundAtAnyMoment() {
    List<Number> staying = IntStream.range(0, 16).mapToObj(i -> enter(i * 64)).toList();
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> comingAndGoing =
        CompletableFuture.runAsync(
            () -> {
              for (int round = 0; round < 20_000 && !over.get(); round++) {
                List<Number> passing =
                    IntStream.range(0, 300).filter(i -> i % 64 > 0).mapToObj(this::enter).toList();
                passing.forEach(index::remove);
              }
              over.set(true);
            });
    try {
      while (!over.get()) {
        for (Number one : staying) {
          if (index.find(one.value) != one) {
            throw new AssertionError(one.value + " was not found");
          }
        }
      }
    } finally {
      over.set(true);
      comingAndGoing.join();
    }
    assertThat(index.size()).isEqualTo(16);
  }

  /** Each makes the segment, unless it sees that of the other. */
  @Test
  void theFirstNodesOfASegmentThatEnterAtOnceAreAllIn() throws Exception {
    int rounds = 100_000;
    List<IntrusiveHashIndex<Integer, Number>> indexes = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      indexes.add(new IntrusiveHashIndex<>(1, Number::hash));
    }
    SpinningBarrier barrier = new SpinningBarrier(2);
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> enter(indexes, 1, barrier));
    enter(indexes, 0, barrier);
    other.join();
    assertThat(indexes).allMatch(each -> each.find(0) != null && each.find(1) != null);
  }

  private static void enter(
      List<IntrusiveHashIndex<Integer, Number>> indexes, int value, SpinningBarrier barrier) {
    for (IntrusiveHashIndex<Integer, Number> index : indexes) {
      Number number = new Number(value);
      try {
        barrier.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      index.putIfAbsent(value, number);
    }
  }
}
