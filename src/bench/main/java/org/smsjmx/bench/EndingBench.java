package org.smsjmx.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;

/**
 * The command {@code sms-bench --ending}: ten sessions of a user among many of others are ended by
 * sms-jmx and by other tools, in one application in one Tomcat.
 */
final class EndingBench {

  private static final int OTHERS = 10_000;
  private static final int QUICK_OTHERS = 1_000;
  private static final int SESSIONS_OF_A_USER = 4;
  private static final int TEN = 10;
  private static final int TURNS = 5;
  private static final String USER = "dlucas";
  private static final String ADMINISTRATOR = "johnq";

  /** Shows that Tomcat has read the roles. */
  private static final String PROBE = "probe";

  private static final long LOOK_MILLIS = 200;

  private final ShopServer server;
  private final Map<String, String> roles;
  private final Map<EndingTool, List<Turn>> turns = new LinkedHashMap<>();

  /**
   * One of the turns.
   *
   * @param nanos of all calls together
   * @param refused how many of the ten browsers saw the form with their next request
   */
  private record Turn(EndingTool.Answer answer, double nanos, long refused) {}

  private EndingBench(ShopServer server, Map<String, String> roles) {
    this.server = server;
    this.roles = roles;
  }

  public static void main(String[] args) throws Exception {
    List<String> options = Arrays.asList(args);
    boolean quick = options.contains("--quick");
    String command = "scripts/sms-bench --ending" + (quick ? " --quick" : "");
    Circumstances circumstances = quick ? Circumstances.now(command) : Circumstances.quiet(command);
    int others = quick ? QUICK_OTHERS : OTHERS;
    Map<String, String> roles = new TreeMap<>();
    Stream.of(USER, ADMINISTRATOR, PROBE).forEach(user -> roles.put(user, "user"));
    IntStream.range(0, others / SESSIONS_OF_A_USER).forEach(i -> roles.put(name(i), "user"));
    try (ShopServer server = new ShopServer(roles, circumstances.pageOptions());
        JMXConnector connector = JMXConnectorFactory.connect(server.jmx())) {
      new EndingBench(server, roles)
          .run(
              connector.getMBeanServerConnection(),
              others,
              circumstances,
              options.contains("--readme"));
    }
  }

  private static String name(int user) {
    return "user%04d".formatted(user);
  }

  private void run(
      MBeanServerConnection connection, int others, Circumstances circumstances, boolean readme)
      throws Exception {
    System.err.printf(Locale.ROOT, "%,d sessions of others ...%n", others);
    IntStream.range(0, others)
        .parallel()
        .forEach(i -> new ShopUser(server.page(), name(i / SESSIONS_OF_A_USER)).signIn());
    ShopUser other = new ShopUser(server.page(), name(0)).signIn();
    ShopUser administrator = new ShopUser(server.page(), ADMINISTRATOR).signIn();
    EndingByServerBean ours = new EndingByServerBean(connection);
    List<EndingTool> tools =
        List.of(
            ours, new EndingByManagerBean(connection), new EndingByMonitoringPages(administrator));
    tools.forEach(tool -> turns.put(tool, new ArrayList<>()));
    for (int turn = 0; turn < TURNS; turn++) {
      for (EndingTool tool : tools) {
        System.err.printf("%s ...%n", tool.title());
        turns.get(tool).add(turn(tool));
      }
    }
    Map<EndingTool, Boolean> letsIn = new LinkedHashMap<>();
    for (EndingTool tool : tools) {
      letsIn.put(tool, letsLateSignInIn(tool));
    }
    String refreshed = refresh(ours);
    if (!other.isSignedIn() || !administrator.isSignedIn()) {
      throw new IllegalStateException("others were signed out");
    }
    String text = text(circumstances, others, letsIn, refreshed);
    Path written = Results.write("ending.md", text);
    Results.writeJson("ending.json", facts(circumstances, others, letsIn));
    System.out.println(text);
    System.out.println("written: " + written.toAbsolutePath().getParent());
    if (readme) {
      Results.publish("sms-bench-ending", text);
    }
  }

  private List<ShopUser> signInTen() {
    return Stream.generate(() -> new ShopUser(server.page(), USER).signIn()).limit(TEN).toList();
  }

  private Turn turn(EndingTool tool) throws Exception {
    List<ShopUser> ten = signInTen();
    long begun = System.nanoTime();
    EndingTool.Answer answer = tool.end(USER);
    long nanos = System.nanoTime() - begun;
    return new Turn(answer, nanos, ten.stream().filter(user -> !user.isSignedIn()).count());
  }

  /** The password has been checked before, the first page is asked for after it. */
  private boolean letsLateSignInIn(EndingTool tool) throws Exception {
    ShopUser late = new ShopUser(server.page(), USER).prove();
    tool.end(USER);
    return late.isSignedIn();
  }

  /** Returns how many of ten sessions had a role that the user was given while signed in. */
  private String refresh(EndingByServerBean tool)
      throws IOException, JMException, InterruptedException {
    List<ShopUser> ten = signInTen();
    if (ten.stream().anyMatch(user -> user.maySee("/admin"))) {
      throw new IllegalStateException(USER + " may see too much");
    }
    roles.put(USER, "user,admin");
    roles.put(PROBE, "user,admin");
    server.roles(roles);
    while (!new ShopUser(server.page(), PROBE).signIn().maySee("/admin")) {
      Thread.sleep(LOOK_MILLIS);
    }
    tool.refresh(USER);
    return "%d of %d".formatted(ten.stream().filter(user -> user.maySee("/admin")).count(), TEN);
  }

  private static double nanos(List<Turn> turns) {
    return Median.of(turns.stream().map(Turn::nanos).toList());
  }

  private String text(
      Circumstances circumstances, int others, Map<EndingTool, Boolean> letsIn, String refreshed)
      throws IOException {
    StringBuilder text = new StringBuilder(circumstances.sentence()).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            """
            The example application in %s with %s, %,d sessions of others and ten of the user.
            The JDK's JMX agent, and pages by HTTP; connections and the administrator's sign-in were there before.
            Clients and Tomcat share the machine. Medians of %d turns; in brackets the first,
            which meets a server that has never done it.

            | | calls | time (first) | refused at the next request | the answer | a sign-in that overlaps | new roles while signed in |
            |---|---|---|---|---|---|---|
            """,
            server.versions().get(0),
            server.versions().get(1),
            others,
            TURNS));
    turns.forEach(
        (tool, of) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %,d | %s (%s) | %d of %d | %s | %s | %s |\n",
                    tool.title(),
                    of.get(0).answer().calls(),
                    Measure.time(nanos(of)),
                    Measure.time(of.get(0).nanos()),
                    of.stream().mapToLong(Turn::refused).min().orElse(0),
                    TEN,
                    of.get(0).answer().text(),
                    letsIn.getOrDefault(tool, true) ? "gets in" : "is refused",
                    tool instanceof EndingByServerBean ? refreshed : "–")));
    return text.toString();
  }

  private Map<String, Object> facts(
      Circumstances circumstances, int others, Map<EndingTool, Boolean> letsIn) {
    Map<String, Object> facts = new LinkedHashMap<>(circumstances.facts());
    facts.put("sessions of others", others);
    turns.forEach(
        (tool, of) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("calls", of.get(0).answer().calls());
          one.put("milliseconds", of.stream().map(turn -> turn.nanos() / 1e6).toList());
          one.put("refused", of.stream().map(Turn::refused).toList());
          one.put("a sign-in that overlaps gets in", letsIn.get(tool));
          facts.put(tool.title(), one);
        });
    return facts;
  }
}
