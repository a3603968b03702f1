package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

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
}
