package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionLimit;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.SignIns;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserPattern;

/** Real threads, many rounds: who is kept out stays out, and no user has a session too many. */
@Timeout(120)
final class SignInRulesRaceTest {

  private static final String REALM = "ibm.com";
  private static final UserInRealm USER = new UserInRealm("dlucas", REALM);
  private static final UserPattern ITS_NAME = new UserPattern("dlucas");
  private static final int MANY = 64;

  /** Equal ones: the same sessions, by other names and with another reading. */
  private static final List<UserInRealm> SPELLINGS =
      List.of(USER, new UserInRealm("DLucas", REALM), new UserInRealm("DLUCAS", REALM));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HandClock clock = new HandClock();
  private final InMemorySessionTable table =
      TableWithLayout.table(SessionTimeouts.DEFAULT, clock, new Layout(64, 1, 2, 64));
  private final AtomicBoolean over = new AtomicBoolean();

  private interface Task {
    void run(int number) throws Exception;
  }

  @AfterEach
  void stop() {
    over.set(true);
    threads.shutdownNow();
  }

  @Test
  void noSignInPassesWhileItsUserIsKeptOutWheneverItBegan() throws Exception {
    AtomicInteger entered = new AtomicInteger();
    atOnce(
        4,
        number -> {
          if (number > 0) {
            while (!over.get()) {
              if (signIn(number) instanceof SignIn.Entered) {
                entered.incrementAndGet();
              }
            }
            return;
          }
          for (int round = 0; round < 30_000; round++) {
            table.keepOut(USER, Duration.ofMinutes(1), "helper", "");
            for (int look = 0; look < 20; look++) {
              assertThat(table.list(ITS_NAME, REALM, 0).matched()).isZero();
            }
            assertThat(table.letIn(USER)).isTrue();
          }
          over.set(true);
        });
    assertThat(entered.get()).isPositive();
  }

  /** A thread counts its session until just before it ends it, so never one that has ended. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void ofManyThreadsNeverMoreHaveASessionThanTheLimitAllows(int most) throws Exception {
    table.limitSessions(REALM, SessionLimit.parse(String.valueOf(most)));
    AtomicInteger alive = new AtomicInteger();
    AtomicInteger entered = new AtomicInteger();
    atOnce(
        MANY,
        number -> {
          for (int round = 0; round < 1_500; round++) {
            SignIn signIn = signIn(number + round);
            if (signIn instanceof SignIn.Entered mine) {
              assertThat(alive.incrementAndGet()).isLessThanOrEqualTo(most);
              entered.incrementAndGet();
              Thread.yield();
              alive.decrementAndGet();
              assertThat(SignIns.signOut(table, mine.id())).isTrue();
            } else {
              assertThat(signIn).isIn(SignIn.Refused.LIMIT_REACHED, SignIn.Refused.REFRESHED);
            }
          }
        });
    assertThat(entered.get()).isGreaterThan(most);
    assertThat(table.list(ITS_NAME, REALM, 0).matched()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void ofManyThreadsThatDisplaceEachOtherNeverMoreAreAlive(int most) throws Exception {
    table.limitSessions(REALM, SessionLimit.parse("displace:" + most));
    Map<SessionId, Boolean> told = new ConcurrentHashMap<>();
    AtomicInteger toldTwice = new AtomicInteger();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            for (EndedSession session : event.sessions()) {
              if (told.put(session.id(), true) != null) {
                toldTwice.incrementAndGet();
              }
            }
          }
        });
    CyclicBarrier barrier = new CyclicBarrier(MANY);
    List<SessionId> ids = new ArrayList<>();
    atOnce(
        MANY,
        number -> {
          for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 5; i++) {
              if (signIn(number + i) instanceof SignIn.Entered mine) {
                synchronized (ids) {
                  ids.add(mine.id());
                }
              }
            }
            barrier.await();
            if (number == 0) {
              assertThat(ids.stream().filter(id -> table.touch(id) > 0)).hasSize(most);
              assertThat(told).hasSize(ids.size() - most);
            }
            barrier.await();
          }
        });
    assertThat(toldTwice).hasValue(0);
    assertThat(table.list(ITS_NAME, REALM, 0).matched()).isEqualTo(most);
  }

  private SignIn signIn(int number) {
    long begun = table.beginSignIn();
    UserInRealm user = SPELLINGS.get(number % SPELLINGS.size());
    Credential credential = new Credential("any" + number % 2, List.of("staff"), Map.of());
    String server = number % 2 == 0 ? "cruz" : "dallas";
    return table.signIn(user, server, credential, SessionFacts.NONE, begun, begun);
  }

  private void atOnce(int number, Task task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(number);
    CompletionService<Void> running = new ExecutorCompletionService<>(threads);
    for (int i = 0; i < number; i++) {
      int thread = i;
      running.submit(
          () -> {
            start.await();
            task.run(thread);
            return null;
          });
    }
    for (int i = 0; i < number; i++) {
      running.take().get();
    }
  }
}
