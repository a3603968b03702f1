package org.smsjmx.management;

import org.jspecify.annotations.Nullable;

/**
 * Who calls an operation, as the door found out through which the call came.
 *
 * @param name account, {@code local} for a process of the same operating-system user
 * @param address client's address, empty for a local one
 * @param door {@code http}, {@code jmx} or {@code local}
 * @param permission what the caller may do
 */
public record Caller(String name, String address, String door, Permission permission) {

  /** Whoever calls from this machine without a door: the operating system vouched for it. */
  public static final Caller LOCAL = new Caller("local", "", "local", Permission.ADMINISTER);

  private static final ThreadLocal<@Nullable Caller> CURRENT = new ThreadLocal<>();

  /** Not by {@link ThreadLocal#remove}, after which the next caller's place is made anew. */
  private static final Scope LEAVE = () -> CURRENT.set(null);

  /** Returns who is calling in this thread. */
  public static Caller current() {
    Caller caller = CURRENT.get();
    return caller == null ? LOCAL : caller;
  }

  /** Makes this the caller in this thread, until the scope is closed. */
  public Scope enter() {
    CURRENT.set(this);
    return LEAVE;
  }

  /** While open, calls in the thread are the caller's. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
