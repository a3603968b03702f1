package org.smsjmx.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What threads that wait for their lines are told, and when. */
final class AuditLogRaceTest {

  private final Sink sink = new Sink();
  private AuditLog log = log(Duration.ofMinutes(1));

  private volatile CountDownLatch starved = new CountDownLatch(0);

  private AuditLog log(Duration patience) {
    return new AuditLog(sink, null, this::event, patience);
  }

  private String event(String event, int repeated) {
    try {
      starved.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "{\"event\":\"" + event + " " + repeated + "\"}";
  }

  /** Lines in memory, and what the test has happen to them. */
  private static final class Sink implements AuditSink {

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger writes = new AtomicInteger();
    private volatile Change next;
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private volatile Error error;
    private volatile Runnable afterWriting = () -> {};

    @Override
    public List<byte[]> open() {
      return List.of();
    }

    @Override
    public Change inspect() {
      Change change = next;
      next = null;
      return change;
    }

    @Override
    public boolean isIntact() {
      return true;
    }

    @Override
    public void append(List<ChainedLine> appended) throws IOException {
      try {
        hanging.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (error != null) {
        throw error;
      }
      writes.incrementAndGet();
      appended.forEach(line -> lines.add(line.text().replaceFirst("\"previous\":\"\\w+\",", "")));
      afterWriting.run();
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void close() {
    sink.hanging.countDown();
    log.close();
  }

  private static String object(int number) {
    return "{\"line\":" + number + "}";
  }

  @Test
  void aLineWhoseFileIsTakenAwayWhileItIsWrittenIsWrittenOnceMore() {
    sink.afterWriting =
        () -> {
          sink.afterWriting = () -> {};
          sink.next = new AuditSink.Change("replaced", true);
        };

    assertThat(log.await(log.append(object(1), true))).isTrue();

    assertThat(sink.lines)
        .containsExactly(
            "{\"number\":1,\"line\":1}",
            "{\"number\":1,\"line\":1}",
            "{\"number\":2,\"event\":\"replaced 1\"}");
  }

  @Test
  void timeInWhichTheWritingThreadHasNoProcessorIsWaitedFor() throws Exception {
    CountDownLatch processor = new CountDownLatch(1);
    starved = processor;
    sink.next = new AuditSink.Change("grown", false);
    log = log(Duration.ofMillis(20));
    FutureTask<Boolean> written = new FutureTask<>(() -> log.await(log.append(object(1), true)));
    new Thread(written).start();

    await().during(Duration.ofMillis(300)).until(() -> !written.isDone());
    processor.countDown();

    assertThat(written.get()).isTrue();
  }

  @Test
  void aThreadGoesOnOnlyWithItsLineWrittenOrAfterItsPatience() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    sink.hanging = released;
    log = log(Duration.ofMillis(100));

    assertThat(log.await(log.append(object(1), true))).isFalse();
    assertThat(log.isHealthy()).isFalse();
    assertThat(sink.lines).isEmpty();

    released.countDown();
    await().until(log::isHealthy);
    assertThat(sink.lines).hasSize(1);
  }

  @Test
  void linesOfThreadsThatWaitAreWrittenByOneWrite() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    sink.hanging = released;
    log.append(object(0), true);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      int number = i;
      Thread thread = new Thread(() -> log.await(log.append(object(number), true)));
      thread.start();
      threads.add(thread);
    }
    await().until(() -> log.waiting() == 51);
    released.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    await().until(() -> sink.lines.size() == 51);

    assertThat(sink.writes.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void anErrorDoesNotEndTheWriting() {
    sink.error = new OutOfMemoryError("thrown by the test");
    assertThat(log.await(log.append(object(1), true))).isFalse();
    assertThat(log.isHealthy()).isFalse();

    sink.error = null;
    assertThat(log.await(log.append(object(2), true))).isTrue();
    assertThat(sink.lines)
        .containsExactly("{\"number\":1,\"line\":1}", "{\"number\":2,\"line\":2}");
    assertThat(log.isHealthy()).isTrue();
  }
}
