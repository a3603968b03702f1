package org.smsjmx.session.memory;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.CredentialChange;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.SignIns;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserName;
import org.smsjmx.text.PackedStrings;

/**
 * Runs small scenarios in very many interleavings, switching threads between any two accesses to
 * shared memory. Results must be such as some order of whole operations gives.
 *
 * <p>Sessions are found by id and not listed: a list may see half of a terminate, as it says.
 */
final class SessionTableLincheckTest {

  /** Interleavings that are tried of each scenario. */
  private static final int INVOCATIONS = Integer.getInteger("lincheck.invocations", 8);

  private static final int MOST_IDS = 100;
  private static final UserInRealm USER = new UserInRealm("a^", "ibm.com");

  /** Has the same hash code. */
  private static final UserInRealm OTHER = new UserInRealm("b?", "ibm.com");

  private static final SessionFacts FACTS =
      new SessionFacts("192.0.2.7", null, null, null, null, null);

  private static final String[] TRUSTED = {
    ConcurrentHashMap.class.getName(),
    ConcurrentLinkedQueue.class.getName(),
    LongAdder.class.getName(),
    IntrusiveHashIndex.class.getName() + "$Segment", // see IntrusiveHashIndexTest
    HandClock.class.getName(),
    // do not change
    Credential.class.getName(),
    CredentialChange.class.getName(),
    RefreshRules.class.getName(),
    RefreshRules.Refreshed.class.getName(),
    Session.class.getName(),
    SessionId.class.getName(),
    SessionTimeouts.class.getName(),
    PackedName.class.getName(),
    PackedStrings.class.getName(),
    UserInRealm.class.getName(),
    UserName.class.getName()
  };

  @BeforeAll
  static void quiet() {
    System.setProperty("lincheck.logLevel", "OFF");
  }

  @ParameterizedTest(name = "{0}; {1} || {2}; {3}")
  @CsvSource({
    "     , signOut     , terminate        , ",
    "tick , signOut     , tick expire      , ",
    "tick , terminateAll, tick expire      , ",
    "tick , touch       , terminate signOut, find",
    "tick , touch       , tick expire      , find",
    "tick , touch       , tick find        , find",
    "     , limitShort  , tick find        , find",
    "     , limitShort  , tick touch       , find",
    "     , limitShort  , limitLong tick   , find",
    "tick , limitShort  , touch            , find",
    "tick , limitLong   , tick find        , find",
    "tick , limitLong   , tick expire      , find",
    "tick , limitLong   , tick terminateAll, find",
    "expire, limitShort , expire           , tick expire",
  })
  void whatBefallsOneSessionHasOneOrder(String before, String left, String right, String after)
      throws NoSuchMethodException {
    check(OneSession.class, before, left, right, after);
  }

  @ParameterizedTest(name = "{0}; {1} || {2}; {3}")
  @CsvSource({
    "     , signOut      , terminateAll     , ",
    "     , touch signOut, terminateAll find, ",
    "tick , signOut      , tick expire      , ",
    "tick , terminateAll , tick touch       , find",
    "tick , touch        , tick find        , find",
    "     , limitShort   , tick find        , find",
    "     , limitShort   , terminateAll     , find",
    "tick , limitLong    , tick expire      , find",
    "tick , limitLong    , tick terminateAll, find",
    "expire, limitShort  , expire           , tick expire",
  })
  void whatBefallsASessionInAChunkHasOneOrder(
      String before, String left, String right, String after) throws NoSuchMethodException {
    check(OneSessionInAChunk.class, before, left, right, after);
  }

  static void check(Class<?> operations, String before, String left, String right, String after)
      throws NoSuchMethodException {
    new ModelCheckingOptions()
        .iterations(0)
        .invocationsPerIteration(INVOCATIONS)
        .addGuarantee(forClasses(TRUSTED).allMethods().treatAsAtomic())
        .addCustomScenario(
            new ExecutionScenario(
                actors(operations, before),
                List.of(actors(operations, left), actors(operations, right)),
                actors(operations, after),
                new Actor(operations.getMethod("endsRight"), List.of())))
        .check(operations);
  }

  private static List<Actor> actors(Class<?> operations, String names)
      throws NoSuchMethodException {
    List<Actor> actors = new ArrayList<>();
    for (String name : names == null ? new String[0] : names.split(" ")) {
      actors.add(new Actor(operations.getMethod(name), List.of()));
    }
    return actors;
  }

  /** A table whose session ids are known before the session enters. */
  private abstract static class Numbered {

    final HandClock clock = new HandClock();
    final AtomicInteger registry = new AtomicInteger();

    /** The oldest reading of the registry that a session may carry. */
    private final AtomicInteger oldest = new AtomicInteger();

    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicReferenceArray<SessionId> made = new AtomicReferenceArray<>(MOST_IDS);
    final SessionTable table;
    final SessionId first;

    Numbered(SessionTimeouts timeouts, int inline) {
      table =
          new InMemorySessionTable(
              timeouts, RefreshRules.DEFAULT, clock, this::newId, new Layout(64, 1, inline, 2));
      first = enter();
    }

    private SessionId newId(int slot) {
      int number = ids.getAndIncrement();
      SessionId id = SlotArena.idIn(slot, number, 0);
      made.set(number, id);
      return id;
    }

    final SessionId enter() {
      while (true) {
        long epoch = table.beginSignIn();
        SessionId id = SignIns.enter(table, USER, "cruz", credential(), epoch);
        if (id != null) {
          return id;
        }
      }
    }

    final Credential credential() {
      return new Credential(Integer.toString(registry.get()), List.of(), Map.of());
    }

    /** Fails if a session carries an older reading of the registry, now or at the end. */
    final void noneOlderThan(int reading) {
      oldest.accumulateAndGet(reading, Math::max);
      requireReadings();
    }

    private int requireReadings() {
      int required = oldest.get();
      int found = 0;
      for (int i = 0; i < ids.get(); i++) {
        SessionId id = made.get(i);
        Session session = id == null ? null : table.find(id);
        if (session != null) {
          found++;
          if (Integer.parseInt(session.credential().principal()) < required) {
            throw new IllegalStateException("old credential in session " + id);
          }
        }
      }
      return found;
    }

    @Validate
    public final void endsRight() {
      table.expire();
      if (table.totals().get("cruz").get("ibm.com").sessions() != requireReadings()) {
        throw new IllegalStateException("totals are wrong: " + table.totals());
      }
    }
  }

  /** One session and the clock that ends it. */
  public static class OneSession extends Numbered {

    public OneSession() {
      this(1);
    }

    OneSession(int inline) {
      super(new SessionTimeouts(Duration.ofMillis(5), Duration.ofMillis(2)), inline);
    }

    @Operation
    public void tick() {
      clock.advance(Duration.ofMillis(1));
    }

    @Operation
    public int touch() {
      return table.touch(first);
    }

    @Operation
    public boolean find() {
      return table.find(first) != null;
    }

    @Operation
    public boolean limitShort() {
      return table.limitInactivity(first, Duration.ofMillis(1));
    }

    @Operation
    public boolean limitLong() {
      return table.limitInactivity(first, Duration.ofMillis(4));
    }

    @Operation
    public boolean signOut() {
      return SignIns.signOut(table, first);
    }

    @Operation
    public boolean terminate() {
      return SignIns.terminate(table, first);
    }

    @Operation
    public int terminateAll() {
      return table.terminateAll(USER);
    }

    @Operation
    public int expire() {
      return table.expire();
    }
  }

  /** The same, but the session is in a chunk. */
  public static final class OneSessionInAChunk extends OneSession {

    public OneSessionInAChunk() {
      super(0);
    }
  }

  /** One user, of whom the registry says something new before each operation on all sessions. */
  public static final class OneUser extends Numbered {

    public OneUser() {
      super(new SessionTimeouts(Duration.ZERO, Duration.ZERO), 1);
    }

    @Operation
    public void signIn() {
      enter();
    }

    @Operation
    public int touch() {
      return table.touch(first);
    }

    @Operation
    public boolean signOut() {
      return SignIns.signOut(table, first);
    }

    @Operation
    public int terminateAll() {
      int now = registry.incrementAndGet();
      int terminated = table.terminateAll(USER);
      noneOlderThan(now);
      return terminated;
    }

    @Operation
    public void refresh() {
      registry.incrementAndGet();
      long epoch = table.beginRefresh(USER);
      table.refresh(first, credential(), epoch);
    }

    /** Returns which reading the first session carries, and how many refreshes brought it. */
    @Operation
    public String held() {
      Session session = table.find(first);
      return session == null
          ? ""
          : session.credential().principal() + " by " + (session.credentialVersion() - 1);
    }

    /** Signs in as a user does who proves at first who it is, and gives up when terminated. */
    @Operation
    public void logIn() {
      long begun = table.beginSignIn();
      SignIn signIn;
      do {
        long read = table.beginSignIn();
        signIn = table.signIn(USER, "cruz", credential(), FACTS, begun, read);
      } while (signIn == SignIn.Refused.REFRESHED);
    }

    @Operation
    public void refreshOther() {
      table.refreshAll(OTHER, Map.of(), table.beginRefresh(OTHER));
    }

    /** Refreshes with a reading that is older than that of a sign-in meanwhile. */
    @Operation
    public void lateRefresh() {
      int before = registry.get();
      long epoch = table.beginRefresh(USER);
      Credential old = credential();
      int young = registry.incrementAndGet();
      SessionId id = enter();
      table.refreshAll(USER, Map.of(USER.user(), old), epoch);
      noneOlderThan(before);
      Session session = table.find(id);
      if (session == null || Integer.parseInt(session.credential().principal()) < young) {
        throw new IllegalStateException("an older reading replaced a younger one");
      }
    }

    @Operation
    public boolean limit() {
      return table.limitInactivity(first, Duration.ofMillis(1));
    }

    @Operation
    public void refreshAll() {
      int now = registry.incrementAndGet();
      long epoch = table.beginRefresh(USER);
      table.refreshAll(USER, Map.of(USER.user(), credential()), epoch);
      noneOlderThan(now);
    }
  }
}
