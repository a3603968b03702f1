package org.smsjmx.config;

import org.smsjmx.text.Showable;

/** Says what is wrong with the configuration: file, line, key and rule, in one line. */
public final class ConfigException extends Exception {

  /** What stands in a file may hold line ends and worse, and may be long. */
  private static final int MAXIMUM_LENGTH = 800;

  ConfigException(String message) {
    super(Showable.shown(message, MAXIMUM_LENGTH));
  }
}
