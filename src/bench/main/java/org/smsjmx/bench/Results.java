package org.smsjmx.bench;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jolokia.json.JSONWriter;

/** The files that a run leaves in {@code target/bench}, and what it puts into the documentation. */
final class Results {

  private static final Path DIRECTORY = Path.of("target", "bench");
  private static final Path DOCS = Path.of("src", "docs");

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

  /** Replaces the text between two marks in {@code performance.md}. */
  static void publish(String mark, String text) throws IOException {
    Path file = DOCS.resolve("performance.md");
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

  /** Replaces the plot that {@code performance.md} shows. */
  static void publishPlot(String svg) throws IOException {
    Files.writeString(DOCS.resolve("how-fast.svg"), svg);
  }
}
