package org.smsjmx.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoField;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The times of this machine. {@link System#nanoTime} stands still while the machine is suspended
 * (CLOCK_MONOTONIC); the up-time of Linux does not (CLOCK_BOOTTIME). By how much the second is
 * ahead of the first is looked at now and then, so that telling the time takes no look at a file.
 *
 * <p><b>The elapsed time never goes back, and no suspension counts twice</b>: of what threads have
 * seen of the up-time, the most counts.
 */
final class SystemTime implements TimeSource {

  private static final Path UPTIME = Path.of("/proc/uptime");

  /** The up-time is cut off after the hundredth of a second. */
  private static final long UPTIME_STEP = TimeUnit.MILLISECONDS.toNanos(10);

  /** Several callers share a look, each of which takes some 20 microseconds. */
  private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long UNKNOWN = -1;
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /**
   * A clock that was set by less goes on as before, as does one that runs a little fast or slow.
   */
  private static final long LEAST_STEP_MILLIS = 100;

  private final InstantSource timeOfDay;
  private final LongSupplier nanos;
  private final Path uptime;

  /** Whether there is an up-time. */
  private final boolean hasUptime;

  /** How far the up-time is ahead of the nanoseconds; only grows. */
  private final AtomicLong ahead;

  /** When that was looked at, in nanoseconds; a race of several threads costs a look. */
  private volatile long lookedAt;

  /** What to add to both for the elapsed time, which turns with the clock's seconds. */
  private final long base;

  private volatile long offset;

  SystemTime(InstantSource timeOfDay) {
    this(timeOfDay, System::nanoTime, UPTIME);
  }

  /**
   * Counts from now on.
   *
   * @param nanos tells the nanoseconds without suspensions
   * @param uptime a file that begins with the seconds of the up-time; may be missing
   */
  SystemTime(InstantSource timeOfDay, LongSupplier nanos, Path uptime) {
    this.timeOfDay = timeOfDay;
    this.nanos = nanos;
    this.uptime = uptime;
    Instant now = timeOfDay.instant();
    long begun = nanos.getAsLong();
    long up = uptimeNanos();
    this.hasUptime = up != UNKNOWN;
    this.lookedAt = begun;
    this.ahead = new AtomicLong(up + UPTIME_STEP - begun); // at most
    this.base = now.get(ChronoField.NANO_OF_SECOND) - begun - ahead.get();
    this.offset = now.toEpochMilli() - elapsedMillis();
  }

  @Override
  public Instant instant() {
    return timeOfDay.instant();
  }

  @Override
  public long millis() {
    return timeOfDay.millis();
  }

  @Override
  public long elapsedMillis() {
    return Math.floorDiv(nanos.getAsLong() + ahead.get() + base, NANOS_PER_MILLI);
  }

  /** Stays the same until the time of day is set, however long a thread is held up in between. */
  @Override
  public long offsetMillis() {
    long known = offset;
    long before = elapsedMillis();
    long day = timeOfDay.millis();
    long after = elapsedMillis();
    if (known < day - after - LEAST_STEP_MILLIS || known > day - before + LEAST_STEP_MILLIS) {
      known = day - after;
      offset = known;
    }
    return known;
  }

  @Override
  public void countSuspension() {
    if (!hasUptime || nanos.getAsLong() - lookedAt < BETWEEN_LOOKS) {
      return;
    }
    long up = uptimeNanos();
    long now = nanos.getAsLong();
    lookedAt = now;
    if (up != UNKNOWN) {
      ahead.accumulateAndGet(up - now, Math::max); // at least
    }
  }

  private long uptimeNanos() {
    try {
      String text = Files.readString(uptime);
      return (long) (Double.parseDouble(text.split(" ", 2)[0]) * NANOS_PER_SECOND);
    } catch (IOException | NumberFormatException e) {
      return UNKNOWN; // another system than Linux
    }
  }
}
