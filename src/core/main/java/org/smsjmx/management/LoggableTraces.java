package org.smsjmx.management;

/**
 * Lets exceptions of operations be logged by loggers that look up the classes of a stack trace, as
 * Logback does in Spring Boot. Each operation has a class of the JDK in its trace that refuses to
 * be initialized by name: at first with a plain {@link Error}, which would go through the logger
 * and end the operation; from then on as any class that cannot be, which loggers expect. So here it
 * refuses once.
 */
final class LoggableTraces {

  /** How the JDK calls the methods of MXBeans, before version 24. */
  static final String REFUSING = "sun.reflect.misc.Trampoline";

  static {
    try {
      Class.forName(REFUSING);
    } catch (ClassNotFoundException | Error e) {
      // it has refused, or there is none
    }
  }

  private LoggableTraces() {}

  /** Does it, if it has not been done. */
  static void prepare() {
    // as the class is initialized
  }
}
