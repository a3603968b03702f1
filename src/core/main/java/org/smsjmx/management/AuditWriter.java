package org.smsjmx.management;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines to the logger {@code sms.audit}, numbered from 1 in the order in which they are
 * written, so that a missing one shows.
 *
 * <p>A combining writer: the thread that holds the pen writes for all, and a thread that finds the
 * pen taken leaves its line to it, so that no thread waits, unless lines are required or very many
 * wait. A line that cannot be written is kept until it can. The appender must throw what goes
 * wrong, as that of the shipped logback.xml does, or nobody notices.
 */
final class AuditWriter {

  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  private static final int MAXIMUM_WAITING = 10_000;
  private static final int BATCH = 256;

  /**
   * From so many on, a thread with a line waits a moment, so that one writer keeps up with many.
   */
  private static final int MANY_WAITING = 5_000;

  private static final long BRIEF_NANOS = 100_000_000;
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final AuditLogger lines = new AuditLogger();
  private final boolean required;

  /** Lines that are not written yet, the oldest first. */
  private final Queue<Line> waiting = new ConcurrentLinkedQueue<>();

  private final AtomicInteger size = new AtomicInteger();

  /** Lines that found too many waiting, since the last one that did not. */
  private final AtomicInteger lost = new AtomicInteger();

  /** Number of the last line that was written; guarded by the pen. */
  private long number;

  /** Held by the thread that writes, so that lines stand in the order of their numbers. */
  private final ReentrantLock pen = new ReentrantLock();

  /** When the write that runs now began, 0 if none does; {@link System#nanoTime}. */
  private volatile long writingSince;

  private volatile boolean healthy = true;
  private final AtomicLong failures = new AtomicLong();

  AuditWriter(boolean required) {
    this.required = required;
  }

  /**
   * A line that has no number yet.
   *
   * @param facts as they stand in a JSON object, with its end
   * @param lostBefore how many lines were lost before it
   */
  private record Line(String facts, int lostBefore) {}

  /**
   * Writes a line, or leaves it to the thread that writes now.
   *
   * @param line a JSON object
   * @param batching whether the line may wait for others, {@value #BATCH} at most, until {@link
   *     #flush}; not if lines are required: nothing may run after one that was not written
   */
  void write(String line, boolean batching) {
    add(line.substring(1));
    if (required || !batching || size.get() >= BATCH) {
      flush();
    }
  }

  /** Writes the lines that wait, or leaves them to the thread that writes now. */
  void flush() {
    writeWaiting();
    if (required) {
      awaitPen(PATIENCE_NANOS);
    } else if (size.get() > MANY_WAITING) {
      awaitPen(BRIEF_NANOS);
    }
  }

  private void add(String facts) {
    if (size.incrementAndGet() <= MAXIMUM_WAITING) {
      waiting.add(new Line(facts, lost.getAndSet(0)));
    } else {
      size.decrementAndGet();
      lost.incrementAndGet();
      failures.incrementAndGet();
      LOG.error("audit line lost, since too many wait to be written: {{}", facts);
    }
  }

  /** Writes what waits, unless another thread does, which then goes on until nothing waits. */
  private void writeWaiting() {
    boolean written = true;
    while (written && !waiting.isEmpty() && pen.tryLock()) {
      try {
        written = writeBatch();
      } finally {
        pen.unlock();
      }
    }
  }

  private void awaitPen(long nanos) {
    try {
      if (!waiting.isEmpty() && pen.tryLock(nanos, TimeUnit.NANOSECONDS)) {
        pen.unlock();
        writeWaiting();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes lines, with the pen in hand; returns whether they were written. */
  private boolean writeBatch() {
    writingSince = System.nanoTime();
    try {
      List<Line> batch = firstOfWaiting();
      long next = number;
      for (int i = 0; i < batch.size(); i++) {
        Line line = batch.get(i);
        next += line.lostBefore + 1;
        lines.write(
            i + 1 < batch.size() ? Audit.MORE_FOLLOW : null,
            "{\"number\":" + next + "," + line.facts);
      }
      number = next;
      batch.forEach(line -> waiting.remove());
      size.addAndGet(-batch.size());
      if (!healthy) {
        healthy = true;
        LOG.info("the audit is written again");
      }
      return true;
    } catch (RuntimeException e) {
      failed(e.getMessage());
      return false;
    } finally {
      writingSince = 0;
    }
  }

  private List<Line> firstOfWaiting() {
    List<Line> batch = new ArrayList<>();
    Iterator<Line> lines = waiting.iterator();
    while (lines.hasNext() && batch.size() < BATCH) {
      batch.add(lines.next());
    }
    return batch;
  }

  private void failed(@Nullable String reason) {
    failures.incrementAndGet();
    if (healthy) {
      healthy = false;
      LOG.error("the audit cannot be written: {}", reason);
    }
  }

  /**
   * Returns whether lines are written without failure and without delay; after a failure it tries
   * once more.
   */
  boolean isHealthy() {
    if (!healthy) {
      writeWaiting();
    }
    long since = writingSince;
    return healthy && (since == 0 || System.nanoTime() - since < PATIENCE_NANOS);
  }

  /** Returns how often writing failed. */
  long failures() {
    return failures.get();
  }

  /** Returns how many lines wait to be written. */
  int waiting() {
    return size.get();
  }

  /** Waits for the lines that are not written yet; logs how many could not be. */
  void close() {
    awaitPen(PATIENCE_NANOS);
    int unwritten = waiting();
    if (unwritten > 0) {
      LOG.error("{} lines of the audit could not be written", unwritten);
    }
  }
}
