package org.smsjmx.session;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.Named.named;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.SessionTable.UserCount;

/**
 * What every session table must do. A table's own test extends it and says how to make one; what a
 * table does not declare as a {@link SessionTable.Capability} is not asked of it.
 */
public abstract class SessionTableContract {

  protected static final Duration MILLISECOND = Duration.ofMillis(1);
  protected static final Duration LIFETIME = Duration.ofHours(1);
  protected static final Duration INACTIVE = Duration.ofMinutes(10);

  protected static final String REALM = "ibm.com";
  protected static final UserInRealm LUCAS = new UserInRealm("dlucas", REALM);
  protected static final UserInRealm JOHN = new UserInRealm("johnq", REALM);
  protected static final UserInRealm LUCAS_ELSEWHERE =
      new UserInRealm("dlucas", "partners.example.com");

  protected final HandClock clock = new HandClock();
  protected final SessionTable table = newTable(SessionTimeouts.DEFAULT, clock);

  /**
   * Makes an empty table.
   *
   * @param timeouts when its sessions end by themselves
   * @param clock tells both times; it moves only when the test moves it
   */
  protected abstract SessionTable newTable(SessionTimeouts timeouts, TimeSource clock);

  // --- one session ---

  @Test
  void aSessionIsFoundAsItSignedIn() {
    Instant now = clock.instant();
    SessionId id = SignIns.enter(table, LUCAS, "cruz", credential("first"), table.beginSignIn());

    assertThat(table.find(id))
        .isEqualTo(
            new Session(
                id,
                LUCAS,
                "cruz",
                now,
                now,
                now.plus(LIFETIME),
                credential("first"),
                1,
                null,
                SessionFacts.NONE));
  }

  @Test
  void touchRecordsTheLastAccess() {
    SessionId id = signIn(LUCAS);
    clock.advance(Duration.ofMinutes(3));

    assertThat(table.touch(id)).isPositive();

    Session session = table.find(id);
    assertThat(session.lastAccessAt()).isEqualTo(clock.instant());
    assertThat(session.createdAt()).isEqualTo(clock.instant().minus(Duration.ofMinutes(3)));
  }

  @Test
  void anIdThatNobodyHasIsNotAlive() {
    SessionId nobody = new SessionId(1, 2);
    assertThat(table.touch(nobody)).isZero();
    assertThat(table.find(nobody)).isNull();
    assertThat(SignIns.signOut(table, nobody)).isFalse();
    assertThat(SignIns.terminate(table, nobody)).isFalse();
    assertThat(table.refresh(nobody, credential("new"), table.beginRefresh(LUCAS))).isFalse();
  }

  @Test
  void aSessionIsSignedOutOnce() {
    SessionId id = signIn(LUCAS);
    assertThat(SignIns.signOut(table, id)).isTrue();
    assertThat(SignIns.signOut(table, id)).isFalse();
    assertThat(SignIns.terminate(table, id)).isFalse();
    assertThat(table.terminateAll(LUCAS)).isZero();
    assertGone(id);
    assertThat(totals()).isEqualTo(new SessionTotals(1, 1, 0, 0, 0));
  }

  @Test
  void aSessionIsTerminatedOnce() {
    SessionId id = signIn(LUCAS);
    assertThat(SignIns.terminate(table, id)).isTrue();
    assertThat(SignIns.terminate(table, id)).isFalse();
    assertThat(SignIns.signOut(table, id)).isFalse();
    assertThat(table.terminateAll(LUCAS)).isZero();
    assertGone(id);
    assertThat(totals()).isEqualTo(new SessionTotals(1, 0, 1, 0, 0));
  }

  // --- terminateAll ---

  @Test
  void terminateAllEndsTheUsersSessionsAtAllServersAndSaysHowMany() {
    List<SessionId> ids = List.of(signIn(LUCAS), signIn(LUCAS), signIn(LUCAS, "dallas"));

    assertThat(table.terminateAll(LUCAS)).isEqualTo(3);

    assertThat(ids).allSatisfy(this::assertGone);
    assertThat(table.terminateAll(LUCAS)).isZero();
    assertThat(totals("cruz", REALM).terminated()).isEqualTo(2);
    assertThat(totals("dallas", REALM).terminated()).isEqualTo(1);
  }

  @Test
  void terminateAllLeavesOtherUsersAlone() {
    signIn(LUCAS);
    SessionId other = signIn(JOHN);
    table.terminateAll(LUCAS);
    assertThat(table.touch(other)).isPositive();
  }

  @Test
  void terminateAllLeavesOtherRealmsAlone() {
    signIn(LUCAS);
    SessionId elsewhere = signIn(LUCAS_ELSEWHERE);
    assertThat(table.terminateAll(LUCAS)).isEqualTo(1);
    assertThat(table.touch(elsewhere)).isPositive();
  }

  @Test
  void terminateAllIgnoresLetterCase() {
    SessionId id = signIn(new UserInRealm("Jörg Muster", REALM));
    signIn(new UserInRealm("JÖRG MUSTER", REALM));
    assertThat(table.find(id).user().user()).isEqualTo("Jörg Muster");
    assertThat(table.terminateAll(new UserInRealm("jörg muster", REALM))).isEqualTo(2);
  }

  /** Some have the same hash code, or differ only behind the fifteenth character. */
  @Test
  void usersAreToldApartHoweverAlikeTheirNamesAre() {
    assumeKnowsUsersOfARealm();
    String fifteen = "x".repeat(15);
    List<String> names = new ArrayList<>(List.of("a^", "b?", "\u0434\u0438a", "\u0434\u0438b"));
    for (String more : List.of("", "a", "a^", "b?", "\u00FF", "\u4E00", "\uD83D\uDE00")) {
      names.add(fifteen + more);
      names.add(fifteen.substring(1) + more);
    }
    for (String name : names) {
      signIn(new UserInRealm(name, REALM));
      signIn(new UserInRealm(name.toUpperCase(Locale.ROOT), REALM));
    }
    names.sort(null);
    assertThat(table.list(new UserPattern("*"), REALM, 99).sessions())
        .extracting(session -> session.user().user())
        .isEqualTo(
            names.stream()
                .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
                .toList());
    for (String name : names) {
      assertThat(count(name)).as(name).isEqualTo(2);
      assertThat(table.terminateAll(new UserInRealm(name, REALM))).as(name).isEqualTo(2);
    }
    assertThat(count("*")).isZero();
  }

  @Test
  void terminateAllStopsASignInThatBeganBefore() {
    long epoch = table.beginSignIn();
    table.terminateAll(LUCAS);
    assertThat(SignIns.enter(table, LUCAS, "cruz", credential("old"), epoch)).isNull();
    assertThat(count()).isZero();
  }

  @Test
  void terminateAllStopsASignInThatBeganBeforeEvenIfTheUserIsSignedInAgain() {
    signIn(LUCAS);
    long epoch = table.beginSignIn();
    table.terminateAll(LUCAS);
    signIn(LUCAS);
    assertThat(SignIns.enter(table, LUCAS, "cruz", credential("old"), epoch)).isNull();
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void terminateAllDoesNotStopASignInThatBeginsAfter() {
    table.terminateAll(LUCAS);
    long epoch = table.beginSignIn();
    assertThat(SignIns.enter(table, LUCAS, "cruz", credential("new"), epoch)).isNotNull();
  }

  @Test
  void terminatingOneSessionDoesNotStopASignIn() {
    SessionId id = signIn(LUCAS);
    long epoch = table.beginSignIn();
    SignIns.terminate(table, id);
    assertThat(SignIns.enter(table, LUCAS, "cruz", credential("new"), epoch)).isNotNull();
  }

  @Test
  void oneMarkServesSeveralSignIns() {
    long epoch = table.beginSignIn();
    for (int i = 0; i < 3; i++) {
      assertThat(SignIns.enter(table, LUCAS, "cruz", credential("same"), epoch)).isNotNull();
    }
    assertThat(table.terminateAll(LUCAS)).isEqualTo(3);
  }

  @Test
  void thousandsOfSessionsOfOneUserEndTogether() {
    long epoch = table.beginSignIn();
    for (int i = 0; i < 5_000; i++) {
      SignIns.enter(table, LUCAS, "cruz", credential("same"), epoch);
    }
    SessionId other = signIn(JOHN);

    assertThat(table.list(new UserPattern("dlucas"), REALM, 3).sessions()).hasSize(3);
    assertThat(count("dlucas")).isEqualTo(5_000);
    assertThat(refreshAll(LUCAS, "new")).isEqualTo(5_000);
    assertThat(table.terminateAll(LUCAS)).isEqualTo(5_000);
    assertThat(count()).isEqualTo(1);
    assertThat(table.touch(other)).isPositive();
  }

  // --- refresh ---

  @Test
  void refreshAllReplacesTheCredentialAndNothingElse() {
    Session before = table.find(signIn(LUCAS));
    SessionId second = signIn(LUCAS, "dallas");
    clock.advance(Duration.ofMinutes(3));

    assertThat(refreshAll(LUCAS, "new")).isEqualTo(2);

    assertThat(table.find(before.id()))
        .isEqualTo(
            new Session(
                before.id(),
                LUCAS,
                "cruz",
                before.createdAt(),
                before.lastAccessAt(),
                before.expiresAt(),
                credential("new"),
                2,
                clock.instant(),
                SessionFacts.NONE));
    assertThat(table.find(second).credential()).isEqualTo(credential("new"));
    assertThat(totals("cruz", REALM).refreshed()).isEqualTo(1);
    assertThat(totals("dallas", REALM).refreshed()).isEqualTo(1);
  }

  @Test
  void eachRefreshAllGivesTheNextVersion() {
    SessionId id = signIn(LUCAS);
    refreshAll(LUCAS, "second");
    SessionId later = signIn(LUCAS);
    refreshAll(LUCAS, "third");
    assertThat(table.find(id).credentialVersion()).isEqualTo(3);
    assertThat(table.find(later).credentialVersion()).isEqualTo(2);
    assertThat(credentials("dlucas")).containsExactly("third", "third");
  }

  @Test
  void sessionsWithTheSameCredentialHaveVersionsOfTheirOwn() {
    Credential same = credential("same");
    SessionId old = SignIns.enter(table, LUCAS, "cruz", same, table.beginSignIn());
    table.refreshAll(LUCAS, Map.of(LUCAS.user(), same), table.beginRefresh(LUCAS));
    SessionId young = SignIns.enter(table, LUCAS, "cruz", same, table.beginSignIn());
    table.refreshAll(LUCAS, Map.of(LUCAS.user(), same), table.beginRefresh(LUCAS));
    assertThat(table.find(old).credentialVersion()).isEqualTo(3);
    assertThat(table.find(young).credentialVersion()).isEqualTo(2);
  }

  @Test
  void refreshAllLeavesOtherUsersAndRealmsAlone() {
    signIn(JOHN);
    SessionId elsewhere = signIn(LUCAS_ELSEWHERE);
    assertThat(refreshAll(LUCAS, "new")).isZero();
    assertThat(credentials("johnq")).containsExactly("signed in");
    assertThat(table.find(elsewhere).credentialVersion()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20, 1_500})
  void refreshAllLeavesFixedCredentialsAloneAndCountsThem(int each) {
    Credential fixed = credential("provider").fixed("OidcToken");
    List<SessionId> kept = new ArrayList<>();
    List<SessionId> refreshed = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      kept.add(SignIns.enter(table, LUCAS, "cruz", fixed, table.beginSignIn()));
      refreshed.add(signIn(LUCAS));
    }
    Map<String, Credential> fresh = Map.of(LUCAS.user(), credential("fresh"));

    RefreshReport preview = table.previewRefresh(LUCAS, fresh);
    RefreshReport report = table.refreshAll(LUCAS, fresh, table.beginRefresh(LUCAS));

    assertThat(report).isEqualTo(preview);
    assertThat(report.sessions()).isEqualTo(each);
    assertThat(report.kept()).isEqualTo(each);
    assertThat(report.keptKinds()).containsExactly("OidcToken");
    assertThat(kept).allMatch(id -> table.find(id).credential().equals(fixed));
    assertThat(kept).allMatch(id -> table.touch(id) == 1);
    assertThat(refreshed).allMatch(id -> table.find(id).credential().equals(credential("fresh")));
  }

  @Test
  void fixedCredentialsAreCountedWhereNothingWasRead() {
    Credential fixed = credential("provider").fixed("OidcToken");
    SignIns.enter(table, LUCAS, "cruz", fixed, table.beginSignIn());

    assertThat(table.previewRefresh(LUCAS, Map.of()).kept()).isEqualTo(1);
    assertThat(table.refreshAll(LUCAS, Map.of(), table.beginRefresh(LUCAS)).kept()).isEqualTo(1);
  }

  @Test
  void refreshAllIgnoresLetterCase() {
    signIn(LUCAS);
    assertThat(refreshAll(new UserInRealm("DLucas", REALM), "new")).isEqualTo(1);
  }

  @Test
  void eachSpellingGetsItsOwnCredentialWhereverItsSessionsAre() {
    UserInRealm other = new UserInRealm("DLucas", REALM);
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(signIn(i % 3 == 0 ? other : LUCAS));
    }
    SignIns.signOut(table, ids.remove(1));
    assertThat(table.spellings(other)).containsExactlyInAnyOrder("dlucas", "DLucas");
    Map<String, Credential> both =
        Map.of("dlucas", credential("small"), "DLucas", credential("capital"));

    assertThat(table.previewRefresh(LUCAS, both).sessions()).isEqualTo(19);
    assertThat(table.refreshAll(LUCAS, both, table.beginRefresh(LUCAS)).sessions()).isEqualTo(19);
    requireOwn(ids, "small", "capital");

    Map<String, Credential> one = Map.of("DLucas", credential("greater"));
    assertThat(table.previewRefresh(LUCAS, one).sessions()).isEqualTo(7);
    assertThat(table.refreshAll(LUCAS, one, table.beginRefresh(LUCAS)).sessions()).isEqualTo(7);
    requireOwn(ids, "small", "greater");

    Map<String, Credential> first = Map.of("dlucas", credential("smaller"));
    assertThat(table.refreshAll(LUCAS, first, table.beginRefresh(LUCAS)).sessions()).isEqualTo(12);
    requireOwn(ids, "smaller", "greater");
    assertThat(refreshAll(other, "all")).isEqualTo(19);
    requireOwn(ids, "all", "all");

    ids.forEach(id -> SignIns.signOut(table, id));
    assertThat(table.spellings(LUCAS)).isEmpty();
  }

  private void requireOwn(List<SessionId> ids, String small, String capital) {
    for (SessionId id : ids) {
      Session session = table.find(id);
      assertThat(session.credential().principal())
          .as("%s, %d", session.user(), ids.indexOf(id))
          .isEqualTo(session.user().user().equals("dlucas") ? small : capital);
    }
  }

  @Test
  void spellingsAreThoseOfSessionsThatLive() {
    assertThat(table.spellings(LUCAS)).isEmpty();
    SessionId first = signIn(LUCAS);
    assertThat(table.spellings(new UserInRealm("DLUCAS", REALM))).containsExactly("dlucas");
    signIn(new UserInRealm("DLucas", REALM));
    signIn(new UserInRealm("DLucas", "partners.example.com"));
    SignIns.signOut(table, first);
    assertThat(table.spellings(LUCAS)).containsExactly("DLucas");
    clock.advance(INACTIVE);
    assertThat(table.spellings(LUCAS)).isEmpty();
  }

  @Test
  void refreshAllStopsASignInWhoseCredentialWasReadBefore() {
    long epoch = table.beginSignIn();
    refreshAll(LUCAS, "new");
    assertThat(SignIns.enter(table, LUCAS, "cruz", credential("old"), epoch)).isNull();
    assertThat(count()).isZero();
  }

  @Test
  void refreshAllDoesNotStopASignInThatBeginsAfter() {
    refreshAll(LUCAS, "new");
    long epoch = table.beginSignIn();
    assertThat(SignIns.enter(table, LUCAS, "cruz", credential("new"), epoch)).isNotNull();
  }

  @Test
  void aSignInThatBeganAfterTheRefreshKeepsItsYoungerReading() {
    signIn(LUCAS);
    long epoch = table.beginRefresh(LUCAS);
    SessionId younger = signIn(LUCAS);

    assertThat(
            table
                .refreshAll(LUCAS, Map.of(LUCAS.user(), credential("refreshed")), epoch)
                .sessions())
        .isEqualTo(1);

    assertThat(table.find(younger).credential()).isEqualTo(credential("signed in"));
    assertThat(table.find(younger).credentialVersion()).isEqualTo(1);
  }

  @Test
  void ofTwoRefreshesTheOneThatBeganLaterStays() {
    SessionId id = signIn(LUCAS);
    long older = table.beginRefresh(LUCAS);
    long younger = table.beginRefresh(LUCAS);

    assertThat(
            table
                .refreshAll(LUCAS, Map.of(LUCAS.user(), credential("younger")), younger)
                .sessions())
        .isEqualTo(1);
    assertThat(table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("older")), older).sessions())
        .isZero();
    assertThat(table.refresh(id, credential("older"), older)).isTrue();

    assertThat(table.find(id).credential()).isEqualTo(credential("younger"));
    assertThat(table.find(id).credentialVersion()).isEqualTo(2);
    assertThat(totals().refreshed()).isEqualTo(1);
  }

  @Test
  void aRefreshThatWasOvertakenStillStopsNoYoungerSignIn() {
    long older = table.beginRefresh(LUCAS);
    long younger = table.beginRefresh(LUCAS);
    long signIn = table.beginSignIn();
    table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("younger")), younger);
    table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("older")), older);
    assertThat(SignIns.enter(table, LUCAS, "cruz", credential("youngest"), signIn)).isNotNull();
    assertThat(credentials("dlucas")).containsExactly("youngest");
  }

  @Test
  void anOvertakenRefreshDoesNotLetAnOldSignInPass() {
    long older = table.beginRefresh(LUCAS);
    long signIn = table.beginSignIn();
    long younger = table.beginRefresh(LUCAS);
    table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("younger")), younger);
    table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("older")), older);
    assertThat(SignIns.enter(table, LUCAS, "cruz", credential("old"), signIn)).isNull();
  }

  @Test
  void refreshReplacesTheCredentialOfOneSession() {
    SessionId id = signIn(LUCAS);
    signIn(LUCAS);
    clock.advance(MILLISECOND);

    assertThat(table.refresh(id, credential("new"), table.beginRefresh(LUCAS))).isTrue();

    assertThat(table.find(id).credential()).isEqualTo(credential("new"));
    assertThat(table.find(id).credentialVersion()).isEqualTo(2);
    assertThat(table.find(id).refreshedAt()).isEqualTo(clock.instant());
    assertThat(credentials("dlucas")).containsExactlyInAnyOrder("new", "signed in");
    assertThat(totals().refreshed()).isEqualTo(1);
  }

  @Test
  void noRefreshRevivesASession() {
    SessionId id = signIn(LUCAS);
    long epoch = table.beginRefresh(LUCAS);
    SignIns.terminate(table, id);
    assertThat(table.refresh(id, credential("new"), epoch)).isFalse();
    assertThat(table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("new")), epoch).sessions())
        .isZero();
    assertGone(id);
    assertThat(totals().refreshed()).isZero();
  }

  private List<SessionId> signInWithOneCredential(int times) {
    Credential credential = credential("old");
    long epoch = table.beginSignIn();
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      ids.add(SignIns.enter(table, LUCAS, "cruz", credential, epoch));
    }
    return ids;
  }

  @Test
  void neighboursThatWereRefreshedAloneAndTogetherKeepTheirVersions() {
    List<SessionId> ids = signInWithOneCredential(8);
    for (int i = 0; i < 8; i += 2) {
      table.refresh(ids.get(i), credential("alone"), table.beginRefresh(LUCAS));
    }
    ids.add(signIn(LUCAS));

    assertThat(refreshAll(LUCAS, "together")).isEqualTo(9);

    assertThat(ids.stream().map(id -> table.find(id).credentialVersion()))
        .containsExactly(3, 2, 3, 2, 3, 2, 3, 2, 2);
    assertThat(ids)
        .allSatisfy(
            id -> assertThat(table.find(id).credential()).isEqualTo(credential("together")));
  }

  @Test
  void refreshAllCountsAtTheServersOfThoseThatHaveNotExpired() {
    signIn(LUCAS, "dallas");
    clock.advance(MILLISECOND);
    signIn(LUCAS, "cruz");
    clock.advance(INACTIVE.minus(MILLISECOND));

    assertThat(refreshAll(LUCAS, "new")).isEqualTo(1);

    assertThat(totals("cruz", REALM).refreshed()).isEqualTo(1);
    assertThat(totals("dallas", REALM).refreshed()).isZero();
  }

  @Test
  void aLateRefreshAllLeavesAYoungerReadingOfASessionUnderAnotherSpelling() {
    signIn(LUCAS);
    SessionId spelled = signIn(new UserInRealm("DLucas", REALM));
    long late = table.beginRefresh(LUCAS);
    table.refresh(spelled, credential("young"), table.beginRefresh(LUCAS));

    assertThat(table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("late")), late).sessions())
        .isEqualTo(1);

    assertThat(credentials("dlucas")).containsExactly("late", "young");
  }

  // --- sign-ins that were overtaken ---

  private SignIn enter(UserInRealm user, long begun, long read) {
    return table.signIn(user, "cruz", credential("late"), SessionFacts.NONE, begun, read);
  }

  @Test
  void aSignInIsToldThatItWasTerminated() {
    long begun = table.beginSignIn();
    table.terminateAll(LUCAS);
    assertThat(enter(LUCAS, begun, begun)).isEqualTo(SignIn.Refused.TERMINATED);
    assertThat(enter(LUCAS, begun, table.beginSignIn())).isEqualTo(SignIn.Refused.TERMINATED);
    assertThat(count()).isZero();
  }

  @Test
  void aSignInIsToldThatItsCredentialIsOld() {
    long begun = table.beginSignIn();
    refreshAll(LUCAS, "new");
    assertThat(enter(LUCAS, begun, begun)).isEqualTo(SignIn.Refused.REFRESHED);
    assertThat(count()).isZero();
  }

  @Test
  void aSignInWhoseRealmWasRefreshedIsToldThatItsCredentialIsOld() {
    assumeKnowsUsersOfARealm();
    long begun = table.beginSignIn();
    table.beginRefresh(REALM);
    assertThat(enter(LUCAS, begun, begun)).isEqualTo(SignIn.Refused.REFRESHED);
    assertThat(enter(JOHN, begun, begun)).isEqualTo(SignIn.Refused.REFRESHED);
    assertThat(enter(LUCAS, begun, table.beginSignIn())).isInstanceOf(SignIn.Entered.class);
    assertThat(enter(LUCAS_ELSEWHERE, begun, begun)).isInstanceOf(SignIn.Entered.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSignInThatWasTerminatedAndRefreshedIsTerminated(boolean terminatedFirst) {
    long begun = table.beginSignIn();
    for (boolean terminates : List.of(terminatedFirst, !terminatedFirst)) {
      if (terminates) {
        table.terminateAll(LUCAS);
      } else {
        refreshAll(LUCAS, "new");
      }
    }
    assertThat(enter(LUCAS, begun, begun)).isEqualTo(SignIn.Refused.TERMINATED);
  }

  @Test
  void aTerminateBetweenBeginAndReadingRefusesAndARefreshDoesNot() {
    long begun = table.beginSignIn();
    refreshAll(LUCAS, "new");
    assertThat(enter(LUCAS, begun, table.beginSignIn())).isInstanceOf(SignIn.Entered.class);

    begun = table.beginSignIn();
    table.terminateAll(LUCAS);
    assertThat(enter(LUCAS, begun, table.beginSignIn())).isEqualTo(SignIn.Refused.TERMINATED);
    assertThat(count()).isZero();
  }

  @Test
  void aSignInBeginsBeforeItIsKnownWhoSignsIn() {
    long begun = table.beginSignIn();
    table.terminateAll(LUCAS);
    assertThat(enter(JOHN, begun, begun)).isInstanceOf(SignIn.Entered.class);
    assertThat(enter(LUCAS, begun, begun)).isEqualTo(SignIn.Refused.TERMINATED);
  }

  @Test
  void whatBefallsAUserInOneRealmRefusesNoSignInToAnother() {
    long begun = table.beginSignIn();
    table.terminateAll(LUCAS_ELSEWHERE);
    refreshAll(LUCAS_ELSEWHERE, "new");
    assertThat(enter(LUCAS, begun, begun)).isInstanceOf(SignIn.Entered.class);
  }

  @Test
  void aSignInUnderAnotherSpellingIsOneOfTheSameUser() {
    long begun = table.beginSignIn();
    refreshAll(new UserInRealm("DLUCAS", REALM), "new");
    assertThat(enter(LUCAS, begun, begun)).isEqualTo(SignIn.Refused.REFRESHED);
    table.terminateAll(new UserInRealm("dLucas", REALM));
    assertThat(enter(LUCAS, begun, begun)).isEqualTo(SignIn.Refused.TERMINATED);
  }

  /** More than happen during most sign-ins; one has the same hash code as the user. */
  @Test
  void whatBefallsTwentyThousandOthersRefusesNoSignIn() {
    UserInRealm user = new UserInRealm("a^", REALM);
    long begun = table.beginSignIn();
    table.terminateAll(new UserInRealm("b?", REALM));
    refreshAll(new UserInRealm("b?", REALM), "new");
    for (int i = 0; i < 20_000; i++) {
      UserInRealm other = new UserInRealm("user" + i, REALM);
      table.terminateAll(other);
      refreshAll(other, "new");
    }
    assertThat(enter(user, begun, begun)).isInstanceOf(SignIn.Entered.class);
    assertThat(enter(LUCAS, begun, begun)).isInstanceOf(SignIn.Entered.class);
    assertThat(enter(new UserInRealm("user0", REALM), begun, begun))
        .isEqualTo(SignIn.Refused.TERMINATED);
    assertThat(enter(new UserInRealm("user19999", REALM), begun, begun))
        .isEqualTo(SignIn.Refused.TERMINATED);
  }

  // --- ends for a reason ---

  @ParameterizedTest
  @EnumSource(EndReason.class)
  void aSessionEndsOnceForTheReasonThatIsGiven(EndReason reason) {
    Heard heard = new Heard();
    table.listen(heard);
    SessionId id = signIn(LUCAS);

    assertThat(table.end(id, reason)).isTrue();

    for (EndReason again : EndReason.values()) {
      assertThat(table.end(id, again)).isFalse();
    }
    assertGone(id);
    assertThat(totals())
        .isEqualTo(
            new SessionTotals(
                1,
                reason == EndReason.USER_LOGGED_OUT ? 1 : 0,
                reason == EndReason.TERMINATED_BY_ADMIN ? 1 : 0,
                reason == EndReason.EXPIRED ? 1 : 0,
                reason == EndReason.DISPLACED ? 1 : 0,
                0));
    assertThat(heard.ended)
        .containsExactly("dlucas in realm ibm.com %s false [cruz]".formatted(reason));
    assertThat(heard.ids).containsExactly(id);
  }

  @ParameterizedTest
  @EnumSource(EndReason.class)
  void aSessionPastItsDeadlineEndsAsExpiredWhateverReasonIsGiven(EndReason reason) {
    Heard heard = new Heard();
    table.listen(heard);
    SessionId id = signIn(LUCAS);
    clock.advance(INACTIVE);

    assertThat(table.end(id, reason)).isEqualTo(reason == EndReason.EXPIRED);

    assertThat(table.end(id, reason)).isFalse();
    assertThat(table.expire()).isZero();
    assertThat(totals()).isEqualTo(new SessionTotals(1, 0, 0, 1, 0));
    assertThat(heard.ended).containsExactly("dlucas in realm ibm.com EXPIRED false [cruz]");
  }

  @Test
  void anEndForWhateverReasonStopsNoSignIn() {
    for (EndReason reason : EndReason.values()) {
      SessionId id = signIn(LUCAS);
      long begun = table.beginSignIn();
      table.end(id, reason);
      assertThat(enter(LUCAS, begun, begun)).isInstanceOf(SignIn.Entered.class);
    }
  }

  // --- an idle limit of a session's own ---

  private List<SessionId> signInSix() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(signIn(LUCAS));
    }
    return ids;
  }

  @ParameterizedTest(name = "limit {0}: dead after {1} without use")
  @CsvSource({
    "PT1M    , PT1M",
    "PT0.001S, PT0.001S",
    "PT10M   , PT10M",
    "PT30M   , PT30M",
    "PT2H    , PT1H",
    "P36500D , PT1H",
    "PT0S    , PT1H",
  })
  void aSessionIsDeadFromTheDeadlineOfItsOwnLimitOn(Duration limit, Duration lives) {
    for (int i = 0; i < 6; i++) {
      List<SessionId> ids = signInSix();
      SessionId limited = ids.get(i);
      assertThat(table.limitInactivity(limited, limit)).isTrue();

      clock.advance(lives.minus(MILLISECOND));
      table.expire();
      assertThat(table.find(limited)).isNotNull();
      clock.advance(MILLISECOND);
      assertThat(table.touch(limited)).isZero();
      assertGone(limited);
      assertThat(table.terminateAll(LUCAS))
          .as("the others have the table's limit")
          .isEqualTo(lives.compareTo(INACTIVE) < 0 ? 5 : 0);
    }
  }

  /** The sweep has run before, and knows when its next look was due. */
  @ParameterizedTest(name = "limit {0}: due after {1}")
  @CsvSource({
    "PT1M    , PT1M",
    "PT0.001S, PT0.001S",
    "PT30M   , PT30M",
    "PT2H    , PT1H",
    "PT0S    , PT1H",
  })
  void expireEndsALimitedSessionAtItsDeadlineAndNotBefore(Duration limit, Duration lives) {
    for (int i = 0; i < 6; i++) {
      List<SessionId> ids = signInSix();
      table.expire();
      SessionId limited = ids.remove(i);
      table.limitInactivity(limited, limit);
      ids.forEach(id -> SignIns.signOut(table, id));

      clock.advance(lives.minus(MILLISECOND));
      assertThat(table.expire()).isZero();
      clock.advance(MILLISECOND);
      assertThat(table.expire()).isEqualTo(1);
    }
    assertThat(totals().expired()).isEqualTo(6);
  }

  @Test
  void expireEndsALimitedSessionWhereNoTimeoutEndsOthers() {
    SessionTable table = newTable(new SessionTimeouts(Duration.ZERO, Duration.ZERO), clock);
    SessionId id = SignIns.enter(table, LUCAS, "cruz", credential("any"), table.beginSignIn());
    SessionId other = SignIns.enter(table, LUCAS, "cruz", credential("any"), table.beginSignIn());
    table.expire();
    table.limitInactivity(id, Duration.ofMinutes(1));
    clock.advance(Duration.ofMinutes(1));
    assertThat(table.expire()).isEqualTo(1);
    clock.advance(Duration.ofDays(1_000));
    assertThat(table.expire()).isZero();
    assertThat(table.touch(other)).isPositive();
  }

  @Test
  void aUsedSessionOutlivesItsOwnLimit() {
    for (SessionId id : signInSix()) {
      table.limitInactivity(id, Duration.ofSeconds(1));
    }
    SessionId id = signIn(LUCAS);
    table.limitInactivity(id, Duration.ofMinutes(1));
    for (int i = 0; i < 59; i++) {
      clock.advance(Duration.ofMinutes(1).minus(MILLISECOND));
      assertThat(table.touch(id)).isPositive();
      table.expire();
    }
    clock.advance(Duration.ofMinutes(2));
    assertGone(id);
  }

  @ParameterizedTest(name = "{0}, then {1}: dead after {2} without use")
  @CsvSource({
    "PT1M , PT5M , PT5M",
    "PT5M , PT1M , PT1M",
    "PT0S , PT1M , PT1M",
    "PT1M , PT0S , PT1H",
    "PT30M, PT20M, PT20M",
  })
  void theLastLimitHolds(Duration first, Duration second, Duration lives) {
    for (int i = 0; i < 6; i++) {
      SessionId id = signInSix().get(i);
      assertThat(table.limitInactivity(id, first)).isTrue();
      table.expire();
      assertThat(table.limitInactivity(id, second)).isTrue();
      clock.advance(lives.minus(MILLISECOND));
      table.expire();
      assertThat(table.find(id)).isNotNull();
      clock.advance(MILLISECOND);
      table.expire();
      assertGone(id);
      table.terminateAll(LUCAS);
    }
  }

  @Test
  void aSessionKeepsItsLimitOverRefreshesAndUnderAnotherSpelling() {
    List<SessionId> ids = signInSix();
    ids.add(signIn(new UserInRealm("DLucas", REALM)));
    ids.forEach(id -> assertThat(table.limitInactivity(id, Duration.ofMinutes(1))).isTrue());
    refreshAll(LUCAS, "all");
    ids.forEach(id -> table.refresh(id, credential("alone"), table.beginRefresh(LUCAS)));
    refreshAll(LUCAS, "all again");
    assertThat(ids)
        .allSatisfy(
            id -> {
              assertThat(table.find(id).credential().principal()).isEqualTo("all again");
              assertThat(table.touch(id)).isEqualTo(4);
            });
    assertThat(table.find(ids.get(6)).user().user()).isEqualTo("DLucas");

    clock.advance(Duration.ofMinutes(1));
    assertThat(table.expire()).isEqualTo(7);
  }

  @Test
  void aLimitGivenToARefreshedSessionChangesNothingElse() {
    for (SessionId id : signInSix()) {
      table.refresh(id, credential("alone"), table.beginRefresh(LUCAS));
      Session before = table.find(id);
      table.limitInactivity(id, Duration.ofMinutes(1));
      assertThat(table.find(id)).isEqualTo(before);
      assertThat(table.touch(id)).isEqualTo(2);
    }
    refreshAll(LUCAS, "all");
    assertThat(credentials("dlucas")).hasSize(6).containsOnly("all");
  }

  @Test
  void aDeadSessionGetsNoLimit() {
    SessionId out = signIn(LUCAS);
    SignIns.signOut(table, out);
    List<SessionId> terminated = signInSix();
    table.terminateAll(LUCAS);
    SessionId expired = signIn(LUCAS);
    clock.advance(INACTIVE);

    assertThat(table.limitInactivity(out, Duration.ZERO)).isFalse();
    assertThat(terminated).noneMatch(id -> table.limitInactivity(id, Duration.ZERO));
    assertThat(table.limitInactivity(expired, Duration.ZERO)).isFalse();
    assertThat(table.limitInactivity(new SessionId(1, 2), Duration.ZERO)).isFalse();
    assertGone(expired);
    assertThat(totals()).isEqualTo(new SessionTotals(8, 1, 6, 1, 0));
  }

  @Test
  void aSessionThatItsNewLimitFindsDeadEndsAtOnce() {
    Heard heard = new Heard();
    table.listen(heard);
    List<SessionId> ids = signInSix();
    clock.advance(Duration.ofMinutes(2));
    for (SessionId id : ids) {
      assertThat(table.limitInactivity(id, Duration.ofMinutes(2))).isFalse();
      assertGone(id);
    }
    assertThat(heard.ids).isEqualTo(ids);
    assertThat(heard.ended).containsOnly("dlucas in realm ibm.com EXPIRED false [cruz]");
    assertThat(totals()).isEqualTo(new SessionTotals(6, 0, 0, 6, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT-0.001S", "PT0.0009S", "P36500DT0.001S"})
  void aLimitOutOfBoundsIsRefusedAndChangesNothing(Duration limit) {
    SessionId id = signIn(LUCAS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.limitInactivity(id, limit))
        .withMessageContaining("P36500D")
        .withMessageContaining(limit.toString());
    clock.advance(INACTIVE.minus(MILLISECOND));
    assertThat(table.find(id)).isNotNull();
    clock.advance(MILLISECOND);
    assertGone(id);
  }

  @Test
  void terminateAllCountsAsExpiredWhatIsPastItsOwnLimit() {
    List<SessionId> ids = signInSix();
    for (int i = 0; i < 6; i += 2) {
      table.limitInactivity(ids.get(i), Duration.ofMinutes(1));
    }
    table.limitInactivity(ids.get(1), Duration.ofMinutes(30));
    clock.advance(Duration.ofMinutes(1));
    assertThat(table.terminateAll(LUCAS)).isEqualTo(3);
    assertThat(totals()).isEqualTo(new SessionTotals(6, 0, 3, 3, 0));
  }

  // --- facts ---

  private static final SessionFacts FACTS =
      new SessionFacts("192.0.2.7", "curl/8", "FORM", "https://id.example.com", "4711", "s1");

  private SessionId signIn(UserInRealm user, SessionFacts facts) {
    long epoch = table.beginSignIn();
    SignIn signIn = table.signIn(user, "cruz", credential("with facts"), facts, epoch, epoch);
    return ((SignIn.Entered) signIn).id();
  }

  @Test
  void aSessionHasTheFactsOfItsSignInAndKeepsThem() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(signIn(LUCAS, FACTS));
      ids.add(signIn(new UserInRealm("DLucas", REALM), FACTS));
    }
    SessionId without = signIn(LUCAS);
    refreshAll(LUCAS, "all");
    ids.forEach(id -> table.refresh(id, credential("alone"), table.beginRefresh(LUCAS)));
    ids.forEach(id -> table.limitInactivity(id, Duration.ofMinutes(30)));
    ids.forEach(id -> table.limitInactivity(id, Duration.ofMinutes(20)));
    refreshAll(LUCAS, "all again");

    assertThat(ids).allSatisfy(id -> assertThat(table.find(id).facts()).isEqualTo(FACTS));
    assertThat(table.find(without).facts()).isEqualTo(SessionFacts.NONE);
    assertThat(table.list(new UserPattern("dlucas"), REALM, 9).sessions())
        .extracting(session -> session.id().equals(without) || session.facts().equals(FACTS))
        .hasSize(7)
        .containsOnly(true);
  }

  @Test
  void ofEachFactTheFirstCharactersAreKept() {
    String most = "x".repeat(SessionFacts.MAXIMUM);
    String more = most + "y".repeat(10_000);
    SessionFacts kept = table.find(signIn(LUCAS, facts(more))).facts();
    assertThat(kept).isEqualTo(facts(most));
    assertThat(table.find(signIn(LUCAS, facts(most))).facts()).isEqualTo(kept);
    String face = "\uD83D\uDE00";
    String odd = "x".repeat(SessionFacts.MAXIMUM - 1);
    assertThat(table.find(signIn(LUCAS, facts(odd + face))).facts()).isEqualTo(facts(odd));
    assertThat(table.find(signIn(LUCAS, facts(face.repeat(999)))).facts())
        .isEqualTo(facts(face.repeat(SessionFacts.MAXIMUM / 2)));
  }

  private static SessionFacts facts(String each) {
    return new SessionFacts(each, each, each, each, each, each);
  }

  @Test
  void aSessionWithOneFactHasIt() {
    List<SessionFacts> each =
        List.of(
            new SessionFacts("a", null, null, null, null, null),
            new SessionFacts(null, "a", null, null, null, null),
            new SessionFacts(null, null, "a", null, null, null),
            new SessionFacts(null, null, null, "a", null, null),
            new SessionFacts(null, null, null, null, "a", null),
            new SessionFacts(null, null, null, null, null, "a"));
    for (SessionFacts facts : each) {
      assertThat(facts.isEmpty()).isFalse();
      assertThat(table.find(signIn(LUCAS, facts)).facts()).isEqualTo(facts);
    }
    assertThat(SessionFacts.NONE.isEmpty()).isTrue();
    assertThat(facts(null)).isEqualTo(SessionFacts.NONE);
  }

  // --- deadlines ---

  @ParameterizedTest(name = "lifetime {0}, inactive {1}, used every {2}: lives {3}")
  @CsvSource({
    "PT1H, PT10M, P1D   , PT10M",
    "PT1H, PT10M, PT9M  , PT1H",
    "PT1H, PT0S , P1D   , PT1H",
    "PT0S, PT10M, P1D   , PT10M",
    "PT10M, PT1H, P1D   , PT10M",
    "PT0.001S, PT0S, P1D, PT0.001S",
    "PT0S, PT0.001S, P1D, PT0.001S",
  })
  void aSessionIsDeadFromItsDeadlineOn(
      Duration lifetime, Duration inactive, Duration usedEvery, Duration lives) {
    SessionTable table = newTable(new SessionTimeouts(lifetime, inactive), clock);
    SessionId id = SignIns.enter(table, LUCAS, "cruz", credential("any"), table.beginSignIn());
    Duration age = Duration.ZERO;
    for (; age.plus(usedEvery).compareTo(lives) < 0; age = age.plus(usedEvery)) {
      clock.advance(usedEvery);
      assertThat(table.touch(id)).isPositive();
    }

    clock.advance(lives.minus(age).minus(MILLISECOND));
    assertThat(table.find(id)).isNotNull();
    clock.advance(MILLISECOND);
    assertThat(table.find(id)).isNull();
    assertThat(table.touch(id)).isZero();
  }

  @Test
  void withoutTimeoutsASessionLivesForEver() {
    SessionTable table = newTable(new SessionTimeouts(Duration.ZERO, Duration.ZERO), clock);
    SessionId id = SignIns.enter(table, LUCAS, "cruz", credential("any"), table.beginSignIn());
    clock.advance(Duration.ofDays(36_500));
    assertThat(table.expire()).isZero();
    assertThat(table.find(id).expiresAt()).isNull();
    assertThat(table.touch(id)).isPositive();
  }

  @Test
  void aUsedSessionOutlivesTheTimeOfInactivity() {
    SessionTable table = newTable(new SessionTimeouts(Duration.ZERO, INACTIVE), clock);
    SessionId id = SignIns.enter(table, LUCAS, "cruz", credential("any"), table.beginSignIn());
    for (int i = 0; i < 1_000; i++) {
      clock.advance(INACTIVE.minus(MILLISECOND));
      assertThat(table.touch(id)).isPositive();
    }
  }

  @Test
  void aRefreshProlongsNoSession() {
    SessionId id = signIn(LUCAS);
    clock.advance(INACTIVE.minus(MILLISECOND));
    assertThat(refreshAll(LUCAS, "new")).isEqualTo(1);
    clock.advance(MILLISECOND);
    assertGone(id);
  }

  // --- clocks that are set, and machines that sleep ---

  @ParameterizedTest
  @MethodSource("waysToReachASession")
  void aClockSetAheadEndsNoSession(BiPredicate<SessionTable, SessionId> reaches) {
    SessionId id = signIn(LUCAS);
    clock.set(Duration.ofHours(2));
    assertThat(table.expire()).isZero();
    assertThat(reaches.test(table, id)).isTrue();
    assertThat(totals().expired()).isZero();
  }

  @ParameterizedTest
  @MethodSource("waysToReachASession")
  void aClockSetBackKeepsNoSessionAlive(BiPredicate<SessionTable, SessionId> reaches) {
    SessionId id = signIn(LUCAS);
    clock.set(Duration.ofHours(-2));
    clock.advance(INACTIVE);
    assertThat(reaches.test(table, id)).isFalse();
    table.expire();
    assertThat(totals().expired()).isEqualTo(1);
  }

  @Test
  void expireEndsInTimeWhatSignedInBeforeAndAfterTheClockWasSetBack() {
    signIn(LUCAS);
    table.expire();
    clock.set(INACTIVE.negated());
    table.expire();
    signIn(LUCAS);
    clock.advance(INACTIVE);
    assertThat(table.expire()).isEqualTo(2);
  }

  @Test
  void theTimesShownAreThoseOfTheClockAsItIsSetNow() {
    SessionId id = signIn(LUCAS);
    for (int hours : new int[] {2, -5, 3}) {
      clock.set(Duration.ofHours(hours));
      clock.advance(Duration.ofMinutes(1));
      table.touch(id);
      refreshAll(LUCAS, "new " + hours);
      clock.advance(Duration.ofMinutes(1));
      Session session = table.find(id);
      Instant used = clock.instant().minus(Duration.ofMinutes(1));
      assertThat(session.lastAccessAt()).isEqualTo(used);
      assertThat(session.refreshedAt()).isEqualTo(used);
      assertThat(session.createdAt()).isBefore(used);
      assertThat(session.expiresAt()).isEqualTo(session.createdAt().plus(Duration.ofHours(1)));
      assertThat(table.list(new UserPattern("dlucas"), REALM, 1).sessions())
          .containsExactly(session);
    }
    clock.advance(Duration.between(clock.instant(), table.find(id).expiresAt()));
    assertGone(id);
  }

  @Test
  void theTimeForWhichTheMachineWasSuspendedCountsFromTheNextExpireOn() {
    SessionId id = signIn(LUCAS);
    clock.suspend(INACTIVE);
    assertThat(table.expire()).isEqualTo(1);
    assertGone(id);

    SessionId next = signIn(LUCAS);
    clock.suspend(INACTIVE.minus(MILLISECOND));
    assertThat(table.expire()).isZero();
    assertThat(table.find(next).lastAccessAt())
        .isEqualTo(clock.instant().minus(INACTIVE).plus(MILLISECOND));
    clock.advance(MILLISECOND);
    assertGone(next);
  }

  protected static Stream<Named<BiPredicate<SessionTable, SessionId>>> waysToReachASession() {
    return Stream.of(
        named("touch", (table, id) -> table.touch(id) > 0),
        named("find", (table, id) -> table.find(id) != null),
        named("signOut", SignIns::signOut),
        named("terminate", SignIns::terminate),
        named("limitInactivity", (table, id) -> table.limitInactivity(id, INACTIVE)),
        named("terminateAll", (table, id) -> table.terminateAll(LUCAS) > 0),
        named(
            "refresh",
            (table, id) -> table.refresh(id, credential("new"), table.beginRefresh(LUCAS))),
        named(
            "refreshAll",
            (table, id) ->
                table
                        .refreshAll(
                            LUCAS,
                            Map.of(LUCAS.user(), credential("new")),
                            table.beginRefresh(LUCAS))
                        .sessions()
                    > 0),
        named(
            "list", (table, id) -> table.list(new UserPattern("dlucas"), REALM, 9).matched() > 0));
  }

  @ParameterizedTest
  @MethodSource("waysToReachASession")
  void aSessionIsReachedUntilItsDeadline(BiPredicate<SessionTable, SessionId> reaches) {
    SessionId id = signIn(LUCAS);
    clock.advance(INACTIVE.minus(MILLISECOND));
    assertThat(reaches.test(table, id)).isTrue();
    assertThat(totals().expired()).isZero();
  }

  @ParameterizedTest
  @MethodSource("waysToReachASession")
  void aSessionPastItsDeadlineIsReachedByNobodyAndCountedAsExpiredOnce(
      BiPredicate<SessionTable, SessionId> reaches) {
    SessionId id = signIn(LUCAS);
    clock.advance(INACTIVE);

    assertThat(reaches.test(table, id)).isFalse();

    table.expire();
    assertThat(totals()).isEqualTo(new SessionTotals(1, 0, 0, 1, 0));
    assertThat(table.expire()).isZero();
    assertThat(waysToReachASession()).noneMatch(way -> way.getPayload().test(table, id));
    assertThat(totals()).isEqualTo(new SessionTotals(1, 0, 0, 1, 0));
  }

  @Test
  void expireEndsWhatIsDeadAndSaysHowMany() {
    signIn(LUCAS);
    signIn(JOHN);
    clock.advance(MILLISECOND);
    SessionId younger = signIn(LUCAS);
    clock.advance(INACTIVE.minus(MILLISECOND));

    assertThat(table.expire()).isEqualTo(2);
    assertThat(table.expire()).isZero();
    assertThat(table.touch(younger)).isPositive();
    assertThat(totals()).isEqualTo(new SessionTotals(3, 0, 0, 2, 0));
  }

  @Test
  void refreshAllReachesTheLiveSessionsBetweenDeadOnes() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(signIn(LUCAS));
    }
    clock.advance(INACTIVE.minus(MILLISECOND));
    for (int i = 0; i < 20; i += 3) {
      table.touch(ids.get(i));
    }
    clock.advance(MILLISECOND);

    assertThat(refreshAll(LUCAS, "new")).isEqualTo(7);
    assertThat(credentials("dlucas")).hasSize(7).containsOnly("new");
    assertThat(totals()).isEqualTo(new SessionTotals(20, 0, 0, 13, 7));
  }

  // --- lists and totals ---

  @Test
  void aListIsOrderedByUserIgnoringCaseAndThenByAge() {
    assumeKnowsUsersOfARealm();
    List<SessionId> ids = new ArrayList<>();
    for (String user : List.of("bob", "Carl", "Ann", "BOB", "ann")) {
      ids.add(signIn(new UserInRealm(user, REALM)));
      clock.advance(MILLISECOND);
    }
    assertThat(table.list(new UserPattern("*"), REALM, 9).sessions())
        .extracting(Session::id)
        .containsExactly(ids.get(2), ids.get(4), ids.get(0), ids.get(3), ids.get(1));
  }

  @ParameterizedTest(name = "at most {0}: {1} shown")
  @CsvSource({"0, 0", "1, 1", "4, 4", "5, 5", "6, 5", "2147483647, 5"})
  void aListThatIsCutShowsTheFirstAndTheExactNumber(int maximum, int shown) {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(signIn(LUCAS));
      clock.advance(MILLISECOND);
    }
    SessionList list = table.list(new UserPattern("dlucas"), REALM, maximum);
    assertThat(list.matched()).isEqualTo(5);
    assertThat(list.sessions()).extracting(Session::id).isEqualTo(ids.subList(0, shown));
  }

  @Test
  void aNegativeMaximumIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.list(new UserPattern("dlucas"), REALM, -1))
        .withMessageContaining("maximum")
        .withMessageContaining("-1");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "*, 4",
    "dlucas, 1",
    "DLUCAS, 1",
    "d*, 1",
    "*u*, 1",
    "m*J*, 2",
    "mary jones*, 2",
    "*s, 3",
    "nobody, 0",
    "x*, 0",
  })
  void aListHoldsTheUsersThatMatchThePattern(String pattern, int matched) {
    assumeKnowsUsersOfARealm();
    for (String user : List.of("dlucas", "johnq", "Mary Jones", "mary jones")) {
      signIn(new UserInRealm(user, REALM));
    }
    signIn(LUCAS_ELSEWHERE);
    assertThat(count(pattern)).isEqualTo(matched);
    assertThat(table.list(new UserPattern(pattern), "unknown.example.com", 9))
        .isEqualTo(new SessionList(0, List.of()));
  }

  @Test
  void usersCountsUsersAndNotSessions() {
    assumeKnowsUsersOfARealm();
    SessionId id = signIn(LUCAS);
    SessionId same = signIn(new UserInRealm("DLUCAS", REALM));
    signIn(JOHN);
    signIn(LUCAS_ELSEWHERE);
    assertThat(table.users(REALM)).isEqualTo(2);

    SignIns.signOut(table, id);
    assertThat(table.users(REALM)).isEqualTo(2);
    SignIns.signOut(table, same);
    assertThat(table.users(REALM)).isEqualTo(1);
    table.terminateAll(JOHN);
    assertThat(table.users(REALM)).isZero();
    assertThat(table.users("unknown.example.com")).isZero();
  }

  @Test
  void theLargestUsersComeFirst() {
    assumeKnowsUsersOfARealm();
    for (String user : List.of("one", "TWO", "two", "deux", "deux", "three", "three", "three")) {
      signIn(new UserInRealm(user, REALM));
    }
    signIn(LUCAS_ELSEWHERE);
    UserCount three = new UserCount("three", 3);
    UserCount deux = new UserCount("deux", 2);
    UserCount two = new UserCount("TWO", 2);
    UserCount one = new UserCount("one", 1);

    assertThat(table.largestUsers(REALM, 9)).hasSize(4).startsWith(three).endsWith(one);
    assertThat(table.largestUsers(REALM, 9)).contains(two, deux);
    assertThat(table.largestUsers(REALM, 1)).containsExactly(three);
    assertThat(table.largestUsers(REALM, 0)).isEmpty();
    assertThat(table.largestUsers("unknown.example.com", 9)).isEmpty();
  }

  @Test
  void totalsAreKeptByServerAndRealm() {
    assertThat(table.totals()).isEmpty();
    SessionId out = signIn(LUCAS);
    signIn(LUCAS);
    signIn(LUCAS, "dallas");
    signIn(LUCAS_ELSEWHERE, "dallas");
    SignIns.signOut(table, out);
    refreshAll(LUCAS, "new");
    table.terminateAll(LUCAS_ELSEWHERE);

    assertThat(table.totals())
        .isEqualTo(
            Map.of(
                "cruz",
                Map.of(REALM, new SessionTotals(2, 1, 0, 0, 1)),
                "dallas",
                Map.of(
                    REALM,
                    new SessionTotals(1, 0, 0, 0, 1),
                    LUCAS_ELSEWHERE.realm(),
                    new SessionTotals(1, 0, 1, 0, 0))));
  }

  @Test
  void theTotalsOfOneServerOrRealmAreItsPartOfAll() {
    SessionTotals out = new SessionTotals(1, 1, 0, 0, 0);
    SessionTotals in = new SessionTotals(1, 0, 0, 0, 0);
    SignIns.signOut(table, signIn(LUCAS));
    signIn(LUCAS, "dallas");
    signIn(LUCAS_ELSEWHERE, "dallas");

    assertThat(table.totalsOfServer("cruz")).isEqualTo(Map.of(REALM, out));
    assertThat(table.totalsOfServer("dallas"))
        .isEqualTo(Map.of(REALM, in, LUCAS_ELSEWHERE.realm(), in));
    assertThat(table.totalsOfRealm(REALM)).isEqualTo(Map.of("cruz", out, "dallas", in));
    assertThat(table.totalsOfRealm(LUCAS_ELSEWHERE.realm())).isEqualTo(Map.of("dallas", in));
    assertThat(table.totalsOfServer("unknown")).isEmpty();
    assertThat(table.totalsOfRealm("unknown.example.com")).isEmpty();
  }

  @Test
  void theTotalsOfALongHistoryAddUpToWhatIsAlive() {
    Random random = new Random(42);
    List<UserInRealm> users =
        Stream.of("a", "b", "c", "d", "e").map(name -> new UserInRealm(name, REALM)).toList();
    List<SessionId> ids = new ArrayList<>(List.of(signIn(users.get(0))));
    long terminated = 0;
    for (int i = 0; i < 2_000; i++) {
      UserInRealm user = users.get(random.nextInt(users.size()));
      SessionId id = ids.get(random.nextInt(ids.size()));
      switch (random.nextInt(16)) {
        case 0 -> terminated += table.terminateAll(user);
        case 1 -> terminated += SignIns.terminate(table, id) ? 1 : 0;
        case 2 -> SignIns.signOut(table, id);
        case 3 -> refreshAll(user, "new");
        case 4 -> table.expire();
        case 5, 6, 7 -> clock.advance(Duration.ofSeconds(random.nextInt(60)));
        case 8, 9 -> table.touch(id);
        default -> ids.add(signIn(user));
      }
      if (i % 20 == 0) {
        table.expire();
        long alive = users.stream().mapToLong(each -> count(each.user())).sum();
        assertThat(totals().sessions()).isEqualTo(alive);
        assertThat(ids.stream().filter(each -> table.find(each) != null)).hasSize((int) alive);
      }
    }
    SessionTotals totals = totals();
    assertThat(totals.signedIn()).isEqualTo(ids.size());
    assertThat(totals.terminated()).isEqualTo(terminated);
    assertThat(
            List.<ToLongFunction<SessionTotals>>of(
                SessionTotals::signedOut, SessionTotals::expired, SessionTotals::refreshed))
        .allSatisfy(each -> assertThat(each.applyAsLong(totals)).isPositive());
  }

  // --- what a touch says ---

  @Test
  void aTouchSaysTheVersionOfTheCredential() {
    SessionId id = signIn(LUCAS);
    assertThat(table.touch(id)).isEqualTo(1);
    refreshAll(LUCAS, "all");
    SessionId later = signIn(LUCAS);
    assertThat(table.touch(id)).isEqualTo(2);
    assertThat(table.touch(later)).isEqualTo(1);
    table.refresh(later, credential("one"), table.beginRefresh(LUCAS));
    assertThat(table.touch(id)).isEqualTo(2);
    assertThat(table.touch(later)).isEqualTo(2);
    refreshAll(LUCAS, "all again");
    assertThat(table.touch(id)).isEqualTo(3);
    assertThat(table.touch(later)).isEqualTo(3);
  }

  @Test
  void aTouchSaysWhatALateRefreshLeftAsItWas() {
    SessionId id = signIn(LUCAS);
    long late = table.beginRefresh(LUCAS);
    refreshAll(LUCAS, "young");
    SessionId younger = signIn(new UserInRealm("DLucas", REALM));
    table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("late")), late);
    assertThat(table.touch(id)).isEqualTo(2);
    assertThat(table.touch(younger)).isEqualTo(1);
  }

  @Test
  void aTouchSaysTheVersionHoweverManySessionsShareIt() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ids.add(signIn(LUCAS));
    }
    for (int version = 2; version < 5; version++) {
      refreshAll(LUCAS, "all");
      assertThat(ids).extracting(table::touch).containsOnly(version);
    }
    ids.subList(3, 100).forEach(each -> SignIns.signOut(table, each));
    SessionId later = signIn(LUCAS);
    refreshAll(LUCAS, "few");
    assertThat(ids.subList(0, 3)).extracting(table::touch).containsOnly(5);
    assertThat(table.touch(later)).isEqualTo(2);
  }

  @Test
  void aTouchSaysTheVersionAfterHundredsOfRefreshes() {
    List<SessionId> ids = List.of(signIn(LUCAS), signIn(LUCAS), signIn(LUCAS));
    for (int version = 2; version <= 400; version++) {
      if (version % 2 == 0) {
        refreshAll(LUCAS, "all");
      } else {
        ids.forEach(id -> table.refresh(id, credential("one"), table.beginRefresh(LUCAS)));
      }
      assertThat(ids).extracting(table::touch).containsOnly(version);
      assertThat(table.find(ids.get(0)).credentialVersion()).isEqualTo(version);
    }
  }

  // --- listeners ---

  /** Notes in words what it is told. */
  private static final class Heard implements SessionListener {

    private final List<String> ended = new ArrayList<>();
    private final List<SessionId> ids = new ArrayList<>();
    private final List<Refreshed> refreshed = new ArrayList<>();

    @Override
    public void ended(Ended event) {
      List<String> servers = event.sessions().stream().map(EndedSession::server).sorted().toList();
      ended.add(event.user() + " " + event.reason() + " " + event.all() + " " + servers);
      event.sessions().forEach(session -> ids.add(session.id()));
    }

    @Override
    public void refreshed(Refreshed event) {
      refreshed.add(event);
    }
  }

  @Test
  void aListenerHearsOfEachEndOnceAndWhy() {
    Heard heard = new Heard();
    table.listen(heard);
    SessionId out = signIn(LUCAS);
    SessionId terminated = signIn(LUCAS, "dallas");
    List<SessionId> all = List.of(signIn(LUCAS, "dallas"), signIn(LUCAS), signIn(LUCAS));
    SessionId other = signIn(JOHN);

    SignIns.signOut(table, out);
    SignIns.signOut(table, out);
    SignIns.terminate(table, terminated);
    SignIns.terminate(table, out);
    table.terminateAll(LUCAS);
    clock.advance(INACTIVE);
    table.touch(other);
    table.expire();
    table.expire();

    assertThat(heard.ended)
        .containsExactly(
            "dlucas in realm ibm.com USER_LOGGED_OUT false [cruz]",
            "dlucas in realm ibm.com TERMINATED_BY_ADMIN false [dallas]",
            "dlucas in realm ibm.com TERMINATED_BY_ADMIN true [cruz, cruz, dallas]",
            "johnq in realm ibm.com EXPIRED false [cruz]");
    assertThat(heard.ids.subList(0, 2)).containsExactly(out, terminated);
    assertThat(heard.ids.subList(2, 5)).containsExactlyElementsOf(all);
    assertThat(heard.ids.get(5)).isEqualTo(other);
  }

  @Test
  void aListenerHearsThatAllOfAUserWereEndedAlsoIfThereWasNone() {
    Heard heard = new Heard();
    table.listen(heard);
    table.terminateAll(LUCAS);
    assertThat(heard.ended).containsExactly("dlucas in realm ibm.com TERMINATED_BY_ADMIN true []");
  }

  @Test
  void aListenerHearsWhatHadExpiredAsExpired() {
    Heard heard = new Heard();
    table.listen(heard);
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(signIn(LUCAS, i % 2 == 0 ? "cruz" : "dallas"));
    }
    clock.advance(INACTIVE.dividedBy(2));
    table.touch(ids.get(0));
    table.touch(ids.get(2));
    table.touch(ids.get(4));
    clock.advance(INACTIVE.dividedBy(2));

    assertThat(table.terminateAll(LUCAS)).isEqualTo(3);

    assertThat(heard.ids).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(heard.ended)
        .contains("dlucas in realm ibm.com TERMINATED_BY_ADMIN true [cruz, cruz, cruz]")
        .filteredOn(told -> !told.contains("TERMINATED"))
        .allMatch(told -> told.startsWith("dlucas in realm ibm.com EXPIRED false [dallas"));
  }

  @Test
  void aListenerHearsOfThousandsThatEndTogether() {
    Heard heard = new Heard();
    table.listen(heard);
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      ids.add(signIn(LUCAS));
    }
    table.terminateAll(LUCAS);
    assertThat(heard.ids).isEqualTo(ids);
  }

  @Test
  void aListenerHearsOfRefreshes() {
    Heard heard = new Heard();
    table.listen(heard);
    refreshAll(LUCAS, "nobody");
    SessionId id = signIn(LUCAS);
    signIn(LUCAS);
    long late = table.beginRefresh(LUCAS);
    RefreshReport all =
        table.refreshAll(LUCAS, Map.of(LUCAS.user(), credential("new")), table.beginRefresh(LUCAS));
    table.refresh(id, credential("late"), late);
    table.refresh(id, credential("newer"), table.beginRefresh(LUCAS));

    assertThat(heard.refreshed).hasSize(2);
    assertThat(heard.refreshed.get(0)).isEqualTo(new SessionListener.Refreshed(LUCAS, null, all));
    assertThat(heard.refreshed.get(1).session()).isEqualTo(id);
    assertThat(heard.refreshed.get(1).report().sessions()).isEqualTo(1);
    assertThat(heard.ended).isEmpty();
  }

  /** In the listener another thread does all that can be done, and the listener waits for it. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aListenerIsToldInTheThreadOfTheCallOutsideEveryLock() {
    List<Thread> told = new ArrayList<>();
    List<SessionId> ids = new ArrayList<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            use();
          }

          @Override
          public void refreshed(Refreshed event) {
            use();
          }

          private void use() {
            told.add(Thread.currentThread());
            if (told.size() == 1) {
              CompletableFuture.runAsync(() -> useEverything(ids)).join();
            }
          }
        });
    for (int i = 0; i < 6; i++) {
      ids.add(signIn(LUCAS));
    }
    SignIns.signOut(table, ids.get(0));
    assertThat(told.get(0)).isSameAs(Thread.currentThread());
    told.clear();
    for (int i = 0; i < 6; i++) {
      ids.add(signIn(LUCAS));
    }
    table.terminateAll(LUCAS);
    assertThat(told.get(0)).isSameAs(Thread.currentThread());
    told.clear();
    ids.add(signIn(LUCAS));
    refreshAll(LUCAS, "new");
    assertThat(told.get(0)).isSameAs(Thread.currentThread());
    told.clear();
    for (int i = 0; i < 6; i++) {
      ids.add(signIn(LUCAS));
    }
    clock.advance(INACTIVE);
    table.expire();
    assertThat(told.get(0)).isSameAs(Thread.currentThread());
  }

  /** The listener waits for another thread, which needs the user's lock. */
  @ParameterizedTest
  @MethodSource("waysToReachASession")
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aListenerHearsOutsideEveryLockOfASessionThatIsFoundDead(
      BiPredicate<SessionTable, SessionId> reaches) {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(signIn(LUCAS));
    }
    clock.advance(INACTIVE.minus(MILLISECOND));
    signIn(LUCAS);
    clock.advance(MILLISECOND);
    List<SessionId> told = new ArrayList<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            if (event.reason() == EndReason.EXPIRED) {
              event.sessions().forEach(each -> told.add(each.id()));
              CompletableFuture.runAsync(() -> signIn(LUCAS)).join();
            }
          }
        });
    for (SessionId id : ids) {
      boolean reached = reaches.test(table, id);
      assertThat(table.find(id)).as("reached: %s", reached).isNull();
    }
    assertThat(told).containsExactlyInAnyOrderElementsOf(ids);
  }

  private void useEverything(List<SessionId> before) {
    before.forEach(table::touch);
    before.forEach(each -> SignIns.terminate(table, each));
    SessionId id = signIn(LUCAS);
    table.touch(id);
    table.find(id);
    table.list(new UserPattern("dlucas"), REALM, 9);
    SignIns.signOut(table, id);
    table.refresh(signIn(LUCAS), credential("other"), table.beginRefresh(LUCAS));
    table.previewRefresh(LUCAS, Map.of(LUCAS.user(), credential("other")));
    table.terminateAll(LUCAS);
    table.expire();
  }

  @Test
  void aListenerThatThrowsKeepsNeitherOthersNorTheOperationFromTheirWork() {
    Heard heard = new Heard();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            throw new IllegalStateException("thrown by the test");
          }

          @Override
          public void refreshed(Refreshed event) {
            throw new AssertionError("thrown by the test");
          }
        });
    table.listen(heard);
    SessionId id = signIn(LUCAS);
    assertThat(refreshAll(LUCAS, "new")).isEqualTo(1);
    assertThat(table.terminateAll(LUCAS)).isEqualTo(1);
    assertThat(heard.refreshed).hasSize(1);
    assertThat(heard.ids).containsExactly(id);
    assertGone(id);
  }

  @Test
  void aListenerWhoseSubscriptionIsClosedHearsNoMore() {
    Heard heard = new Heard();
    SessionListener.Subscription first = table.listen(heard);
    SessionListener.Subscription second = table.listen(heard);
    first.close();
    first.close();
    SignIns.signOut(table, signIn(LUCAS));
    assertThat(heard.ids).hasSize(1);
    second.close();
    SignIns.signOut(table, signIn(LUCAS));
    table.terminateAll(LUCAS);
    assertThat(heard.ids).hasSize(1);
  }

  // --- what a table can ---

  @Test
  void whatATableLacksItRefuses() {
    assertThat(table.health()).isEqualTo(SessionTable.Health.AVAILABLE);
    assertRefusedUnless(
        SessionTable.Capability.USERS_OF_A_REALM,
        () -> table.list(new UserPattern("*"), REALM, 9),
        () -> table.users(REALM),
        () -> table.largestUsers(REALM, 9),
        () -> table.beginRefresh(REALM));
    assertRefusedUnless(SessionTable.Capability.MEMORY, table::memoryBytes);
    assertRefusedUnless(
        SessionTable.Capability.PAGES,
        () -> table.listUsers(new UserPattern("*"), REALM, null, 9),
        () -> table.listSessions(LUCAS, 0, 9, false));
  }

  private void assertRefusedUnless(
      SessionTable.Capability capability, ThrowableAssert.ThrowingCallable... calls) {
    for (ThrowableAssert.ThrowingCallable call : calls) {
      if (table.capabilities().contains(capability)) {
        assertThatNoException().isThrownBy(call);
      } else {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(call);
      }
    }
  }

  // --- short forms ---

  protected static Credential credential(String principal) {
    return new Credential(principal, List.of("staff"), Map.of("mail", List.of("a@example.com")));
  }

  protected SessionId signIn(UserInRealm user) {
    return signIn(user, "cruz");
  }

  protected SessionId signIn(UserInRealm user, String server) {
    SessionId id = SignIns.enter(table, user, server, credential("signed in"), table.beginSignIn());
    assertThat(id).isNotNull();
    return id;
  }

  protected int refreshAll(UserInRealm user, String principal) {
    long epoch = table.beginRefresh(user);
    Map<String, Credential> credentials =
        table.spellings(user).stream().collect(toMap(name -> name, name -> credential(principal)));
    return table.refreshAll(user, credentials, epoch).sessions();
  }

  protected long count(String pattern) {
    return table.list(new UserPattern(pattern), REALM, 0).matched();
  }

  protected List<String> credentials(String pattern) {
    return table.list(new UserPattern(pattern), REALM, Integer.MAX_VALUE).sessions().stream()
        .map(session -> session.credential().principal())
        .toList();
  }

  protected SessionTotals totals(String server, String realm) {
    return table.totals().get(server).get(realm);
  }

  protected SessionTotals totals() {
    return table.totals().values().stream()
        .flatMap(byRealm -> byRealm.values().stream())
        .reduce(SessionTotals.NONE, SessionTotals::plus);
  }

  /** Returns the sessions of those who sign in to most tests. */
  private long count() {
    return count("dlucas") + count("johnq");
  }

  private void assumeKnowsUsersOfARealm() {
    assumeTrue(table.capabilities().contains(SessionTable.Capability.USERS_OF_A_REALM));
  }

  protected void assertGone(SessionId id) {
    assertThat(table.find(id)).isNull();
    assertThat(table.touch(id)).isZero();
    assertThat(table.list(new UserPattern("dlucas"), REALM, Integer.MAX_VALUE).sessions())
        .extracting(Session::id)
        .doesNotContain(id);
  }
}
