package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.session.memory.SlotArena.slotOf;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTableContract;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.SignIns;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserPattern;

@Timeout(60)
final class InMemorySessionTableTest extends SessionTableContract {

  @Override
  protected InMemorySessionTable newTable(SessionTimeouts timeouts, TimeSource clock) {
    return new InMemorySessionTable(timeouts, clock);
  }

  // --- memory ---

  @Test
  void theIndexOfAUserWithoutSessionsIsEmpty() {
    SessionId out = signIn(LUCAS);
    SessionId terminated = signIn(new UserInRealm("one", REALM));
    signIn(JOHN);
    signIn(LUCAS_ELSEWHERE);
    assertThat(indexedUsers()).isEqualTo(4);
    assertThat(table.memoryBytes()).isPositive();

    SignIns.signOut(table, out);
    SignIns.terminate(table, terminated);
    table.terminateAll(JOHN);
    clock.advance(INACTIVE);
    table.expire();
    assertThat(indexedUsers()).isZero();
    assertThat(table.memoryBytes()).isZero();
  }

  @Test
  void operationsOnUsersWithoutSessionsLeaveNothingBehind() {
    long epoch = table.beginSignIn();
    table.terminateAll(LUCAS);
    refreshAll(LUCAS, "new");
    count("dlucas");
    SignIns.enter(table, LUCAS, "cruz", credential("old"), epoch);
    assertThat(indexedUsers()).isZero();
    assertThat(table.users(REALM)).isZero();
    assertThat(table.memoryBytes()).isZero();
  }

  @Test
  void sessionsLeaveAUserInAnyOrder() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ids.add(signIn(LUCAS));
    }
    while (!ids.isEmpty()) {
      assertThat(SignIns.signOut(table, ids.remove(ids.size() * 7 / 10))).isTrue();
      assertThat(table.list(new UserPattern("dlucas"), REALM, 100).sessions())
          .as("oldest first")
          .extracting(Session::id)
          .containsExactlyElementsOf(ids);
    }
    assertThat(table.memoryBytes()).isZero();
  }

  @Test
  void noTwoSessionsHaveTheSameIdEvenIfChanceWouldHaveIt() {
    SessionTable table =
        new InMemorySessionTable(
            SessionTimeouts.DEFAULT,
            RefreshRules.DEFAULT,
            clock,
            slot -> SlotArena.idIn(slot, 1, 2),
            Layout.DEFAULT);
    SessionId lucas = SignIns.enter(table, LUCAS, "cruz", credential("any"), table.beginSignIn());
    SessionId john = SignIns.enter(table, JOHN, "cruz", credential("any"), table.beginSignIn());
    assertThat(table.find(lucas).user()).isEqualTo(LUCAS);
    assertThat(table.find(john).user()).isEqualTo(JOHN);
  }

  @Test
  void aRefreshGivesTheOldCredentialBack() {
    List<SessionId> ids = new ArrayList<>();
    WeakReference<Credential> old = signInWithOneCredential(4, ids);
    for (SessionId id : ids) {
      table.refresh(id, credential("one by one"), table.beginRefresh(LUCAS));
    }

    refreshAll(LUCAS, "all");

    await()
        .until(
            () -> {
              System.gc();
              return old.refersTo(null);
            });
    assertThat(ids).allSatisfy(id -> assertThat(table.find(id).credentialVersion()).isEqualTo(3));
  }

  /** Returns that by which it can be seen whether anybody still has the credential. */
  private WeakReference<Credential> signInWithOneCredential(int times, List<SessionId> ids) {
    Credential credential = credential("old");
    long epoch = table.beginSignIn();
    for (int i = 0; i < times; i++) {
      ids.add(SignIns.enter(table, LUCAS, "cruz", credential, epoch));
    }
    return new WeakReference<>(credential);
  }

  @Test
  void aHundredThousandSessionsOfOneUserEndTogether() {
    long epoch = table.beginSignIn();
    for (int i = 0; i < 100_000; i++) {
      SignIns.enter(table, LUCAS, "cruz", credential("same"), epoch);
    }
    SessionId other = signIn(JOHN);

    assertThat(table.list(new UserPattern("dlucas"), REALM, 3).sessions()).hasSize(3);
    assertThat(count("dlucas")).isEqualTo(100_000);
    assertThat(refreshAll(LUCAS, "new")).isEqualTo(100_000);
    assertThat(table.terminateAll(LUCAS)).isEqualTo(100_000);
    assertThat(count("*")).isEqualTo(1);
    assertThat(table.touch(other)).isPositive();
  }

  @ParameterizedTest
  @MethodSource("waysToReachASession")
  void aThreadThatReachesADeadSessionEndsIt(BiPredicate<SessionTable, SessionId> reaches) {
    SessionId id = signIn(LUCAS);
    clock.advance(INACTIVE);
    assertThat(reaches.test(table, id)).isFalse();
    assertThat(totals()).isEqualTo(new SessionTotals(1, 0, 0, 1, 0));
    assertThat(table.expire()).isZero();
    assertThat(table.users(REALM)).isZero();
  }

  /** Returns what the session belongs to. */
  private Owner owner(SessionId id) throws ReflectiveOperationException {
    Field context = InMemorySessionTable.class.getDeclaredField("table");
    context.setAccessible(true);
    SlotReference slot = ((TableContext) context.get(table)).byId().find(id);
    return slot.page().owners()[slot.page().place(slot.slot())];
  }

  private static SessionId entered(SignIn signIn) {
    return ((SignIn.Entered) signIn).id();
  }

  @Test
  void sessionsShareTheirCredentialWhateverHappensToOthersBetweenTheirSignIns() throws Exception {
    for (int i = 0; i < 100; i++) {
      UserInRealm other = new UserInRealm("user" + i, REALM);
      signIn(other);
      refreshAll(other, "new");
      refreshAll(other, "newer");
      table.terminateAll(other);
      table.terminateAll(LUCAS_ELSEWHERE);
      Owner owner = owner(signIn(LUCAS));
      assertThat(owner).isInstanceOfAny(UserSessions.class, Chunk.class);
    }
  }

  @Test
  void aSessionWithoutFactsAndLimitTakesNothingForThem() throws Exception {
    SessionFacts unknown = new SessionFacts(null, null, null, null, null, null);
    long epoch = table.beginSignIn();
    SessionId without =
        entered(table.signIn(LUCAS, "cruz", credential("any"), unknown, epoch, epoch));
    SessionFacts facts = new SessionFacts("192.0.2.7", null, null, null, null, null);
    SessionId with = entered(table.signIn(LUCAS, "cruz", credential("any"), facts, epoch, epoch));

    assertThat(owner(without)).isInstanceOf(UserSessions.class);
    assertThat(owner(with)).isInstanceOf(Owner.Detailed.class);
    refreshAll(LUCAS, "new");
    assertThat(owner(without)).isInstanceOf(UserSessions.class);
    table.limitInactivity(without, MILLISECOND);
    assertThat(owner(without)).isInstanceOf(Owner.Detailed.class);
    table.limitInactivity(without, INACTIVE);
    assertThat(((Owner.Detailed) owner(without)).usual()).isInstanceOf(UserSessions.class);
  }

  // --- races, each brought about at the right moment ---

  @Test
  void terminateAllEndsASignInThatIsJustEntering() throws Exception {
    FutureTask<Integer> terminated = new FutureTask<>(() -> table.terminateAll(LUCAS));

    SessionId id = signInAndMeanwhile(() -> startAndWaitUntilBlocked(terminated));

    assertThat(terminated.get()).isEqualTo(1);
    assertThat(table.touch(id)).isZero();
  }

  @Test
  void refreshAllReachesASignInThatIsJustEntering() throws Exception {
    FutureTask<Integer> refreshed =
        new FutureTask<>(
            () ->
                table
                    .refreshAll(
                        LUCAS, Map.of(LUCAS.user(), credential("new")), table.beginRefresh(LUCAS))
                    .sessions());

    SessionId id = signInAndMeanwhile(() -> startAndWaitUntilBlocked(refreshed));

    assertThat(refreshed.get()).isEqualTo(1);
    assertThat(table.find(id).credential()).isEqualTo(credential("new"));
  }

  @Test
  void otherUsersDoNotWaitForASignIn() {
    signInAndMeanwhile(
        () ->
            CompletableFuture.runAsync(
                    () -> {
                      SessionId id = signIn(JOHN);
                      assertThat(table.touch(id)).isPositive();
                      assertThat(table.terminateAll(JOHN)).isEqualTo(1);
                    })
                .join());
  }

  @Test
  void expireEndsInTimeASignInThatReadTheClockBeforeTheLastOne() {
    signInAndMeanwhile(
        () -> {
          clock.advance(INACTIVE.dividedBy(2));
          CompletableFuture.runAsync(table::expire).join();
        });
    clock.advance(INACTIVE.dividedBy(2));
    assertThat(table.expire()).isEqualTo(1);
  }

  /** Signs dlucas in; the action runs once, when the sign-in has passed every check. */
  private SessionId signInAndMeanwhile(Runnable action) {
    clock.afterNextReading(action);
    return signIn(LUCAS);
  }

  private static void startAndWaitUntilBlocked(Runnable task) {
    Thread thread = new Thread(task);
    thread.start();
    while (thread.isAlive() && thread.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aTouchThatComesLateIsRefusedByTerminate() {
    SessionId id = signIn(LUCAS);
    clock.advance(MILLISECOND);
    clock.afterNextReading(() -> SignIns.terminate(table, id));
    assertThat(table.touch(id)).isZero();
  }

  @Test
  void aSignOutThatComesLateIsNotCounted() {
    SessionId id = signIn(LUCAS);
    clock.afterNextReading(() -> table.terminateAll(LUCAS));
    assertThat(SignIns.signOut(table, id)).isFalse();
    assertThat(totals()).isEqualTo(new SessionTotals(1, 0, 1, 0, 0));
  }

  @Test
  void aSignOutThatComesLateDoesNotConcernASessionThatHasTheSlotByNow() {
    SessionId other = signIn(LUCAS);
    SessionId id = signIn(LUCAS);
    List<SessionId> next = new ArrayList<>();
    clock.afterNextReading(
        () -> {
          SignIns.signOut(table, id);
          next.add(signIn(LUCAS));
        });
    assertThat(SignIns.signOut(table, id)).isFalse();
    assertThat(slotOf(next.get(0))).isEqualTo(slotOf(id));
    assertThat(table.list(new UserPattern("dlucas"), REALM, 10).sessions())
        .extracting(Session::id)
        .containsExactly(other, next.get(0));
    assertThat(totals()).isEqualTo(new SessionTotals(3, 1, 0, 0, 0));
  }

  /** All others of its page have left, too, and the page has gone. */
  @Test
  void aSignOutThatComesLateDoesNotConcernASessionThatHasTheSlotOfANewPage() {
    int page = 64;
    InMemorySessionTable small =
        TableWithLayout.table(SessionTimeouts.DEFAULT, clock, new Layout(page, 1, page, page));
    SessionId id = signIn(small, LUCAS);
    List<SessionId> others = new ArrayList<>();
    for (int i = 1; i < 2 * page - 1; i++) {
      others.add(signIn(small, JOHN));
    }
    SessionId staying = signIn(small, LUCAS);
    List<SessionId> next = new ArrayList<>();
    clock.afterNextReading(
        () -> {
          SignIns.signOut(small, id);
          others.subList(0, page - 1).forEach(each -> SignIns.signOut(small, each));
          next.add(signIn(small, LUCAS));
        });
    assertThat(SignIns.signOut(small, id)).isFalse();
    assertThat(slotOf(next.get(0))).isEqualTo(slotOf(id));
    assertThat(small.list(new UserPattern("dlucas"), REALM, 10).sessions())
        .extracting(Session::id)
        .containsExactly(staying, next.get(0));
  }

  private SessionId signIn(SessionTable at, UserInRealm user) {
    return SignIns.enter(at, user, "cruz", credential("any"), at.beginSignIn());
  }

  @Test
  void aRefreshThatComesLateRefreshesNothing() {
    SessionId id = signIn(LUCAS);
    long epoch = table.beginRefresh(LUCAS);
    clock.afterNextReading(() -> SignIns.terminate(table, id));
    assertThat(table.refresh(id, credential("new"), epoch)).isFalse();
    assertThat(totals().refreshed()).isZero();
  }

  /** The touch has read the clock before the deadline, and goes on after it. */
  @Test
  void aTouchThatComesLateDoesNotReviveASessionThatWasSeenDead() {
    assertThat(waysToReachASession())
        .allSatisfy(
            way -> {
              SessionId id = signIn(LUCAS);
              clock.advance(INACTIVE.minus(MILLISECOND));
              clock.afterNextReading(
                  () -> {
                    clock.advance(MILLISECOND);
                    assertThat(way.getPayload().test(table, id)).isFalse();
                  });
              assertThat(table.touch(id)).isZero();
              assertThat(table.find(id)).isNull();
            });
  }

  private long indexedUsers() {
    return ((InMemorySessionTable) table).indexedUsers();
  }
}
