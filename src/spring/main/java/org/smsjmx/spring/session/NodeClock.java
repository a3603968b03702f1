package org.smsjmx.spring.session;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the moments of one node. An operation that asks for the {@link #next} one is after all that
 * were told before, and not after any that is told later, whatever the clock of the day is set to.
 */
final class NodeClock {

  private final String node = UUID.randomUUID().toString();
  private final InstantSource clock;
  private final AtomicLong last = new AtomicLong();

  NodeClock(InstantSource clock) {
    this.clock = clock;
  }

  Moment now() {
    return of(last.accumulateAndGet(day(), Math::max));
  }

  Moment next() {
    return of(last.accumulateAndGet(day(), (before, day) -> Math.max(before + 1, day)));
  }

  /** Returns the moment of an epoch that this node has told. */
  Moment of(long epoch) {
    return new Moment(node, epoch);
  }

  private long day() {
    return clock.millis() << Moment.COUNT_BITS;
  }
}
