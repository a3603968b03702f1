package org.smsjmx.management;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditLog;

/**
 * What a thread is about: who calls in it, which operation runs, and whether the audit lines that
 * it causes are written as one batch. An operation adds what its arguments do not say.
 *
 * <p>A thread keeps its context and uses it for one operation after the other, so that a call costs
 * one access to a {@link ThreadLocal}. An operation that is called by another one in the same
 * thread gets a context of its own, until it ends.
 *
 * <p>Used by its own thread alone.
 */
final class OperationContext implements Caller.Scope {

  /** Never removed from: the next call in the thread would make a new context. */
  private static final ThreadLocal<OperationContext> CURRENT =
      ThreadLocal.withInitial(() -> new OperationContext(null));

  private final @Nullable OperationContext outer;
  private final Map<String, @Nullable Object> facts = new LinkedHashMap<>();
  private Caller caller = Caller.LOCAL;
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

  /** Returns the context of this thread. */
  static OperationContext current() {
    return CURRENT.get();
  }

  /** Begins an operation in this thread; {@link #end} must follow. */
  static OperationContext begin(String target, String operation) {
    OperationContext context = CURRENT.get();
    if (context.running) {
      context = new OperationContext(context);
      CURRENT.set(context);
    }
    context.running = true;
    context.target = target;
    context.operation = operation;
    context.startedNanos = System.nanoTime();
    return context;
  }

  /** Ends the operation; what is known of it is forgotten. */
  void end() {
    running = false;
    facts.clear();
    if (outer != null) {
      CURRENT.set(outer);
    }
  }

  /** Sets the caller in this thread, until {@link #close}. */
  Caller.Scope enter(Caller entered) {
    caller = entered;
    return this;
  }

  /** Sets the caller back to the operating-system user. */
  @Override
  public void close() {
    caller = Caller.LOCAL;
  }

  void beginBatch() {
    batching = true;
  }

  /** Notes the last line of the batch. */
  void batch(AuditLog.Line line) {
    latest = line;
  }

  /** Returns the last line of the batch, null if it has none. */
  AuditLog.@Nullable Line endBatch() {
    AuditLog.Line last = latest;
    batching = false;
    latest = null;
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
