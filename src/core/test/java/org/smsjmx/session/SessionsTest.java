package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.memory.InMemorySessionTable;

final class SessionsTest {

  private static final UserInRealm USER = new UserInRealm("dlucas", "ibm.com");

  private static final Credential FIXED =
      new Credential("dlucas", List.of("users"), Map.of()).fixed("OidcToken");

  private final SessionTable table =
      new InMemorySessionTable(SessionTimeouts.DEFAULT, new HandClock());
  private final Sessions sessions = new Sessions(table, this::read, new HandClock());

  private int readings;
  private Runnable duringNextReading = () -> {};

  private Credential read(String user) {
    if (user.equals("unknown")) {
      throw new UserRegistry.UnknownUserException(user);
    }
    if (user.equals("twins")) {
      throw new UserRegistry.NoCredentialException("two entries are user twins");
    }
    Credential credential = new Credential(user + " " + ++readings, List.of(), Map.of());
    Runnable action = duringNextReading;
    duringNextReading = () -> {};
    action.run();
    return credential;
  }

  @Test
  void severalSignInsTakeOneReading() {
    List<SessionId> ids = sessions.signIn(USER, "cruz", 5);
    assertThat(ids).doesNotHaveDuplicates().hasSize(5).allMatch(each -> table.touch(each) > 0);
    assertThat(readings).isEqualTo(1);
  }

  @Test
  void aSignInDuringATerminateBeginsAgain() {
    duringNextReading = () -> table.terminateAll(USER);
    SessionId id = sessions.signIn(USER, "cruz");
    assertThat(table.find(id).credential().principal()).isEqualTo("dlucas 2");
  }

  @Test
  void aSignInDuringARefreshReadsTheRegistryAgain() {
    duringNextReading = () -> sessions.refreshAll(USER);
    SessionId id = sessions.signIn(USER, "cruz");
    assertThat(table.find(id).credential().principal()).isEqualTo("dlucas 3");
  }

  @Test
  void aSignInWithAFixedCredentialEntersAcrossARefresh() {
    long begun = sessions.beginSignIn();
    sessions.refreshAll(USER);

    SignIn signIn = sessions.signIn(USER, "cruz", FIXED, SessionFacts.NONE, begun);

    assertThat(signIn).isInstanceOf(SignIn.Entered.class);
  }

  @Test
  void aSignInWithAFixedCredentialIsRefusedAcrossATerminate() {
    long begun = sessions.beginSignIn();
    sessions.terminateAll(USER);

    assertThat(sessions.signIn(USER, "cruz", FIXED, SessionFacts.NONE, begun))
        .isEqualTo(SignIn.Refused.TERMINATED);
  }

  @Test
  void aUserWhoseCredentialsAreAllFixedNeedNotBeInTheRegistry() {
    UserInRealm unknown = new UserInRealm("unknown", "ibm.com");
    sessions.signIn(unknown, "cruz", FIXED, SessionFacts.NONE, sessions.beginSignIn());

    assertThat(sessions.refreshAll(unknown).kept()).isEqualTo(1);
    assertThat(sessions.previewRefresh(unknown).kept()).isEqualTo(1);
    assertThat(sessions.refreshAll("unknown", List.of("ibm.com")).get("ibm.com").kept())
        .isEqualTo(1);
  }

  @Test
  void oneSessionWithAFixedCredentialIsNotRefreshed() {
    SignIn signIn = sessions.signIn(USER, "cruz", FIXED, SessionFacts.NONE, sessions.beginSignIn());
    Session session = table.find(((SignIn.Entered) signIn).id());

    assertThatExceptionOfType(UserRegistry.NoCredentialException.class)
        .isThrownBy(() -> sessions.refresh(session))
        .withMessage("1 session signed in by OidcToken, which cannot be rebuilt from it");
  }

  @Test
  void aRefreshDuringARefreshStays() {
    Session session = table.find(sessions.signIn(USER, "cruz"));
    duringNextReading = () -> assertThat(sessions.refreshAll(USER).sessions()).isEqualTo(1);
    assertThat(sessions.refresh(session)).isTrue();
    assertThat(table.find(session.id()).credential().principal()).isEqualTo("dlucas 3");
  }

  @Test
  void aSignInDuringARefreshOfSeveralRealmsReadsTheRegistryAgainInEachOfThem() {
    List<String> realms = List.of("ibm.com", "partners.example.com", "shop.example.com");
    for (String realm : realms) {
      int before = readings;
      duringNextReading = () -> sessions.refreshAll("dlucas", realms);
      SessionId id = sessions.signIn(new UserInRealm("dlucas", realm), "cruz");
      assertThat(table.find(id).credential().principal()).isEqualTo("dlucas " + (before + 3));
    }
  }

  @Test
  void ofTwoRefreshesOfSeveralRealmsTheOneThatBeganLaterStays() {
    List<String> realms = List.of("ibm.com", "partners.example.com");
    List<SessionId> ids =
        realms.stream()
            .map(realm -> sessions.signIn(new UserInRealm("dlucas", realm), "cruz"))
            .toList();
    duringNextReading = () -> sessions.refreshAll("dlucas", realms);

    assertThat(sessions.refreshAll("dlucas", realms))
        .isEqualTo(
            Map.of(
                "ibm.com", RefreshReport.NOTHING, "partners.example.com", RefreshReport.NOTHING));
    assertThat(ids)
        .allSatisfy(
            id -> assertThat(table.find(id).credential().principal()).isEqualTo("dlucas 4"));
  }

  @Test
  void aRefreshOfASessionThatIsOverIsRefused() {
    Session session = table.find(sessions.signIn(USER, "cruz"));
    duringNextReading = () -> SignIns.terminate(table, session.id());
    assertThat(sessions.refresh(session)).isFalse();
  }

  @Test
  void aRefreshThatCannotReadTheRegistryChangesNothing() {
    UserInRealm unknown = new UserInRealm("unknown", "ibm.com");
    Credential credential = new Credential("was known", List.of(), Map.of());
    long epoch = table.beginSignIn();
    SessionId id = SignIns.enter(table, unknown, "cruz", credential, epoch);
    Session before = table.find(id);

    assertThatExceptionOfType(UserRegistry.UnknownUserException.class)
        .isThrownBy(() -> sessions.refreshAll(unknown));
    assertThatExceptionOfType(UserRegistry.UnknownUserException.class)
        .isThrownBy(() -> sessions.refresh(before));

    assertThat(table.find(id)).isEqualTo(before);
    assertThat(SignIns.enter(table, unknown, "cruz", credential, epoch)).isNotNull();
  }

  @Test
  void anAnswerThatGivesNoCredentialConcernsThatUserAlone() {
    UserInRealm twins = new UserInRealm("twins", "ibm.com");
    Credential credential = new Credential("as it was", List.of(), Map.of());
    SessionId id = SignIns.enter(table, twins, "cruz", credential, table.beginSignIn());
    Session before = table.find(id);
    SessionId other = sessions.signIn(USER, "cruz");

    for (Runnable operation :
        List.<Runnable>of(
            () -> sessions.signIn(twins, "cruz"),
            () -> sessions.refreshAll(twins),
            () -> sessions.previewRefresh(twins),
            () -> sessions.refresh(before))) {
      assertThatExceptionOfType(UserRegistry.NoCredentialException.class)
          .isThrownBy(operation::run);
      assertThat(sessions.registryState().failure()).as("it did answer").isNull();
    }
    assertThat(sessions.refreshRealm("ibm.com")).isEqualTo(1);

    assertThat(sessions.realmRefresh())
        .isEqualTo(new Sessions.RealmRefresh("ibm.com", 2, 2, 1, 1, false));
    assertThat(table.find(id)).isEqualTo(before);
    assertThat(table.find(other).credential().principal()).isEqualTo("dlucas 2");
  }

  private static UserInRealm named(String name) {
    return new UserInRealm(name, "ibm.com");
  }

  private String principal(SessionId id) {
    return table.find(id).credential().principal();
  }

  @Test
  void aRefreshReadsOnceForEachSpellingAndGivesNoneTheAnswerOfAnother() {
    SessionId sharp = sessions.signIn(named("stra\u00DFe"), "cruz");
    SessionId plain = sessions.signIn(named("strasse"), "dallas");
    List<SessionId> capitals = sessions.signIn(named("STRASSE"), "cruz", 3);
    readings = 0;

    assertThat(sessions.refreshAll(named("Strasse")).sessions()).isEqualTo(5);

    assertThat(readings).isEqualTo(3);
    assertThat(principal(sharp)).startsWith("stra\u00DFe ");
    assertThat(principal(plain)).startsWith("strasse ");
    assertThat(capitals).allMatch(id -> principal(id).equals(principal(capitals.get(0))));
    assertThat(principal(capitals.get(0))).startsWith("STRASSE ");
    assertThat(table.find(sharp).user().user()).isEqualTo("stra\u00DFe");
    assertThat(table.find(sharp).credentialVersion()).isEqualTo(2);
  }

  @Test
  void aSpellingThatIsGoneIsNotRead() {
    SessionId first = sessions.signIn(named("DLucas"), "cruz");
    sessions.signIn(USER, "cruz");
    sessions.signOut(first);
    readings = 0;

    assertThat(sessions.refreshAll(named("DLUCAS")).sessions()).isEqualTo(1);
    assertThat(readings).isEqualTo(1);
    assertThat(sessions.previewRefresh(named("DLUCAS")).sessions()).isEqualTo(1);
  }

  @Test
  void theRefreshOfOneSessionReadsItsOwnSpelling() {
    sessions.signIn(USER, "cruz");
    SessionId other = sessions.signIn(named("DLucas"), "cruz");

    assertThat(sessions.refresh(table.find(other))).isTrue();

    assertThat(principal(other)).isEqualTo("DLucas 3");
  }

  @Test
  void aSpellingThatTheRegistryDoesNotKnowKeepsItsCredentialAndStopsNoOther() {
    UserInRealm capitals = named("UNKNOWN");
    Credential known = new Credential("was known", List.of(), Map.of());
    SessionId gone = SignIns.enter(table, named("unknown"), "cruz", known, table.beginSignIn());
    SessionId other = sessions.signIn(capitals, "cruz");

    assertThatExceptionOfType(UserRegistry.UnknownUserException.class)
        .isThrownBy(() -> sessions.refreshAll(capitals))
        .withMessageContaining("unknown");

    assertThat(table.find(gone).credential()).isEqualTo(known);
    assertThat(principal(other)).isEqualTo("UNKNOWN 2");
    assertThat(sessions.refreshRealm("ibm.com")).isEqualTo(1);
    assertThat(sessions.realmRefresh())
        .isEqualTo(new Sessions.RealmRefresh("ibm.com", 1, 1, 1, 1, false));
  }

  @Test
  void aSignInUnderAnotherSpellingThatEntersDuringARefreshIsRefreshedToo() {
    sessions.signIn(USER, "cruz");
    UserInRealm late = named("DLucas");
    long epoch = table.beginSignIn();
    Credential old = new Credential("read before", List.of(), Map.of());
    SessionId[] entered = new SessionId[1];
    duringNextReading = () -> entered[0] = SignIns.enter(table, late, "cruz", old, epoch);

    assertThat(sessions.refreshAll(USER).sessions()).isEqualTo(2);

    assertThat(principal(entered[0])).isEqualTo("DLucas 3");
    assertThat(SignIns.enter(table, named("DLUCAS"), "cruz", old, epoch)).isNull();
  }

  @Test
  void namesThatDifferInLetterCaseAreTwoUsersWhereNamesAreExact() {
    SessionTable exactTable =
        new InMemorySessionTable(
            SessionTimeouts.DEFAULT, RefreshRules.DEFAULT, UserNames.EXACT, new HandClock());
    Sessions exact = new Sessions(exactTable, this::read, new HandClock());
    exact.signIn(USER, "cruz");
    exact.signIn(named("DLucas"), "cruz", 2);
    exact.signIn(named("A Name That Is Not Packed"), "cruz");

    assertThat(exact.users("ibm.com")).isEqualTo(3);
    assertThat(exact.list(new UserPattern("DL*"), "ibm.com", 9).matched()).isEqualTo(2);
    assertThat(exact.list(new UserPattern("dlucas"), "ibm.com", 9).matched()).isEqualTo(1);
    assertThat(exact.list(new UserPattern("* Not *"), "ibm.com", 9).matched()).isEqualTo(1);
    assertThat(exact.refreshRealm("ibm.com")).isEqualTo(4);
    assertThat(exact.terminateAll(named("DLUCAS"))).isZero();
    assertThat(exact.terminateAll(named("DLucas"))).isEqualTo(2);
    assertThat(exact.terminateAll(named("A Name That Is Not Packed"))).isEqualTo(1);
    assertThat(exact.terminateAll(USER)).isEqualTo(1);
  }

  // --- sign-ins of users who prove at first who they are ---

  private SessionId entered(SignIn signIn) {
    return ((SignIn.Entered) signIn).id();
  }

  @Test
  void aLogInReadsTheRegistryOnceAndHasItsFacts() {
    SessionFacts facts = new SessionFacts("192.0.2.7", null, null, null, null, null);
    long begun = sessions.beginSignIn();
    SessionId id = entered(sessions.signIn(USER, "cruz", facts, begun));
    assertThat(table.find(id).facts()).isEqualTo(facts);
    assertThat(principal(id)).isEqualTo("dlucas 1");
    assertThat(readings).isEqualTo(1);
  }

  @Test
  void aLogInReadsAgainAfterARefresh() {
    for (Runnable refresh :
        List.<Runnable>of(
            () -> sessions.refreshAll(USER),
            () -> sessions.refreshAll("dlucas", List.of("ibm.com", "partners.example.com")),
            () -> sessions.refreshRealm("ibm.com"))) {
      long begun = sessions.beginSignIn();
      int before = readings;
      duringNextReading = refresh;
      SessionId id = entered(sessions.signIn(USER, "cruz", SessionFacts.NONE, begun));
      assertThat(principal(id)).isEqualTo("dlucas " + readings);
      assertThat(readings).isGreaterThan(before + 1);
      sessions.signOut(id);
    }
  }

  @Test
  void aLogInThatARefreshPrecededReadsOnce() {
    long begun = sessions.beginSignIn();
    sessions.refreshAll(USER);
    int before = readings;
    entered(sessions.signIn(USER, "cruz", SessionFacts.NONE, begun));
    assertThat(readings).isEqualTo(before + 1);
  }

  @Test
  void aLogInGivesUpAfterATerminateWheneverThatWas() {
    long begun = sessions.beginSignIn();
    sessions.terminateAll(named("DLUCAS"));
    assertThat(sessions.signIn(USER, "cruz", SessionFacts.NONE, begun))
        .isEqualTo(SignIn.Refused.TERMINATED);

    duringNextReading = () -> sessions.terminateAll(USER);
    assertThat(sessions.signIn(USER, "cruz", SessionFacts.NONE, sessions.beginSignIn()))
        .isEqualTo(SignIn.Refused.TERMINATED);

    duringNextReading =
        () -> {
          sessions.refreshAll(USER);
          sessions.terminateAll(USER);
        };
    assertThat(sessions.signIn(USER, "cruz", SessionFacts.NONE, sessions.beginSignIn()))
        .isEqualTo(SignIn.Refused.TERMINATED);
    assertThat(sessions.users("ibm.com")).isZero();
    entered(sessions.signIn(USER, "cruz", SessionFacts.NONE, sessions.beginSignIn()));
  }

  @Test
  void aLogInGivesUpAfterATerminateBehindARefresh() {
    duringNextReading =
        () -> {
          sessions.refreshAll(USER);
          duringNextReading = () -> sessions.terminateAll(USER);
        };
    assertThat(sessions.signIn(USER, "cruz", SessionFacts.NONE, sessions.beginSignIn()))
        .isEqualTo(SignIn.Refused.TERMINATED);
  }

  @Test
  void aLogInOfWhichTheRegistryGivesNoCredentialLeavesNothing() {
    long begun = sessions.beginSignIn();
    assertThatExceptionOfType(UserRegistry.UnknownUserException.class)
        .isThrownBy(() -> sessions.signIn(named("unknown"), "cruz", SessionFacts.NONE, begun));
    assertThatExceptionOfType(UserRegistry.NoCredentialException.class)
        .isThrownBy(() -> sessions.signIn(named("twins"), "cruz", SessionFacts.NONE, begun));
    assertThat(sessions.registryState().failure()).isNull();

    duringNextReading =
        () -> {
          throw new UserRegistry.RegistryUnavailableException("away");
        };
    assertThatExceptionOfType(UserRegistry.RegistryUnavailableException.class)
        .isThrownBy(() -> sessions.signIn(USER, "cruz", SessionFacts.NONE, begun));
    assertThat(sessions.registryState().failure()).isEqualTo("away");
    assertThat(sessions.users("ibm.com")).isZero();
    assertThat(sessions.total()).isEqualTo(SessionTotals.NONE);

    entered(sessions.signIn(USER, "cruz", SessionFacts.NONE, begun));
    assertThat(sessions.registryState().failure()).isNull();
  }

  @Test
  void aLogInWithACredentialOfItsOwnIsOneAttemptAndAsksNoRegistry() {
    Credential own = new Credential("own", List.of("staff"), Map.of());
    long begun = sessions.beginSignIn();
    SessionId id = entered(sessions.signIn(named("DLucas"), "cruz", own, SessionFacts.NONE, begun));
    assertThat(table.find(id).credential()).isEqualTo(own);
    assertThat(readings).isZero();

    sessions.refreshAll(USER);
    assertThat(sessions.signIn(USER, "cruz", own, SessionFacts.NONE, begun))
        .isEqualTo(SignIn.Refused.REFRESHED);
    sessions.terminateAll(USER);
    assertThat(sessions.signIn(USER, "cruz", own, SessionFacts.NONE, begun))
        .isEqualTo(SignIn.Refused.TERMINATED);
    assertThat(sessions.users("ibm.com")).isZero();
  }

  @Test
  void aLogInIsOfTheUserAsTheTableComparesNames() {
    SessionTable exactTable =
        new InMemorySessionTable(
            SessionTimeouts.DEFAULT, RefreshRules.DEFAULT, UserNames.EXACT, new HandClock());
    Sessions exact = new Sessions(exactTable, this::read, new HandClock());
    long begun = exact.beginSignIn();
    exact.terminateAll(named("DLUCAS"));
    entered(exact.signIn(USER, "cruz", SessionFacts.NONE, begun));
    exact.terminateAll(USER);
    assertThat(exact.signIn(USER, "cruz", SessionFacts.NONE, begun))
        .isEqualTo(SignIn.Refused.TERMINATED);
  }

  @Test
  void aSessionHasItsOwnLimitAndEndsForTheReasonGiven() {
    SessionId id = sessions.signIn(USER, "cruz");
    assertThat(sessions.limitInactivity(id, Duration.ofMinutes(1))).isTrue();
    assertThat(sessions.end(id, EndReason.EXPIRED)).isTrue();
    assertThat(sessions.end(id, EndReason.EXPIRED)).isFalse();
    assertThat(sessions.limitInactivity(id, Duration.ofMinutes(1))).isFalse();
    assertThat(sessions.total()).isEqualTo(new SessionTotals(1, 0, 0, 1, 0));
  }
}
