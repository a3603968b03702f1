package org.smsjmx.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ten sessions of a user among many of others are ended by several tools, in the example
 * application.
 */
final class EndingBench {

  /** Whose sessions are ended. */
  static final String USER = "dlucas";

  private static final int OTHERS = 10_000;
  private static final int QUICK_OTHERS = 1_000;
  private static final int SESSIONS_OF_A_USER = 4;
  private static final int TEN = 10;
  private static final int TURNS = 5;

  /** One each second; the one that was on its way does not count. */
  private static final int EVENTS_OF_AN_OPEN_STREAM = 3;

  private final String name;
  private final Circumstances circumstances;
  private final int others;
  private final boolean readme;

  /**
   * One of the turns.
   *
   * @param nanos of all calls together
   * @param refused how many of the ten browsers did not see their page with the next request
   * @param seen what the first saw instead
   */
  private record Turn(EndingTool.Answer answer, double nanos, long refused, String seen) {}

  /**
   * What was found about a tool.
   *
   * @param unknown what it says of what does not exist
   * @param letsIn whether a sign-in gets in that began before the call
   * @param streams whether an open stream of events goes on
   * @param refreshed how many of ten sessions got new roles, where it can be told to do so
   */
  private record Outcome(
      List<Turn> turns, String unknown, boolean letsIn, boolean streams, String refreshed) {

    EndingTool.Answer answer() {
      return turns.get(0).answer();
    }

    double firstNanos() {
      return turns.get(0).nanos();
    }

    double nanos() {
      return Median.of(turns.stream().map(Turn::nanos).toList());
    }

    long refused() {
      return turns.stream().mapToLong(Turn::refused).min().orElse(0);
    }
  }

  /**
   * @param name of the files that it leaves, and of the option of {@code sms-bench}
   * @param options {@code --quick} and {@code --readme}, or none
   */
  EndingBench(String name, List<String> options) throws InterruptedException {
    this.name = name;
    boolean quick = options.contains("--quick");
    String command = "scripts/sms-bench --" + name + (quick ? " --quick" : "");
    circumstances = quick ? Circumstances.now(command) : Circumstances.quiet(command);
    others = quick ? QUICK_OTHERS : OTHERS;
    readme = options.contains("--readme");
  }

  /** Returns the options of the applications' JVMs. */
  List<String> jvm() {
    return circumstances.pageOptions();
  }

  /** Returns all users there are to be, but for administrators. */
  List<String> users() {
    return Stream.concat(
            Stream.of(USER), IntStream.range(0, others / SESSIONS_OF_A_USER).mapToObj(this::other))
        .toList();
  }

  private String other(int number) {
    return "user%04d".formatted(number);
  }

  /**
   * Measures, and leaves the figures.
   *
   * @param application what it is, for the text above the table
   * @param tools with the application in which each ends sessions
   */
  void run(String application, Map<EndingTool, Shop> tools) throws Exception {
    Set<Shop> shops = new LinkedHashSet<>(tools.values());
    List<ShopUser> neighbours = new ArrayList<>();
    for (Shop shop : shops) {
      System.err.printf(Locale.ROOT, "%,d sessions of others ...%n", others);
      IntStream.range(0, others)
          .parallel()
          .forEach(i -> shop.user(other(i / SESSIONS_OF_A_USER)).signIn());
      neighbours.add(shop.user(other(0)).signIn());
    }
    Map<EndingTool, List<Turn>> turns = new LinkedHashMap<>();
    for (int turn = 0; turn < TURNS; turn++) {
      for (EndingTool tool : tools.keySet()) {
        System.err.printf("%s ...%n", tool.title());
        turns.computeIfAbsent(tool, t -> new ArrayList<>()).add(turn(tool, tools.get(tool)));
      }
    }
    Map<EndingTool, Outcome> outcomes = new LinkedHashMap<>();
    for (EndingTool tool : tools.keySet()) {
      Shop shop = tools.get(tool);
      outcomes.put(
          tool,
          new Outcome(
              turns.get(tool),
              tool.endUnknown(),
              letsLateSignInIn(tool, shop),
              letsStreamGoOn(tool, shop),
              tool instanceof EndingByServerBean ours ? refresh(ours, shop) : "–"));
    }
    if (!neighbours.stream().allMatch(ShopUser::isSignedIn)) {
      throw new IllegalStateException("others were signed out");
    }
    String text = text(application, outcomes);
    Path written = Results.write(name + ".md", text);
    Results.writeJson(name + ".json", facts(outcomes));
    System.out.println(text);
    System.out.println("written: " + written.toAbsolutePath().getParent());
    if (readme) {
      Results.publish("sms-bench-" + name, text);
    }
  }

  private static List<ShopUser> signInTen(Shop shop) {
    return Stream.generate(() -> shop.user(USER).signIn()).limit(TEN).toList();
  }

  private static Turn turn(EndingTool tool, Shop shop) throws Exception {
    List<ShopUser> ten = signInTen(shop);
    long begun = System.nanoTime();
    EndingTool.Answer answer = tool.end(USER);
    long nanos = System.nanoTime() - begun;
    List<String> seen =
        ten.stream().map(ShopUser::sees).filter(page -> !page.equals(ShopUser.OWN_PAGE)).toList();
    return new Turn(answer, nanos, seen.size(), seen.isEmpty() ? "–" : seen.get(0));
  }

  private static boolean letsLateSignInIn(EndingTool tool, Shop shop) throws Exception {
    Supplier<ShopUser> late = shop.beginSignIn(USER);
    tool.end(USER);
    return late.get().isSignedIn();
  }

  private static boolean letsStreamGoOn(EndingTool tool, Shop shop) throws Exception {
    try (Stream<String> lines = shop.user(USER).signIn().events()) {
      Iterator<String> events = lines.filter(line -> line.startsWith("data:")).iterator();
      if (!events.hasNext()) {
        throw new IllegalStateException("no stream of events");
      }
      tool.end(USER);
      for (int i = 0; i <= EVENTS_OF_AN_OPEN_STREAM; i++) {
        events.next();
        if (!events.hasNext()) {
          return false;
        }
      }
      return true;
    } catch (UncheckedIOException e) {
      return false; // the server has let the connection go
    }
  }

  /** Returns how many of ten sessions had a role that the user was given while signed in. */
  private static String refresh(EndingByServerBean tool, Shop shop) throws Exception {
    List<ShopUser> ten = signInTen(shop);
    if (ten.stream().anyMatch(user -> user.maySee("/admin"))) {
      throw new IllegalStateException(USER + " may see too much");
    }
    shop.appoint(USER);
    tool.refresh(USER);
    return "%d of %d".formatted(ten.stream().filter(user -> user.maySee("/admin")).count(), TEN);
  }

  private String text(String application, Map<EndingTool, Outcome> outcomes) {
    StringBuilder text = new StringBuilder(circumstances.sentence()).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            """
            The example application in %s, %,d sessions of others and ten of the user.
            The JDK's JMX agent, and pages by HTTP; connections and the administrator's sign-in were there before.
            Clients and application share the machine. Medians of %d turns; in brackets the first,
            which meets a server that has never done it.

            | | calls | time (first) | refused at the next request, which shows | the answer | about nobody | a sign-in that overlaps | a stream of events | new roles while signed in |
            |---|---|---|---|---|---|---|---|---|
            """,
            application,
            others,
            TURNS));
    outcomes.forEach(
        (tool, found) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %,d | %s (%s) | %d of %d, %s | %s | %s | %s | %s | %s |\n",
                    tool.title(),
                    found.answer().calls(),
                    Measure.time(found.nanos()),
                    Measure.time(found.firstNanos()),
                    found.refused(),
                    TEN,
                    found.turns().get(0).seen(),
                    found.answer().text(),
                    found.unknown(),
                    found.letsIn() ? "gets in" : "is refused",
                    found.streams() ? "goes on" : "ends",
                    found.refreshed())));
    return text.toString();
  }

  private Map<String, Object> facts(Map<EndingTool, Outcome> outcomes) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>(circumstances.facts());
    facts.put("sessions of others", others);
    outcomes.forEach(
        (tool, found) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("calls", found.answer().calls());
          one.put("milliseconds", found.turns().stream().map(turn -> turn.nanos() / 1e6).toList());
          one.put("refused", found.turns().stream().map(Turn::refused).toList());
          one.put("refused sees", found.turns().stream().map(Turn::seen).toList());
          one.put("answers", found.turns().stream().map(turn -> turn.answer().text()).toList());
          one.put("answer about nobody", found.unknown());
          one.put("a sign-in that overlaps gets in", found.letsIn());
          one.put("a stream of events goes on", found.streams());
          one.put("new roles while signed in", found.refreshed());
          facts.put(tool.title(), one);
        });
    return facts;
  }
}
