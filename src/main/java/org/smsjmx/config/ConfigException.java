package org.smsjmx.config;

/** Says what is wrong with the configuration: file, line, key and rule, in one line. */
public final class ConfigException extends Exception {

  ConfigException(String message) {
    super(message);
  }
}
