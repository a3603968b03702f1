package org.smsjmx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.smsjmx.management.Trace;

/** The trace level as that of our loggers, without the audit's. */
public final class LogbackTrace implements Trace {

  private static final List<Level> LEVELS =
      List.of(Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);

  private final Logger logger = (Logger) LoggerFactory.getLogger("org.smsjmx");

  @Override
  public int level() {
    return Math.max(0, LEVELS.indexOf(logger.getEffectiveLevel()));
  }

  @Override
  public void set(int level) {
    logger.setLevel(LEVELS.get(level));
  }
}
