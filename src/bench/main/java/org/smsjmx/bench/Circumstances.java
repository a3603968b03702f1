package org.smsjmx.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Under which circumstances figures were measured.
 *
 * @param processor model
 * @param cores as Java counts them
 * @param memory of the machine
 * @param java version of the JDK
 * @param hugePages whom the kernel gives transparent huge pages: {@code always}, who asks for them
 *     ({@code madvise}), or {@code never}
 * @param date day, UTC
 * @param command what was run
 * @param load others' load when the run began: mean number of waiting tasks in the last minute;
 *     empty = unknown
 */
record Circumstances(
    String processor,
    int cores,
    String memory,
    String java,
    String hugePages,
    String date,
    String command,
    String load) {

  private static final double QUIET = 0.3;
  private static final long PATIENCE_NANOS = 240_000_000_000L;
  private static final long LOOK_MILLIS = 5_000;

  /** Returns those of now. */
  static Circumstances now(String command) {
    long kilobytes = Long.parseLong(found("/proc/meminfo", "MemTotal:\\s+(\\d+)", "0"));
    return new Circumstances(
        found("/proc/cpuinfo", "model name\\s*:\\s*(.+)", System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        "%d GB".formatted(Math.round(kilobytes / 1048576.0)),
        "%s %s".formatted(System.getProperty("java.vm.name"), Runtime.version()),
        found("/sys/kernel/mm/transparent_hugepage/enabled", "\\[(\\w+)]", "never"),
        LocalDate.now(ZoneOffset.UTC).toString(),
        command,
        loadNow());
  }

  /** Waits some minutes for others' load to go down, and returns those of then. */
  static Circumstances quiet(String command) throws InterruptedException {
    long begun = System.nanoTime();
    while (!loadNow().isEmpty()
        && Double.parseDouble(loadNow()) > QUIET
        && System.nanoTime() - begun < PATIENCE_NANOS) {
      System.err.printf("waiting for the machine to become quiet; load %s ...%n", loadNow());
      Thread.sleep(LOOK_MILLIS);
    }
    return now(command);
  }

  /** Returns the load as the kernel writes it, nothing where there is none such. */
  private static String loadNow() {
    return found("/proc/loadavg", "^(\\S+)", "");
  }

  private static String found(String file, String pattern, String otherwise) {
    try {
      Path path = Path.of(file);
      if (Files.exists(path)) {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(path));
        if (matcher.find()) {
          return matcher.group(1).strip();
        }
      }
      return otherwise;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what the script of the shipped server tells the JVM of memory pages. */
  List<String> pageOptions() {
    return hugePages.equals("never") ? List.of() : List.of("-XX:+UseTransparentHugePages");
  }

  /** Returns them as one sentence. */
  String sentence() {
    String jvm = (java + " " + String.join(" ", pageOptions())).strip();
    return "`%s`, %s, %s, %d cores, %s, %s; load before the run %s."
        .formatted(command, date, processor, cores, memory, jvm, load.isEmpty() ? "unknown" : load);
  }

  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("processor", processor);
    facts.put("cores", cores);
    facts.put("memory", memory);
    facts.put("java", java);
    facts.put("hugePages", hugePages);
    facts.put("date", date);
    facts.put("command", command);
    facts.put("loadBefore", load);
    return facts;
  }
}
