package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of many durations. */
final class DurationsTest {

  private final Durations durations = new Durations();

  private ServiceMXBean.DurationView view() {
    return durations.views().get("terminateAllSessions/http");
  }

  private void note(long micros) {
    durations.note("terminateAllSessions", "http", micros);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 15, 16, 31, 32, 33, 1_000, 65_535, 65_536, 3_600_000_000L})
  void oneDurationIsAllOfThem(long micros) {
    note(micros);

    assertThat(view()).isEqualTo(new ServiceMXBean.DurationView(1, micros, micros, micros, micros));
  }

  @Test
  void percentilesAreAtMostASixteenthTooHigh() {
    long[] all = new Random(1).longs(10_000, 0, 30).map(bits -> 1L << bits).toArray();
    long[] noted = LongStream.of(all).map(power -> power + power / 3).sorted().toArray();
    LongStream.of(noted).forEach(this::note);

    assertBetween(view().p50Micros(), noted[4_999]);
    assertBetween(view().p99Micros(), noted[9_899]);
    assertThat(view().maxMicros()).isEqualTo(noted[9_999]);
    assertThat(view().count()).isEqualTo(10_000);
    assertThat(view().meanMicros()).isEqualTo(LongStream.of(noted).sum() / 10_000);
  }

  private static void assertBetween(long told, long exact) {
    assertThat(told).isBetween(exact, exact + exact / 16 + 1);
  }

  @Test
  void durationsOutOfAllBoundsAreNotedAtTheBounds() {
    note(-5);
    note(Long.MAX_VALUE);

    assertThat(view().count()).isEqualTo(2);
    assertThat(view().p50Micros()).isZero();
    assertThat(view().maxMicros()).isEqualTo((1L << 40) - 1);
  }

  @Test
  void operationsAndEndpointsAreToldApart() {
    durations.note("a", "http", 1);
    durations.note("a", "jmx", 2);
    durations.note("b", "jmx", 3);

    assertThat(durations.views().keySet()).containsExactly("a/http", "a/jmx", "b/jmx");
  }
}
