package org.smsjmx.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smsjmx.fixture.Fuzz;

/** Whatever stands in sms.yaml, it is a configuration or an error in one line. */
final class SmsConfigFuzzTest {

  private static final Path SHIPPED = Path.of("jmx-config/sms.yaml");

  /** Memory, and with it time, is bounded: far more than a file needs, far less than a bomb. */
  private static final long MAXIMUM_BYTES = 400_000_000;

  private static final int LONGEST_MESSAGE = 2_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path directory;

  @Test
  void everyFileIsReadOrRefusedInOneLine() throws IOException {
    Path file = directory.resolve("sms.yaml");
    byte[] shipped = Files.readAllBytes(SHIPPED);
    Fuzz.run(
        2,
        fuzz -> {
          Files.write(file, fuzz.once(3) ? fuzz.mutated(shipped) : bytes(fuzz, edited(fuzz)));
          check(file);
        });
  }

  @Test
  void anErrorThatRepeatsAValueIsShortAndOneLine() throws IOException {
    Path file = directory.resolve("sms.yaml");
    for (String value : List.of("x".repeat(10_000), "\"\\u202e\\n\\L\"")) {
      Files.writeString(
          file,
          "realms: { r: { replica-sets: { s: [a-b] } } }\nsimulation: { seed: %s }\n"
              .formatted(value));

      check(file);
    }
  }

  private static void check(Path file) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      SmsConfig config = SmsConfig.read(file);
      assertThat(config.topology().realms()).isNotEmpty();
    } catch (ConfigException e) {
      assertThat(e.getMessage())
          .startsWith(file + ":")
          .hasSizeLessThan(LONGEST_MESSAGE)
          .matches(
              text -> text.codePoints().noneMatch(SmsConfigFuzzTest::breaksALine), "is one line");
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MAXIMUM_BYTES);
  }

  private static boolean breaksALine(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> c >= 0x202A && c <= 0x202E;
    };
  }

  private static byte[] bytes(Fuzz fuzz, String text) {
    return switch (fuzz.below(12)) {
      case 0 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
      case 1 -> text.getBytes(StandardCharsets.UTF_16);
      case 2 -> text.getBytes(StandardCharsets.ISO_8859_1);
      case 3 -> text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
      default -> text.getBytes(StandardCharsets.UTF_8);
    };
  }

  /** The shipped file with other values, lines and nodes in it. */
  private static String edited(Fuzz fuzz) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(SHIPPED));
    lines.removeIf(line -> line.isBlank() || line.startsWith("#"));
    for (int times = 1 + fuzz.below(3); times > 0 && !lines.isEmpty(); times--) {
      int at = fuzz.below(lines.size());
      String line = lines.get(at);
      switch (fuzz.below(8)) {
        case 0 -> lines.add(at, lines.get(fuzz.below(lines.size())));
        case 1 -> lines.remove(at);
        case 2 -> lines.set(at, "\t".repeat(fuzz.below(2)) + " ".repeat(fuzz.below(5)) + line);
        case 3 -> lines.set(at, line.strip());
        case 4 -> lines.set(at, line + fuzz.text());
        case 5 -> Collections.swap(lines, at, fuzz.below(lines.size()));
        default -> lines.set(at, line.replaceFirst(":.*", "") + ": " + node(fuzz));
      }
    }
    return fuzz.once(40) ? bomb(fuzz) : String.join("\n", lines) + "\n";
  }

  private static String node(Fuzz fuzz) {
    return switch (fuzz.below(14)) {
      case 0 -> fuzz.text();
      case 1 -> "\"" + fuzz.text() + "\"";
      case 2 -> "\"\\u202e\\0\\n\\ud800\\L\\x07\"";
      case 3 -> nested(fuzz, "[", "]");
      case 4 -> nested(fuzz, "{a: ", "}");
      case 5 -> nested(fuzz, "- ", "");
      case 6 -> "&a [*a, *a]";
      case 7 -> "&a {x: *a}";
      case 8 -> "{a: b, a: c, ? [x] : y, ? {} : z}";
      case 9 -> fuzz.oneOf("!!java.net.URL [x]", "!x y", "!!binary AA==", "!!set {a}", "<<: *x");
      case 10 -> "x".repeat(fuzz.below(4_000_000));
      case 11 -> "9".repeat(1 + fuzz.below(100_000));
      case 12 ->
          fuzz.oneOf(
              "PT99999999999999999999H",
              "PT-1S",
              "P106751991167300D",
              "-1",
              "2147483648",
              "0x10",
              "1_000",
              "0o17",
              "1e3",
              ".nan",
              "~",
              "yes",
              "|\n  x\n  y",
              "|",
              "--- x\n---",
              "%YAML 9.9",
              "@",
              "`");
      default -> "[" + fuzz.text() + ", " + fuzz.text() + "]";
    };
  }

  private static String nested(Fuzz fuzz, String open, String close) {
    int depth = 1 + fuzz.below(fuzz.once(4) ? 200_000 : 100);
    return open.repeat(depth) + (fuzz.once(2) ? close.repeat(depth) : "");
  }

  /** A short file that says much: a list that stands in many places. */
  private static String bomb(Fuzz fuzz) {
    int size = 2_000 + fuzz.below(1_000);
    String list =
        IntStream.range(0, size).mapToObj(i -> "a-" + i).collect(Collectors.joining(", "));
    String sets =
        IntStream.range(0, size)
            .mapToObj(i -> "s%d: *list".formatted(i))
            .collect(Collectors.joining(", "));
    return "other-servers: &list [%s]\nrealms: {bomb: {replica-sets: {%s}}}\n"
        .formatted(list, sets);
  }
}
