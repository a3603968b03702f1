package org.smsjmx.management;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one JSON line for each operation, failed sign-in and denied call to the logger {@code
 * sms.audit}. Lines are numbered in the order in which they are written, from 1 in each run, so
 * that a missing one shows.
 *
 * <p>Whoever caused a line writes it, and those of others that wait, before the caller gets an
 * answer. A line that cannot be written, or that would have to wait for another thread for longer
 * than a second, is kept until a later one succeeds. So that a failure is noticed, the appender
 * must throw it, as that of the shipped logback.xml does.
 */
public final class Audit implements AutoCloseable {

  private static final Logger LINES = LoggerFactory.getLogger("sms.audit");
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final int MAXIMUM_WAITING = 10_000;
  private static final long PATIENCE_MILLIS = 1_000;

  private final InstantSource clock;
  private final boolean required;
  private final String run;

  /** Numbered lines that are not written yet, the oldest first; its monitor guards the number. */
  private final Queue<String> waiting = new ArrayDeque<>();

  private long number;

  /** Held by the one who writes, so that lines stand in the order of their numbers. */
  private final ReentrantLock pen = new ReentrantLock();

  private volatile boolean healthy = true;
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong failedSignIns = new AtomicLong();
  private final AtomicLong delayedSignIns = new AtomicLong();

  /**
   * Makes one.
   *
   * @param clock tells the time
   * @param required whether operations that change something are refused while lines cannot be
   *     written
   */
  public Audit(InstantSource clock, boolean required) {
    this.clock = clock;
    this.required = required;
    this.run = clock.instant().toString();
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
    write(Caller.LOCAL, "Service", "start", Map.of("version", Management.version()), "done", "");
    if (!healthy && required) {
      throw new IOException("the audit cannot be written, and sms.yaml requires it");
    }
  }

  /**
   * Writes the line of a call that ended.
   *
   * @param code why it was not done, null if it was done or failed
   */
  void ended(Call call, boolean done, @Nullable StatusCode code) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>(call.facts());
    facts.put("micros", call.micros());
    String outcome = done ? "done" : code == null ? "error" : code.name();
    String status = code == null ? "" : code.status();
    write(call.caller(), call.target(), call.operation(), facts, outcome, status);
  }

  /**
   * Writes the line of a call that a door denied.
   *
   * @param target name of the MBean
   * @param operation what was asked of it
   */
  public void denied(Caller caller, String target, String operation) {
    StatusCode code = StatusCode.CTGSI0303E;
    write(
        caller,
        RefusedException.shown(target),
        RefusedException.shown(String.valueOf(operation)),
        Map.of(),
        code.name(),
        code.status());
  }

  /**
   * Counts a failed sign-in and writes its line.
   *
   * @param account which account the client said it was, whether or not there is such a one
   * @param door through which the client came
   * @param address the client's
   * @param delayed whether the client's answer is held back
   */
  public void signInFailed(String account, String door, String address, boolean delayed) {
    failedSignIns.incrementAndGet();
    if (delayed) {
      delayedSignIns.incrementAndGet();
    }
    Caller caller = new Caller(RefusedException.shown(account), address, door, Permission.VIEW);
    StatusCode code = StatusCode.HPDIA0200W;
    write(caller, "Service", "signIn", Map.of("delayed", delayed), code.name(), code.status());
  }

  private void write(
      Caller caller,
      String target,
      String operation,
      Map<String, ?> facts,
      String outcome,
      String status) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("run", run);
    line.put("time", clock.instant().toString());
    line.put("caller", caller.name());
    line.put("address", caller.address());
    line.put("door", caller.door());
    line.put("server", target);
    line.put("operation", operation);
    line.putAll(facts);
    line.put("outcome", outcome);
    if (!status.isEmpty()) {
      line.put("status", status);
    }
    add(Json.of(line).substring(1));
    writeWaiting(healthy ? PATIENCE_MILLIS : 0);
  }

  private void add(String unnumbered) {
    String line;
    synchronized (waiting) {
      line = "{\"number\":" + ++number + "," + unnumbered;
      if (waiting.size() < MAXIMUM_WAITING) {
        waiting.add(line);
        return;
      }
    }
    failures.incrementAndGet();
    LOG.error("audit line lost, since too many wait to be written: {}", line);
  }

  /** Writes what waits, unless another thread does for longer than this one may wait. */
  private void writeWaiting(long patienceMillis) {
    if (!take(patienceMillis)) {
      failed("writing takes too long");
      return;
    }
    try {
      for (String line = first(); line != null; line = next()) {
        LINES.info(line);
      }
      if (!healthy) {
        healthy = true;
        LOG.info("the audit is written again");
      }
    } catch (RuntimeException e) {
      failed(e.getMessage());
    } finally {
      pen.unlock();
    }
  }

  private boolean take(long patienceMillis) {
    try {
      return pen.tryLock() || pen.tryLock(patienceMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private @Nullable String first() {
    synchronized (waiting) {
      return waiting.peek();
    }
  }

  /** Forgets the first line, which is written, and returns the one after it. */
  private @Nullable String next() {
    synchronized (waiting) {
      waiting.remove();
      return waiting.peek();
    }
  }

  private void failed(String reason) {
    failures.incrementAndGet();
    if (healthy) {
      healthy = false;
      LOG.error("the audit cannot be written: {}", reason);
    }
  }

  /**
   * Makes sure that an operation that changes something may run.
   *
   * @throws UnavailableException if the audit is required and cannot be written
   */
  void requireWritable() {
    if (required && !isHealthy()) {
      throw new UnavailableException();
    }
  }

  /** Returns whether all lines are written; if some wait, tries once more. */
  boolean isHealthy() {
    if (!healthy) {
      writeWaiting(0);
    }
    return healthy;
  }

  /** Returns how often writing failed. */
  long failures() {
    return failures.get();
  }

  /** Returns how many lines wait to be written. */
  int waiting() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  long failedSignIns() {
    return failedSignIns.get();
  }

  long delayedSignIns() {
    return delayedSignIns.get();
  }

  /** Writes the last line of the run, and what waits. */
  @Override
  public void close() {
    write(Caller.LOCAL, "Service", "stop", Map.of(), "done", "");
    int lost = waiting();
    if (lost > 0) {
      LOG.error("{} lines of the audit could not be written", lost);
    }
  }
}
