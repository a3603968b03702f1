package org.smsjmx.management;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * The audit: one line for each operation, failed sign-in and denied call, written before its caller
 * is answered. {@link AuditLines} words the lines, {@link AuditWriter} writes them.
 */
public final class Audit implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Marks a line after which the next one follows at once, so that one write does for both. */
  public static final Marker MORE_FOLLOW = MarkerFactory.getMarker("more follow");

  private final boolean required;
  private final AuditLines lines;
  private final AuditWriter writer;
  private final Batch endBatch = this::endBatch;

  /** Operations whose line is still to come. */
  private final AtomicInteger running = new AtomicInteger();

  private volatile boolean closing;
  private final AtomicLong failedSignIns = new AtomicLong();
  private final AtomicLong delayedSignIns = new AtomicLong();

  /**
   * Writes nothing yet.
   *
   * @param clock tells the time
   * @param required whether operations that change something are refused while lines cannot be
   *     written
   */
  public Audit(InstantSource clock, boolean required) {
    this.required = required;
    this.lines = new AuditLines(clock);
    this.writer = new AuditWriter(required);
  }

  /** Says that an operation that changes something is refused, since no line can be written. */
  static final class UnavailableException extends RuntimeException {
    UnavailableException() {
      super("the audit cannot be written, and sms.yaml requires it; nothing was changed");
    }
  }

  /**
   * Writes the first line of a run.
   *
   * @throws IOException if it cannot be written although the audit is required
   */
  public void begin() throws IOException {
    write(lines.start(Management.version()));
    if (required && !writer.isHealthy()) {
      throw new IOException("the audit cannot be written, and sms.yaml requires it");
    }
  }

  /**
   * Lets an operation begin, for which {@link #ended} must follow.
   *
   * @throws IllegalStateException if the last line of the run is being written: none may follow it
   */
  void begun() {
    running.incrementAndGet();
    if (closing) {
      running.decrementAndGet();
      throw new IllegalStateException("The service is stopping; nothing was changed.");
    }
  }

  /**
   * Writes the line of an operation that ended.
   *
   * @param code why it was not done, null if it was done or failed
   */
  void ended(OperationContext call, boolean done, @Nullable StatusCode code) {
    try {
      writer.write(lines.operation(call, done, code), call.isBatching());
    } finally {
      running.decrementAndGet();
    }
  }

  /**
   * Writes the line of a call that an endpoint denied.
   *
   * @param caller the client
   * @param target name of the MBean
   * @param operation what was asked of it
   */
  public void denied(Caller caller, String target, String operation) {
    write(lines.denied(caller, target, String.valueOf(operation)));
  }

  /**
   * Counts a failed sign-in and writes its line.
   *
   * @param account which account the client said it was, whether or not there is such a one
   * @param endpoint {@code http} or {@code jmx}
   * @param address the client's
   * @param delayed whether the client's answer is held back
   */
  public void signInFailed(String account, String endpoint, String address, boolean delayed) {
    failedSignIns.incrementAndGet();
    if (delayed) {
      delayedSignIns.incrementAndGet();
    }
    write(lines.signInFailed(account, endpoint, address, delayed));
  }

  private void write(String line) {
    writer.write(line, OperationContext.current().isBatching());
  }

  /** While open, lines that the thread causes may wait for each other. */
  public interface Batch extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Lets the lines that this thread causes wait for each other until what is returned is closed, so
   * that one write does for many. To be closed before the callers are answered. If the audit is
   * required, each line is written at once: nothing may run after one that was not.
   */
  public Batch batch() {
    OperationContext.current().batch(true);
    return endBatch;
  }

  private void endBatch() {
    OperationContext.current().batch(false);
    writer.flush();
  }

  /**
   * Lets an operation that changes something pass.
   *
   * @throws UnavailableException if the audit is required and cannot be written
   */
  void requireWritable() {
    if (required && !writer.isHealthy()) {
      throw new UnavailableException();
    }
  }

  /**
   * Returns whether lines are written without failure and without delay; after a failure it tries
   * once more.
   */
  boolean isHealthy() {
    return writer.isHealthy();
  }

  /** Returns how often writing failed. */
  long failures() {
    return writer.failures();
  }

  /** Returns how many lines wait to be written. */
  int waiting() {
    return writer.waiting();
  }

  long failedSignIns() {
    return failedSignIns.get();
  }

  long delayedSignIns() {
    return delayedSignIns.get();
  }

  /** Lets the operations that run come to their end, and writes the last line of the run. */
  @Override
  public void close() {
    closing = true;
    awaitOperations();
    write(lines.stop());
    writer.close();
  }

  private void awaitOperations() {
    long begun = System.nanoTime();
    while (running.get() > 0
        && System.nanoTime() - begun < PATIENCE_NANOS
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
