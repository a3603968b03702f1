package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class IntrusiveHashIndexTest {

  /** Numbers of which each two have the same hash code. */
  static final class Number extends IntrusiveNode<Integer, Number> {

    final int value;

    Number(int value) {
      this.value = value;
    }

    @Override
    int keyHash() {
      return hash(value);
    }

    @Override
    boolean is(Integer key) {
      return key == value;
    }

    static int hash(int value) {
      return value / 2;
    }
  }

  private final IntrusiveHashIndex<Integer, Number> index =
      new IntrusiveHashIndex<>(2, Number::hash);

  private Number enter(int value) {
    Number number = new Number(value);
    assertThat(index.putIfAbsent(value, number)).isNull();
    return number;
  }

  private List<Integer> all() {
    List<Integer> all = new ArrayList<>();
    index.forEach(number -> all.add(number.value));
    return all;
  }

  @Test
  void aNodeIsFoundUntilItIsRemoved() {
    List<Number> numbers = IntStream.range(0, 1_000).mapToObj(this::enter).toList();
    assertThat(numbers).allSatisfy(one -> assertThat(index.find(one.value)).isSameAs(one));
    assertThat(index.find(1_000)).isNull();

    List<Number> leaving = new ArrayList<>(numbers);
    Collections.shuffle(leaving, new Random(42));
    for (int i = 0; i < leaving.size(); i++) {
      index.remove(leaving.get(i));
      assertThat(index.find(leaving.get(i).value)).isNull();
      assertThat(index.size()).isEqualTo(999 - i);
      if (i % 100 == 0) {
        assertThat(leaving.subList(i + 1, 1_000))
            .allSatisfy(one -> assertThat(index.find(one.value)).isSameAs(one));
        assertThat(all()).hasSize(999 - i);
      }
    }
  }

  @Test
  void aKeyThatIsTakenIsNotEnteredAgain() {
    Number first = enter(1);
    assertThat(index.putIfAbsent(1, new Number(1))).isSameAs(first);
    assertThat(index.size()).isEqualTo(1);
  }

  @Test
  void removingANodeThatIsNotInRemovesNone() {
    enter(1);
    index.remove(new Number(1));
    index.remove(new Number(0));
    assertThat(all()).containsExactly(1);
  }

  @Test
  void allAreSeenOnce() {
    IntStream.range(0, 1_000).forEach(this::enter);
    assertThat(all())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1_000).boxed().toList());
  }

  private void forEachDue(long now, long latest, ToLongFunction<Number> look) {
    for (int segment = 0; segment < index.segments(); ) {
      segment = index.forEachDue(segment, now, latest, look, () -> true);
    }
  }

  /** Looks at the nodes that may be due; each is due once, at the time of its value. */
  private List<Integer> due(long now, long latest) {
    List<Integer> due = new ArrayList<>();
    forEachDue(
        now,
        latest,
        number -> {
          due.add(number.value);
          return number.value > now ? number.value : Long.MAX_VALUE;
        });
    return due;
  }

  @Test
  void aNodeThatIsDueIsLookedAtAndMostOthersAreNot() {
    IntStream.range(0, 1_000).forEach(this::enter);
    assertThat(due(0, 1_000)).as("at first").hasSize(1_000);
    for (int now = 1; now < 1_000; now++) {
      assertThat(due(now, 1_000)).contains(now).hasSizeLessThan(100);
    }
  }

  @Test
  void aNeighbourhoodInWhichNothingIsDueIsLookedAtAtTheLatest() {
    index.remove(enter(70)); // so that its segment is made
    assertThat(due(0, 10)).isEmpty();
    enter(70);
    assertThat(due(9, 100)).isEmpty();
    assertThat(due(10, 20)).containsExactly(70);
    assertThat(due(19, 30)).isEmpty();
    assertThat(due(20, 30)).containsExactly(70);
  }

  @Test
  void aNodeCanBeMadeDueEarlier() {
    Number number = enter(70);
    due(0, 100);
    index.lookBy(number, 50);
    index.lookBy(number, 60);
    assertThat(due(49, 100)).isEmpty();
    assertThat(due(50, 100)).containsExactly(70);
  }

  @Test
  void aNodeThatIsMadeDueDuringALookIsNotForgotten() {
    Number number = enter(70);
    forEachDue(
        0,
        100,
        looked -> {
          index.lookBy(number, 50);
          return 70;
        });
    assertThat(due(50, 100)).containsExactly(70);
  }

  @Test
  void allAreLookedAtAgainAfterAResize() {
    enter(70);
    due(0, 100);
    IntStream.range(0, 50).forEach(this::enter);
    assertThat(due(1, 100)).contains(70);
  }

  @Test
  void aNodeWhoseLookFailedIsLookedAtTheNextTime() {
    enter(70);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                forEachDue(
                    0,
                    100,
                    number -> {
                      throw new IllegalStateException();
                    }));
    assertThat(due(1, 100)).containsExactly(70);
  }
}
