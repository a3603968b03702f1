package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every session table with {@link SessionTable.Capability#SESSION_LIMIT} must do. */
public abstract class SessionLimitContract {

  private static final String REALM = "ibm.com";
  private static final UserInRealm USER = new UserInRealm("dlucas", REALM);
  private static final UserInRealm OTHER = new UserInRealm("johnq", REALM);

  private final HandClock clock = new HandClock();
  private final SessionTable table = newTable(SessionTimeouts.DEFAULT, clock);

  /**
   * Makes an empty table.
   *
   * @param timeouts when its sessions end by themselves
   * @param clock tells both times; it moves only when the test moves it
   */
  protected abstract SessionTable newTable(SessionTimeouts timeouts, TimeSource clock);

  @Test
  void aSignInBeyondTheLimitIsRefusedAndNothingEnds() {
    limit("2");
    List<SessionId> ids = entered(USER, 2);
    assertThat(signIn(USER)).isEqualTo(SignIn.Refused.LIMIT_REACHED);
    assertThat(ids).allMatch(id -> table.touch(id) > 0);
    assertThat(signIn(OTHER)).isInstanceOf(SignIn.Entered.class);
    assertThat(totals()).isEqualTo(new SessionTotals(3, 0, 0, 0, 0, 0));
  }

  @Test
  void sessionsThatHaveEndedOrExpiredNeverCount() {
    limit("3");
    List<SessionId> ids = entered(USER, 3);
    SignIns.signOut(table, ids.get(0));
    assertThat(signIn(USER)).isInstanceOf(SignIn.Entered.class);
    SignIns.terminate(table, ids.get(1));
    assertThat(signIn(USER)).isInstanceOf(SignIn.Entered.class);
    clock.advance(SessionTimeouts.DEFAULT.inactive());
    entered(USER, 3);
    assertThat(signIn(USER)).isEqualTo(SignIn.Refused.LIMIT_REACHED);
    assertThat(totals()).isEqualTo(new SessionTotals(8, 1, 1, 3, 0, 0));
    table.terminateAll(USER);
    entered(USER, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"displace", "displace:3", "displace:7"})
  void theOldestIsDisplaced(String value) {
    limit(value);
    int most = SessionLimit.parse(value).maximum();
    List<SessionId> ids = entered(USER, 10);
    assertThat(ids.subList(0, 10 - most)).allMatch(id -> table.touch(id) == 0);
    assertThat(ids.subList(10 - most, 10)).allMatch(id -> table.touch(id) > 0);
    assertThat(totals()).isEqualTo(new SessionTotals(10, 0, 0, 0, 10 - most, 0));
    assertThat(totals().sessions()).isEqualTo(most);
  }

  @Test
  void listenersHearOnceOfEachSessionThatIsDisplaced() {
    List<String> told = new ArrayList<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            assertThat(table.find(event.sessions().get(0).id())).isNull();
            told.add(event.reason() + " " + event.all() + " " + event.sessions().size());
          }
        });
    entered(USER, 4);
    limit("displace:2");
    entered(USER, 2);
    assertThat(told).containsExactly("DISPLACED false 3", "DISPLACED false 1");
  }

  @Test
  void whatHasExpiredIsNotDisplaced() {
    limit("displace");
    entered(USER, 1);
    clock.advance(SessionTimeouts.DEFAULT.inactive());
    entered(USER, 1);
    assertThat(totals()).isEqualTo(new SessionTotals(2, 0, 0, 1, 0, 0));
  }

  @Test
  void aLoweredLimitEndsNobodyUntilTheNextSignIn() {
    List<SessionId> ids = entered(USER, 6);
    limit("displace:2");
    assertThat(ids).allMatch(id -> table.touch(id) > 0);
    entered(USER, 1);
    assertThat(ids.subList(0, 5)).allMatch(id -> table.touch(id) == 0);
    assertThat(table.touch(ids.get(5))).isPositive();

    limit("unset");
    entered(OTHER, 6);
    limit("2");
    assertThat(signIn(OTHER)).isEqualTo(SignIn.Refused.LIMIT_REACHED);
    assertThat(table.list(new UserPattern("johnq"), REALM, 0).matched()).isEqualTo(6);
  }

  @Test
  void theUsersOwnLimitIsNearestThenThatOfTheCredentialThenThatOfTheRealm() {
    limit("1");
    entered(USER, 1);
    assertThat(signIn(USER)).isEqualTo(SignIn.Refused.LIMIT_REACHED);
    assertThat(signIn(USER, "2")).isInstanceOf(SignIn.Entered.class);
    assertThat(signIn(USER, "2")).isEqualTo(SignIn.Refused.LIMIT_REACHED);
    table.limitSessions(new UserInRealm("DLucas", REALM), SessionLimit.parse("3"));
    assertThat(signIn(USER, "2")).isInstanceOf(SignIn.Entered.class);
    assertThat(signIn(USER, "unlimited")).isEqualTo(SignIn.Refused.LIMIT_REACHED);
    table.limitSessions(USER, SessionLimit.UNLIMITED);
    assertThat(signIn(USER, "2")).isInstanceOf(SignIn.Entered.class);
    table.limitSessions(USER, SessionLimit.UNSET);
    assertThat(signIn(USER, "unset")).isEqualTo(SignIn.Refused.LIMIT_REACHED);
    assertThat(signIn(USER, "UNLIMITED")).isInstanceOf(SignIn.Entered.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "three", "1000001", "displace:0", "displace:"})
  void aWrongValueInTheRegistryIsAsIfThereWereNone(String value) {
    assertThat(signIn(USER, value)).isInstanceOf(SignIn.Entered.class);
    assertThat(signIn(USER, value)).isInstanceOf(SignIn.Entered.class);
    limit("2");
    assertThat(signIn(USER, value)).isEqualTo(SignIn.Refused.LIMIT_REACHED);
  }

  @Test
  void theRegistrysAttributeIsReadInAnyLetterCaseAndAmongOthers() {
    Map<String, List<String>> attributes =
        Map.of("cn", List.of("D"), "MAX-concurrent-Web-Sessions", List.of(" 1 "), "sn", List.of());
    Credential credential = new Credential("any", List.of("staff"), attributes);
    assertThat(signIn(USER, credential)).isInstanceOf(SignIn.Entered.class);
    assertThat(signIn(USER, credential)).isEqualTo(SignIn.Refused.LIMIT_REACHED);
  }

  @Test
  void theLimitsThatAreSetAreTold() {
    assertThat(table.sessionLimits(REALM)).isEqualTo(SessionLimits.NONE);
    limit("displace:3");
    table.limitSessions(USER, SessionLimit.parse("5"));
    assertThat(table.sessionLimits(REALM))
        .isEqualTo(
            new SessionLimits(
                SessionLimit.parse("displace:3"), Map.of("dlucas", SessionLimit.parse("5"))));
    limit("unset");
    table.limitSessions(USER, SessionLimit.UNSET);
    assertThat(table.sessionLimits(REALM)).isEqualTo(SessionLimits.NONE);
  }

  @Test
  void otherRealmsHaveLimitsOfTheirOwn() {
    limit("1");
    entered(USER, 1);
    entered(new UserInRealm("dlucas", "partners.example.com"), 5);
    assertThat(signIn(USER)).isEqualTo(SignIn.Refused.LIMIT_REACHED);
  }

  @Test
  void soManyUsersHaveALimitOfTheirOwnAndNoMore() {
    for (int i = 0; i < SessionLimit.MOST_USERS; i++) {
      table.limitSessions(new UserInRealm("user" + i, REALM), SessionLimit.parse("1"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.limitSessions(USER, SessionLimit.parse("1")))
        .withMessageContaining("10000 users");
    table.limitSessions(new UserInRealm("user7", REALM), SessionLimit.parse("2"));
    table.limitSessions(USER, SessionLimit.UNSET);
  }

  @Test
  void aSignInThatIsKeptOutOrOvertakenDisplacesNobody() {
    limit("displace");
    SessionId id = entered(OTHER, 1).get(0);
    long begun = table.beginSignIn();
    table.beginRefresh(OTHER);
    table.refreshAll(OTHER, Map.of(), table.beginRefresh(OTHER));
    assertThat(table.signIn(OTHER, "cruz", credential(), SessionFacts.NONE, begun, begun))
        .isEqualTo(SignIn.Refused.REFRESHED);
    assertThat(table.touch(id)).isPositive();
  }

  @Test
  void anIdleLimitOfItsOwnEndsASessionBeforeItCounts() {
    limit("1");
    SessionId id = entered(USER, 1).get(0);
    table.limitInactivity(id, Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(signIn(USER)).isInstanceOf(SignIn.Entered.class);
  }

  private void limit(String value) {
    table.limitSessions(REALM, SessionLimit.parse(value));
  }

  private List<SessionId> entered(UserInRealm user, int count) {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(((SignIn.Entered) signIn(user)).id());
      clock.advance(Duration.ofMillis(1));
    }
    return ids;
  }

  private SignIn signIn(UserInRealm user) {
    return signIn(user, credential());
  }

  private SignIn signIn(UserInRealm user, String limit) {
    return signIn(
        user,
        new Credential(
            "any", List.of("staff"), Map.of("max-concurrent-web-sessions", List.of(limit))));
  }

  private SignIn signIn(UserInRealm user, Credential credential) {
    long begun = table.beginSignIn();
    return table.signIn(user, "cruz", credential, SessionFacts.NONE, begun, begun);
  }

  private static Credential credential() {
    return new Credential("any", List.of("staff"), Map.of());
  }

  private SessionTotals totals() {
    return table.totals().values().stream()
        .flatMap(byRealm -> byRealm.values().stream())
        .reduce(SessionTotals.NONE, SessionTotals::plus);
  }
}
