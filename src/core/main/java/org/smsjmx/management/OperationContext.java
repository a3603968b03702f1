package org.smsjmx.management;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operation, while it runs: what audit and notification tell of it. The operation
 * adds what its arguments do not say.
 */
final class Call {

  private static final ThreadLocal<@Nullable Call> CURRENT = new ThreadLocal<>();

  private final Caller caller;
  private final String target;
  private final String operation;
  private final Map<String, @Nullable Object> facts = new LinkedHashMap<>();
  private final long startedNanos = System.nanoTime();

  private Call(Caller caller, String target, String operation) {
    this.caller = caller;
    this.target = target;
    this.operation = operation;
  }

  /** Begins a call in this thread; {@link #end} must follow. */
  static Call begin(Caller caller, String target, String operation) {
    Call call = new Call(caller, target, operation);
    CURRENT.set(call);
    return call;
  }

  static void end() {
    CURRENT.set(null); // see Caller
  }

  /** Adds a fact to the call that runs in this thread, if one does. */
  static void note(String fact, @Nullable Object value) {
    Call call = CURRENT.get();
    if (call != null) {
      call.facts.put(fact, value);
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

  /** Returns what is known of the call, by name, in the order in which it became known. */
  Map<String, @Nullable Object> facts() {
    return facts;
  }

  long micros() {
    return (System.nanoTime() - startedNanos) / 1_000;
  }
}
