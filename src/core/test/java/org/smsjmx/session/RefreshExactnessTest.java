package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.smsjmx.session.HeldRegistry.Reading;
import org.smsjmx.session.UserRegistry.RegistryUnavailableException;
import org.smsjmx.session.UserRegistry.UnknownUserException;
import org.smsjmx.session.memory.InMemorySessionTable;

/**
 * G2, with a registry that answers late and out of order. The timeout is there only to end a test
 * that hangs.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class RefreshExactnessTest {

  private static final String IBM = "ibm.com";
  private static final String SERVER = "default-webseald-cruz";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final UserInRealm DLUCAS = new UserInRealm("dlucas", IBM);
  private static final UserInRealm CAPITAL = new UserInRealm("DLucas", IBM);

  private final SessionTimeouts timeouts = new SessionTimeouts(Duration.ZERO, Duration.ZERO);
  private final HeldRegistry registry = new HeldRegistry();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Instant now = START;
  private final SessionTable table =
      new InMemorySessionTable(timeouts, TimeSource.steady(() -> now));
  private final Sessions sessions = new Sessions(table, registry, () -> now);

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private <T> CompletableFuture<T> begin(Supplier<T> action) {
    return CompletableFuture.supplyAsync(action, threads);
  }

  private Session session(SessionId id) {
    Session found = table.find(id);
    assertThat(found).isNotNull();
    return found;
  }

  private void assertCarries(SessionId id, String group, int version) {
    assertThat(session(id).credential().groups()).containsExactly(group);
    assertThat(session(id).credentialVersion()).isEqualTo(version);
  }

  // of two refreshes

  @Test
  void aLateAnswerDoesNotReplaceThatOfARefreshThatBeganLater() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    Reading late = registry.holdNext();
    CompletableFuture<RefreshReport> first = begin(() -> sessions.refreshAll(DLUCAS));
    late.awaitCome();
    registry.content("new");

    assertThat(sessions.refreshAll(DLUCAS).sessions()).isEqualTo(1);
    late.release();

    assertThat(first.join()).isEqualTo(RefreshReport.NOTHING);
    assertCarries(id, "new", 2);
  }

  @Test
  void answersInTheOrderOfTheRefreshesAreBothTaken() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    registry.content("newer");
    Reading one = registry.holdNext();
    CompletableFuture<RefreshReport> first = begin(() -> sessions.refreshAll(DLUCAS));
    one.awaitCome();
    registry.content("newest");
    Reading two = registry.holdNext();
    CompletableFuture<RefreshReport> second = begin(() -> sessions.refreshAll(DLUCAS));
    two.awaitCome();

    one.release();
    assertThat(first.join().sessions()).isEqualTo(1);
    assertCarries(id, "newer", 2);
    two.release();
    assertThat(second.join().sessions()).isEqualTo(1);
    assertCarries(id, "newest", 3);
  }

  @Test
  void aLateRefreshOfOneSessionDoesNotReplaceAYoungerReading() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    Reading late = registry.holdNext();
    CompletableFuture<Boolean> first = begin(() -> sessions.refresh(session(id)));
    late.awaitCome();
    registry.content("new");

    assertThat(sessions.refreshAll(DLUCAS).sessions()).isEqualTo(1);
    late.release();

    assertThat(first.join()).as("alive, with that reading or a younger one").isTrue();
    assertCarries(id, "new", 2);
  }

  @Test
  void aLateRefreshOfAllDoesNotReplaceAYoungerReadingOfOneSession() {
    SessionId one = sessions.signIn(DLUCAS, SERVER);
    SessionId other = sessions.signIn(DLUCAS, SERVER);
    registry.content("newer");
    Reading late = registry.holdNext();
    CompletableFuture<RefreshReport> all = begin(() -> sessions.refreshAll(DLUCAS));
    late.awaitCome();
    registry.content("newest");

    assertThat(sessions.refresh(session(one))).isTrue();
    late.release();

    assertThat(all.join().sessions()).isEqualTo(1);
    assertCarries(one, "newest", 2);
    assertCarries(other, "newer", 2);
  }

  // sign-ins

  @Test
  void aSignInThatReadBeforeARefreshReadsAgain() {
    Reading late = registry.holdNext();
    CompletableFuture<SessionId> signIn = begin(() -> sessions.signIn(DLUCAS, SERVER));
    late.awaitCome();
    registry.content("new");

    assertThat(sessions.refreshAll(DLUCAS)).isEqualTo(RefreshReport.NOTHING);
    late.release();

    assertCarries(signIn.join(), "new", 1);
    assertThat(registry.readings()).isEqualTo(3);
  }

  @Test
  void aSignInThatReadBeforeARefreshOfTheWholeRealmReadsAgain() {
    sessions.signIn(new UserInRealm("johnq", IBM), SERVER);
    Reading late = registry.holdNext();
    CompletableFuture<SessionId> signIn = begin(() -> sessions.signIn(DLUCAS, SERVER));
    late.awaitCome();
    registry.content("new");

    assertThat(sessions.refreshRealm(IBM)).as("johnq's").isEqualTo(1);
    late.release();

    assertCarries(signIn.join(), "new", 1);
  }

  @Test
  void aSignInThatReadBeforeATerminateReadsAgain() {
    Reading late = registry.holdNext();
    CompletableFuture<SessionId> signIn = begin(() -> sessions.signIn(DLUCAS, SERVER));
    late.awaitCome();
    registry.content("new");

    assertThat(table.terminateAll(DLUCAS)).isZero();
    late.release();

    assertCarries(signIn.join(), "new", 1);
  }

  @Test
  void aSignInThatBeganAfterTheRefreshKeepsWhatItRead() {
    SessionId before = sessions.signIn(DLUCAS, SERVER);
    Reading late = registry.holdNext();
    CompletableFuture<RefreshReport> refresh = begin(() -> sessions.refreshAll(DLUCAS));
    late.awaitCome();
    registry.content("new");
    SessionId meanwhile = sessions.signIn(DLUCAS, SERVER);

    late.release();

    assertThat(refresh.join().sessions()).isEqualTo(1);
    assertCarries(before, "old", 2);
    assertCarries(meanwhile, "new", 1);
  }

  @Test
  void aRefreshLeavesTheSignInsOfOtherUsersAlone() {
    // its stripe is another one, as hash codes of texts are fixed
    UserInRealm johnq = new UserInRealm("johnq", IBM);
    Reading late = registry.holdNext();
    CompletableFuture<SessionId> signIn = begin(() -> sessions.signIn(johnq, SERVER));
    late.awaitCome();
    sessions.refreshAll(DLUCAS);
    late.release();

    signIn.join();
    assertThat(registry.readings()).isEqualTo(2);
  }

  // what a refresh is not

  @Test
  void aRefreshDoesNotBringBackASessionThatEndedMeanwhile() {
    SessionId signedOut = sessions.signIn(DLUCAS, SERVER);
    SessionId terminated = sessions.signIn(DLUCAS, SERVER);
    Reading late = registry.holdNext();
    CompletableFuture<RefreshReport> refresh = begin(() -> sessions.refreshAll(DLUCAS));
    late.awaitCome();
    SignIns.signOut(table, signedOut);
    table.terminateAll(DLUCAS);
    late.release();

    assertThat(refresh.join()).isEqualTo(RefreshReport.NOTHING);
    assertThat(table.find(signedOut)).isNull();
    assertThat(table.touch(terminated)).isZero();
    assertThat(table.users(IBM)).isZero();
  }

  @Test
  void aRefreshKeepsIdAndTimes() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    now = START.plusSeconds(10);
    table.touch(id);
    now = START.plusSeconds(20);
    Session before = session(id);
    registry.content("new");

    sessions.refreshAll(DLUCAS);

    assertThat(session(id))
        .isEqualTo(
            new Session(
                id,
                DLUCAS,
                SERVER,
                before.createdAt(),
                before.lastAccessAt(),
                before.expiresAt(),
                new Credential("dlucas", List.of("new"), Map.of()),
                2,
                now,
                SessionFacts.NONE));
  }

  @Test
  void aPreviewChangesNothingAndTellsWhatTheRefreshThenDoes() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    sessions.signIn(DLUCAS, SERVER);
    registry.content("new");
    sessions.signIn(DLUCAS, SERVER);
    Session before = session(id);

    RefreshReport preview = sessions.previewRefresh(DLUCAS);

    assertThat(session(id)).isEqualTo(before);
    assertThat(preview.sessions()).isEqualTo(3);
    assertThat(preview.changed()).isEqualTo(2);
    assertThat(preview.change().groupsAdded()).containsExactly("new");
    assertThat(preview.change().groupsRemoved()).containsExactly("old");
    assertThat(sessions.refreshAll(DLUCAS)).isEqualTo(preview);
    assertThat(sessions.previewRefresh(DLUCAS).changed()).isZero();
  }

  // the registry

  @Test
  void theRegistryIsReadOnceHoweverManySessionsThereAre() {
    List<SessionId> ids = sessions.signIn(DLUCAS, SERVER, 1_000);
    assertThat(registry.readings()).isEqualTo(1);
    registry.content("new");

    assertThat(sessions.refreshAll(new UserInRealm("DLUCAS", IBM)).sessions()).isEqualTo(1_000);

    assertThat(registry.readings()).isEqualTo(2);
    ids.forEach(id -> assertCarries(id, "new", 2));
    sessions.previewRefresh(DLUCAS);
    assertThat(registry.readings()).isEqualTo(3);
    table.terminateAll(DLUCAS);
    assertThat(registry.readings()).as("terminate does not ask it").isEqualTo(3);
  }

  @Test
  void theRegistryIsReadOnceForEachUserOfARealm() {
    IntStream.range(0, 20)
        .forEach(i -> sessions.signIn(new UserInRealm("user" + i, IBM), SERVER, 5));
    sessions.signIn(new UserInRealm("elsewhere", "partners.example.com"), SERVER);
    int before = registry.readings();

    assertThat(sessions.refreshRealm(IBM)).isEqualTo(100);

    assertThat(registry.readings() - before).isEqualTo(20);
  }

  @Test
  void whileTheRegistryHangsEverythingElseGoesOn() {
    SessionId one = sessions.signIn(DLUCAS, SERVER);
    SessionId two = sessions.signIn(DLUCAS, SERVER);
    UserInRealm johnq = new UserInRealm("johnq", IBM);
    SessionId others = sessions.signIn(johnq, SERVER);
    Reading hanging = registry.holdNext();
    CompletableFuture<RefreshReport> refresh = begin(() -> sessions.refreshAll(DLUCAS));
    hanging.awaitCome();

    assertThat(table.touch(one)).isPositive();
    assertThat(SignIns.signOut(table, one)).isTrue();
    assertThat(table.list(new UserPattern("*"), IBM, 10).matched()).isEqualTo(2);
    SessionId meanwhile = sessions.signIn(DLUCAS, SERVER);
    assertThat(sessions.previewRefresh(DLUCAS).sessions()).isEqualTo(2);
    assertThat(sessions.refreshAll(DLUCAS).sessions()).isEqualTo(2);
    assertThat(sessions.refresh(session(two))).isTrue();
    assertThat(sessions.refreshAll(johnq).sessions()).isEqualTo(1);
    assertThat(sessions.refreshRealm(IBM)).isEqualTo(3);
    assertThat(SignIns.terminate(table, meanwhile)).isTrue();
    assertThat(table.terminateAll(DLUCAS)).isEqualTo(1);
    assertThat(table.terminateAll(johnq)).isEqualTo(1);
    assertThat(table.touch(others)).isZero();
    assertThat(refresh).isNotDone();

    hanging.release();
    assertThat(refresh.join()).isEqualTo(RefreshReport.NOTHING);
  }

  @Test
  void whenTheRegistryFailsSessionsKeepTheirCredential() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    Session before = session(id);
    now = START.plusSeconds(60);
    registry.content("new");
    registry.failure("connection refused");

    for (Runnable operation :
        List.<Runnable>of(
            () -> sessions.refreshAll(DLUCAS),
            () -> sessions.previewRefresh(DLUCAS),
            () -> sessions.refresh(before),
            () -> sessions.refreshRealm(IBM),
            () -> sessions.signIn(DLUCAS, SERVER))) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(operation::run)
          .withMessage("connection refused");
    }

    assertThat(session(id)).isEqualTo(before);
    assertThat(sessions.registryState())
        .isEqualTo(new Sessions.RegistryState(START, "connection refused"));
    registry.failure("");
    assertThat(sessions.refreshAll(DLUCAS).sessions()).isEqualTo(1);
    assertThat(sessions.registryState()).isEqualTo(new Sessions.RegistryState(now, null));
  }

  @Test
  void whoseUserTheRegistryForgotKeepsTheCredential() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    Session before = session(id);
    registry.forget("dlucas");

    assertThatExceptionOfType(UnknownUserException.class)
        .isThrownBy(() -> sessions.refreshAll(DLUCAS));
    assertThatExceptionOfType(UnknownUserException.class)
        .isThrownBy(() -> sessions.refresh(before));

    assertThat(session(id)).isEqualTo(before);
    assertThat(sessions.registryState().failure()).as("it did answer").isNull();
  }

  @Test
  void aRefreshThatFailedDoesNotKeepLaterOnesFromWorking() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    registry.failure("timeout");
    Reading late = registry.holdNext();
    CompletableFuture<RefreshReport> failing = begin(() -> sessions.refreshAll(DLUCAS));
    late.awaitCome();
    registry.failure("");
    registry.content("new");
    late.release();

    assertThatThrownBy(failing::join).hasCauseInstanceOf(RegistryUnavailableException.class);
    assertCarries(id, "old", 1);
    sessions.refreshAll(DLUCAS);
    assertCarries(id, "new", 2);
  }

  // whole realms

  @Test
  void onlyOneRealmIsRefreshedAtATimeAndHowFarItIsCanBeSeen() {
    assertThat(sessions.realmRefresh()).isNull();
    IntStream.range(0, 3).forEach(i -> sessions.signIn(new UserInRealm("u" + i, IBM), SERVER, 10));
    registry.content("new");
    Reading one = registry.holdNext();
    Reading two = registry.holdNext();
    CompletableFuture<Integer> refresh = begin(() -> sessions.refreshRealm(IBM));
    one.awaitCome();

    for (String realm : List.of(IBM, "partners.example.com")) {
      assertThatIllegalStateException()
          .isThrownBy(() -> sessions.refreshRealm(realm))
          .withMessage("a realm is being refreshed already");
    }
    one.release();
    two.awaitCome();
    assertThat(sessions.realmRefresh())
        .isEqualTo(new Sessions.RealmRefresh(IBM, 3, 1, 0, 10, true));
    two.release();

    assertThat(refresh.join()).isEqualTo(30);
    assertThat(sessions.realmRefresh())
        .isEqualTo(new Sessions.RealmRefresh(IBM, 3, 3, 0, 30, false));
    assertThat(sessions.refreshRealm(IBM)).as("and again").isEqualTo(30);
  }

  @Test
  void aRealmRefreshSaysHowManyUsersItHasFromTheStart() {
    IntStream.range(0, 3).forEach(i -> sessions.signIn(new UserInRealm("u" + i, IBM), SERVER));
    Reading first = registry.holdNext();
    CompletableFuture<Integer> refresh = begin(() -> sessions.refreshRealm(IBM));
    first.awaitCome();

    assertThat(sessions.realmRefresh()).isEqualTo(new Sessions.RealmRefresh(IBM, 3, 0, 0, 0, true));
    first.release();
    refresh.join();
  }

  @Test
  void usersWhomTheRegistryDoesNotKnowDoNotEndTheRefreshOfARealm() {
    SessionId unknown = sessions.signIn(DLUCAS, SERVER);
    SessionId known = sessions.signIn(new UserInRealm("johnq", IBM), SERVER);
    registry.forget("dlucas");
    registry.content("new");

    assertThat(sessions.refreshRealm(IBM)).isEqualTo(1);

    assertCarries(unknown, "old", 1);
    assertCarries(known, "new", 2);
    assertThat(sessions.realmRefresh())
        .isEqualTo(new Sessions.RealmRefresh(IBM, 2, 2, 1, 1, false));
  }

  @Test
  void aRegistryThatFailsEndsTheRefreshOfARealmWhereItIs() {
    List<SessionId> ids = new ArrayList<>();
    IntStream.range(0, 3)
        .forEach(i -> ids.add(sessions.signIn(new UserInRealm("u" + i, IBM), SERVER)));
    registry.content("new");
    Reading first = registry.holdNext();
    CompletableFuture<Integer> refresh = begin(() -> sessions.refreshRealm(IBM));
    first.awaitCome();
    registry.failure("timeout");
    first.release();

    assertThatThrownBy(refresh::join).hasCauseInstanceOf(RegistryUnavailableException.class);
    assertThat(sessions.realmRefresh())
        .isEqualTo(new Sessions.RealmRefresh(IBM, 3, 1, 0, 1, false));
    assertThat(ids)
        .map(id -> session(id).credential().groups().get(0))
        .containsExactlyInAnyOrder("new", "old", "old");
    registry.failure("");
    assertThat(sessions.refreshRealm(IBM)).isEqualTo(3);
  }

  @Test
  void aRefreshOfTheRealmAndOneOfAUserMayOverlap() {
    SessionId id = sessions.signIn(DLUCAS, SERVER);
    registry.content("newer");
    Reading late = registry.holdNext();
    CompletableFuture<Integer> realm = begin(() -> sessions.refreshRealm(IBM));
    late.awaitCome();
    registry.content("newest");
    sessions.refreshAll(DLUCAS);
    late.release();

    assertThat(realm.join()).isZero();
    assertCarries(id, "newest", 2);
  }

  // any order

  /**
   * Begins and ends sign-ins and refreshes in random orders. A credential is named by the moment of
   * its reading, the moment at which its epoch was taken, the earliest possible; and by the
   * spelling of the user's name that was read.
   */
  @Test
  void noSessionCarriesAReadingFromBeforeARefreshThatIsDone() {
    LongStream.range(0, 500).forEach(RefreshExactnessTest::assertExact);
  }

  private record Begun(long epoch, int moment) {}

  private static void assertExact(long seed) {
    Random random = new Random(seed);
    SessionTable table =
        new InMemorySessionTable(new SessionTimeouts(Duration.ZERO, Duration.ZERO), () -> START);
    List<Begun> signIns = new ArrayList<>();
    List<Begun> refreshes = new ArrayList<>();
    Map<SessionId, Integer> alive = new HashMap<>();
    int youngestDone = 0;
    for (int moment = 1; moment < 60; moment++) {
      switch (random.nextInt(9)) {
        case 0, 1 -> signIns.add(new Begun(table.beginSignIn(), moment));
        case 2, 3 -> refreshes.add(new Begun(table.beginRefresh(DLUCAS), moment));
        case 4, 5 -> {
          if (!signIns.isEmpty()) {
            Begun one = signIns.remove(random.nextInt(signIns.size()));
            UserInRealm user = random.nextInt(3) > 0 ? DLUCAS : CAPITAL;
            SessionId id = SignIns.enter(table, user, SERVER, reading(one, user), one.epoch);
            if (id == null) {
              assertThat(one.moment).as("seed %d: refused", seed).isLessThan(youngestDone);
            } else {
              alive.put(id, one.moment);
            }
          }
        }
        case 6, 7 -> {
          if (!refreshes.isEmpty()) {
            Begun one = refreshes.remove(random.nextInt(refreshes.size()));
            int older = (int) alive.values().stream().filter(m -> m < one.moment).count();
            Map<String, Credential> readings =
                Map.of(DLUCAS.user(), reading(one, DLUCAS), CAPITAL.user(), reading(one, CAPITAL));
            assertThat(table.refreshAll(DLUCAS, readings, one.epoch).sessions())
                .as("seed %d: refreshed", seed)
                .isEqualTo(older);
            alive.replaceAll((id, read) -> Math.max(read, one.moment));
            youngestDone = Math.max(youngestDone, one.moment);
          }
        }
        default -> {
          if (random.nextInt(4) == 0) {
            assertThat(table.terminateAll(DLUCAS)).isEqualTo(alive.size());
            alive.clear();
            youngestDone = moment;
          }
        }
      }
      int bound = youngestDone;
      alive.forEach(
          (id, read) -> {
            Session session = table.find(id);
            assertThat(session).as("seed %d", seed).isNotNull();
            int carried = Integer.parseInt(session.credential().groups().get(0));
            assertThat(carried).as("seed %d", seed).isEqualTo(read);
            assertThat(session.credential().principal()).isEqualTo(session.user().user());
            if (carried < bound) {
              throw new AssertionError("seed %d: %d < %d".formatted(seed, carried, bound));
            }
          });
    }
  }

  private static Credential reading(Begun begun, UserInRealm user) {
    return new Credential(user.user(), List.of(String.valueOf(begun.moment)), Map.of());
  }

  // of users who are refreshed only where they have sessions

  @Test
  void aUserWithoutSessionsIsRefreshedWithoutAskingTheRegistry() {
    registry.forget("dlucas");

    assertThat(sessions.refreshPresent(DLUCAS)).isEqualTo(RefreshReport.NOTHING);

    assertThat(registry.readings()).isZero();
    sessions.signIn(new UserInRealm("johnq", IBM), SERVER);
    registry.content("new");
    assertThat(sessions.refreshPresent(new UserInRealm("JohnQ", IBM)).changed()).isEqualTo(1);
  }

  @Test
  void aRefreshOfAUserWithoutSessionsHoldsForASignInThatHasReadBefore() {
    Reading late = registry.holdNext();
    CompletableFuture<SessionId> signIn = begin(() -> sessions.signIn(DLUCAS, SERVER));
    late.awaitCome();
    registry.content("new");

    assertThat(sessions.refreshPresent(DLUCAS)).isEqualTo(RefreshReport.NOTHING);
    late.release();

    assertCarries(signIn.join(), "new", 1);
  }
}
