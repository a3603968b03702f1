package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;

/** An arena of small pages, and sessions in it. */
class SlotArenaFixture {

  static final int PAGE = 64;
  private static final UserInRealm USER = new UserInRealm("dlucas", "ibm.com");

  final TableContext table =
      TableContext.of(
          SessionTimeouts.DEFAULT,
          RefreshRules.DEFAULT,
          UserNames.DIRECTORY,
          TimeSource.system(),
          number -> SlotArena.idIn(number, 0, 0),
          Layout.DEFAULT);
  private final UserSessions user = UserSessions.of(USER, new RealmUsers("ibm.com", table));
  private final Counters counters = table.counters().of("cruz", "ibm.com");
  final SlotArena slots = new SlotArena(PAGE, table.counters());
  private final AtomicLong ids = new AtomicLong();

  /** A session, and the id by which it is found. */
  record Entered(SessionId id, SlotReference slot) {}

  final Entered enter() {
    SessionId id = SlotArena.idIn(slots.reserve(), ids.incrementAndGet(), 0);
    SlotReference slot = slots.at(SlotArena.slotOf(id));
    slot.enter(id, user, counters, 0);
    return new Entered(id, slot);
  }

  final List<Entered> enterMany(int number) {
    return new ArrayList<>(Stream.generate(this::enter).limit(number).toList());
  }

  final boolean isFound(SessionId id) {
    SlotReference slot = slots.find(id);
    return slot != null && slot.user(id) != null;
  }

  final void remove(Entered one) {
    slots.remove(one.slot);
  }

  static Set<Integer> numbers(List<Entered> some) {
    Set<Integer> numbers = new HashSet<>();
    some.forEach(one -> numbers.add(SlotArena.slotOf(one.id)));
    return numbers;
  }

  final void assertFound(List<Entered> some) {
    assertThat(some).allMatch(one -> isFound(one.id));
  }
}
