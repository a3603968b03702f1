package org.smsjmx.config;

/** Says what is wrong with the configuration: file, line, key and rule, in one line. */
public final class ConfigException extends Exception {

  ConfigException(String message) {
    super(inOneLine(message));
  }

  /** What stands in a file may hold line ends and worse. */
  private static String inOneLine(String message) {
    StringBuilder line = new StringBuilder();
    message
        .codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                line.append("\\u%04X".formatted(c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }
}
