package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;

@Timeout(60)
final class SessionSlotsTest {

  private static final int PAGE = 64;
  private static final UserInRealm USER = new UserInRealm("dlucas", "ibm.com");

  private final TableParts table =
      TableParts.of(
          SessionTimeouts.DEFAULT,
          RefreshRules.DEFAULT,
          InstantSource.system(),
          slot -> SessionSlots.idIn(slot, 0, 0),
          Layout.DEFAULT);
  private final UserSessions user = UserSessions.of(USER, new RealmUsers("ibm.com", table));
  private final Counters counters = table.counters().of("cruz", "ibm.com");
  private final SessionSlots slots = new SessionSlots(PAGE, table.counters());
  private final AtomicLong ids = new AtomicLong();

  /** A session, and the id by which it is found. */
  private record Entered(SessionId id, Entry entry) {}

  private Entered enter() {
    SessionId id = SessionSlots.idIn(slots.reserve(), ids.incrementAndGet(), 0);
    Entry entry = slots.at(SessionSlots.slotOf(id));
    entry.enter(id, user, counters, 0);
    return new Entered(id, entry);
  }

  private List<Entered> enterMany(int number) {
    return new ArrayList<>(Stream.generate(this::enter).limit(number).toList());
  }

  private boolean isFound(SessionId id) {
    Entry entry = slots.find(id);
    return entry != null && entry.user(id) != null;
  }

  private void remove(Entered one) {
    slots.remove(one.entry);
  }

  private static Set<Integer> numbers(List<Entered> some) {
    Set<Integer> numbers = new HashSet<>();
    some.forEach(one -> numbers.add(SessionSlots.slotOf(one.id)));
    return numbers;
  }

  private void assertFound(List<Entered> some) {
    assertThat(some).allMatch(one -> isFound(one.id));
  }

  @Test
  void whoEntersIsFoundUntilRemoved() {
    List<Entered> all = enterMany(1_000);
    assertFound(all);
    assertThat(numbers(all)).hasSize(1_000);

    Collections.shuffle(all, new Random(42));
    for (int i = 0; i < all.size(); i++) {
      remove(all.get(i));
      assertThat(isFound(all.get(i).id)).isFalse();
      assertThat(slots.size()).isEqualTo(999 - i);
    }
  }

  @Test
  void anotherIdOfTheSameSlotFindsNobody() {
    SessionId id = enter().id;
    assertThat(isFound(SessionSlots.idIn(SessionSlots.slotOf(id), id.high() + 1, 0))).isFalse();
    assertThat(isFound(SessionSlots.idIn(SessionSlots.slotOf(id), id.high(), 1))).isFalse();
  }

  @Test
  void idsOfSlotsThatNeverWereFindNobody() {
    enter();
    assertThat(new Random(42).ints(100_000))
        .noneMatch(slot -> isFound(SessionSlots.idIn(slot, 2, 0)));
    assertThat(isFound(new SessionId(-1, -1))).isFalse();
  }

  @Test
  void nobodyIsFoundBeforeEntering() {
    assertThat(isFound(SessionSlots.idIn(slots.reserve(), 0, 0))).isFalse();
    assertThat(slots.size()).isEqualTo(1);
  }

  @Test
  void whoHasNoSlotCannotEnter() {
    int none = slots.reserve() + PAGE;
    assertThatIllegalArgumentException().isThrownBy(() -> slots.at(none));
  }

  /** Also a page that everybody has left, and of which the number was given to another since. */
  @Test
  void slotsAreUsedAgainAndNobodyIsTakenForAnother() {
    List<Entered> first = enterMany(10 * PAGE);
    Collections.shuffle(first, new Random(42));
    first.forEach(this::remove);
    List<Entered> second = enterMany(10 * PAGE);
    assertThat(numbers(second)).isEqualTo(numbers(first));
    assertThat(first).noneMatch(one -> isFound(one.id));
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
    SessionSlots few = new SessionSlots(PAGE, 2, table.counters());
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
    assertThat(SessionSlots.NO_SLOT & inStripe & -1 >>> 4)
        .as("beyond the last page")
        .isGreaterThanOrEqualTo(SessionSlots.mostPages(PAGE) * PAGE);
  }

  /** Pages come and go meanwhile, and slots are given to one thread after another. */
  @Test
  void whoIsInIsFoundAtAnyMomentAndSlotsBelongToOne() {
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
                              if (!isFound(one.id)) {
                                throw new AssertionError(one.id + " was not found");
                              }
                            }
                            // others may have to remove them
                            left.addAll(passing);
                            for (int i = 0; i < passing.size(); i++) {
                              remove(left.remove());
                            }
                            staying.forEach(
                                one -> {
                                  if (!isFound(one.id)) {
                                    throw new AssertionError(one.id + " was not found");
                                  }
                                });
                          }
                        }))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(threads).join();
    assertThat(slots.size()).isEqualTo(PAGE + 1);
  }
}
