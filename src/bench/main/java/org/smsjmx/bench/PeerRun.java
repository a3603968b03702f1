package org.smsjmx.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.slf4j.LoggerFactory;
import org.smsjmx.registry.DirectoryMapping;
import org.smsjmx.registry.LdifRegistry;
import org.smsjmx.remote.SignInCheck;
import org.smsjmx.session.SelectedSessions;

/**
 * Measures one peer, in a JVM of its own: fills it, and then takes what does not change it by JMH
 * (touch) and the rest by rounds, each operation by the clock. What a round ended is signed in
 * again before the next, outside the time.
 */
final class PeerRun {

  private static final int PAGE = 100;
  private static final int KEPT_OUT = 1_000;
  private static final String IDLE = "everyone=yes,idle=PT1H";
  private static final int SIGN_INS = 10_000;
  private static final int TOUCH_TURNS = 3;
  private static final int MANY_ROUNDS = 3_000;
  private static final long SWEEP_NANOS = 1_000_000_000;
  private static final long BRIEF_NANOS = 1_000_000;
  private static final long SLOWEST_NANOS = 600_000_000_000L;

  private final Peer peer;
  private final Population population;
  private final double seconds;
  private final Map<Measure, Figure> figures = new EnumMap<>(Measure.class);
  private int changes;

  /** Whether what is measured now takes less than {@link #BRIEF_NANOS}. */
  private boolean brief;

  private long swept = System.nanoTime();

  private PeerRun(Peer peer, Population population, double seconds) {
    this.peer = peer;
    this.population = population;
    this.seconds = seconds;
  }

  /**
   * Runs.
   *
   * @param args name of the peer; number of sessions; seconds for each measure; file for the
   *     figures; LDIF file
   */
  public static void main(String[] args) throws Exception {
    // Spring and Shiro tell every step otherwise, and what Spring logs by takes time even when
    // silent
    System.setProperty(
        "org.apache.commons.logging.LogFactory", "org.apache.commons.logging.impl.LogFactoryImpl");
    System.setProperty("org.apache.commons.logging.Log", "org.apache.commons.logging.impl.NoOpLog");
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    Peers which = Peers.valueOf(args[0]);
    Population population = new Population(Integer.parseInt(args[1]), which == Peers.OURS);
    long before = heapBytes();
    PeerRun run = filled(which, population, Double.parseDouble(args[2]));
    double heap = (double) (heapBytes() - before) / population.sessions();
    run.figures.put(Measure.HEAP, new Figure(heap, heap, 1));
    run.measure();
    if (run.peer instanceof OurTable ours) {
      run.measureOperations(ours);
      run.measureKept();
      run.measureRegistry(Path.of(args[4]));
      run.measureSignIns();
    }
    List<String> lines = new ArrayList<>();
    run.figures.forEach((measure, figure) -> lines.add(measure.name() + " " + figure.line()));
    Files.write(Path.of(args[3]), lines);
  }

  /** Makes a peer and signs its population in. */
  static PeerRun filled(Peers which, Population population, double seconds) {
    PeerRun run = new PeerRun(which.make(), population, seconds);
    for (int session = 0; session < population.sessions(); session++) {
      run.signIn(session);
    }
    return run;
  }

  private void measure() throws Exception {
    touches();
    if (peer.sweep()) {
      rounds(Measure.SWEEP, () -> timed(peer::sweep));
    }
    rounds(Measure.LIST, roundOf(Measure.LIST));
    if (peer.listAll(PAGE) >= 0) {
      rounds(Measure.LIST_ALL, () -> timed(() -> peer.listAll(PAGE), population.sessions()));
    }
    newIds();
    rounds(Measure.SIGN_IN, roundOf(Measure.SIGN_IN));
    if (peer.refreshAll(population.nameOf(0), population.changed(0, 0)) >= 0) {
      rounds(Measure.REFRESH_TEN, roundOf(Measure.REFRESH_TEN));
      rounds(Measure.REFRESH_LARGEST, roundOf(Measure.REFRESH_LARGEST));
    }
    rounds(Measure.TERMINATE_TEN, roundOf(Measure.TERMINATE_TEN));
    rounds(Measure.TERMINATE_LARGEST, roundOf(Measure.TERMINATE_LARGEST));
    waits(population.sessionsOf(0));
  }

  /** Returns a round of an operation, which tells how long that took in nanoseconds. */
  private LongSupplier roundOf(Measure operation) {
    String largest = population.nameOf(0);
    return switch (operation) {
      case LIST -> () -> timed(() -> peer.list(largest, PAGE), Population.LARGEST);
      case SIGN_IN -> signIns();
      case REFRESH_TEN -> this::refreshTen;
      case REFRESH_LARGEST -> this::refreshLargest;
      case TERMINATE_TEN -> this::terminateTen;
      case TERMINATE_LARGEST -> () -> terminateLargest(population.sessionsOf(0));
      default -> throw new IllegalArgumentException("not an operation: " + operation);
    };
  }

  /** Warms an operation up. What is returned measures it, each time anew, and tells the median. */
  Callable<Double> timesOf(Measure operation) {
    return switch (operation) {
      case TOUCH -> () -> touches(peer::touch, 1);
      case MEMORY -> {
        BareMemory memory = new BareMemory(population.sessions());
        yield () -> touches(memory::touch, 1);
      }
      default -> {
        LongSupplier round = warmedUp(roundOf(operation));
        yield () -> figure(repeat(round, 3)).median();
      }
    };
  }

  private double touches(Predicate<Object> touch, int threads) throws Exception {
    return TouchBenchmark.run(touch, population, threads, seconds / TOUCH_TURNS);
  }

  /** By one thread and by two in turns, so that both see the machine alike. */
  private void touches() throws Exception {
    Map<Measure, Callable<Double>> touches = new EnumMap<>(Measure.class);
    touches.put(Measure.TOUCH, () -> touches(peer::touch, 1));
    touches.put(Measure.TOUCH_BY_TWO, () -> touches(peer::touch, 2));
    if (peer instanceof OurTable) {
      BareMemory memory = new BareMemory(population.sessions());
      touches.put(Measure.MEMORY, () -> touches(memory::touch, 1));
      touches.put(Measure.MEMORY_BY_TWO, () -> touches(memory::touch, 2));
    }
    Map<Measure, List<Double>> nanos = new EnumMap<>(Measure.class);
    for (int turn = 0; turn < TOUCH_TURNS; turn++) {
      for (Map.Entry<Measure, Callable<Double>> one : touches.entrySet()) {
        nanos.computeIfAbsent(one.getKey(), m -> new ArrayList<>()).add(one.getValue().call());
      }
    }
    nanos.forEach(
        (measure, turns) -> {
          double median = Median.of(turns);
          figures.put(measure, new Figure(median, median, TOUCH_TURNS));
        });
  }

  private void newIds() {
    Object[] ids = new Object[SIGN_INS];
    rounds(
        Measure.NEW_ID,
        () -> {
          Stopwatch watch = Stopwatch.start();
          for (int i = 0; i < SIGN_INS; i++) {
            ids[i] = peer.newId();
          }
          return watch.nanos() / SIGN_INS;
        });
  }

  /** Users that have sessions sign in once more, and out again. */
  private LongSupplier signIns() {
    Object[] ids = new Object[SIGN_INS];
    String[] names = new String[SIGN_INS];
    Known[] knowns = new Known[SIGN_INS];
    return () -> {
      for (int i = 0; i < SIGN_INS; i++) {
        int user = 2 + (int) ((changes++ * 7919L) % (population.users() - 2));
        ids[i] = peer.newId();
        names[i] = population.nameOf(user);
        knowns[i] = population.known(user);
      }
      Stopwatch watch = Stopwatch.start();
      for (int i = 0; i < SIGN_INS; i++) {
        ids[i] = peer.signIn(ids[i], names[i], knowns[i]);
      }
      long nanos = watch.nanos() / SIGN_INS;
      for (Object id : ids) {
        peer.signOut(id);
      }
      return nanos;
    };
  }

  private long refreshTen() {
    int user = nextUserWithTen();
    String name = population.nameOf(user);
    Known fresh = population.changed(user, changes);
    return timed(() -> peer.refreshAll(name, fresh), Population.TEN);
  }

  private long refreshLargest() {
    String name = population.nameOf(0);
    Known fresh = population.changed(0, changes++);
    return timed(() -> peer.refreshAll(name, fresh), Population.LARGEST);
  }

  private int nextUserWithTen() {
    List<Integer> users = population.usersWithTen();
    return users.get((int) (changes++ * 7919L % users.size()));
  }

  private long terminateTen() {
    int user = nextUserWithTen();
    String name = population.nameOf(user);
    long nanos = timed(() -> peer.terminateAll(name), Population.TEN);
    restore(population.sessionsOf(user));
    return nanos;
  }

  private long terminateLargest(int[] sessions) {
    String name = population.nameOf(0);
    long nanos = timed(() -> peer.terminateAll(name), Population.LARGEST);
    restore(sessions);
    return nanos;
  }

  private void restore(int[] sessions) {
    for (int session : sessions) {
      String user = population.nameOf(population.userOf(session));
      if (!peer.revive(population.id(session), user)) {
        signIn(session);
      }
    }
  }

  private void signIn(int session) {
    int user = population.userOf(session);
    population.keep(
        session, peer.signIn(peer.newId(), population.nameOf(user), population.known(user)));
  }

  private void waits(int[] sessions) throws Exception {
    try (Neighbour neighbour = new Neighbour(peer, population)) {
      if (figures.containsKey(Measure.REFRESH_LARGEST)) {
        wait(neighbour, Measure.WAIT_IN_REFRESH, this::refreshLargest, () -> {});
      }
      if (figures.containsKey(Measure.LIST_ALL)) {
        waitInListAll(neighbour);
      }
      if (figures.containsKey(Measure.SWEEP)) {
        wait(neighbour, Measure.WAIT_IN_SWEEP, () -> timed(peer::sweep), () -> {});
      }
      wait(
          neighbour,
          Measure.WAIT_IN_TERMINATE,
          () -> peer.terminateAll(population.nameOf(0)),
          () -> restore(sessions));
    }
  }

  /** Each time followed by a rest, as long: what others wait then is not the list's doing. */
  private void waitInListAll(Neighbour neighbour) {
    Histogram atRest = new Histogram(SLOWEST_NANOS, 3);
    long[] took = new long[1];
    wait(
        neighbour,
        Measure.WAIT_IN_LIST_ALL,
        () -> {
          long begun = System.nanoTime();
          peer.listAll(PAGE);
          return took[0] = System.nanoTime() - begun;
        },
        () -> atRest.recordValue(waitIn(neighbour, () -> rest(took[0]))));
    figures.put(Measure.WAIT_AT_REST, figure(atRest));
  }

  private static long rest(long nanos) {
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    return 0;
  }

  private void wait(Neighbour neighbour, Measure measure, LongSupplier operation, Runnable after) {
    rounds(
        measure,
        () -> {
          try {
            return waitIn(neighbour, operation);
          } finally {
            after.run();
          }
        });
  }

  private static long waitIn(Neighbour neighbour, LongSupplier operation) {
    long begun = System.nanoTime();
    long unused = operation.getAsLong();
    long ended = System.nanoTime();
    try {
      return neighbour.longestWait(begun, ended);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What no peer has. */
  private void measureOperations(OurTable ours) throws Exception {
    ours.limit(true, KEPT_OUT);
    rounds(Measure.SIGN_IN_LIMITED, signIns());
    ours.limit(false, KEPT_OUT);
    rounds(Measure.TERMINATE_STALE, () -> terminateStale(ours));
    LongSupplier look = () -> timed(() -> ours.select(IDLE).matched(), 0);
    rounds(Measure.SELECT_ALL, look);
    try (Neighbour neighbour = new Neighbour(peer, population)) {
      wait(neighbour, Measure.WAIT_IN_SELECT_ALL, look, () -> {});
    }
    SelectedSessions all = ours.select("everyone=yes");
    double bytes = (double) all.members().memoryBytes() / all.matched();
    figures.put(Measure.PREVIEW, new Figure(bytes, bytes, 1));
  }

  private long terminateStale(OurTable ours) {
    Known known = population.known(0);
    signInSome("stale", known);
    Instant stale = ours.lastSignIn("stale").plusMillis(1);
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < 2_000_000) {
      Thread.onSpinWait();
    }
    signInSome("stale", known);
    String selection = "user=stale,begun-before=" + stale;
    long nanos = timed(() -> ours.terminateSelected(selection), Population.TEN);
    peer.terminateAll("stale");
    return nanos;
  }

  private void signInSome(String user, Known known) {
    for (int i = 0; i < Population.TEN; i++) {
      peer.signIn(peer.newId(), user, known);
    }
  }

  /** How much of what 100,000 sessions took is still held when they are over. */
  private void measureKept() throws InterruptedException {
    long empty = heapBytes();
    String name = "visitor";
    Known known = population.known(0);
    for (int i = 0; i < Population.LARGEST; i++) {
      peer.signIn(peer.newId(), new String(name.toCharArray()), known);
    }
    long full = heapBytes();
    peer.terminateAll(name);
    // as the service does, once a second
    Thread.sleep(500);
    peer.sweep();
    Thread.sleep(500);
    double kept = Math.max(0, (double) (heapBytes() - empty) / (full - empty));
    figures.put(Measure.KEPT_AFTER_TERMINATE, new Figure(kept, kept, 1));
  }

  private void measureRegistry(Path ldif) throws IOException {
    LdifRegistry registry =
        new LdifRegistry(ldif, DirectoryMapping.DEFAULT, InstantSource.system());
    List<String> users = registry.users();
    rounds(
        Measure.REGISTRY_READ,
        () -> {
          String user = users.get(changes++ % users.size());
          return timed(() -> registry.read(user));
        });
  }

  private void measureSignIns() throws IOException {
    Path directory = Files.createTempDirectory("sms-bench");
    Path file = directory.resolve("jmxremote.password");
    try {
      SignInCheck check = new SignInCheck(file);
      rounds(Measure.RIGHT_PASSWORD, () -> timed(() -> check.right() ? 1 : 0, 1));
      rounds(Measure.WRONG_PASSWORD, () -> timed(() -> check.wrong() ? 1 : 0, 0));
    } finally {
      Files.delete(file);
      Files.delete(directory);
    }
  }

  private long timed(Runnable operation) {
    Stopwatch watch = startWatch();
    operation.run();
    return watch.nanos();
  }

  private long timed(LongSupplier operation, long expected) {
    Stopwatch watch = startWatch();
    long seen = operation.getAsLong();
    long nanos = watch.nanos();
    if (seen != expected) {
      throw new IllegalStateException("expected %d: %d".formatted(expected, seen));
    }
    return nanos;
  }

  private Stopwatch startWatch() {
    return brief ? Stopwatch.startBrief() : Stopwatch.start();
  }

  /** Repeats to warm up, and then as long again to measure. Each round tells what it measured. */
  private void rounds(Measure measure, LongSupplier round) {
    figures.put(measure, figure(repeat(warmedUp(round), 3)));
  }

  private LongSupplier warmedUp(LongSupplier round) {
    brief = false;
    boolean foundBrief = figure(repeat(round, 1)).median() < BRIEF_NANOS;
    return () -> {
      brief = foundBrief;
      return round.getAsLong();
    };
  }

  private static Figure figure(Histogram nanos) {
    return new Figure(
        nanos.getValueAtPercentile(50), nanos.getValueAtPercentile(99), nanos.getTotalCount());
  }

  /**
   * Repeats until the time is over and the rounds are many; slow rounds are not many, but three
   * times the time.
   */
  private Histogram repeat(LongSupplier round, int atLeast) {
    Histogram nanos = new Histogram(SLOWEST_NANOS, 3);
    long begun = System.nanoTime();
    double past = 0;
    while (nanos.getTotalCount() < atLeast
        || past < seconds
        || (nanos.getTotalCount() < MANY_ROUNDS && past < 3 * seconds)) {
      nanos.recordValue(round.getAsLong());
      past = (System.nanoTime() - begun) / 1e9;
      if (System.nanoTime() - swept > SWEEP_NANOS) {
        // as a service does, outside the time of a round
        peer.sweep();
        swept = System.nanoTime();
      }
    }
    return nanos;
  }

  /** Returns what is in use after a collection. */
  private static long heapBytes() {
    for (int i = 0; i < 2; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
