package org.smsjmx.management;

/**
 * The caller of an operation, as the endpoint found out through which the call came.
 *
 * @param name account, {@code local} for the application itself and for a process that attached,
 *     {@code anonymous@<host>} for a client of a JMX connector that asks for no password
 * @param address client's address, empty for a local one
 * @param endpoint {@code http}, {@code jmx} or {@code local}; {@code door} in audit lines
 * @param permission what the caller may do
 * @param osUser operating-system user of a process that attached, empty if not known
 */
public record Caller(
    String name, String address, String endpoint, Permission permission, String osUser) {

  /** The application itself. */
  public static final Caller LOCAL = attached("");

  /** A caller whose operating-system user is not known. */
  public Caller(String name, String address, String endpoint, Permission permission) {
    this(name, address, endpoint, permission, "");
  }

  /** A process that attached, for which the operating system vouched. */
  static Caller attached(String osUser) {
    return new Caller("local", "", "local", Permission.ADMINISTER, osUser);
  }

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
