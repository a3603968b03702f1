package org.smsjmx.management;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.smsjmx.text.Json;

/**
 * Writes one JSON line for each operation, failed sign-in and denied call to the logger {@code
 * sms.audit}. Lines are numbered in the order in which they are written, from 1 in each run, so
 * that a missing one shows.
 *
 * <p>Whoever caused a line writes it before the caller gets an answer; while somebody else writes,
 * it is left to that thread, so that nobody waits, unless the audit is required or very many lines
 * wait. Whoever answers many calls at once has their lines written {@link #together}. A line that
 * cannot be written is kept until it can. So that a failure is noticed, the appender must throw it,
 * as that of the shipped logback.xml does.
 */
public final class Audit implements AutoCloseable {

  private static final Logger LINES = LoggerFactory.getLogger("sms.audit");
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  /** That of which an operation says that it concerns it, else the MBean that was called. */
  private static final String SERVER = "server";

  private static final int MAXIMUM_WAITING = 10_000;

  /** From so many on, who causes a line waits a moment, so that one writer keeps up with many. */
  private static final int MANY_WAITING = 5_000;

  private static final long BRIEF_NANOS = 100_000_000;
  private static final int BATCH = 256;
  private static final long PATIENCE_NANOS = 1_000_000_000;
  private static final long LOOK_NANOS = 1_000_000;

  /** Marks a line after which the next one follows at once, so that one write does for both. */
  public static final Marker MORE_FOLLOW = MarkerFactory.getMarker("more follow");

  private final InstantSource clock;
  private volatile @Nullable Second second;
  private final boolean required;
  private final String run;

  /** Lines that are not written yet, the oldest first. */
  private final Queue<Line> waiting = new ConcurrentLinkedQueue<>();

  private final AtomicInteger size = new AtomicInteger();

  /** Lines that found too many waiting, since the last one that did not. */
  private final AtomicInteger lost = new AtomicInteger();

  /** Of the last line that was written; its owner is who holds the pen. */
  private long number;

  /** Held by the one who writes, so that lines stand in the order of their numbers. */
  private final ReentrantLock pen = new ReentrantLock();

  /** When the one who writes now began, 0 if nobody does. Nanoseconds. */
  private volatile long writingSince;

  private final Together endTogether = this::endTogether;

  /** Calls whose line is still to come. */
  private final AtomicInteger running = new AtomicInteger();

  private volatile boolean closing;
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

  /**
   * A line that has no number yet.
   *
   * @param facts as they stand in a JSON object, with its end
   * @param lostBefore how many lines were lost before it
   */
  private record Line(String facts, int lostBefore) {}

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
   * Says that a call begins, for which {@link #ended} must follow.
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
   * Writes the line of a call that ended.
   *
   * @param code why it was not done, null if it was done or failed
   */
  void ended(OperationContext call, boolean done, @Nullable StatusCode code) {
    try {
      Map<String, @Nullable Object> facts = call.facts();
      facts.put("micros", call.micros());
      String outcome = done ? "done" : code == null ? "error" : code.name();
      String status = code == null ? "" : code.status();
      write(call.caller(), call.target(), call.operation(), facts, outcome, status);
    } finally {
      running.decrementAndGet();
    }
  }

  /**
   * Writes the line of a call that an endpoint denied.
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
   * @param endpoint {@code http} or {@code jmx}
   * @param address the client's
   * @param delayed whether the client's answer is held back
   */
  public void signInFailed(String account, String endpoint, String address, boolean delayed) {
    failedSignIns.incrementAndGet();
    if (delayed) {
      delayedSignIns.incrementAndGet();
    }
    Caller caller = new Caller(RefusedException.shown(account), address, endpoint, Permission.VIEW);
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
    Json line =
        Json.object()
            .member("run", run)
            .member("time", text(clock.instant()))
            .member("caller", caller.name())
            .member("address", caller.address())
            .member("door", caller.endpoint())
            .member(SERVER, facts.containsKey(SERVER) ? facts.get(SERVER) : target)
            .member("operation", operation);
    facts.forEach(
        (fact, value) -> {
          if (!fact.equals(SERVER)) {
            line.member(fact, value);
          }
        });
    line.member("outcome", outcome);
    if (!status.isEmpty()) {
      line.member("status", status);
    }
    add(line.end().substring(1));
    if (required || !OperationContext.current().isBatching() || size.get() >= BATCH) {
      writeNow();
    }
  }

  /** While open, lines that the thread causes may wait for each other. */
  public interface Together extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Lets the lines that this thread causes wait until what is returned is closed, {@value #BATCH}
   * at most, so that one write does for all of them. To be closed before the callers are answered.
   * If the audit is required they are written at once: nothing may run after one that was not.
   */
  public Together together() {
    OperationContext.current().batch(true);
    return endTogether;
  }

  private void endTogether() {
    OperationContext.current().batch(false);
    writeNow();
  }

  private void writeNow() {
    writeWaiting();
    if (required) {
      awaitTheOneWhoWrites(PATIENCE_NANOS);
    } else if (size.get() > MANY_WAITING) {
      awaitTheOneWhoWrites(BRIEF_NANOS);
    }
  }

  /** Returns a time to the microsecond; making the text of the second is what takes long. */
  private String text(Instant time) {
    Second known = second;
    if (known == null || known.epochSecond != time.getEpochSecond()) {
      known = Second.of(time);
      second = known;
    }
    int micros = time.getNano() / 1_000;
    return known.text + String.valueOf(1_000_000 + micros).substring(1) + "Z";
  }

  /** A second, and how it is written in UTC, with a point at the end. */
  private record Second(long epochSecond, String text) {
    static Second of(Instant time) {
      String text = time.truncatedTo(ChronoUnit.SECONDS).toString();
      return new Second(time.getEpochSecond(), text.replace('Z', '.'));
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

  private void awaitTheOneWhoWrites(long nanos) {
    try {
      if (!waiting.isEmpty() && pen.tryLock(nanos, TimeUnit.NANOSECONDS)) {
        pen.unlock();
        writeWaiting();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitThoseThatRun() {
    long begun = System.nanoTime();
    while (running.get() > 0
        && System.nanoTime() - begun < PATIENCE_NANOS
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_NANOS);
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
        LINES.info(
            i + 1 < batch.size() ? MORE_FOLLOW : null, "{\"number\":" + next + "," + line.facts);
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

  long failedSignIns() {
    return failedSignIns.get();
  }

  long delayedSignIns() {
    return delayedSignIns.get();
  }

  /** Lets the calls that run come to their end, and writes the last line of the run. */
  @Override
  public void close() {
    closing = true;
    awaitThoseThatRun();
    write(Caller.LOCAL, "Service", "stop", Map.of(), "done", "");
    awaitTheOneWhoWrites(PATIENCE_NANOS);
    int lost = waiting();
    if (lost > 0) {
      LOG.error("{} lines of the audit could not be written", lost);
    }
  }
}
