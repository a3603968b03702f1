package org.smsjmx.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/**
 * Gives loggers: those of SLF4J, or, where SLF4J has no provider and would drop every message,
 * those of the platform, which is java.util.logging unless the application says otherwise.
 */
public final class Logs {

  private Logs() {}

  /** Returns the logger of a class. */
  public static Logger of(Class<?> type) {
    return hasProvider()
        ? LoggerFactory.getLogger(type)
        : new PlatformLogger(System.getLogger(type.getName()));
  }

  /** Returns whether SLF4J has a provider. */
  public static boolean hasProvider() {
    return !(LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory);
  }
}
