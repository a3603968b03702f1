package org.smsjmx.bench;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jolokia.json.JSONWriter;

/** The files that a run leaves in {@code target/bench}. */
final class Results {

  private static final Path DIRECTORY = Path.of("target", "bench");

  private Results() {}

  static Path write(String name, String text) throws IOException {
    Files.createDirectories(DIRECTORY);
    return Files.writeString(DIRECTORY.resolve(name), text);
  }

  static Path writeJson(String name, Map<String, Object> facts) throws IOException {
    StringWriter json = new StringWriter();
    JSONWriter.serialize(facts, json);
    return write(name, json + "\n");
  }

  /** Puts a text in the place of that between two marks in a file. */
  static void replace(Path file, String mark, String text) throws IOException {
    String begin = "<!-- %s -->\n".formatted(mark);
    String end = "<!-- end of %s -->\n".formatted(mark);
    String whole = Files.readString(file);
    int from = whole.indexOf(begin);
    int to = whole.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException("%s: lacks the lines %s and %s".formatted(file, begin, end));
    }
    Files.writeString(file, whole.substring(0, from + begin.length()) + text + whole.substring(to));
  }
}
