package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jolokia.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Denied reads, of which the audit tells the first at once and others by the minute. */
final class DeniedReadsTest {

  private static final Instant BEGIN = Instant.parse("2026-11-21T22:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Caller VIEWER = viewer("10.0.0.1");

  @RegisterExtension private final AuditDisk disk = new AuditDisk();

  private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
  private final Audit audit = new Audit(now::get, false, null, Duration.ofMinutes(1));

  private static Caller viewer(String address) {
    return new Caller("viewer", address, "http", Permission.VIEW);
  }

  private void read(Caller caller, int attribute) {
    audit.deniedRead(caller, "java.lang:type=Runtime,number=" + attribute, "read");
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
    audit.tend();
  }

  private List<Object> reads() {
    return disk.all("reads");
  }

  private long told() {
    return reads().stream().filter(Long.class::isInstance).mapToLong(Long.class::cast).sum();
  }

  @Test
  void theFirstIsToldAtOnceAndThoseOfEachMinuteAfterItTogether() {
    read(VIEWER, 1);
    assertThat(reads()).containsExactly(1L);

    for (int i = 2; i <= 10_000; i++) {
      read(VIEWER, i);
    }
    pass(MINUTE.minusMillis(1));
    assertThat(reads()).containsExactly(1L);

    pass(Duration.ofMillis(1));
    assertThat(reads()).containsExactly(1L, 9_999L);
    JSONObject line = AuditDisk.parse(disk.lines.get(1));
    assertThat(line.get("caller")).isEqualTo("viewer");
    assertThat(line.get("address")).isEqualTo("10.0.0.1");
    assertThat(line.get("server")).isEqualTo("java.lang:type=Runtime,number=10000");
    assertThat(line.get("operation")).isEqualTo("read");
    assertThat(line.get("since")).isEqualTo("2026-11-21T22:00:00.000000Z");
    assertThat(line.get("outcome")).isEqualTo("CTGSI0303E");
    assertThat(audit.deniedCalls()).isEqualTo(10_000);
  }

  @Test
  void theyGoOnByTheMinuteUntilACallerIsQuietForOne() {
    for (int i = 0; i < 3 * 60; i++) {
      read(VIEWER, i);
      pass(Duration.ofSeconds(1));
    }
    assertThat(reads()).hasSize(4).startsWith(1L, 59L, 60L);
    assertThat(told()).isEqualTo(180);

    pass(MINUTE);
    assertThat(reads()).as("none was left").hasSize(4);
    read(VIEWER, 0);
    assertThat(reads()).as("as the first one").hasSize(5).endsWith(1L);
  }

  @Test
  void aReadAfterTheMinuteTellsThemWithoutWaitingForAnother() {
    read(VIEWER, 1);
    read(VIEWER, 2);
    now.set(BEGIN.plus(MINUTE));
    read(VIEWER, 3);

    assertThat(reads()).containsExactly(1L, 2L);
  }

  @Test
  void eachCallerIsToldByItself() {
    Caller other = new Caller("other", "10.0.0.1", "jmx", Permission.VIEW);
    for (Caller caller : List.of(VIEWER, other, VIEWER, other, VIEWER)) {
      read(caller, 1);
    }
    pass(MINUTE);

    assertThat(disk.all("caller")).containsExactly("viewer", "other", "viewer", "other");
    assertThat(reads()).containsExactly(1L, 1L, 2L, 1L);
  }

  @Test
  void operationsKeepALineEach() {
    for (int i = 0; i < 20; i++) {
      audit.denied(VIEWER, "java.lang:type=Memory", "gc");
    }
    assertThat(disk.all("operation")).hasSize(20).containsOnly("gc");
    assertThat(reads()).containsOnlyNulls();
  }

  @Test
  void whatIsCountedIsToldBeforeTheLastLineOfTheRun() {
    read(VIEWER, 1);
    read(VIEWER, 2);
    read(VIEWER, 3);
    audit.close();
    audit.tend();

    assertThat(disk.all("operation")).containsExactly("read", "read", "stop");
    assertThat(told()).isEqualTo(3);
  }

  @Test
  void aClockThatIsSetBackLetsNobodyWait() {
    read(VIEWER, 1);
    read(VIEWER, 2);
    now.set(BEGIN.minus(Duration.ofDays(1)));
    audit.tend();

    assertThat(reads()).containsExactly(1L, 1L);
  }

  @Test
  void callersFromManyAddressesTakeNoMoreMemoryAndNoneIsLost() {
    DeniedReads denied = new DeniedReads();
    List<DeniedReads.Told> told = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Caller caller = viewer("2001:db8::" + Integer.toHexString(i));
      for (int twice = 0; twice < 2; twice++) {
        told.addAll(denied.add(caller, "x:type=y", "read", BEGIN));
      }
    }
    List<DeniedReads.Told> rest = denied.takeAll(BEGIN);

    assertThat(rest).hasSize(DeniedReads.MOST_CALLERS);
    told.addAll(rest);
    assertThat(told.stream().mapToLong(DeniedReads.Told::number).sum()).isEqualTo(6_000);
    assertThat(denied.takeAll(BEGIN)).isEmpty();
  }

  @Test
  void textsOfAClientForgeNoLine() {
    audit.deniedRead(VIEWER, "x:type=\"a\n{\"number\":1}\"", "read\n");

    assertThat(disk.lines).singleElement().asString().doesNotContain("\n");
  }

  @Test
  void ofManyThreadsEachReadIsToldOnceWhileMinutesPass() throws Exception {
    int threads = 8;
    int each = 5_000;
    AtomicBoolean ended = new AtomicBoolean();
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Future<?> clock =
          pool.submit(
              () -> {
                while (!ended.get()) {
                  pass(MINUTE);
                }
              });
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Caller caller = viewer("10.0.0." + i % 2);
        readers.add(
            pool.submit(
                () -> {
                  for (int n = 0; n < each; n++) {
                    read(caller, n);
                  }
                }));
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
      ended.set(true);
      clock.get();
    } finally {
      ended.set(true);
      pool.shutdown();
    }
    audit.close();

    assertThat(told()).isEqualTo((long) threads * each);
    assertThat(audit.deniedCalls()).isEqualTo((long) threads * each);
  }
}
