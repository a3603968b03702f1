package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the audit does when several threads write to it. */
final class AuditRaceTest {

  @RegisterExtension private final AuditDisk disk = new AuditDisk();

  private final List<Audit> audits = new ArrayList<>();

  private Audit audit(boolean required) {
    return audit(required, Duration.ofMinutes(1));
  }

  private Audit audit(boolean required, Duration patience) {
    Audit audit = new Audit(InstantSource.system(), required, null, patience);
    audits.add(audit);
    return audit;
  }

  /** What an audit could not write it would write into the next test. */
  @AfterEach
  void closeAll() {
    audits.forEach(Audit::close);
  }

  private static void call(Audit audit, String operation) {
    audit.denied(Caller.LOCAL, "sms:type=Service", operation);
  }

  @Test
  void whereAWriteHangsAllGoOnAndTheLinesAreKept() throws Exception {
    Audit audit = audit(false, Duration.ofMillis(100));
    CountDownLatch released = new CountDownLatch(1);
    disk.hanging = released;
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<?> stuck = threads.submit(() -> call(audit, "stuck"));
      await().until(() -> audit.waiting() == 1 && disk.isBusy());
      for (int i = 0; i < 20; i++) {
        call(audit, "other");
      }
      stuck.get();
      assertThat(disk.lines).isEmpty();
      assertThat(audit.isHealthy()).isFalse();
      assertThat(audit.waiting()).isEqualTo(21);
    } finally {
      released.countDown();
      threads.shutdown();
    }
    await().until(audit::isHealthy);
    assertThat(disk.all("number")).isEqualTo(AuditDisk.numbers(1, 21));
  }

  @Test
  void manyThreadsWriteInTheOrderOfTheNumbers() throws Exception {
    writeByEightThreads(audit(false), 500);
    assertThat(disk.all("number")).isEqualTo(AuditDisk.numbers(1, 4_000));
  }

  @Test
  void manyWhoAreFasterThanTheDiskLoseNothing() throws Exception {
    disk.slow = true;
    Audit audit = audit(false);
    writeByEightThreads(audit, 2_000);
    assertThat(audit.failures()).isZero();
    assertThat(disk.all("number")).isEqualTo(AuditDisk.numbers(1, 16_000));
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
  void linesThatWaitForEachOtherAreWrittenWithThoseOfOthers() throws Exception {
    Audit audit = audit(false);
    try (Audit.Batch lines = audit.batch()) {
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
}
