package org.smsjmx.session;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until the test moves it. */
public final class HandClock implements TimeSource {

  private static final Runnable NOTHING = () -> {};

  private final AtomicLong elapsed =
      new AtomicLong(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
  private final AtomicLong setBy = new AtomicLong();
  private final AtomicLong suspended = new AtomicLong();
  private final AtomicReference<Runnable> next = new AtomicReference<>(NOTHING);

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(elapsed.get() + suspended.get() + setBy.get());
  }

  @Override
  public long elapsedMillis() {
    long now = elapsed.get();
    next.getAndSet(NOTHING).run();
    return now;
  }

  @Override
  public long offsetMillis() {
    return suspended.get() + setBy.get();
  }

  @Override
  public void countSuspension() {
    elapsed.addAndGet(suspended.getAndSet(0));
  }

  /** Lets time pass. */
  public void advance(Duration by) {
    elapsed.addAndGet(by.toMillis());
  }

  /** Sets the time of day ahead, or back by a negative time; no time passes. */
  public void set(Duration by) {
    setBy.addAndGet(by.toMillis());
  }

  /** Lets time pass in which the machine is suspended. */
  public void suspend(Duration time) {
    suspended.addAndGet(time.toMillis());
  }

  /** Lets something happen between the next reading of the clock and the use of that reading. */
  public void afterNextReading(Runnable action) {
    next.set(action);
  }
}
