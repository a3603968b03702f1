package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.SessionId;

final class SlotArenaTest extends SlotArenaFixture {

  @Test
  void aSessionIsFoundUntilItIsRemoved() {
    List<Entered> all = enterMany(1_000);
    assertFound(all);
    assertThat(numbers(all)).hasSize(1_000);

    Collections.shuffle(all, new Random(42));
    for (int i = 0; i < all.size(); i++) {
      remove(all.get(i));
      assertThat(isFound(all.get(i).id())).isFalse();
      assertThat(slots.size()).isEqualTo(999 - i);
    }
  }

  @Test
  void anotherIdOfTheSameSlotFindsNoSession() {
    SessionId id = enter().id();
    assertThat(isFound(SlotArena.idIn(SlotArena.slotOf(id), id.high() + 1, 0))).isFalse();
    assertThat(isFound(SlotArena.idIn(SlotArena.slotOf(id), id.high(), 1))).isFalse();
  }

  @Test
  void idsOfSlotsThatNeverWereFindNoSession() {
    enter();
    assertThat(new Random(42).ints(100_000)).noneMatch(slot -> isFound(SlotArena.idIn(slot, 2, 0)));
    assertThat(isFound(new SessionId(-1, -1))).isFalse();
  }

  @Test
  void noSessionIsFoundBeforeItEnters() {
    assertThat(isFound(SlotArena.idIn(slots.reserve(), 0, 0))).isFalse();
    assertThat(slots.size()).isEqualTo(1);
  }

  @Test
  void aSlotThatWasNotReservedCannotBeEntered() {
    int none = slots.reserve() + PAGE;
    assertThatIllegalArgumentException().isThrownBy(() -> slots.at(none));
  }

  /** Also those of a page that was given back, and whose number another page has since. */
  @Test
  void slotsAreUsedAgainAndNoSessionIsTakenForAnother() {
    List<Entered> first = enterMany(10 * PAGE);
    Collections.shuffle(first, new Random(42));
    first.forEach(this::remove);
    List<Entered> second = enterMany(10 * PAGE);
    assertThat(numbers(second)).isEqualTo(numbers(first));
    assertThat(first).noneMatch(one -> isFound(one.id()));
    assertFound(second);
    assertThat(slots.size()).isEqualTo(10 * PAGE);
  }

  @Test
  void pagesWithMuchRoomAreFilledBeforeNewOnes() {
    List<Entered> all = enterMany(10 * PAGE);
    Set<Integer> before = numbers(all);
    List<Entered> leaving =
        IntStream.range(0, 10 * PAGE).filter(i -> i % 4 == 0).mapToObj(all::get).toList();
    leaving.forEach(this::remove);
    assertThat(before).containsAll(numbers(enterMany(leaving.size())));
  }

  @Test
  void whereAStripeIsFullOthersAreUsedUntilAllAre() {
    SlotArena few = new SlotArena(PAGE, 2, table.counters());
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < 16 * 2 * PAGE; i++) {
      numbers.add(few.reserve());
    }
    assertThat(numbers).hasSize(16 * 2 * PAGE);
    assertThatIllegalStateException().isThrownBy(few::reserve).withMessageContaining("no room");
  }

  @Test
  void theNumberThatStandsForNoSlotIsThatOfNone() {
    int inStripe = slots.reserve() | -1 >>> 4;
    assertThat(SlotArena.NO_SLOT & inStripe & -1 >>> 4)
        .as("beyond the last page")
        .isGreaterThanOrEqualTo(SlotArena.mostPages(PAGE) * PAGE);
  }
}
