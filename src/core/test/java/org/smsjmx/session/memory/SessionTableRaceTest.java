package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smsjmx.session.Credential;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.Selection;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.SignIns;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserPattern;

/** Real threads, many rounds: what {@link SessionTable} promises must hold after each. */
@Timeout(120)
final class SessionTableRaceTest {

  private static final String REALM = "ibm.com";
  private static final UserInRealm USER = new UserInRealm("dlucas", REALM);
  private static final UserPattern ITS_NAME = new UserPattern("dlucas");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HandClock clock = new HandClock();
  private final InMemorySessionTable table =
      newTable(new Layout(64, 1, 2, 64)); // small, so that every part of it is used

  /** What the registry says now; a credential's principal tells when it was read. */
  private final AtomicInteger registry = new AtomicInteger();

  /** Set as soon as a task has ended. */
  private final AtomicBoolean over = new AtomicBoolean();

  @AfterEach
  void stop() {
    over.set(true);
    threads.shutdownNow();
  }

  @Test
  void noSessionWhoseSignInBeganBeforeOutlivesTerminateAll() throws Exception {
    atOnce(
        this::signInAndOut,
        this::signInAndOut,
        () -> {
          for (int round = 0; round < 60_000; round++) {
            int now = registry.incrementAndGet();
            table.terminateAll(USER);
            requireReadings(now);
          }
        });
    requireExactTotals();
  }

  @Test
  void noCredentialReadBeforeOutlivesRefreshAll() throws Exception {
    atOnce(
        this::signInAndOut,
        this::signInAndOut,
        () -> {
          for (int round = 0; round < 60_000; round++) {
            refreshAllAndRequireIt();
          }
        });
    requireExactTotals();
  }

  @Test
  void noCredentialReadBeforeOutlivesAnyOfTheRefreshesThatOverlap() throws Exception {
    List<SessionId> ids = List.of(enter(), enter(), enter());
    Task refreshAll =
        () -> {
          for (int round = 0; round < 50_000; round++) {
            refreshAllAndRequireIt();
          }
        };
    Task refresh =
        () -> {
          for (int round = 0; round < 50_000; round++) {
            int now = registry.incrementAndGet();
            SessionId id = ids.get(round % ids.size());
            long epoch = table.beginRefresh(USER);
            assertThat(table.refresh(id, credential(), epoch)).isTrue();
            assertThat(reading(table.find(id))).isGreaterThanOrEqualTo(now);
          }
        };
    atOnce(refreshAll, refreshAll, refresh);
    assertThat(table.find(ids.get(0)).credentialVersion()).isGreaterThan(1);
    requireExactTotals();
  }

  @Test
  void noSessionWhoseSignInBeganBeforeOutlivesTerminateSelected() throws Exception {
    Selection everyone = Selection.parse("everyone=yes", UserNames.DIRECTORY, id -> null);
    atOnce(
        this::signInAndOut,
        this::signInAndOut,
        () -> {
          for (int round = 0; round < 60_000; round++) {
            int now = registry.incrementAndGet();
            assertThat(table.terminateSelected(everyone, REALM).survivors()).isZero();
            requireReadings(now);
          }
        });
    requireExactTotals();
  }

  /** The sign-in makes the realm, and the other thread may look for it too early. */
  @Test
  void noSessionOutlivesTerminateAllInARealmWhereNobodySignedInBefore() throws Exception {
    int rounds = 30_000;
    SpinningBarrier barrier = new SpinningBarrier(2);
    AtomicReference<SessionId> entered = new AtomicReference<>();
    atOnce(
        () -> {
          for (int round = 0; round < rounds; round++) {
            UserInRealm user = new UserInRealm("dlucas", "r" + round);
            long epoch = table.beginSignIn();
            Credential read = credential();
            barrier.await();
            entered.set(SignIns.enter(table, user, "cruz", read, epoch));
            barrier.await();
          }
        },
        () -> {
          for (int round = 0; round < rounds; round++) {
            String realm = "r" + round;
            barrier.await();
            int terminated = table.terminateAll(new UserInRealm("dlucas", realm));
            barrier.await();
            SessionId id = entered.get();
            assertThat(terminated).isEqualTo(id == null ? 0 : 1);
            assertThat(id == null ? 0 : table.touch(id)).isZero();
            assertThat(table.totalsOfRealm(realm))
                .isEqualTo(Map.of("cruz", new SessionTotals(terminated, 0, terminated, 0, 0)));
          }
        });
  }

  @Test
  void whatIsCountedByRealmIsWhatIsCountedByServerAlsoWhereBothAreNew() throws Exception {
    int pairs = 10_000;
    atOnce(() -> signInAndOutOnceAt(pairs, "a"), () -> signInAndOutOnceAt(pairs, "b"));

    SessionTotals each = new SessionTotals(2, 1, 0, 0, 0);
    for (int i = 0; i < pairs; i++) {
      for (String server : List.of("a" + i, "b" + i)) {
        assertThat(table.totalsOfServer(server)).isEqualTo(Map.of("r" + i % 100, each));
      }
    }
    for (int i = 0; i < 100; i++) {
      assertThat(table.totalsOfRealm("r" + i).values()).hasSize(pairs / 50).containsOnly(each);
    }
    clock.advance(Duration.ofMillis(50));
    assertThat(table.expire()).isEqualTo(2 * pairs);
    assertThat(table.memoryBytes()).isZero();
  }

  /** Signs in twice at each of many new servers, and out once. */
  private void signInAndOutOnceAt(int servers, String name) {
    for (int i = 0; i < servers; i++) {
      UserInRealm user = new UserInRealm("dlucas", "r" + i % 100);
      SessionId leaving = SignIns.enter(table, user, name + i, credential(), table.beginSignIn());
      SignIns.enter(table, user, name + i, credential(), table.beginSignIn());
      SignIns.signOut(table, leaving);
    }
  }

  @Test
  void aRefreshReportsTheChangesOfThoseThatItFoundAlive() throws Exception {
    int sessions = 40;
    int rounds = 2_000;
    InMemorySessionTable each = newTable(new Layout(64, 1, 0, 1)); // a chunk for each session
    CyclicBarrier barrier = new CyclicBarrier(2);
    atOnce(
        () -> {
          for (int round = 0; round < rounds; round++) {
            ArrayDeque<SessionId> ids = new ArrayDeque<>();
            for (int i = 0; i < sessions; i++) {
              Credential own = new Credential("dlucas", List.of("group" + i), Map.of());
              ids.push(SignIns.enter(each, USER, "cruz", own, each.beginSignIn()));
            }
            barrier.await();
            ids.forEach(id -> SignIns.signOut(each, id));
            barrier.await();
          }
        },
        () -> {
          for (int round = 0; round < rounds; round++) {
            barrier.await();
            long epoch = each.beginRefresh(USER);
            RefreshReport report = each.refreshAll(USER, Map.of(USER.user(), credential()), epoch);
            assertThat(report.change().groupsRemoved()).hasSize(report.sessions());
            barrier.await();
          }
        });
  }

  @Test
  void noTouchAnswersAliveAfterTerminateReturned() throws Exception {
    int sessions = 200_000;
    List<SessionId> ids = enter(sessions);
    AtomicIntegerArray terminated = new AtomicIntegerArray(sessions);
    clock.advance(Duration.ofMillis(1)); // so that the first touch of each has something to record
    Task touch =
        () -> {
          for (int i = 0; i < sessions; i++) {
            boolean dead;
            do {
              dead = terminated.get(i) == 1;
              assertThat(table.touch(ids.get(i)) > 0 && dead).isFalse();
            } while (!dead);
          }
        };
    atOnce(
        touch,
        touch,
        () -> {
          for (int i = 0; i < sessions; i++) {
            SignIns.terminate(table, ids.get(i));
            terminated.set(i, 1);
          }
        });
    assertThat(totals().terminated()).isEqualTo(sessions);
    requireExactTotals();
  }

  @Test
  void noTouchAnswersAliveAfterTerminateAllReturned() throws Exception {
    AtomicReference<List<SessionId>> used = new AtomicReference<>(enter(3));
    Task touch =
        () -> {
          while (!over.get()) {
            clock.advance(Duration.ofMillis(1)); // so that each touch has something to record
            used.get().forEach(table::touch);
          }
        };
    atOnce(
        touch,
        touch,
        () -> {
          for (int round = 0; round < 20_000; round++) {
            table.terminateAll(USER);
            assertThat(used.get()).noneMatch(each -> table.touch(each) > 0);
            used.set(enter(3));
          }
        });
    requireExactTotals();
  }

  /** All sessions of the two users stand in the same few slots, one after the other. */
  @Test
  void noSessionIsTakenForAnotherThatHasTheSlotByNow() throws Exception {
    List<UserInRealm> users = List.of(USER, new UserInRealm("johnq", REALM));
    record Known(SessionId id, UserInRealm user) {}
    AtomicReference<Known> last = new AtomicReference<>();
    AtomicReference<SessionId> gone = new AtomicReference<>(new SessionId(0, 0));
    Task find =
        () -> {
          while (!over.get()) {
            SessionId dead = gone.get();
            assertThat(table.touch(dead)).isZero();
            assertThat(table.find(dead)).isNull();
            Known known = last.get();
            Session found = known == null ? null : table.find(known.id);
            if (found != null) {
              assertThat(found.id()).isEqualTo(known.id);
              assertThat(found.user()).isEqualTo(known.user);
              assertThat(found.server()).isEqualTo(known.user.user());
              assertThat(found.credential().principal()).isEqualTo(known.user.user());
            }
          }
        };
    atOnce(
        find,
        find,
        () -> {
          for (int round = 0; round < 300_000; round++) {
            UserInRealm user = users.get(round % 2);
            Credential itself = new Credential(user.user(), List.of(), Map.of());
            SessionId id = SignIns.enter(table, user, user.user(), itself, table.beginSignIn());
            last.set(new Known(id, user));
            SignIns.signOut(table, id);
            gone.set(id);
          }
        });
  }

  @Test
  void noTouchAnswersAliveWhileMemoryIsGivenBack() throws Exception {
    AtomicReference<List<SessionId>> ended = new AtomicReference<>(List.of());
    Task touch =
        () -> {
          while (!over.get()) {
            assertThat(ended.get()).noneMatch(each -> table.touch(each) > 0);
          }
        };
    atOnce(
        touch,
        touch,
        () -> {
          for (int round = 0; round < 6_000; round++) {
            List<SessionId> ids = enter(5); // three of them in a chunk
            table.terminateAll(USER);
            ended.set(ids);
            table.expire();
          }
        });
    requireExactTotals();
  }

  @Test
  void aRefreshDoesNothingToOthersThatHaveTheSlotsByNow() throws Exception {
    InMemorySessionTable chunked = newTable(new Layout(64, 1, 0, 64));
    UserInRealm other = new UserInRealm("johnq", REALM);
    Credential ofOther = new Credential("johnq", List.of(), Map.of());
    int sessions = 20;
    atOnce(
        () -> {
          while (!over.get()) {
            chunked.refreshAll(USER, Map.of(USER.user(), credential()), chunked.beginRefresh(USER));
          }
        },
        () -> {
          for (int round = 0; round < 6_000; round++) {
            for (int i = 0; i < sessions; i++) { // no two of them with the same
              Credential own = new Credential("dlucas", List.of("group" + i), Map.of());
              SignIns.enter(chunked, USER, "cruz", own, chunked.beginSignIn());
            }
            chunked.terminateAll(USER);
            chunked.expire();
            for (int i = 0; i < sessions; i++) {
              SignIns.enter(chunked, other, "cruz", ofOther, chunked.beginSignIn());
            }
            assertThat(chunked.list(new UserPattern("johnq"), REALM, sessions).sessions())
                .allSatisfy(one -> assertThat(one.credential()).isEqualTo(ofOther));
            chunked.terminateAll(other);
            chunked.expire();
          }
        });
  }

  @Test
  void ofAllThatEndASessionOneCountsIt() throws Exception {
    for (int round = 0; round < 60; round++) {
      int sessions = 5_000;
      List<SessionId> ids = enter(sessions);
      AtomicInteger ended = new AtomicInteger();
      Task terminate =
          () -> ids.forEach(id -> ended.addAndGet(SignIns.terminate(table, id) ? 1 : 0));
      Task signOut = () -> ids.forEach(id -> ended.addAndGet(SignIns.signOut(table, id) ? 1 : 0));
      atOnce(terminate, terminate, signOut);
      assertThat(ended).hasValue(sessions);
      assertThat(totals().sessions()).isZero();
      assertThat(table.memoryBytes()).isZero();
    }
  }

  @Test
  void ofAllThatEndASessionOneTellsOfItOnce() throws Exception {
    Queue<SessionId> told = new ConcurrentLinkedQueue<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            event.sessions().forEach(session -> told.add(session.id()));
          }
        });
    for (int round = 0; round < 100; round++) {
      List<SessionId> ids = enter(1_000);
      over.set(false);
      atOnce(
          () -> ids.forEach(each -> SignIns.terminate(table, each)),
          () -> ids.forEach(each -> SignIns.signOut(table, each)),
          () -> {
            while (!over.get()) {
              table.expire();
              clock.advance(Duration.ofMillis(1));
            }
          },
          () -> {
            for (int i = 0; i < 3; i++) {
              Thread.yield();
              table.terminateAll(USER);
            }
          });
      assertThat(told).containsExactlyInAnyOrderElementsOf(ids);
      told.clear();
      assertThat(totals().sessions()).isZero();
    }
  }

  @Test
  void aSessionWhoseLimitChangesEndsOnceAndIsToldOfOnce() throws Exception {
    Queue<SessionId> told = new ConcurrentLinkedQueue<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            event.sessions().forEach(session -> told.add(session.id()));
          }
        });
    for (int round = 0; round < 100; round++) {
      List<SessionId> ids = enter(1_000);
      over.set(false);
      atOnce(
          () -> {
            for (int i = 0; i < ids.size(); i++) {
              table.limitInactivity(ids.get(i), Duration.ofMillis(1 + i * 7 % 100));
            }
          },
          () -> {
            for (SessionId id : ids) {
              boolean alive = table.limitInactivity(id, Duration.ofMillis(5));
              assertThat(!alive && table.touch(id) > 0).isFalse();
            }
          },
          () -> {
            for (int i = 0; i < ids.size(); i++) {
              table.touch(ids.get(i));
              if (i % 3 == 0) {
                SignIns.terminate(table, ids.get(i));
              }
            }
          },
          () -> {
            while (!over.get()) {
              table.expire();
              clock.advance(Duration.ofMillis(1));
            }
          });
      clock.advance(Duration.ofMillis(100));
      table.expire();
      assertThat(told).containsExactlyInAnyOrderElementsOf(ids);
      told.clear();
      assertThat(totals().sessions()).isZero();
      assertThat(table.memoryBytes()).isZero();
    }
  }

  /** Each of the users has a session that is inline, or one in a chunk. */
  @Test
  void expireOverlooksNoLimitThatWasLoweredWhileASweepRan() throws Exception {
    for (int round = 0; round < 500; round++) {
      List<SessionId> ids = new ArrayList<>();
      int others = 0;
      for (int i = 0; i < 40; i++) {
        UserInRealm user = new UserInRealm("user" + i, REALM);
        for (int older = 0; older < i % 4; older++, others++) {
          SignIns.enter(table, user, "cruz", credential(), table.beginSignIn());
        }
        ids.add(SignIns.enter(table, user, "cruz", credential(), table.beginSignIn()));
      }
      over.set(false);
      atOnce(
          () -> ids.forEach(id -> table.limitInactivity(id, Duration.ofMillis(2))),
          () -> {
            while (!over.get()) {
              assertThat(table.expire()).isZero();
            }
          });
      clock.advance(Duration.ofMillis(1));
      assertThat(table.expire()).isZero();
      clock.advance(Duration.ofMillis(1));
      assertThat(table.expire()).isEqualTo(ids.size());
      clock.advance(Duration.ofMillis(48));
      assertThat(table.expire()).isEqualTo(others);
    }
    requireExactTotals();
  }

  /**
   * A slow refresh, before and after whose beginning sign-ins read. At the same moment a refresh of
   * the user or of another one with the same hash code begins, which never ends.
   */
  @Test
  void aRefreshReplacesReadingsFromBeforeItBeganAndNoYoungerOnes() throws Exception {
    UserInRealm user = new UserInRealm("a^a^", REALM);
    UserInRealm other = new UserInRealm("b?b?", REALM);
    assertThat(other).hasSameHashCodeAs(user);
    int rounds = 10_000;
    SpinningBarrier barrier = new SpinningBarrier(2);
    atOnce(
        () -> {
          for (int round = 0; round < rounds; round++) {
            barrier.await();
            table.beginRefresh(round % 2 == 0 ? user : other);
          }
        },
        () -> {
          for (int round = 0; round < rounds; round++) {
            long before = table.beginSignIn();
            Credential old = read("old", round);
            barrier.await();
            long began = table.beginRefresh(user);
            Credential refreshed = read("refreshed", round);
            long after = table.beginSignIn();
            Credential young = read("young", round);
            SessionId first = SignIns.enter(table, user, "cruz", old, before);
            SessionId second = SignIns.enter(table, user, "cruz", young, after);
            SessionId third = SignIns.enter(table, user, "cruz", old, before);
            SessionId fourth = SignIns.enter(table, user, "cruz", young, after);

            table.refreshAll(user, Map.of(user.user(), refreshed), began);

            for (SessionId id : List.of(first, third)) {
              assertThat(table.find(id).credential()).isEqualTo(refreshed);
              assertThat(table.touch(id)).isEqualTo(2);
            }
            for (SessionId id : List.of(second, fourth)) {
              assertThat(table.find(id).credential()).isEqualTo(young);
              assertThat(table.touch(id)).isEqualTo(1);
            }
            table.terminateAll(user);
            table.expire();
          }
        });
  }

  private static Credential read(String what, int round) {
    return new Credential(what + " " + round, List.of(), Map.of());
  }

  /** One thread signs in all the time, with a user's name that others end and refresh. */
  @Test
  void aSignInIsRefusedForItsOwnUsersSakeAloneAlsoUnderOneHashCode() throws Exception {
    UserInRealm user = new UserInRealm("a^a^", REALM);
    Task others =
        () -> {
          for (int i = 0; !over.get(); i++) {
            UserInRealm other = new UserInRealm(i % 2 == 0 ? "b?b?" : "a^b?", REALM);
            table.terminateAll(other);
            table.refreshAll(other, Map.of(), table.beginRefresh(other));
          }
        };
    atOnce(
        others,
        others,
        () -> {
          for (int round = 0; round < 100_000; round++) {
            long begun = table.beginSignIn();
            SessionId id = SignIns.enter(table, user, "cruz", credential(), begun);
            assertThat(id).isNotNull();
            SignIns.signOut(table, id);
          }
        });
  }

  @Test
  void aUserWhoSignsOutAndInAtOnceIsInTheIndex() throws Exception {
    SessionId[] last = {enter()};
    CyclicBarrier barrier = new CyclicBarrier(2);
    int rounds = 50_000;
    atOnce(
        () -> {
          for (int round = 0; round < rounds; round++) {
            barrier.await();
            SignIns.signOut(table, last[0]);
            barrier.await();
          }
        },
        () -> {
          for (int round = 0; round < rounds; round++) {
            barrier.await();
            SessionId id = enter();
            barrier.await();
            assertThat(table.list(ITS_NAME, REALM, 9).sessions())
                .extracting(Session::id)
                .containsExactly(id);
            assertThat(table.users(REALM)).isEqualTo(1);
            last[0] = id;
          }
        });
    requireExactTotals();
  }

  @Test
  void countsStayExactWhileSessionsExpire() throws Exception {
    List<UserInRealm> users =
        List.of(USER, new UserInRealm("johnq", REALM), new UserInRealm("Mary Jones", REALM));
    AtomicInteger signedIn = new AtomicInteger();
    AtomicInteger signedOut = new AtomicInteger();
    AtomicInteger terminated = new AtomicInteger();
    AtomicInteger expired = new AtomicInteger();
    Task useAndSignOut =
        () -> {
          for (int i = 0; i < 100_000; i++) {
            UserInRealm user = users.get(i % users.size());
            SessionId id = SignIns.enter(table, user, "cruz", credential(), table.beginSignIn());
            if (id != null) {
              signedIn.incrementAndGet();
              table.touch(id);
              clock.advance(Duration.ofMillis(i % 10 == 0 ? 1 : 0));
              table.touch(id);
              signedOut.addAndGet(i % 7 == 0 && SignIns.signOut(table, id) ? 1 : 0);
            }
          }
        };
    atOnce(
        useAndSignOut,
        useAndSignOut,
        () -> {
          for (int i = 0; !over.get(); i++) {
            clock.advance(Duration.ofMillis(1));
            terminated.addAndGet(i % 20 == 0 ? table.terminateAll(users.get(i / 20 % 3)) : 0);
            table.list(new UserPattern("*"), REALM, 5);
          }
        },
        () -> {
          while (!over.get()) {
            expired.addAndGet(table.expire());
          }
        });

    requireExactTotals();
    SessionTotals totals = totals();
    assertThat(totals.signedIn()).isEqualTo(signedIn.get());
    assertThat(totals.signedOut()).isEqualTo(signedOut.get());
    assertThat(totals.terminated()).isEqualTo(terminated.get());
    assertThat(totals.expired()).isGreaterThanOrEqualTo(expired.get()).isPositive();
  }

  // --- short forms ---

  private InMemorySessionTable newTable(Layout layout) {
    return TableWithLayout.table(
        new SessionTimeouts(Duration.ZERO, Duration.ofMillis(50)), clock, layout);
  }

  private interface Task {
    void run() throws Exception;
  }

  /** Runs each task in a thread of its own, and fails as soon as one fails. */
  private void atOnce(Task... tasks) throws Exception {
    CyclicBarrier start = new CyclicBarrier(tasks.length);
    CompletionService<Void> running = new ExecutorCompletionService<>(threads);
    for (Task task : tasks) {
      running.submit(
          () -> {
            start.await();
            try {
              task.run();
            } finally {
              over.set(true);
            }
            return null;
          });
    }
    for (int i = 0; i < tasks.length; i++) {
      running.take().get();
    }
  }

  private Credential credential() {
    return new Credential(Integer.toString(registry.get()), List.of(), Map.of());
  }

  private static int reading(Session session) {
    return Integer.parseInt(session.credential().principal());
  }

  /** Reads the registry as {@link #credential} does, and leaves others time to overtake. */
  private Credential slowlyRead() {
    Credential read = credential();
    Thread.yield();
    return read;
  }

  private SessionId enter() {
    return enter(this::credential);
  }

  /** Signs in as servers do, again when overtaken. */
  private SessionId enter(Supplier<Credential> registry) {
    while (true) {
      long epoch = table.beginSignIn();
      SessionId id = SignIns.enter(table, USER, "cruz", registry.get(), epoch);
      if (id != null) {
        return id;
      }
    }
  }

  private List<SessionId> enter(int sessions) {
    List<SessionId> ids = new ArrayList<>();
    while (ids.size() < sessions) {
      ids.add(enter());
    }
    return ids;
  }

  private void signInAndOut() {
    ArrayDeque<SessionId> ids = new ArrayDeque<>();
    while (!over.get()) {
      ids.add(enter(this::slowlyRead));
      if (ids.size() > 3) {
        SignIns.signOut(table, ids.remove());
      }
    }
  }

  private void refreshAllAndRequireIt() {
    int now = registry.incrementAndGet();
    long epoch = table.beginRefresh(USER);
    table.refreshAll(USER, Map.of(USER.user(), credential()), epoch);
    requireReadings(now);
  }

  private void requireReadings(int oldest) {
    assertThat(table.list(ITS_NAME, REALM, Integer.MAX_VALUE).sessions())
        .allSatisfy(session -> assertThat(reading(session)).isGreaterThanOrEqualTo(oldest));
  }

  private SessionTotals totals() {
    return table.totals().get("cruz").get(REALM);
  }

  /** Nothing runs any more: what is counted, listed and indexed must agree. */
  private void requireExactTotals() {
    table.expire();
    long listed = table.list(new UserPattern("*"), REALM, 0).matched();
    assertThat(totals().sessions()).isEqualTo(listed);
    clock.advance(Duration.ofMillis(50));
    assertThat(table.expire()).isEqualTo((int) listed);
    assertThat(table.indexedUsers()).isZero();
    assertThat(table.users(REALM)).isZero();
    assertThat(table.memoryBytes()).isZero();
  }
}
