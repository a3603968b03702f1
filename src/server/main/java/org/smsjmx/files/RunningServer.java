package org.smsjmx.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself in the lock file of its data directory, for a user who has several
 * of them running: lines of a name, a blank and a value.
 *
 * @param process process id; a file that a server left behind has that of a former one
 * @param http URL of the HTTP endpoint
 * @param jmx URL of the JMX endpoint
 * @param config configuration file, absolute
 */
public record RunningServer(String process, String http, String jmx, String config) {

  /** Name of the file in the data directory. */
  static final String FILE = ".lock";

  /** Longer than any, so that a file of something else is not read to its end. */
  private static final int MAXIMUM_BYTES = 16_384;

  /** Returns the text of the file. */
  String text() {
    return "process "
        + process
        + "\nhttp "
        + http
        + "\njmx "
        + jmx
        + "\nconfig "
        + config.replace('\n', ' ')
        + "\n";
  }

  /**
   * Reads what a server said.
   *
   * @param process its process id
   * @param data its data directory
   * @return null if this process has said nothing yet, or the file cannot be read
   */
  public static @Nullable RunningServer of(String process, Path data) {
    Map<String, String> said = new HashMap<>();
    try (InputStream file = Files.newInputStream(data.resolve(FILE))) {
      String text = new String(file.readNBytes(MAXIMUM_BYTES), StandardCharsets.UTF_8);
      for (String line : text.split("\n")) {
        int blank = line.indexOf(' ');
        if (blank > 0) {
          said.put(line.substring(0, blank), line.substring(blank + 1));
        }
      }
    } catch (IOException e) {
      return null;
    }
    String http = said.get("http");
    String jmx = said.get("jmx");
    String config = said.get("config");
    return !process.equals(said.get("process")) || http == null || jmx == null || config == null
        ? null
        : new RunningServer(process, http, jmx, config);
  }
}
