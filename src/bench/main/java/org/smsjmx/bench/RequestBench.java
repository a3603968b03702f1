package org.smsjmx.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.smsjmx.bench.RequestBenchmark.Kind;
import org.smsjmx.bench.RequestBenchmark.Measured;

/** The command {@code sms-bench --requests}: what the adapter adds to a request in Tomcat. */
final class RequestBench {

  private static final int[] SESSIONS = {1_000, 100_000, 1_000_000};
  private static final double SECONDS = 2;
  private static final double QUICK_SECONDS = 0.5;
  private static final double GOAL_NANOS = 1_000;
  private static final int GOAL_SESSIONS = 100_000;

  private RequestBench() {}

  public static void main(String[] args) throws Exception {
    List<String> options = Arrays.asList(args);
    boolean quick = options.contains("--quick");
    String command = "scripts/sms-bench --requests" + (quick ? " --quick" : "");
    Circumstances circumstances = quick ? Circumstances.now(command) : Circumstances.quiet(command);
    Map<Integer, Map<Kind, Measured>> figures = new LinkedHashMap<>();
    for (int sessions : SESSIONS) {
      System.err.printf(Locale.ROOT, "%,d sessions ...%n", sessions);
      figures.put(
          sessions,
          measure(sessions, quick ? QUICK_SECONDS : SECONDS, circumstances.pageOptions()));
    }
    String text = text(circumstances, figures);
    Path written = Results.write("requests.md", text);
    Results.writeJson("requests.json", facts(circumstances, figures));
    System.out.println(text);
    System.out.println(goal(figures));
    System.out.println("written: " + written.toAbsolutePath().getParent());
    if (options.contains("--readme")) {
      Results.publish("sms-bench-requests", text);
    }
  }

  private static Map<Kind, Measured> measure(int sessions, double seconds, List<String> pages)
      throws IOException, InterruptedException {
    Map<Kind, Measured> figures = new EnumMap<>(Kind.class);
    for (String line :
        ChildJvm.run(
            RequestRun.class,
            "3g",
            pages,
            file -> List.of(String.valueOf(sessions), String.valueOf(seconds), file))) {
      String[] words = line.split(" ");
      figures.put(
          Kind.valueOf(words[0]),
          new Measured(Double.parseDouble(words[1]), Double.parseDouble(words[2])));
    }
    return figures;
  }

  private static String text(
      Circumstances circumstances, Map<Integer, Map<Kind, Measured>> figures) {
    List<String> lines = new ArrayList<>();
    lines.add(circumstances.sentence());
    lines.add(
        """
        Requests of sessions in random order, by Tomcat's own classes without a network; each number of
        sessions in a JVM of its own, G1, 3 GB heap. Medians of five runs in turns.

        | sessions | `getSession` of Tomcat alone | with sms-jmx | difference | allocated by it |
        |---|---|---|---|---|""");
    figures.forEach(
        (sessions, of) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "| %,d | %s | %s | %s | %,.0f bytes |",
                    sessions,
                    Measure.time(nanos(of, Kind.BARE)),
                    Measure.time(nanos(of, Kind.ADAPTED)),
                    Measure.time(difference(of)),
                    allocated(of))));
    return String.join("\n", lines) + "\n";
  }

  private static String goal(Map<Integer, Map<Kind, Measured>> figures) {
    double difference = difference(figures.getOrDefault(GOAL_SESSIONS, Map.of()));
    return "Goal: difference at %,d sessions ≤ %s: %s"
        .formatted(
            GOAL_SESSIONS,
            Measure.time(GOAL_NANOS),
            difference <= GOAL_NANOS ? "reached" : "missed");
  }

  private static double nanos(Map<Kind, Measured> figures, Kind kind) {
    Measured measured = figures.get(kind);
    return measured == null ? Double.NaN : measured.nanos();
  }

  private static double difference(Map<Kind, Measured> figures) {
    return nanos(figures, Kind.ADAPTED) - nanos(figures, Kind.BARE);
  }

  /** What both allocate for the id is no difference. */
  private static double allocated(Map<Kind, Measured> figures) {
    Measured bare = figures.get(Kind.BARE);
    Measured adapted = figures.get(Kind.ADAPTED);
    return bare == null || adapted == null ? Double.NaN : adapted.bytes() - bare.bytes();
  }

  private static Map<String, Object> facts(
      Circumstances circumstances, Map<Integer, Map<Kind, Measured>> figures) {
    Map<String, Object> facts = new LinkedHashMap<>(circumstances.facts());
    figures.forEach(
        (sessions, of) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("getSession", nanos(of, Kind.BARE));
          one.put("with sms-jmx", nanos(of, Kind.ADAPTED));
          one.put("bytes allocated by sms-jmx", allocated(of));
          facts.put("a request at %d sessions, ns".formatted(sessions), one);
        });
    return facts;
  }
}
