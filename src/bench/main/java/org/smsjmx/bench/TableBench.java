package org.smsjmx.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The command {@code sms-bench}: our session table and its peers, one after the other, each in a
 * JVM of its own with the same data.
 */
final class TableBench {

  private static final int SESSIONS = 1_000_000;
  private static final int QUICK_SESSIONS = 200_000;
  private static final int MANY_SESSIONS = 10_000_000;
  private static final String AT_MANY = "at 10,000,000 sessions";
  private static final double SECONDS = 1.8;
  private static final double QUICK_SECONDS = 1.5;

  /** How often each peer is measured, in turns. */
  private static final int PASSES = 3;

  /** Differences under this mean nothing. */
  private static final double AS_AT_REST = 1.3;

  private static final List<Measure> PLOTTED = join(List.of(Measure.HEAP), Measure.OPERATIONS);

  private static final List<Measure> PUBLISHED =
      join(
          PLOTTED,
          List.of(
              Measure.SWEEP,
              Measure.WAIT_IN_TERMINATE,
              Measure.WAIT_IN_REFRESH,
              Measure.WAIT_IN_SWEEP));

  private final Map<Peers, Map<Measure, Figure>> figures = new EnumMap<>(Peers.class);

  /** How the times of our table grow from {@link #SESSIONS} to {@link #MANY_SESSIONS}. */
  private final Map<Measure, Scale> scales = new EnumMap<>(Measure.class);

  /** Our table under other conditions. */
  private final Map<String, Map<Measure, Figure>> others = new LinkedHashMap<>();

  private TableBench() {}

  public static void main(String[] args) throws Exception {
    List<String> options = Arrays.asList(args);
    new TableBench().run(options.contains("--quick"), options.contains("--readme"));
  }

  private static List<Measure> join(List<Measure> some, List<Measure> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private void run(boolean quick, boolean readme) throws Exception {
    Circumstances circumstances =
        quick
            ? Circumstances.now("scripts/sms-bench --quick")
            : Circumstances.quiet("scripts/sms-bench");
    int sessions = quick ? QUICK_SESSIONS : SESSIONS;
    double seconds = quick ? QUICK_SECONDS : SECONDS;
    List<String> pages = circumstances.pageOptions();
    Map<Peers, List<Map<Measure, Figure>>> passes = new EnumMap<>(Peers.class);
    // each peer several times, as the machine may be slow for a while
    for (int pass = 0; pass < (quick ? 1 : PASSES); pass++) {
      for (Peers peer : Peers.values()) {
        passes
            .computeIfAbsent(peer, p -> new ArrayList<>())
            .add(measure(peer, sessions, seconds / PASSES, "3g", pages));
      }
    }
    passes.forEach((peer, of) -> figures.put(peer, medians(of)));
    if (!quick) {
      others.put(AT_MANY, measure(Peers.OURS, MANY_SESSIONS, seconds, "7g", pages));
      measureScales(seconds, pages);
    }
    // a kernel that always gives huge pages has no others to compare with
    if (circumstances.hugePages().equals("madvise")) {
      others.put(
          "in pages of 4 KB", measure(Peers.OURS, sessions, seconds / PASSES, "3g", List.of()));
    }

    int users = new Population(sessions, true).users();
    String title = String.format(Locale.ROOT, "%,d sessions of %,d users", sessions, users);
    Goals goals = goals(sessions);
    String chart = chart(title, circumstances).svg();
    Results.writeJson("results.json", facts(circumstances, sessions, users, goals));
    Results.write("results.svg", chart);
    String how =
        """
        %s, of which one has 100,000 and one 10,000; each peer in a JVM of its own, G1, %s heap.
        %s
        Medians; where a round takes a millisecond or more, of processor time if that is less than
        the clock's (not for touch and waits)%s. In brackets how many times ours.
        Differences under 1.3 times mean nothing.
        The least that a touch can cost is one access to memory as large as the slots: %s.
        %s
        """
            .formatted(
                title,
                "3 GB",
                circumstances.sentence(),
                quick ? "" : "; the median of three runs in turns",
                Measure.MEMORY.shown(ours(Measure.MEMORY)),
                atMany());
    String whole =
        "# The session table beside its peers\n\n"
            + how
            + table(List.of(Measure.values()))
            + "\n"
            + notes()
            + (quick
                ? "\nA quick run: a smaller table and short times; for real figures run without --quick.\n"
                : "")
            + "\n## Goals\n\n"
            + goals.markdown()
            + alone();
    Path written = Results.write("results.md", whole);
    System.out.println(whole);
    System.out.println("written: " + written.toAbsolutePath().getParent());
    if (readme) {
      Results.publish("sms-bench", how + table(PUBLISHED) + "\n" + notes());
      Results.publishPlot(chart);
    }
  }

  private static Map<Measure, Figure> measure(
      Peers peer, int sessions, double seconds, String heap, List<String> options)
      throws IOException, InterruptedException {
    System.err.printf(Locale.ROOT, "%s, %,d sessions ...%n", peer.title(), sessions);
    Map<Measure, Figure> figures = new EnumMap<>(Measure.class);
    for (String line :
        ChildJvm.run(
            PeerRun.class,
            heap,
            options,
            file ->
                List.of(
                    peer.name(),
                    String.valueOf(sessions),
                    String.valueOf(seconds),
                    file,
                    Path.of("jmx-config", "users.ldif").toString()))) {
      String[] words = line.split(" ");
      figures.put(Measure.valueOf(words[0]), Figure.of(words[1], words[2], words[3]));
    }
    return figures;
  }

  private void measureScales(double seconds, List<String> options)
      throws IOException, InterruptedException {
    System.err.printf(
        Locale.ROOT,
        "%s, %,d and %,d sessions in turns ...%n",
        Peers.OURS.title(),
        SESSIONS,
        MANY_SESSIONS);
    for (String line :
        ChildJvm.run(
            ScaleRun.class,
            "8g",
            options,
            file ->
                List.of(
                    String.valueOf(SESSIONS),
                    String.valueOf(MANY_SESSIONS),
                    String.valueOf(seconds),
                    file))) {
      String[] words = line.split(" ");
      scales.put(Measure.valueOf(words[0]), Scale.of(words[1], words[2], words[3]));
    }
  }

  /** Returns of each measure the figure of the run that is the median one in it. */
  private static Map<Measure, Figure> medians(List<Map<Measure, Figure>> runs) {
    Map<Measure, Figure> medians = new EnumMap<>(Measure.class);
    for (Measure measure : runs.get(0).keySet()) {
      List<Figure> sorted =
          runs.stream()
              .map(run -> run.get(measure))
              .sorted(Comparator.comparingDouble(Figure::median))
              .toList();
      medians.put(measure, sorted.get(sorted.size() / 2));
    }
    return medians;
  }

  private double median(Peers peer, Measure measure) {
    Figure figure = figures.getOrDefault(peer, Map.of()).get(measure);
    return figure == null ? Double.NaN : figure.median();
  }

  private double ours(Measure measure) {
    return median(Peers.OURS, measure);
  }

  private String table(List<Measure> measures) {
    StringBuilder text = new StringBuilder("| |");
    StringBuilder line = new StringBuilder("|---|");
    for (Peers peer : Peers.values()) {
      text.append(" %s |".formatted(peer.title()));
      line.append("---|");
    }
    text.append('\n').append(line).append('\n');
    for (Measure measure : measures) {
      if (Double.isNaN(ours(measure)) || onlyOurs(measure)) {
        continue;
      }
      text.append("| %s |".formatted(measure.title()));
      for (Peers peer : Peers.values()) {
        text.append(" %s |".formatted(cell(peer, measure)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private boolean onlyOurs(Measure measure) {
    return figures.values().stream().filter(of -> of.containsKey(measure)).count() < 2;
  }

  private String cell(Peers peer, Measure measure) {
    double value = median(peer, measure);
    if (Double.isNaN(value)) {
      return "–";
    }
    String shown = measure.shown(value);
    return peer == Peers.OURS ? shown : "%s (%s)".formatted(shown, times(value / ours(measure)));
  }

  private static String times(double ratio) {
    if (ratio < 0.01) {
      return "<0.01×";
    }
    int decimals = ratio < 0.995 ? 2 : ratio < 9.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + decimals + "f×", ratio);
  }

  private static String notes() {
    StringBuilder text = new StringBuilder();
    for (Peers peer : Peers.values()) {
      if (!peer.note().isEmpty()) {
        text.append("- %s: %s.\n".formatted(peer.title(), peer.note()));
      }
    }
    return text.append("- –: has no such operation.\n").toString();
  }

  private BarChart chart(String title, Circumstances circumstances) {
    BarChart chart =
        new BarChart(
            title + ": less is better",
            "%s, %d cores, %s; logarithmic scale"
                .formatted(circumstances.java(), circumstances.cores(), circumstances.date()));
    for (Measure measure : PLOTTED) {
      List<BarChart.Bar> bars = new ArrayList<>();
      for (Peers peer : Peers.values()) {
        bars.add(new BarChart.Bar(peer.title(), median(peer, measure), cell(peer, measure)));
      }
      chart.add(measure.title(), bars);
    }
    return chart;
  }

  private Goals goals(int sessions) {
    Goals goals = new Goals();
    String at = String.format(Locale.ROOT, " (%,d sessions)", sessions);
    within(goals, Measure.HEAP, 120, at);
    double touch = ours(Measure.TOUCH);
    double tomcat = median(Peers.TOMCAT, Measure.TOUCH);
    goals.add(
        "touch no slower than Tomcat's",
        "%s, Tomcat %s".formatted(Measure.time(touch), Measure.time(tomcat)),
        touch <= tomcat);
    double speedup = 2 * touch / ours(Measure.TOUCH_BY_TWO);
    goals.add(
        "touch by 2 threads ≥ 1.8 times one",
        String.format(
            Locale.ROOT,
            "%.2f×; one access to memory %.2f×",
            speedup,
            2 * ours(Measure.MEMORY) / ours(Measure.MEMORY_BY_TWO)),
        speedup >= 1.8);
    double fastest =
        Arrays.stream(Peers.values())
            .filter(peer -> peer != Peers.OURS)
            .mapToDouble(peer -> median(peer, Measure.SIGN_IN))
            .min()
            .orElse(Double.NaN);
    double signIn = ours(Measure.SIGN_IN) / fastest;
    goals.add("sign-in ≤ 1.5 times the fastest peer's", times(signIn), signIn <= 1.5);
    within(goals, Measure.TERMINATE_TEN, 2_000, "");
    within(goals, Measure.TERMINATE_LARGEST, 50_000, "");
    within(goals, Measure.KEPT_AFTER_TERMINATE, 0.05, "");
    within(goals, Measure.REFRESH_TEN, 2_000, "");
    within(goals, Measure.REFRESH_LARGEST, 10_000_000, "");
    within(goals, Measure.WAIT_IN_TERMINATE, 1_000_000, "");
    within(goals, Measure.WAIT_IN_REFRESH, 1_000_000, "");
    within(goals, Measure.LIST, 10_000, "");
    within(goals, Measure.LIST_ALL, 50_000_000, at);
    holdsNobodyUp(goals, at);
    within(goals, Measure.WAIT_IN_SWEEP, 1_000_000, at);
    Map<Measure, Figure> many = others.get(AT_MANY);
    if (many != null) {
      String atMany = " (10,000,000 sessions)";
      within(goals, Measure.WAIT_IN_SWEEP, 1_000_000, atMany, many);
      within(goals, Measure.HEAP, 140, atMany, many);
    }
    Scale memory = scales.get(Measure.MEMORY);
    scales.forEach(
        (operation, scale) -> {
          if (operation != Measure.MEMORY && memory != null) {
            goals.add(
                operation.title()
                    + ": at 10,000,000 sessions ≤ 1.5 times that at 1,000,000, in turns",
                growth(operation, scale)
                    + (operation == Measure.TOUCH
                        ? "; one access to memory " + growth(Measure.MEMORY, memory)
                        : ""),
                scale.ratio() <= 1.5);
          }
        });
    return goals;
  }

  /** Returns how a touch and an access to memory grow. */
  private String atMany() {
    Scale touch = scales.get(Measure.TOUCH);
    Scale memory = scales.get(Measure.MEMORY);
    return touch == null || memory == null
        ? ""
        : "At ten million sessions that takes %s as long, and a touch %s.\n"
            .formatted(times(memory.ratio()), times(touch.ratio()));
  }

  private static String growth(Measure measure, Scale scale) {
    return "%s (%s, %s)"
        .formatted(times(scale.ratio()), measure.shown(scale.many()), measure.shown(scale.few()));
  }

  private void within(Goals goals, Measure measure, double limit, String where) {
    within(goals, measure, limit, where, figures.getOrDefault(Peers.OURS, Map.of()));
  }

  private static void within(
      Goals goals, Measure measure, double limit, String where, Map<Measure, Figure> figures) {
    Figure figure = figures.get(measure);
    if (figure == null) {
      goals.add(what(measure, where, limit), "not measured", false);
      return;
    }
    goals.add(what(measure, where, limit), measured(measure, figure), figure.median() <= limit);
  }

  private static String measured(Measure measure, Figure figure) {
    return "%s, 99 %% of %d rounds ≤ %s"
        .formatted(measure.shown(figure.median()), figure.rounds(), measure.shown(figure.p99()));
  }

  /**
   * What others wait at rest, in turns with the list of all and as long, is what the machine, its
   * other processes and the garbage collector do in any case.
   */
  private void holdsNobodyUp(Goals goals, String where) {
    Map<Measure, Figure> ours = figures.getOrDefault(Peers.OURS, Map.of());
    Figure wait = ours.get(Measure.WAIT_IN_LIST_ALL);
    Figure rest = ours.get(Measure.WAIT_AT_REST);
    if (wait == null || rest == null) {
      goals.add(Measure.WAIT_IN_LIST_ALL.title() + where, "not measured", false);
      return;
    }
    goals.add(
        what(Measure.WAIT_IN_LIST_ALL, where, 1_000_000) + ", or as at rest",
        "%s; at rest %s"
            .formatted(
                measured(Measure.WAIT_IN_LIST_ALL, wait), measured(Measure.WAIT_AT_REST, rest)),
        wait.median() <= Math.max(1_000_000, AS_AT_REST * rest.median()));
  }

  private static String what(Measure measure, String where, double limit) {
    return "%s%s ≤ %s".formatted(measure.title(), where, measure.shown(limit));
  }

  private String alone() {
    StringBuilder text = new StringBuilder("\n## sms-jmx alone\n\n| | here | 99 % |");
    others.keySet().forEach(other -> text.append(" %s |".formatted(other)));
    text.append("\n|---|---|---|").append("---|".repeat(others.size())).append('\n');
    for (Measure measure : Measure.values()) {
      Figure here = figures.getOrDefault(Peers.OURS, Map.of()).get(measure);
      text.append(
          "| %s | %s | %s |"
              .formatted(
                  measure.title(),
                  here == null ? "–" : measure.shown(here.median()),
                  here == null ? "–" : measure.shown(here.p99())));
      for (Map<Measure, Figure> other : others.values()) {
        Figure there = other.get(measure);
        text.append(" %s |".formatted(there == null ? "–" : measure.shown(there.median())));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private Map<String, Object> facts(
      Circumstances circumstances, int sessions, int users, Goals goals) {
    Map<String, Object> facts = new LinkedHashMap<>(circumstances.facts());
    facts.put("sessions", sessions);
    facts.put("users", users);
    Map<String, Object> peers = new LinkedHashMap<>();
    figures.forEach((peer, of) -> peers.put(peer.title(), facts(of)));
    facts.put("peers", peers);
    others.forEach((condition, of) -> facts.put("sms-jmx " + condition, facts(of)));
    scales.forEach(
        (operation, scale) -> facts.put("sms-jmx in turns, " + operation.title(), scale.facts()));
    facts.put("goals", goals.facts());
    return facts;
  }

  private static Map<String, Object> facts(Map<Measure, Figure> figures) {
    Map<String, Object> facts = new LinkedHashMap<>();
    figures.forEach(
        (measure, figure) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("median", figure.median());
          one.put("p99", figure.p99());
          one.put("rounds", figure.rounds());
          facts.put(measure.title(), one);
        });
    return facts;
  }
}
