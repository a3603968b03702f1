package org.smsjmx.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/**
 * Writes lines, numbered from 1 and chained by their hashes, in the order in which they come. Group
 * commit: one thread writes for all, and a thread with a line waits until its own line is with the
 * operating system. A write may take no longer than its patience, and it does not wait at all while
 * one hangs; the line is then kept, {@value #MAXIMUM_WAITING} at most, until it can be written.
 *
 * <p>Lock-free. A line is waiting, then written or abandoned, by compare-and-set; it is healthy
 * while no line is abandoned: then every line whose thread went on is with the operating system.
 * Chain, batch and sink belong to the writing thread, which ends when it has nothing to do for a
 * while, or by an error, and is started again with the next line.
 */
public final class AuditLog {

  private static final Logger LOG = Logs.of(AuditLog.class);

  private static final int MAXIMUM_WAITING = 10_000;
  private static final int BATCH = 256;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LAST_MILLIS = 5_000;

  /** The writing thread gets a processor within this time, however busy the machine is. */
  private static final long STARVED_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final AuditSink sink;
  private final @Nullable LoggerSink beside;
  private final Events events;
  private final long patienceNanos;

  private final Deque<Line> waiting = new ConcurrentLinkedDeque<>();
  private final AtomicInteger size = new AtomicInteger();

  /** Lines that found too many waiting, since the last one that did not. */
  private final AtomicInteger lost = new AtomicInteger();

  /** Lines whose thread went on without them. */
  private final AtomicInteger abandoned = new AtomicInteger();

  private final AtomicReference<@Nullable Thread> writer = new AtomicReference<>();

  /** Whether there may be work that the writing thread has not seen. */
  private volatile boolean signalled;

  /** Whether the writing thread is about to sleep, or sleeps. */
  private volatile boolean asleep;

  /** When the call of the sink began that is under way, 0 if none is. */
  private volatile long sinkSince;

  /** How long calls of the sink have taken in all. */
  private final AtomicLong sinkNanos = new AtomicLong();

  /** How often the writing thread has begun to look for work, and has come to the end of it. */
  private final AtomicInteger roundsBegun = new AtomicInteger();

  private volatile int lastRound;

  private volatile boolean used;
  private volatile boolean closing;
  private final AtomicLong failures = new AtomicLong();
  private final AtomicBoolean failing = new AtomicBoolean();
  private volatile AuditHead head = AuditHead.NONE;

  // of the writing thread alone
  private boolean opened;
  private AuditSink.@Nullable Change change;
  private final List<ChainedLine> unconfirmed = new ArrayList<>();
  private final List<Line> unconfirmedLines = new ArrayList<>();

  /** Words the lines that the log itself adds. */
  public interface Events {

    /**
     * Returns a line that tells of a change of the file from outside.
     *
     * @param event what happened: "missing", "truncated", "grown", "readOnly", or that another file
     *     is in its place
     * @param repeated how many of the lines before it stand also at the end of the former file
     * @return a JSON object
     */
    String changed(String event, int repeated);
  }

  /**
   * How the run before ended.
   *
   * @param run when it began, as its lines say
   * @param head its last line
   * @param stopped whether that line says that it was stopped
   * @param torn whether only the beginning of a further line was written
   */
  public record LastRun(String run, AuditHead head, boolean stopped, boolean torn) {}

  /** A line on its way. */
  public static final class Line {

    private static final int WAITING = 0;
    private static final int WRITTEN = 1;
    private static final int ABANDONED = 2;

    private final String object;
    private final int lostBefore;
    private final AtomicInteger state = new AtomicInteger(WAITING);
    private volatile @Nullable Thread waiter;

    private Line(String object, int lostBefore) {
      this.object = object;
      this.lostBefore = lostBefore;
    }
  }

  AuditLog(AuditSink sink, @Nullable LoggerSink beside, Events events, Duration patience) {
    this.sink = sink;
    this.beside = beside;
    this.events = events;
    this.patienceNanos = patience.toNanos();
  }

  /**
   * Writes lines to the application's logging.
   *
   * @param events words the lines that the log itself adds
   * @param patience how long a thread waits for its line
   */
  public static AuditLog toLogger(Events events, Duration patience) {
    return new AuditLog(new LoggerSink(), null, events, patience);
  }

  /**
   * Writes lines to a file.
   *
   * @param settings which file, and what becomes of it
   * @param clock tells when a day begins
   * @param events words the lines that the log itself adds
   * @param patience how long a thread waits for its line
   */
  public static AuditLog toFile(
      AuditFile.Settings settings, InstantSource clock, Events events, Duration patience) {
    return new AuditLog(
        new AuditFile(settings, clock),
        settings.logged() ? new LoggerSink() : null,
        events,
        patience);
  }

  /**
   * Makes sure that lines can be written, and leaves everything as it was until one is. Need not be
   * called: the first line does the same.
   *
   * @return how the run before ended, null if there is none
   * @throws IOException if they cannot
   */
  public @Nullable LastRun open() throws IOException {
    List<byte[]> last;
    beginSinkCall();
    try {
      last = sink.open();
    } finally {
      endSinkCall();
    }
    opened = true;
    if (last.isEmpty()) {
      return null;
    }
    byte[] end = last.get(last.size() - 1);
    head = new AuditHead(0, ChainedLine.hash(end));
    for (int i = last.size() - 1; i >= 0; i--) {
      ChainedLine.Parts parts =
          ChainedLine.Parts.of(new String(last.get(i), StandardCharsets.UTF_8));
      if (parts != null) {
        AuditHead whole = new AuditHead(parts.number(), ChainedLine.hash(last.get(i)));
        boolean torn = i + 1 < last.size();
        return new LastRun(parts.run(), whole, !torn && parts.operation().equals("stop"), torn);
      }
    }
    return null;
  }

  /**
   * Takes a line, to be written after those that were taken before.
   *
   * @param object a JSON object
   * @param hurried whether it is to be written now; else it may wait for {@link #await} or for the
   *     next one
   * @return what to wait for; null if too many lines wait: then it is lost, and leaves a gap in the
   *     numbers
   */
  public @Nullable Line append(String object, boolean hurried) {
    if (size.get() >= MAXIMUM_WAITING) {
      awaitRound();
    }
    if (size.incrementAndGet() > MAXIMUM_WAITING) {
      size.decrementAndGet();
      lost.incrementAndGet();
      failures.incrementAndGet();
      LOG.error("audit line lost, since too many wait to be written: {}", object);
      return null;
    }
    if (!used) {
      used = true;
    }
    Line line = new Line(object, lost.get() == 0 ? 0 : lost.getAndSet(0));
    waiting.add(line);
    if (hurried) {
      wake();
    }
    return line;
  }

  /**
   * Waits until a line and all before it are written, or until that takes too long.
   *
   * @param line from {@link #append}
   * @return whether it is written
   */
  public boolean await(Line line) {
    if (line.state.get() == Line.WAITING) {
      wake();
      line.waiter = Thread.currentThread();
      await(line, System.nanoTime());
    }
    return line.state.get() == Line.WRITTEN;
  }

  /** What counts against the patience is time in the sink, not time without a processor. */
  private void await(Line line, long begun) {
    boolean interrupted = false;
    long spentBefore = sinkSpent();
    while (line.state.get() == Line.WAITING) {
      long left = patienceNanos - (sinkSpent() - spentBefore);
      long waited = System.nanoTime() - begun;
      boolean tooLong = waited > (writer.get() == null ? patienceNanos : STARVED_NANOS);
      if (left <= 0 || hangs() || tooLong) {
        abandon(line);
        if (isInSinkFor(RETRY_NANOS)) {
          failed("a write takes longer than a second");
        }
        break;
      }
      LockSupport.parkNanos(this, left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long sinkSpent() {
    long done = sinkNanos.get();
    long since = sinkSince;
    return done + (since == 0 ? 0 : System.nanoTime() - since);
  }

  private void beginSinkCall() {
    sinkSince = System.nanoTime() | 1; // never 0
  }

  private void endSinkCall() {
    long since = sinkSince;
    sinkSince = 0;
    sinkNanos.addAndGet(System.nanoTime() - since);
  }

  /** Lets the thread of a line go on without it; the line stays where it is. */
  private void abandon(Line line) {
    abandoned.incrementAndGet();
    if (!line.state.compareAndSet(Line.WAITING, Line.ABANDONED)) {
      abandoned.decrementAndGet();
    }
    LockSupport.unpark(line.waiter);
  }

  private void abandonAll() {
    unconfirmedLines.forEach(this::abandon);
    Iterator<Line> latestFirst = waiting.descendingIterator();
    boolean more = true;
    while (more && latestFirst.hasNext()) {
      Line line = latestFirst.next();
      more = line.state.get() == Line.WAITING;
      abandon(line);
    }
  }

  private boolean hangs() {
    return isInSinkFor(patienceNanos);
  }

  private boolean isInSinkFor(long nanos) {
    long since = sinkSince;
    return since != 0 && System.nanoTime() - since > nanos;
  }

  private void failed(String reason) {
    failures.incrementAndGet();
    if (failing.compareAndSet(false, true)) {
      LOG.error("the audit cannot be written: {}", reason);
    }
  }

  /** Sees to it that the writing thread looks for work. */
  private void wake() {
    if (!signalled) {
      signalled = true;
    }
    Thread thread = writer.get();
    if (thread == null) {
      start();
    } else if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  private void start() {
    Thread thread = WritingThread.of(this::run, "audit-writer");
    if (writer.compareAndSet(null, thread)) {
      try {
        thread.start();
      } catch (OutOfMemoryError e) {
        writer.set(null);
        failed(e.toString());
      }
    }
  }

  private void run() {
    try {
      long idleSince = System.nanoTime();
      while (!closing || signalled) {
        if (signalled) {
          signalled = false;
          work();
          idleSince = System.nanoTime();
        } else if (waiting.isEmpty() && System.nanoTime() - idleSince > IDLE_NANOS) {
          break;
        } else if (sleep(waiting.isEmpty() ? IDLE_NANOS : RETRY_NANOS)) {
          signalled = !waiting.isEmpty();
        }
      }
    } finally {
      // an error too ends it here; what waits or comes now begins another one
      writer.set(null);
      if (signalled && !closing) {
        start();
      }
    }
  }

  /** Returns whether nothing has come meanwhile. */
  private boolean sleep(long nanos) {
    asleep = true;
    if (!signalled) {
      LockSupport.parkNanos(this, nanos);
    }
    asleep = false;
    return !signalled;
  }

  private void work() {
    int round = roundsBegun.incrementAndGet();
    try {
      if (!opened) {
        open();
      }
      writeAll();
      if (failing.compareAndSet(true, false)) {
        LOG.info("the audit is written again");
      }
    } catch (IOException | RuntimeException | Error e) {
      failed(Objects.requireNonNullElse(e.getMessage(), e.toString()));
      abandonAll();
    } finally {
      lastRound = round;
    }
  }

  /** Lines that were written count only when the file is found to be still there afterwards. */
  private void writeAll() throws IOException {
    boolean toldOfGrowth = false;
    // after a failure one line shows whether it is worth to prepare more
    int limit = failing.get() ? 1 : BATCH;
    while (true) {
      change = merged(change, inspect());
      if ((change == null || !change.linesLost()) && confirm()) {
        // a file that was taken away after that is noticed before the next lines
        continue;
      }
      if (change != null && (change.linesLost() || !toldOfGrowth)) {
        toldOfGrowth |= !change.linesLost();
        tellOf(change);
        change = null;
      } else if (waiting.isEmpty()) {
        // what another process goes on to add is told of the next time
        return;
      } else {
        writeBatch(limit);
        limit = BATCH;
      }
    }
  }

  private AuditSink.@Nullable Change inspect() throws IOException {
    beginSinkCall();
    try {
      return sink.inspect();
    } finally {
      endSinkCall();
    }
  }

  private void append(List<ChainedLine> lines) throws IOException {
    beginSinkCall();
    try {
      sink.append(lines);
    } finally {
      endSinkCall();
    }
  }

  private static AuditSink.@Nullable Change merged(
      AuditSink.@Nullable Change untold, AuditSink.@Nullable Change found) {
    if (untold == null || found == null) {
      return found == null ? untold : found;
    }
    return new AuditSink.Change(found.event(), untold.linesLost() || found.linesLost());
  }

  /** Adds a line about a change; before it once more those that may be gone. */
  private void tellOf(AuditSink.Change what) throws IOException {
    List<ChainedLine> lines = new ArrayList<>();
    if (what.linesLost()) {
      lines.addAll(unconfirmed);
    }
    ChainedLine told = chained(head, events.changed(what.event(), lines.size()), 0);
    lines.add(told);
    append(lines);
    head = new AuditHead(head.number() + 1, told.hash());
    unconfirmed.add(told);
  }

  private void writeBatch(int limit) throws IOException {
    List<Line> batch = new ArrayList<>();
    List<ChainedLine> lines = new ArrayList<>();
    AuditHead last = head;
    for (Line line : waiting) {
      if (batch.size() == limit) {
        break;
      }
      ChainedLine next = chained(last, line.object, line.lostBefore);
      last = new AuditHead(last.number() + 1 + line.lostBefore, next.hash());
      batch.add(line);
      lines.add(next);
    }
    append(lines);
    head = last;
    unconfirmed.addAll(lines);
    unconfirmedLines.addAll(batch);
    batch.forEach(line -> waiting.remove());
  }

  private static ChainedLine chained(AuditHead after, String object, int lostBefore) {
    return ChainedLine.of(after.number() + 1 + lostBefore, after.hash(), object);
  }

  /** Returns whether there was a line to confirm. */
  private boolean confirm() {
    if (unconfirmed.isEmpty()) {
      return false;
    }
    size.addAndGet(-unconfirmedLines.size());
    for (Line line : unconfirmedLines) {
      if (!line.state.compareAndSet(Line.WAITING, Line.WRITTEN)) {
        abandoned.decrementAndGet();
        line.state.set(Line.WRITTEN);
      }
      LockSupport.unpark(line.waiter);
    }
    unconfirmedLines.clear();
    if (beside != null) {
      beginSinkCall();
      try {
        beside.copy(unconfirmed);
      } finally {
        endSinkCall();
      }
    }
    unconfirmed.clear();
    return true;
  }

  /**
   * Returns whether every line whose thread went on is with the operating system, in the file that
   * is there; if not it tries once more.
   */
  public boolean isHealthy() {
    if (isSound()) {
      return true;
    }
    awaitRound();
    return isSound();
  }

  /** Lets the writing thread try from now on, and waits until it has, or that takes too long. */
  private void awaitRound() {
    long begun = System.nanoTime();
    int seen = roundsBegun.get();
    wake();
    while (lastRound - seen <= 0 && System.nanoTime() - begun < patienceNanos && !hangs()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private boolean isSound() {
    return abandoned.get() == 0 && !hangs() && sink.isIntact();
  }

  /** Returns whether there was a line in this run. */
  public boolean isUsed() {
    return used;
  }

  /** Returns how often writing failed. */
  public long failures() {
    return failures.get();
  }

  /** Returns how many lines wait to be written. */
  public int waiting() {
    return size.get();
  }

  /** Returns the end of the chain, with lines that may not be confirmed yet. */
  public AuditHead head() {
    return head;
  }

  /** Writes what waits, for {@value #LAST_MILLIS} ms at most, and takes no more lines. */
  public void close() {
    closing = true;
    wake();
    Thread thread = writer.get();
    try {
      if (thread != null) {
        thread.join(LAST_MILLIS);
      }
      if (thread == null || !thread.isAlive()) {
        sink.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.error("the audit cannot be closed: {}", e.getMessage());
    }
    if (waiting() > 0) {
      LOG.error("{} lines of the audit could not be written", waiting());
    }
  }
}
