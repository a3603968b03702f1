package org.smsjmx.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until the test moves it. */
public final class HandClock implements InstantSource {

  private static final Runnable NOTHING = () -> {};

  private final AtomicLong millis =
      new AtomicLong(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
  private final AtomicReference<Runnable> next = new AtomicReference<>(NOTHING);

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    long now = millis.get();
    next.getAndSet(NOTHING).run();
    return now;
  }

  /** Moves it forward, or back by a negative time. */
  public void advance(Duration by) {
    millis.addAndGet(by.toMillis());
  }

  /** Lets something happen between the next reading of the clock and the use of that reading. */
  public void afterNextReading(Runnable action) {
    next.set(action);
  }
}
