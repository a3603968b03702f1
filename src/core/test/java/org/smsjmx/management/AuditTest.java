package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jolokia.json.JSONObject;
import org.jolokia.json.parser.JSONParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the audit does when its lines cannot be written, or not now. */
final class AuditTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger("sms.audit");
  private final Disk disk = new Disk();

  /** Holds what is written, and can be full or hang. */
  private static final class Disk extends AppenderBase<ILoggingEvent> {

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean full;
    private volatile boolean slow;
    private volatile boolean busy;
    private volatile CountDownLatch hanging = new CountDownLatch(0);

    @Override
    public void doAppend(ILoggingEvent event) {
      append(event);
    }

    @Override
    protected void append(ILoggingEvent event) {
      try {
        busy = true;
        hanging.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (full) {
        throw new UncheckedIOException(new IOException("No space left on device"));
      }
      if (slow) {
        LockSupport.parkNanos(1);
      }
      lines.add(event.getFormattedMessage());
    }

    boolean isBusy() {
      return busy;
    }

    /** Returns the value of a fact in each line. */
    List<Object> all(String fact) {
      return lines.stream().map(line -> parse(line).get(fact)).toList();
    }
  }

  private static JSONObject parse(String line) {
    try {
      return new JSONParser().parse(line, JSONObject.class);
    } catch (Exception e) {
      throw new AssertionError(line, e);
    }
  }

  @BeforeEach
  void attach() {
    disk.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    disk.start();
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
    logger.addAppender(disk);
  }

  @AfterEach
  void detach() {
    logger.detachAppender(disk);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  private static Audit audit(boolean required) {
    return new Audit(InstantSource.system(), required);
  }

  private static void call(Audit audit, String operation) {
    audit.denied(Caller.LOCAL, "sms:type=Service", operation);
  }

  private static List<Object> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).<Object>mapToObj(number -> (long) number).toList();
  }

  @Test
  void linesThatCannotBeWrittenAreKeptUntilTheyCan() {
    Audit audit = audit(false);
    call(audit, "first");
    disk.full = true;
    call(audit, "second");
    call(audit, "third");

    assertThat(audit.isHealthy()).isFalse();
    assertThat(audit.failures()).isEqualTo(3);
    assertThat(audit.waiting()).isEqualTo(2);
    assertThat(disk.all("operation")).containsExactly("first");

    disk.full = false;

    assertThat(audit.isHealthy()).as("asking tries again").isTrue();
    assertThat(audit.waiting()).isZero();
    assertThat(disk.all("operation")).containsExactly("first", "second", "third");
    assertThat(disk.all("number")).isEqualTo(numbers(1, 3));
  }

  @Test
  void theNextOperationWritesWhatWaits() {
    Audit audit = audit(false);
    disk.full = true;
    call(audit, "first");
    disk.full = false;

    call(audit, "second");

    assertThat(disk.all("operation")).containsExactly("first", "second");
  }

  @Test
  void tooManyThatWaitLeaveAGapThatShows() {
    Audit audit = audit(false);
    disk.full = true;
    for (int i = 1; i <= 10_003; i++) {
      call(audit, "x");
    }
    assertThat(audit.waiting()).isEqualTo(10_000);
    disk.full = false;
    call(audit, "last");
    call(audit, "after it");

    List<Object> expected = new ArrayList<>(numbers(1, 10_000));
    expected.add(10_005L);
    assertThat(disk.all("number")).isEqualTo(expected);
  }

  @Test
  void onlyARequiredAuditHoldsUpChanges() {
    for (boolean required : List.of(true, false)) {
      Audit audit = audit(required);
      audit.requireWritable();
      disk.full = true;
      call(audit, "x");

      if (required) {
        assertThatThrownBy(audit::requireWritable).isInstanceOf(Audit.UnavailableException.class);
      } else {
        audit.requireWritable();
      }
      disk.full = false;
      audit.requireWritable();
    }
  }

  @Test
  void aRequiredAuditThatCannotBeWrittenEndsTheStart() throws IOException {
    disk.full = true;

    audit(false).begin();
    assertThatThrownBy(() -> audit(true).begin())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("audit");
  }

  @Test
  void whereAWriteHangsTheOthersGoOn() throws Exception {
    Audit audit = audit(false);
    CountDownLatch released = new CountDownLatch(1);
    disk.hanging = released;
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<?> stuck = threads.submit(() -> call(audit, "stuck"));
      await().until(() -> audit.waiting() == 1 && disk.isBusy());
      for (int i = 0; i < 20; i++) {
        call(audit, "other");
      }
      assertThat(stuck.isDone()).isFalse();
      assertThat(disk.lines).isEmpty();
      await().until(() -> !audit.isHealthy());

      released.countDown();
      stuck.get();
    } finally {
      released.countDown();
      threads.shutdown();
    }
    assertThat(audit.isHealthy()).isTrue();
    assertThat(disk.all("number")).isEqualTo(numbers(1, 21));
  }

  @Test
  void manyThreadsWriteInTheOrderOfTheNumbers() throws Exception {
    writeByEightThreads(audit(false), 500);
    assertThat(disk.all("number")).isEqualTo(numbers(1, 4_000));
  }

  @Test
  void manyWhoAreFasterThanTheDiskLoseNothing() throws Exception {
    disk.slow = true;
    Audit audit = audit(false);
    writeByEightThreads(audit, 2_000);
    assertThat(audit.failures()).isZero();
    assertThat(disk.all("number")).isEqualTo(numbers(1, 16_000));
  }

  private static void writeByEightThreads(Audit audit, int each) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < each; n++) {
                    call(audit, "x");
                  }
                }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void linesOfCallsThatAreAnsweredAtOnceAreWrittenBeforeThat() {
    Audit audit = audit(false);
    try (Audit.Together lines = audit.together()) {
      call(audit, "first");
      call(audit, "second");
      assertThat(disk.lines).isEmpty();
      assertThat(audit.waiting()).isEqualTo(2);
    }
    assertThat(disk.all("operation")).containsExactly("first", "second");
    call(audit, "by itself");
    assertThat(disk.all("number")).isEqualTo(numbers(1, 3));
  }

  @Test
  void linesThatWaitForEachOtherAreWrittenWithThoseOfOthers() throws Exception {
    Audit audit = audit(false);
    try (Audit.Together lines = audit.together()) {
      call(audit, "first");
      Thread other = new Thread(() -> call(audit, "other"));
      other.start();
      other.join();
      assertThat(disk.all("operation")).containsExactly("first", "other");
      assertThat(audit.waiting()).isZero();
    }
    assertThat(disk.lines).hasSize(2);
  }

  @Test
  void veryManyLinesDoNotWaitForEachOther() {
    Audit audit = audit(false);
    try (Audit.Together lines = audit.together()) {
      for (int i = 0; i < 20_000; i++) {
        call(audit, "of many");
        assertThat(audit.waiting()).isLessThan(256);
      }
    }
    assertThat(disk.all("number")).isEqualTo(numbers(1, 20_000));
  }

  @Test
  void linesOfARequiredAuditDoNotWaitForEachOther() {
    Audit audit = audit(true);
    try (Audit.Together lines = audit.together()) {
      call(audit, "first");
      assertThat(disk.lines).hasSize(1);
      disk.full = true;
      call(audit, "second");
      assertThatThrownBy(audit::requireWritable).isInstanceOf(Audit.UnavailableException.class);
    }
  }

  @Test
  void aRunHasAFirstAndALastLine() throws IOException {
    try (Audit audit = audit(false)) {
      audit.begin();
      call(audit, "x");
    }
    assertThat(disk.all("operation")).containsExactly("start", "x", "stop");
  }

  @Test
  void theLastLineIsTheLastAlsoWhereACallStillRuns() throws Exception {
    Audit audit = audit(false);
    audit.begun();
    Thread stopping = new Thread(audit::close);
    stopping.start();
    await().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);

    OperationContext running = OperationContext.begin("cruz", "running");
    audit.ended(running, true, null);
    running.end();
    stopping.join();

    assertThat(disk.all("operation")).containsExactly("running", "stop");
    assertThatThrownBy(audit::begun).hasMessageContaining("stopping");
  }

  @Test
  void aFailedSignInTellsAccountAndAddressAndNoPassword() {
    Audit audit = audit(false);

    audit.signInFailed("sec_\u202emaster\n", "jmx", "10.1.2.3", true);

    JSONObject line = parse(disk.lines.get(0));
    assertThat(line.get("operation")).isEqualTo("signIn");
    assertThat(line.get("caller")).isEqualTo("sec_\\u202Emaster\\u000A");
    assertThat(line.get("address")).isEqualTo("10.1.2.3");
    assertThat(line.get("outcome")).isEqualTo("HPDIA0200W");
    assertThat(line.get("delayed")).isEqualTo(true);
    assertThat(audit.failedSignIns()).isEqualTo(1);
    assertThat(audit.delayedSignIns()).isEqualTo(1);
  }
}
