package org.smsjmx.management;

/**
 * The caller of an operation, as the endpoint found out through which the call came.
 *
 * @param name account, {@code local} for a process of the same operating-system user
 * @param address client's address, empty for a local one
 * @param endpoint {@code http}, {@code jmx} or {@code local}; {@code door} in audit lines
 * @param permission what the caller may do
 */
public record Caller(String name, String address, String endpoint, Permission permission) {

  /** A caller from this machine without an endpoint: the operating system vouched for it. */
  public static final Caller LOCAL = new Caller("local", "", "local", Permission.ADMINISTER);

  /** Returns who is calling in this thread. */
  public static Caller current() {
    return OperationContext.current().caller();
  }

  /** Makes this the caller in this thread, until the scope is closed. */
  public Scope enter() {
    return OperationContext.enter(this);
  }

  /** While open, calls in the thread are the caller's. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
