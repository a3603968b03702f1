package org.smsjmx.management;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.NOPLoggerFactory;

/**
 * The logger {@code sms.audit}: that of SLF4J, or, where SLF4J has no provider and would drop every
 * line, that of the platform, which is java.util.logging and standard error unless the application
 * says otherwise. Where even that one is off, lines go to standard error.
 */
final class AuditLogger {

  private static final String NAME = "sms.audit";

  private static final String WARNING =
      "SLF4J has no provider: the audit goes to the platform's logger "
          + NAME
          + ", else to standard error; put a provider such as slf4j-jdk14 on the class path";

  private final Logger logger = LoggerFactory.getLogger(NAME);

  /** Null if SLF4J has a provider. */
  private final System.@Nullable Logger platform;

  AuditLogger() {
    if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) {
      platform = System.getLogger(NAME);
      log(platform, System.Logger.Level.WARNING, WARNING);
    } else {
      platform = null;
    }
  }

  /** Writes a line; throws what an appender of SLF4J's provider throws. */
  void write(@Nullable Marker marker, String line) {
    if (platform == null) {
      logger.info(marker, line);
    } else {
      log(platform, System.Logger.Level.INFO, line);
    }
  }

  private static void log(System.Logger platform, System.Logger.Level level, String text) {
    if (platform.isLoggable(level)) {
      platform.log(level, text);
    } else {
      System.err.println(text);
    }
  }
}
