package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this machine's clocks say, given by hand: the clock of the day, nanoseconds, up-time. */
final class SystemTimeTest {

  /** The reading of the nanoseconds that follows that of the up-time. */
  private static final int HELD_UP = 2;

  @TempDir private Path directory;

  private Path uptime;
  private Instant day = Instant.parse("2026-03-29T00:59:00.123456Z");
  private long nanos = -77_000_000_000L; // they begin anywhere
  private double up = 350_735.47;
  private SystemTime time;

  @BeforeEach
  void makeTime() throws IOException {
    uptime = directory.resolve("uptime");
    writeUptime();
    time = new SystemTime(() -> day, () -> nanos, uptime);
  }

  private void writeUptime() throws IOException {
    Files.writeString(uptime, String.format(Locale.ROOT, "%.2f 234388.90\n", up));
  }

  private void pass(Duration time) throws IOException {
    nanos += time.toNanos();
    sleep(time);
  }

  /** As {@link #pass}, but the nanoseconds stand still. */
  private void sleep(Duration time) throws IOException {
    day = day.plus(time);
    up += time.toNanos() / 1e9;
    writeUptime();
  }

  @Test
  void whatPassesIsCountedInWholeMillisecondsOfTheDay() {
    long begun = time.elapsedMillis();
    nanos += 543_999; // up to the last nanosecond of this millisecond
    assertThat(time.elapsedMillis()).isEqualTo(begun);
    nanos += 1;
    assertThat(time.elapsedMillis()).isEqualTo(begun + 1);
  }

  @Test
  void aMomentIsShownAsTheDayHadIt() throws IOException {
    long moment = time.elapsedMillis();
    Instant then = Instant.ofEpochMilli(day.toEpochMilli());
    assertThat(time.timeOfDay(moment)).isEqualTo(then);
    pass(Duration.ofDays(400));
    assertThat(time.timeOfDay(moment)).isEqualTo(then);
  }

  @Test
  void settingTheDayLetsNoTimePassAndIsShown() {
    long moment = time.elapsedMillis();
    for (int hours : new int[] {2, -3, 24 * 400}) {
      day = day.plus(Duration.ofHours(hours));
      assertThat(time.elapsedMillis()).isEqualTo(moment);
      assertThat(time.timeOfDay(moment)).isEqualTo(Instant.ofEpochMilli(time.millis()));
    }
  }

  /** The two clocks are read one after the other, and a thread may be held up in between. */
  @Test
  void theOffsetDoesNotFollowSmallDifferences() {
    long offset = time.offsetMillis();
    day = day.plusMillis(99);
    assertThat(time.offsetMillis()).isEqualTo(offset);
    day = day.plusMillis(2);
    assertThat(time.offsetMillis()).isEqualTo(offset + 101);
  }

  @Test
  void aReadingThatTakesLongSetsNothing() {
    InstantSource slow =
        () -> {
          nanos += TimeUnit.SECONDS.toNanos(5);
          day = day.plusSeconds(5);
          Instant read = day;
          nanos += TimeUnit.SECONDS.toNanos(5);
          day = day.plusSeconds(5);
          return read;
        };
    SystemTime slowly = new SystemTime(slow, () -> nanos, uptime);
    long offset = slowly.offsetMillis();
    for (int i = 0; i < 10; i++) {
      assertThat(slowly.offsetMillis()).isEqualTo(offset);
    }
  }

  @Test
  void theTimeForWhichTheMachineWasSuspendedIsCountedOnceAndUpToAHundredth() throws IOException {
    long begun = time.elapsedMillis();
    pass(Duration.ofMinutes(1));
    sleep(Duration.ofHours(8));
    assertThat(time.elapsedMillis() - begun).isEqualTo(60_000);

    time.countSuspension();
    time.countSuspension();

    long expected = Duration.ofHours(8).plusMinutes(1).toMillis();
    assertThat(time.elapsedMillis() - begun).isBetween(expected - 20, expected);
    sleep(Duration.ofHours(1));
    pass(Duration.ofSeconds(1));
    time.countSuspension();
    expected += Duration.ofHours(1).plusSeconds(1).toMillis();
    assertThat(time.elapsedMillis() - begun).isBetween(expected - 20, expected);
  }

  /** A thread that is held up with an old reading comes after one with a new reading. */
  @Test
  void aReadingThatComesLateTakesNothingBackAndCountsNothingTwice() throws IOException {
    AtomicReference<SystemTime> at = new AtomicReference<>();
    AtomicInteger readings = new AtomicInteger(HELD_UP); // past
    at.set(
        new SystemTime(
            () -> day,
            () -> {
              if (readings.incrementAndGet() == HELD_UP) {
                sleepAnHourAndCountIt(at.get());
              }
              return nanos;
            },
            uptime));
    long begun = at.get().elapsedMillis();
    pass(Duration.ofSeconds(1));
    sleep(Duration.ofHours(1));
    readings.set(0);

    at.get().countSuspension();

    long expected = Duration.ofHours(2).plusSeconds(1).toMillis();
    assertThat(readings).hasValueGreaterThan(HELD_UP);
    assertThat(at.get().elapsedMillis() - begun).isBetween(expected - 20, expected);
  }

  private void sleepAnHourAndCountIt(SystemTime counting) {
    try {
      sleep(Duration.ofHours(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    counting.countSuspension();
  }

  @Test
  void aMachineThatWasNotSuspendedCountsNothingHoweverTheUpTimeIsCutOff() throws IOException {
    long begun = time.elapsedMillis();
    for (int i = 1; i <= 1_000; i++) {
      nanos += 103_700_000;
      up += 0.1037;
      Files.writeString(
          uptime, String.format(Locale.ROOT, "%.2f 1.00\n", Math.floor(up * 100) / 100));
      time.countSuspension();
      assertThat(time.elapsedMillis() - begun).isBetween(i * 1037 / 10L, i * 1037 / 10L + 1);
    }
  }

  @Test
  void anUpTimeThatFallsOrCannotBeReadTakesNothingBack() throws IOException {
    long begun = time.elapsedMillis();
    for (int i = 1; i <= 6; i++) {
      nanos += TimeUnit.SECONDS.toNanos(1);
      if (i == 6) {
        Files.delete(uptime);
      } else {
        Files.writeString(uptime, List.of("1.00 1.00", "", "hours 7", "-5.00", "NaN").get(i - 1));
      }
      time.countSuspension();
      assertThat(time.elapsedMillis()).isEqualTo(begun + i * 1_000L);
    }
  }

  @Test
  void withoutAnUpTimeWhatTheNanosecondsSayCounts() throws IOException {
    Files.delete(uptime);
    SystemTime elsewhere = new SystemTime(() -> day, () -> nanos, uptime);
    long begun = elsewhere.elapsedMillis();
    pass(Duration.ofMinutes(1));
    sleep(Duration.ofHours(8)); // which writes one
    elsewhere.countSuspension();
    assertThat(elsewhere.elapsedMillis() - begun).isEqualTo(60_000);
  }

  @Test
  void callersAtOnceShareALookAtTheUpTime() throws IOException {
    pass(Duration.ofSeconds(1));
    time.countSuspension();
    long begun = time.elapsedMillis();
    sleep(Duration.ofHours(1));
    pass(Duration.ofMillis(99));
    time.countSuspension();
    assertThat(time.elapsedMillis()).isEqualTo(begun + 99);
    pass(Duration.ofMillis(1));
    time.countSuspension();
    assertThat(time.elapsedMillis()).isGreaterThan(begun + 3_500_000);
  }

  @Test
  void thisMachineIsAwakeWhileItRunsThis() {
    AtomicLong looks = new AtomicLong();
    LongSupplier hurried = () -> System.nanoTime() + looks.get() * 200_000_000;
    SystemTime system = new SystemTime(InstantSource.system(), hurried, Path.of("/proc/uptime"));
    long begun = system.elapsedMillis();
    long before = hurried.getAsLong();
    for (int i = 0; i < 1_000; i++) {
      looks.incrementAndGet();
      system.countSuspension();
    }
    long elapsed = system.elapsedMillis() - begun;
    assertThat(elapsed).isBetween(0L, (hurried.getAsLong() - before) / 1_000_000 + 1);
  }
}
