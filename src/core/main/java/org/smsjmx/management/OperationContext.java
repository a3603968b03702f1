package org.smsjmx.management;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditLog;

/**
 * What a thread is about: who calls in it, which operation runs, and whether the audit lines that
 * it causes are written as one batch. An operation adds what its arguments do not say.
 *
 * <p>A thread has a context as long as there is something to know of it: a caller was named, an
 * operation runs, or lines are batched. An operation that is called by another one in the same
 * thread gets a context of its own, until it ends.
 *
 * <p>Threads live longer than applications do. What a thread keeps when it has no context is an
 * array of the JDK's, which holds no class loader of ours.
 *
 * <p>Used by its own thread alone.
 */
final class OperationContext implements Caller.Scope {

  /** Its only element is the context, null if there is none. Never removed: it costs an access. */
  private static final ThreadLocal<@Nullable Object[]> CURRENT =
      ThreadLocal.withInitial(() -> new Object[1]);

  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final AtomicLong IDS = new AtomicLong();

  private final @Nullable OperationContext outer;
  private final Map<String, @Nullable Object> facts = new LinkedHashMap<>();
  private Caller caller = Caller.LOCAL;
  private boolean entered;
  private boolean batching;
  private AuditLog.@Nullable Line latest;
  private boolean running;
  private String target = "";
  private String operation = "";
  private long startedNanos;

  private OperationContext(@Nullable OperationContext outer) {
    this.outer = outer;
    if (outer != null) {
      caller = outer.caller;
      batching = outer.batching;
    }
  }

  /** Returns the context of this thread; if it has none, one of which the thread knows nothing. */
  static OperationContext current() {
    Object context = CURRENT.get()[0];
    return context == null ? new OperationContext(null) : (OperationContext) context;
  }

  /** Begins an operation in this thread; {@link #end} must follow. */
  static OperationContext begin(String target, String operation) {
    OperationContext current = current();
    OperationContext context = current.running ? new OperationContext(current) : current;
    context.running = true;
    context.target = target;
    context.operation = operation;
    context.startedNanos = System.nanoTime();
    CURRENT.get()[0] = context;
    return context;
  }

  /** Says who calls the operation, until its end. */
  void calledBy(Caller who) {
    caller = who;
  }

  /** Ends the operation; what is known of it is forgotten. */
  void end() {
    running = false;
    facts.clear();
    if (!entered) {
      caller = Caller.LOCAL;
    }
    if (outer == null) {
      leaveIfIdle();
    } else {
      CURRENT.get()[0] = outer;
    }
  }

  private void leaveIfIdle() {
    if (!running && !entered && !batching) {
      @Nullable Object[] current = CURRENT.get();
      if (current[0] == this) {
        current[0] = null;
      }
    }
  }

  /** Sets the caller in this thread, until {@link #close}. */
  static Caller.Scope enter(Caller caller) {
    OperationContext context = current();
    context.caller = caller;
    context.entered = true;
    CURRENT.get()[0] = context;
    return context;
  }

  /** Sets the caller back to the operating-system user. */
  @Override
  public void close() {
    caller = Caller.LOCAL;
    entered = false;
    leaveIfIdle();
  }

  /** Lets audit lines that this thread causes wait for each other, until {@link #endBatch}. */
  static void beginBatch() {
    OperationContext context = current();
    context.batching = true;
    CURRENT.get()[0] = context;
  }

  /** Notes the last line of the batch. */
  void batch(AuditLog.Line line) {
    latest = line;
  }

  /** Ends the batch and returns its last line, null if it has none. */
  AuditLog.@Nullable Line endBatch() {
    AuditLog.Line last = latest;
    batching = false;
    latest = null;
    leaveIfIdle();
    return last;
  }

  /** Returns whether audit lines that this thread causes are written as one batch. */
  boolean isBatching() {
    return batching;
  }

  /** Adds a fact to the operation. */
  void note(String fact, @Nullable Object value) {
    if (running) {
      facts.put(fact, value);
    }
  }

  /**
   * Gives the operation an id, under which the audit has it: the second and a number that no other
   * operation of this JVM has.
   */
  String id(Instant now) {
    String id = "%s-%d".formatted(ID_TIME.format(now), IDS.incrementAndGet());
    note("operationId", id);
    return id;
  }

  Caller caller() {
    return caller;
  }

  /** Returns the name of the MBean: that of a server, realm or replica set, or its type. */
  String target() {
    return target;
  }

  String operation() {
    return operation;
  }

  /** Returns what is known of the operation, by name, in the order in which it became known. */
  Map<String, @Nullable Object> facts() {
    return facts;
  }

  /** Returns how long the operation has taken so far, in microseconds. */
  long micros() {
    return (System.nanoTime() - startedNanos) / 1_000;
  }
}
