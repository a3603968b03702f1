package org.smsjmx.management;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditFile;
import org.smsjmx.audit.AuditHead;
import org.smsjmx.audit.AuditLog;
import org.smsjmx.audit.AuditSearch;

/**
 * The audit: one line for each operation, failed sign-in and denied call, written before its caller
 * is answered; of denied reads one a minute. {@link AuditLines} words the lines, {@link AuditLog}
 * writes them: to a file that is named, or to the application's logging.
 */
public final class Audit implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final Duration PATIENCE_IF_REQUIRED = Duration.ofSeconds(1);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** So many lines may wait for each other. */
  private static final int BATCH = 256;

  private final InstantSource clock;
  private final boolean required;
  private final AuditLines lines;
  private final AuditLog log;
  private final @Nullable AuditSearch search;
  private final Batch endBatch = this::endBatch;
  private AuditLog.@Nullable LastRun last;

  /** Operations whose line is still to come. */
  private final AtomicInteger running = new AtomicInteger();

  private volatile boolean starting;
  private volatile boolean closing;
  private final AtomicLong failedSignIns = new AtomicLong();
  private final AtomicLong delayedSignIns = new AtomicLong();
  private final AtomicLong deniedCalls = new AtomicLong();
  private final DeniedReads deniedReads = new DeniedReads();

  /**
   * Writes to the application's logging, logger {@code sms.audit}; nothing yet.
   *
   * @param clock tells the time
   * @param required whether operations that change something are refused while lines cannot be
   *     written
   */
  public Audit(InstantSource clock, boolean required) {
    this(clock, required, null);
  }

  /**
   * Writes to a file; nothing yet.
   *
   * @param clock tells the time
   * @param required whether operations that change something are refused while lines cannot be
   *     written
   * @param file which file, and what becomes of it; null = to the application's logging
   */
  public Audit(InstantSource clock, boolean required, AuditFile.@Nullable Settings file) {
    this(clock, required, file, required ? PATIENCE_IF_REQUIRED : PATIENCE);
  }

  Audit(
      InstantSource clock, boolean required, AuditFile.@Nullable Settings file, Duration patience) {
    this.clock = clock;
    this.required = required;
    this.lines = new AuditLines(clock);
    this.log =
        file == null
            ? AuditLog.toLogger(lines, patience)
            : AuditLog.toFile(file, clock, lines, patience);
    this.search = file == null ? null : new AuditSearch(file.file());
  }

  /** Says that a line cannot be written of an operation that changes something. */
  static final class UnavailableException extends RuntimeException {
    UnavailableException(String consequence) {
      super("the audit cannot be written, and sms.yaml requires it; " + consequence);
    }
  }

  /**
   * Makes sure that lines can be written, and leaves everything as it was. Operations are refused
   * until {@link #begin}. Need not be called.
   *
   * @throws IOException if they cannot
   */
  public void open() throws IOException {
    starting = true;
    last = log.open();
  }

  /**
   * Writes the first line of a run.
   *
   * @throws IOException if it cannot be written although the audit is required
   */
  public void begin() throws IOException {
    if (!starting) {
      open();
    }
    boolean written = write(lines.start(Management.version(), last));
    starting = false;
    if (!written && required) {
      throw new IOException("the audit cannot be written, and sms.yaml requires it");
    }
  }

  /**
   * Lets an operation begin, for which {@link #ended} must follow.
   *
   * @throws IllegalStateException if the first line of the run is still to be written, which none
   *     may precede, or the last one is being written, which none may follow
   */
  void begun() {
    running.incrementAndGet();
    if (closing || starting) {
      running.decrementAndGet();
      throw new IllegalStateException(
          "The service is %s; nothing was changed.".formatted(closing ? "stopping" : "starting"));
    }
  }

  /**
   * Writes the line of an operation that ended, and counts it if it was denied.
   *
   * @param code why it was not done, null if it was done or failed
   * @return false if the audit is required and the line could not be written
   */
  boolean ended(OperationContext call, boolean done, @Nullable StatusCode code) {
    try {
      if (code == StatusCode.CTGSI0303E) {
        deniedCalls.incrementAndGet();
      }
      return write(lines.operation(call, done, code), call) || !required;
    } finally {
      running.decrementAndGet();
    }
  }

  /**
   * Counts a call that an endpoint denied and writes its line; for reads there is {@link
   * #deniedRead}.
   *
   * @param caller the client
   * @param target name of the MBean
   * @param operation what was asked of it
   */
  public void denied(Caller caller, String target, String operation) {
    deniedCalls.incrementAndGet();
    write(lines.denied(caller, target, String.valueOf(operation)));
  }

  /**
   * Counts a read that an endpoint denied. The first of a caller has a line of its own; those of a
   * minute after it have one together, written by {@link #tend} or at the end.
   *
   * @param caller the client
   * @param target name of the MBean
   * @param operation how it was read
   */
  public void deniedRead(Caller caller, String target, String operation) {
    deniedCalls.incrementAndGet();
    tell(deniedReads.add(caller, target, operation, clock.instant()));
  }

  private void tell(List<DeniedReads.Told> denied) {
    denied.forEach(told -> write(lines.deniedReads(told)));
  }

  /** Writes the lines of denied reads whose minute is over; to be called each second. */
  public void tend() {
    running.incrementAndGet(); // the last line of a run waits for these
    try {
      if (!closing && !starting) {
        tell(deniedReads.takeDue(clock.instant()));
      }
    } finally {
      running.decrementAndGet();
    }
  }

  /**
   * Counts a failed sign-in and writes its line.
   *
   * @param account which account the client said it was, whether or not there is such a one
   * @param endpoint {@code http} or {@code jmx}
   * @param address the client's
   * @param delayed whether it was refused unchecked, since too many came before
   */
  public void signInFailed(String account, String endpoint, String address, boolean delayed) {
    failedSignIns.incrementAndGet();
    if (delayed) {
      delayedSignIns.incrementAndGet();
    }
    write(lines.signInFailed(account, endpoint, address, delayed));
  }

  /**
   * Writes the line of sessions that ended since their user signed in again. The user does not wait
   * for the disk.
   *
   * @param server at which they had signed in
   * @param facts whose, and which
   */
  void displaced(String server, Map<String, Object> facts) {
    if (!starting && !closing) {
      log.append(lines.displaced(server, facts), true);
    }
  }

  /** Counts a sign-in that was refused unchecked and is one of too many to record each. */
  public void signInNotRecorded() {
    failedSignIns.incrementAndGet();
    delayedSignIns.incrementAndGet();
  }

  private boolean write(String line) {
    return write(line, OperationContext.current());
  }

  /** Returns whether the line is written, or will be before the batch ends. */
  private boolean write(String line, OperationContext context) {
    boolean mayWait = !required && context.isBatching() && log.waiting() + 1 < BATCH;
    AuditLog.Line taken = log.append(line, !mayWait);
    if (mayWait && taken != null) {
      context.batch(taken);
      return true;
    }
    return taken != null && log.await(taken);
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
    OperationContext.beginBatch();
    return endBatch;
  }

  private void endBatch() {
    AuditLog.Line latest = OperationContext.current().endBatch();
    if (latest != null) {
      log.await(latest);
    }
  }

  /**
   * Lets an operation that changes something pass.
   *
   * @throws UnavailableException if the audit is required and cannot be written
   */
  void requireWritable() {
    if (required && !log.isHealthy()) {
      throw new UnavailableException("nothing was changed");
    }
  }

  /**
   * Returns whether the line of every operation that was answered is written; if not it tries once
   * more.
   */
  boolean isHealthy() {
    return log.isHealthy();
  }

  /** Returns how often writing failed. */
  long failures() {
    return log.failures();
  }

  /** Returns how many lines wait to be written. */
  int waiting() {
    return log.waiting();
  }

  /** Returns the last line that was written. */
  AuditHead head() {
    return log.head();
  }

  /** Returns what finds lines that were written, null if they are in no file of ours. */
  @Nullable AuditSearch search() {
    return search;
  }

  long failedSignIns() {
    return failedSignIns.get();
  }

  long delayedSignIns() {
    return delayedSignIns.get();
  }

  /** Returns how many calls were denied, by MBeans or by endpoints. */
  long deniedCalls() {
    return deniedCalls.get();
  }

  /**
   * Lets the operations that run come to their end, and writes the last line of a run with lines.
   */
  @Override
  public void close() {
    closing = true;
    awaitOperations();
    tell(deniedReads.takeAll(clock.instant()));
    if (log.isUsed()) {
      write(lines.stop());
    }
    log.close();
  }

  private void awaitOperations() {
    long begun = System.nanoTime();
    while (running.get() > 0
        && System.nanoTime() - begun < PATIENCE_IF_REQUIRED.toNanos()
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
