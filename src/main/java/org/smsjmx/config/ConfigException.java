package org.smsjmx.config;

import org.smsjmx.session.UserName;

/** Says what is wrong with the configuration: file, line, key and rule, in one line. */
public final class ConfigException extends Exception {

  private static final int MAXIMUM_LENGTH = 800;

  ConfigException(String message) {
    super(inOneLine(message));
  }

  /** What stands in a file may hold line ends and worse, and may be long. */
  private static String inOneLine(String message) {
    StringBuilder line = new StringBuilder();
    message
        .codePoints()
        .limit(MAXIMUM_LENGTH)
        .forEach(
            c -> {
              if (UserName.isShowable(c)) {
                line.appendCodePoint(c);
              } else {
                line.append("\\u%04X".formatted(c));
              }
            });
    return message.codePointCount(0, message.length()) > MAXIMUM_LENGTH
        ? line + "..."
        : line.toString();
  }
}
