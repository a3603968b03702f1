package org.smsjmx.audit;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.log.Logs;

/**
 * The logger {@code sms.audit}: that of SLF4J, or, where SLF4J has no provider and would drop every
 * line, that of the platform, which is java.util.logging and standard error unless the application
 * says otherwise. Where even that one is off, lines go to standard error.
 */
final class LoggerSink implements AuditSink {

  private static final String NAME = "sms.audit";

  private static final String WARNING =
      "SLF4J has no provider: the audit goes to the platform's logger "
          + NAME
          + ", else to standard error; put a provider such as slf4j-jdk14 on the class path, or name"
          + " a file for the audit";

  private final Logger logger = LoggerFactory.getLogger(NAME);

  /** Null if SLF4J has a provider, and as long as nothing was written. */
  private System.@Nullable Logger platform;

  /** The last line that an appender took, from which a batch goes on of which one failed. */
  private String written = "";

  @Override
  public List<byte[]> open() {
    return List.of();
  }

  @Override
  public @Nullable Change inspect() {
    return null;
  }

  @Override
  public boolean isIntact() {
    return true;
  }

  @Override
  public void append(List<ChainedLine> lines) throws IOException {
    if (Logs.hasProvider() && !logger.isInfoEnabled()) {
      throw new IOException(
          "logger " + NAME + " is off; set its level to INFO, or name a file for the audit");
    }
    int from = lines.stream().map(ChainedLine::text).toList().indexOf(written) + 1;
    for (ChainedLine line : lines.subList(from, lines.size())) {
      write(line.text());
      written = line.text();
    }
  }

  /** Writes lines that stand in a file too, if the logger is on; what goes wrong is its affair. */
  void copy(List<ChainedLine> lines) {
    if (Logs.hasProvider() && logger.isInfoEnabled()) {
      try {
        lines.forEach(line -> logger.info(line.text()));
      } catch (RuntimeException e) {
        Logs.of(LoggerSink.class).debug("an appender of the audit failed", e);
      }
    }
  }

  private void write(String line) {
    if (Logs.hasProvider()) {
      logger.info(line);
      return;
    }
    if (platform == null) {
      platform = System.getLogger(NAME);
      log(platform, System.Logger.Level.WARNING, WARNING);
    }
    log(platform, System.Logger.Level.INFO, line);
  }

  private static void log(System.Logger platform, System.Logger.Level level, String text) {
    if (platform.isLoggable(level)) {
      platform.log(level, text);
    } else {
      System.err.println(text);
    }
  }

  @Override
  public void close() {}
}
