package org.smsjmx.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.smsjmx.registry.DirectoryMapping;
import org.smsjmx.registry.LdifRegistry;

/**
 * The command {@code sms-load}: calls the shipped server through both endpoints, in turns with
 * {@link StockServer}, and starts it several times.
 */
final class LoadBench {

  private static final String MBEAN = "sms:type=Server,name=default-webseald-cruz";
  private static final String SIMULATION = "sms:type=Simulation";
  private static final String SERVER = "default-webseald-cruz";
  private static final String REALM = "ibm.com";
  private static final String NOBODY = "nobody";

  /** A user of the shipped registry file, so that a refresh really reads it. */
  private static final String REGISTERED = "johnq";

  private static final int TEN = 10;
  private static final int BULK = 100;
  private static final int ENDED_USERS = 40_000;

  /** So many that a call which is held up for 0.3 s is not overtaken by the next of its user. */
  private static final int REFRESHED_USERS = 10_000;

  private static final int FIRST_USER = 1;

  /** Made beforehand, so that the client does not format names while it measures. */
  private static final String[] USERS_WITH_TEN =
      IntStream.range(FIRST_USER, FIRST_USER + ENDED_USERS + REFRESHED_USERS)
          .mapToObj("user%07d"::formatted)
          .toArray(String[]::new);

  private static final int[] CONNECTIONS = {1, 32};
  private static final double[] RATES = {0.5, 0.8};
  private static final int WARMING_CONNECTIONS = 8;
  private static final int WARMING_CALLS = 100_000;
  private static final double FIRST_RATE = 8_000;
  private static final double PATIENCE_SECONDS = 60;

  private final boolean quick;
  private final Path installation;
  private final Path synced;
  private final Path data;
  private final List<Row> rows = new ArrayList<>();
  private final Goals goals = new Goals();

  private LoadBench(boolean quick, Path temporary) throws IOException, InterruptedException {
    this.quick = quick;
    this.installation = unpacked(temporary.resolve("shipped"));
    this.synced = withSync(unpacked(temporary.resolve("synced")));
    this.data = temporary.resolve("data");
  }

  public static void main(String[] args) throws Exception {
    List<String> options = Arrays.asList(args);
    boolean quick = options.contains("--quick");
    Circumstances circumstances =
        quick
            ? Circumstances.now("scripts/sms-load --quick")
            : Circumstances.quiet("scripts/sms-load");
    Path temporary = Files.createTempDirectory("sms-load");
    try {
      new LoadBench(quick, temporary).run(circumstances, options.contains("--readme"));
    } finally {
      ServerProcess.delete(temporary);
    }
  }

  /** What is called: through which endpoint, what, and how often in a call. */
  private enum Call {
    HTTP_NOTHING("HTTP", "no-op on the stock stack", 1),
    HTTP_TERMINATE_NONE("HTTP", "terminateAllSessions, no session", 1),
    HTTP_SYNCED("HTTP", "terminateAllSessions, no session, audit.sync", 1),
    HTTP_TERMINATE_TEN("HTTP", "terminateAllSessions, 10 sessions", 1),
    HTTP_REFRESH_TEN("HTTP", "refreshAllSessions, 10 sessions", 1),
    HTTP_BULK("HTTP", "terminateAllSessions, no session, 100 in a request", BULK),
    RMI_NOTHING("RMI", "no-op on the stock stack", 1),
    RMI_TERMINATE_NONE("RMI", "terminateAllSessions, no session", 1),
    RMI_SYNCED("RMI", "terminateAllSessions, no session, audit.sync", 1),
    RMI_TERMINATE_TEN("RMI", "terminateAllSessions, 10 sessions", 1),
    RMI_REFRESH_TEN("RMI", "refreshAllSessions, 10 sessions", 1);

    private final String door;
    private final String title;
    private final int operations;

    Call(String door, String title, int operations) {
      this.door = door;
      this.title = title;
      this.operations = operations;
    }

    Call floor() {
      return door.equals("HTTP") ? HTTP_NOTHING : RMI_NOTHING;
    }

    boolean isFloor() {
      return this == floor();
    }

    Call synced() {
      return door.equals("HTTP") ? HTTP_SYNCED : RMI_SYNCED;
    }

    boolean isSynced() {
      return this == synced();
    }

    boolean endsTen() {
      return this == HTTP_TERMINATE_TEN || this == RMI_TERMINATE_TEN;
    }

    /** Returns what each call returns. */
    int expected() {
      return title.contains("10 sessions") ? TEN : 0;
    }
  }

  /** What was measured of a call on so many connections. */
  private static final class Row {
    private final Call call;
    private final int connections;
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> p50 = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();
    private final List<Double> p50Ratios = new ArrayList<>();
    private final List<Double> cpuMicros = new ArrayList<>();
    private final Histogram closed = new Histogram(3);
    private final List<Clients.Seen> open = new ArrayList<>();

    Row(Call call, int connections) {
      this.call = call;
      this.connections = connections;
    }

    double operationsPerSecond() {
      return Median.of(perSecond) * call.operations;
    }

    /** Returns throughput against that of the floor right before, median of all rounds. */
    double ratio() {
      return Median.of(ratios);
    }
  }

  /**
   * The servers that are called.
   *
   * @param ours the shipped one
   * @param synced the shipped one, with audit.sync in sms.yaml
   * @param stock that of the no-op
   */
  private record Servers(ServerProcess ours, ServerProcess synced, ServerProcess stock) {

    ServerProcess of(Call call) {
      return call.isFloor() ? stock : call.isSynced() ? synced : ours;
    }
  }

  private void run(Circumstances circumstances, boolean readme) throws Exception {
    int rounds = quick ? 3 : 7;
    double seconds = quick ? 0.5 : 2;
    Starts starts = starts(circumstances.pageOptions());
    try (ServerProcess ours =
            ServerProcess.shipped(
                installation,
                data,
                "--sessions=100",
                "--users=" + (FIRST_USER + ENDED_USERS + REFRESHED_USERS + BULK));
        ServerProcess syncing =
            ServerProcess.shipped(synced, synced.resolve("data"), "--sessions=0");
        ServerProcess stock = ServerProcess.stock(circumstances.pageOptions())) {
      Servers servers = new Servers(ours, syncing, stock);
      simulate(ours, "\"operation\":\"pause\",\"arguments\":[]");
      System.err.println("warming up ...");
      for (Call call : Call.values()) {
        warmUp(new Row(call, WARMING_CONNECTIONS), servers);
      }
      for (int connections : CONNECTIONS) {
        Map<Call, Row> of = new LinkedHashMap<>();
        for (Call call : Call.values()) {
          of.put(call, new Row(call, connections));
        }
        for (int round = 0; round < rounds; round++) {
          System.err.printf(
              "%d connection(s), round %d of %d ...%n", connections, round + 1, rounds);
          for (Row row : of.values()) {
            closedLoop(row, of.get(row.call.floor()), servers, seconds);
          }
        }
        for (Row row : of.values()) {
          for (double rate : RATES) {
            openLoop(row, rate, servers, seconds * 1.5);
          }
          rows.add(row);
        }
      }
    }
    setGoals(starts);
    report(circumstances, starts, readme);
  }

  /**
   * How long starts took to the ready line, from the start of the process. Seconds.
   *
   * @param shippedJava those of the shipped server, from the start of Java, as it tells itself
   * @param shipped those of the shipped server, by its script
   * @param filled with a million sessions
   * @param stock those of the no-op's server, which has no archive of classes
   * @param nothing what Java takes to tell its version
   */
  private record Starts(
      List<Double> shippedJava,
      List<Double> shipped,
      List<Double> filled,
      List<Double> stock,
      List<Double> nothing) {

    Starts() {
      this(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  private Starts starts(List<String> options) throws Exception {
    System.err.println("starting the server several times ...");
    Callable<ServerProcess> shipped = () -> ServerProcess.shipped(installation, data);
    Callable<ServerProcess> filled =
        () -> ServerProcess.shipped(installation, data, "--sessions=1000000");
    Callable<ServerProcess> stock = () -> ServerProcess.stock(options);
    // the first start in a data directory may leave there what makes later ones faster
    readySeconds(shipped);
    Starts starts = new Starts();
    for (int i = 0; i < (quick ? 3 : 15); i++) {
      try (ServerProcess server = shipped.call()) {
        starts.shippedJava.add(server.readySecondsOfJava());
        starts.shipped.add(server.readySeconds());
      }
      starts.stock.add(readySeconds(stock));
      starts.nothing.add(ServerProcess.secondsOfNothing(options));
    }
    for (int i = 0; i < (quick ? 1 : 3); i++) {
      starts.filled.add(readySeconds(filled));
    }
    return starts;
  }

  private static double readySeconds(Callable<ServerProcess> start) throws Exception {
    try (ServerProcess server = start.call()) {
      return server.readySeconds();
    }
  }

  private Clients clients(Row row, Servers servers) throws Exception {
    Call call = row.call;
    String mbean = call.isFloor() ? StockServer.MBEAN : MBEAN;
    ServerProcess server = servers.of(call);
    String operation =
        call.isFloor()
            ? "nothing"
            : call.title.startsWith("terminate") ? "terminateAllSessions" : "refreshAllSessions";
    LongFunction<String> user =
        call.endsTen()
            ? number -> userWithTen(number)
            : call.expected() == TEN
                ? number -> refreshed(row.connections, number)
                : number -> NOBODY;
    if (call.door.equals("RMI")) {
      return new CallingThreads(
          row.connections, () -> new RmiConnection(server.jmx(), mbean, operation, user, REALM));
    }
    Callable<HttpConnection> connect =
        () ->
            new HttpConnection(
                server.http(), number -> request(call, mbean, operation, user.apply(number)));
    return row.connections == 1
        ? new CallingThreads(1, connect::call)
        : new SelectedConnections(row.connections, connect);
  }

  private static String request(Call call, String mbean, String operation, String user) {
    String one = HttpConnection.exec(mbean, operation, user, REALM);
    return call.operations == 1
        ? one
        : "[" + String.join(",", Stream.generate(() -> one).limit(call.operations).toList()) + "]";
  }

  /** Calls so often that both servers have compiled their way by then, however slow the machine. */
  private void warmUp(Row row, Servers servers) throws Exception {
    int calls = WARMING_CALLS / (quick ? 10 : 1) / row.call.operations;
    // as many for those that are called in one way only
    boolean alone = row.call.isFloor() || row.call.isSynced();
    long most = prepare(row, servers.ours, alone ? 4L * calls : calls);
    try (Clients clients = clients(row, servers)) {
      clients.call(Pace.closedLoop(PATIENCE_SECONDS, most));
    }
  }

  private void closedLoop(Row row, Row floor, Servers servers, double seconds) throws Exception {
    double rate = row.perSecond.isEmpty() ? FIRST_RATE : 1.5 * last(row.perSecond);
    long most =
        prepare(row, servers.ours, row.call.endsTen() ? (long) (seconds * rate) : Long.MAX_VALUE);
    ServerProcess server = servers.of(row.call);
    try (Clients clients = clients(row, servers)) {
      long cpu = server.cpuNanos();
      Clients.Seen seen = clients.call(Pace.closedLoop(seconds, most));
      check(row, seen);
      row.perSecond.add(seen.callsPerSecond());
      row.p50.add(seen.micros(50));
      row.cpuMicros.add(
          (server.cpuNanos() - cpu) / 1e3 / seen.nanos().getTotalCount() / row.call.operations);
      row.closed.add(seen.nanos());
      row.ratios.add(seen.callsPerSecond() * row.call.operations / last(floor.perSecond));
      row.p50Ratios.add(seen.micros(50) / row.call.operations / last(floor.p50));
    }
  }

  private void openLoop(Row row, double rate, Servers servers, double seconds) throws Exception {
    double callsPerSecond = rate * Median.of(row.perSecond);
    long calls = prepare(row, servers.ours, (long) (callsPerSecond * seconds) + BULK);
    try (Clients clients = clients(row, servers)) {
      Clients.Seen seen = clients.call(Pace.openLoop(callsPerSecond, calls));
      check(row, seen);
      row.open.add(seen);
    }
  }

  private static void check(Row row, Clients.Seen seen) {
    long expected = seen.nanos().getTotalCount() * row.call.expected();
    if (seen.sum() != expected) {
      throw new IllegalStateException(
          "%s: expected %d, answered %d".formatted(row.call, expected, seen.sum()));
    }
  }

  /**
   * Signs users in whose sessions are to be ended or refreshed: also the latter each time, since
   * nobody uses their sessions, so that they expire. Returns how many calls can be made.
   */
  private static long prepare(Row row, ServerProcess ours, long calls) throws Exception {
    if (row.call.endsTen()) {
      return signInTen(ours, 0, Math.min(calls, ENDED_USERS));
    }
    if (row.call.expected() == TEN) {
      if (row.connections == 1) {
        simulate(ours, signOut(REGISTERED));
        simulate(ours, signIn(REGISTERED));
      } else {
        signInTen(ours, ENDED_USERS, REFRESHED_USERS);
      }
    }
    return calls;
  }

  /** Signs users in ten times each; returns how many users, a multiple of the size of a bulk. */
  private static long signInTen(ServerProcess ours, long first, long users) throws Exception {
    LongFunction<String> hundred =
        number ->
            "["
                + String.join(
                    ",",
                    LongStream.range(number * BULK, (number + 1) * BULK)
                        .mapToObj(i -> userWithTen(first + i))
                        .map(user -> exec(signOut(user)) + "," + exec(signIn(user)))
                        .toList())
                + "]";
    long requests = (users + BULK - 1) / BULK;
    try (Clients clients = new CallingThreads(2, () -> new HttpConnection(ours.http(), hundred))) {
      clients.call(Pace.closedLoop(PATIENCE_SECONDS, requests));
    }
    return requests * BULK;
  }

  /**
   * Returns whose sessions a call refreshes. On several connections these are different users,
   * since of refreshes of one user that overlap only the youngest counts.
   */
  private static String refreshed(int connections, long number) {
    return connections == 1 ? REGISTERED : userWithTen(ENDED_USERS + number % REFRESHED_USERS);
  }

  private static String userWithTen(long number) {
    return USERS_WITH_TEN[(int) number];
  }

  private static String signIn(String user) {
    return "\"operation\":\"signIn\",\"arguments\":[\"%s\",\"%s\",\"%s\",%d]"
        .formatted(user, REALM, SERVER, TEN);
  }

  private static String signOut(String user) {
    return "\"operation\":\"signOut\",\"arguments\":[\"%s\",\"%s\"]".formatted(user, REALM);
  }

  private static String exec(String operation) {
    return "{\"type\":\"exec\",\"mbean\":\"" + SIMULATION + "\"," + operation + "}";
  }

  private static void simulate(ServerProcess ours, String operation) throws IOException {
    try (HttpConnection connection = new HttpConnection(ours.http(), number -> exec(operation))) {
      connection.call(0);
    }
  }

  private static double last(List<Double> values) {
    return values.get(values.size() - 1);
  }

  private Row row(Call call, int connections) {
    return rows.stream()
        .filter(row -> row.call == call && row.connections == connections)
        .findFirst()
        .orElseThrow();
  }

  private void setGoals(Starts starts) throws IOException {
    double registryMicros = registryMicros();
    for (Row row : rows) {
      String what =
          "%s, %d connection(s), %s".formatted(row.call.door, row.connections, row.call.title);
      if (row.call.isFloor() || row.call.isSynced() || row.call == Call.HTTP_BULK) {
        continue;
      }
      if (row.connections == 1) {
        boolean refreshes = row.call.title.startsWith("refresh");
        double floor = Median.of(row(row.call.floor(), 1).p50);
        double ratio = Median.of(row.p50Ratios);
        double limit = 1.15 + (refreshes ? registryMicros / floor : 0);
        goals.add(
            what
                + " ≤ 1.15 times the no-op"
                + (refreshes
                    ? String.format(Locale.ROOT, " and one registry read (%.1f µs)", registryMicros)
                    : ""),
            String.format(
                Locale.ROOT,
                "%.2f times (median %.0f µs, no-op %.0f µs; server CPU %.0f µs, no-op %.0f µs);"
                    + " no session, audit.sync %.2f times",
                ratio,
                Median.of(row.p50),
                floor,
                Median.of(row.cpuMicros),
                Median.of(row(row.call.floor(), 1).cpuMicros),
                Median.of(row(row.call.synced(), 1).p50Ratios)),
            ratio <= limit);
      } else if (!row.call.title.startsWith("refresh")) {
        goals.add(
            what + " ≥ 0.9 times the no-op, and ≥ 15,000 in a second",
            String.format(
                Locale.ROOT,
                "%.2f times, %,.0f in a second",
                row.ratio(),
                row.operationsPerSecond()),
            row.ratio() >= 0.9 && row.operationsPerSecond() >= 15_000);
      }
    }
    double bulk =
        row(Call.HTTP_BULK, 1).operationsPerSecond()
            / row(Call.HTTP_TERMINATE_NONE, 1).operationsPerSecond();
    goals.add(
        "100 in a request ≥ 10 times as many as one by one",
        String.format(Locale.ROOT, "%.1f times", bulk),
        bulk >= 10);
    goals.add(
        "start of Java to ready line ≤ 0.5 s",
        startsBeside(starts),
        Median.of(starts.shippedJava) <= 0.5);
    double more = Median.of(starts.filled) - Median.of(starts.shipped);
    goals.add(
        "with 1,000,000 sessions ≤ 5 s more",
        String.format(Locale.ROOT, "%.1f s more", more),
        more <= 5);
  }

  private static String startsBeside(Starts starts) {
    return String.format(
        Locale.ROOT,
        "%.2f s; from the start of the script %.2f s (the no-op's server %.2f s, a Java program"
            + " that does nothing %.2f s)",
        Median.of(starts.shippedJava),
        Median.of(starts.shipped),
        Median.of(starts.stock),
        Median.of(starts.nothing));
  }

  /** Returns what reading a user from the shipped registry file takes. */
  private double registryMicros() throws IOException {
    LdifRegistry registry =
        new LdifRegistry(
            installation.resolve("jmx-config").resolve("users.ldif"),
            DirectoryMapping.DEFAULT,
            InstantSource.system());
    List<Double> micros = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      long begun = System.nanoTime();
      registry.read(REGISTERED);
      if (i >= 20_000) {
        micros.add((System.nanoTime() - begun) / 1e3);
      }
    }
    return Median.of(micros);
  }

  private void report(Circumstances circumstances, Starts starts, boolean readme)
      throws IOException {
    StringBuilder table =
        new StringBuilder(
            """
            | endpoint | connections | call | a second | of the no-op | 50 % | 99 % | 99.9 % | server CPU | at half the rate 50 % · 99 % | at 80 % of it |
            |---|---|---|---|---|---|---|---|---|---|---|
            """);
    List<Map<String, Object>> facts = new ArrayList<>();
    for (Row row : rows) {
      table.append(line(row));
      facts.add(facts(row));
    }
    String how =
        """
        %s
        Closed loop: each connection calls again when it was answered. At half and at 80 %% of that rate
        calls begin at fixed times, and times count from there, so that queueing shows. No-op: an
        empty MBean on the JDK's HTTP server and Jolokia, or the JDK's connector, without accounts and
        audit, measured in turns. Client and servers share the machine.
        From the start of Java to the ready line: %s;
        with 1,000,000 sessions %.1f s.

        """
            .formatted(circumstances.sentence(), startsBeside(starts), Median.of(starts.filled));
    String whole =
        "# The shipped server under load\n\n" + how + table + "\n## Goals\n\n" + goals.markdown();
    Map<String, Object> all = new LinkedHashMap<>(circumstances.facts());
    all.put("calls", facts);
    all.put("startOfJavaSeconds", starts.shippedJava);
    all.put("startSeconds", starts.shipped);
    all.put("startWithMillionSessionsSeconds", starts.filled);
    all.put("startOfNoOpSeconds", starts.stock);
    all.put("startOfNothingSeconds", starts.nothing);
    all.put("goals", goals.facts());
    Results.writeJson("load.json", all);
    Path written = Results.write("load.md", whole);
    System.out.println(whole);
    System.out.println("written: " + written.toAbsolutePath().getParent());
    if (readme) {
      Results.publish("sms-load", how + brief());
    }
  }

  /** Returns the table with what matters most. */
  private String brief() {
    StringBuilder table =
        new StringBuilder(
            """
            | endpoint | connections | call | a second | of the no-op | 50 % | 99 % |
            |---|---|---|---|---|---|---|
            """);
    for (Row row : rows) {
      table.append(begin(row)).append('\n');
    }
    return table.toString();
  }

  private static String line(Row row) {
    StringBuilder open = new StringBuilder();
    for (Clients.Seen seen : row.open) {
      open.append(" %s · %s |".formatted(time(seen.nanos(), 50), time(seen.nanos(), 99)));
    }
    return String.format(
        Locale.ROOT,
        "%s %s | %.0f µs |%s%n",
        begin(row),
        time(row.closed, 99.9),
        Median.of(row.cpuMicros),
        open);
  }

  private static String begin(Row row) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %,.0f | %s | %s | %s |",
        row.call.door,
        row.connections,
        row.call.title,
        row.operationsPerSecond(),
        row.call.isFloor() ? "1" : String.format(Locale.ROOT, "%.2f", row.ratio()),
        time(row.closed, 50),
        time(row.closed, 99));
  }

  private static String time(Histogram nanos, double percentile) {
    return Measure.time(nanos.getValueAtPercentile(percentile));
  }

  private static Map<String, Object> facts(Row row) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("door", row.call.door);
    facts.put("connections", row.connections);
    facts.put("call", row.call.title);
    facts.put("operationsPerSecond", row.operationsPerSecond());
    facts.put("ofNoOp", row.ratio());
    facts.put("serverCpuMicrosPerOperation", Median.of(row.cpuMicros));
    facts.put("closedLoopMicros", micros(row.closed));
    for (int i = 0; i < RATES.length; i++) {
      facts.put(
          "openLoopMicrosAt%.0fPercent".formatted(100 * RATES[i]), micros(row.open.get(i).nanos()));
    }
    return facts;
  }

  private static Map<String, Object> micros(Histogram nanos) {
    Map<String, Object> micros = new LinkedHashMap<>();
    for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
      micros.put("p" + percentile, nanos.getValueAtPercentile(percentile) / 1e3);
    }
    micros.put("calls", nanos.getTotalCount());
    return micros;
  }

  /** Has each line of the audit brought to the disk, to see what it costs. */
  private static Path withSync(Path installation) throws IOException {
    Path config = installation.resolve("jmx-config").resolve("sms.yaml");
    String shipped = Files.readString(config);
    String synced = shipped.replace("\n  sync: false", "\n  sync: true");
    if (synced.equals(shipped)) {
      throw new IOException("no audit.sync in " + config);
    }
    Files.writeString(config, synced);
    return installation;
  }

  private static Path unpacked(Path directory) throws IOException, InterruptedException {
    Files.createDirectory(directory);
    Path archive;
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      archive = files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
    int code =
        new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", directory.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("cannot unpack " + archive);
    }
    try (Stream<Path> top = Files.list(directory)) {
      return top.findFirst().orElseThrow();
    }
  }
}
