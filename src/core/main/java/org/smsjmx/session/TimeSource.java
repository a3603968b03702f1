package org.smsjmx.session;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Tells two times: that of the day, which may be set at any moment, and that which passes, which
 * nobody sets. Durations are measured by the second; the first is shown to people.
 */
public interface TimeSource extends InstantSource {

  /**
   * Returns the time that passes, by a clock that never goes back, in milliseconds. Only the
   * difference of two such times says something.
   */
  long elapsedMillis();

  /**
   * Returns what to add to a time of {@link #elapsedMillis} for the time of day of that moment, in
   * epoch milliseconds, as the clock of the day is set now.
   */
  long offsetMillis();

  /**
   * Counts the time for which the machine was suspended since the last call, where that can be
   * known. To be called regularly, such as every second.
   */
  void countSuspension();

  /** Returns the time of day of a moment, given in {@link #elapsedMillis}. */
  default Instant timeOfDay(long elapsedMillis) {
    return Instant.ofEpochMilli(elapsedMillis + offsetMillis());
  }

  /** Returns both times of this machine. */
  static TimeSource system() {
    return of(InstantSource.system());
  }

  /**
   * Returns both times, with a time of day that a source tells. Unless it tells the other time,
   * too, that is this machine's: {@link System#nanoTime}, and on Linux also the time for which the
   * machine was suspended.
   */
  static TimeSource of(InstantSource timeOfDay) {
    return timeOfDay instanceof TimeSource both ? both : new SystemTime(timeOfDay);
  }

  /** Returns both times, told by one source that is never set back or ahead, such as a test's. */
  static TimeSource steady(InstantSource clock) {
    return new TimeSource() {
      @Override
      public Instant instant() {
        return clock.instant();
      }

      @Override
      public long millis() {
        return clock.millis();
      }

      @Override
      public long elapsedMillis() {
        return clock.millis();
      }

      @Override
      public long offsetMillis() {
        return 0;
      }

      @Override
      public void countSuspension() {
        // the source's own affair
      }
    };
  }
}
