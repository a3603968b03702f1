package org.smsjmx.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.smsjmx.bench.RequestBenchmark.Kind;
import org.smsjmx.bench.RequestBenchmark.Measured;

/** One application's requests, measured in this JVM: with and without the adapter in turns. */
final class RequestRun {

  private static final int TURNS = 5;

  private RequestRun() {}

  /**
   * Runs.
   *
   * @param args sessions; seconds for each measure of a turn; file for the figures: a line for each
   *     kind, with nanoseconds and bytes
   */
  public static void main(String[] args) throws Exception {
    double seconds = Double.parseDouble(args[1]);
    Map<Kind, double[]> nanos = new EnumMap<>(Kind.class);
    Map<Kind, double[]> bytes = new EnumMap<>(Kind.class);
    try (TomcatApplication application = new TomcatApplication(Integer.parseInt(args[0]))) {
      for (Kind kind : Kind.values()) {
        nanos.put(kind, new double[TURNS]);
        bytes.put(kind, new double[TURNS]);
        RequestBenchmark.run(kind, application, seconds); // Java compiles both before it counts
      }
      for (int turn = 0; turn < TURNS; turn++) {
        for (Kind kind : Kind.values()) {
          Measured measured = RequestBenchmark.run(kind, application, seconds);
          nanos.get(kind)[turn] = measured.nanos();
          bytes.get(kind)[turn] = measured.bytes();
        }
      }
    }
    Files.write(
        Path.of(args[2]),
        List.of(Kind.values()).stream()
            .map(
                kind ->
                    "%s %s %s"
                        .formatted(kind, Median.of(nanos.get(kind)), Median.of(bytes.get(kind))))
            .toList());
  }
}
