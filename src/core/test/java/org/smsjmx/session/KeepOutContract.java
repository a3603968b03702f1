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

/** What every session table with {@link SessionTable.Capability#KEEP_OUT} must do. */
public abstract class KeepOutContract {

  private static final String REALM = "ibm.com";
  private static final UserInRealm USER = new UserInRealm("dlucas", REALM);
  private static final UserInRealm OTHER = new UserInRealm("johnq", REALM);
  private static final Duration HOUR = Duration.ofHours(1);

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
  void keepingOutEndsAllSessionsAndRefusesFurtherOnesOfThatUserAlone() {
    SessionId ended = entered(USER, "cruz");
    entered(USER, "dallas");
    SessionId other = entered(OTHER, "cruz");

    assertThat(table.keepOut(USER, HOUR, "helper", "ticket 7"))
        .isEqualTo(new TerminationReport(2, 2, 0, 0, 0, Map.of("cruz", 1L, "dallas", 1L)));

    assertThat(table.touch(ended)).isZero();
    assertThat(signIn(USER)).isEqualTo(SignIn.Refused.KEPT_OUT);
    assertThat(signIn(new UserInRealm("DLucas", REALM))).isEqualTo(SignIn.Refused.KEPT_OUT);
    assertThat(table.touch(other)).isPositive();
    assertThat(signIn(OTHER)).isInstanceOf(SignIn.Entered.class);
    assertThat(signIn(new UserInRealm("dlucas", "partners.example.com")))
        .isInstanceOf(SignIn.Entered.class);
    assertThat(table.users(REALM)).isEqualTo(1);
  }

  @Test
  void aSignInThatBeganBeforeIsRefusedAndSoIsOneWithAnOldReading() {
    long begun = table.beginSignIn();
    table.keepOut(USER, HOUR, "helper", "");
    assertThat(signIn(USER, begun)).isEqualTo(SignIn.Refused.KEPT_OUT);
    table.letIn(USER);
    assertThat(signIn(USER, begun)).isEqualTo(SignIn.Refused.TERMINATED);
  }

  @Test
  void theUserIsInAgainWhenTheTimeIsOverAndNotAMomentBefore() {
    table.keepOut(USER, HOUR, "helper", "");
    clock.advance(HOUR.minusMillis(1));
    assertThat(signIn(USER)).isEqualTo(SignIn.Refused.KEPT_OUT);
    clock.advance(Duration.ofMillis(1));
    assertThat(table.keptOut(REALM)).isEmpty();
    assertThat(table.letIn(USER)).isFalse();
    assertThat(signIn(USER)).isInstanceOf(SignIn.Entered.class);
    table.expire();
    assertThat(signIn(USER)).isInstanceOf(SignIn.Entered.class);
  }

  @Test
  void settingTheClockLetsNobodyIn() {
    table.keepOut(USER, HOUR, "helper", "");
    clock.set(Duration.ofDays(1));
    table.expire();
    assertThat(signIn(USER)).isEqualTo(SignIn.Refused.KEPT_OUT);
    assertThat(table.keptOut(REALM))
        .extracting(KeptOut::until)
        .containsExactly(clock.instant().plus(HOUR));
  }

  @Test
  void thoseKeptOutAreListedByNameWithWhoAndWhy() {
    table.keepOut(USER, HOUR, "helper", "ticket 7");
    table.keepOut(new UserInRealm("Adam", REALM), HOUR.multipliedBy(2), "admin", "");
    assertThat(table.keptOut(REALM))
        .containsExactly(
            new KeptOut("Adam", clock.instant().plus(HOUR.multipliedBy(2)), "admin", ""),
            new KeptOut("dlucas", clock.instant().plus(HOUR), "helper", "ticket 7"));
    assertThat(table.keptOut("partners.example.com")).isEmpty();
  }

  @Test
  void lettingInSaysWhetherTheUserWasKeptOut() {
    table.keepOut(USER, HOUR, "helper", "");
    assertThat(table.letIn(OTHER)).isFalse();
    assertThat(table.letIn(new UserInRealm("DLUCAS", REALM))).isTrue();
    assertThat(table.letIn(USER)).isFalse();
    assertThat(signIn(USER)).isInstanceOf(SignIn.Entered.class);
  }

  @Test
  void keepingOutAgainSetsTheTimeAnew() {
    table.keepOut(USER, HOUR, "helper", "");
    table.keepOut(USER, Duration.ofMinutes(1), "admin", "");
    assertThat(table.keptOut(REALM)).extracting(KeptOut::by).containsExactly("admin");
    clock.advance(Duration.ofMinutes(1));
    assertThat(signIn(USER)).isInstanceOf(SignIn.Entered.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1H", "P7DT0.001S", "PT0.0001S"})
  void aTimeOutOfBoundsDoesNothing(String time) {
    SessionId id = entered(USER, "cruz");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.keepOut(USER, Duration.parse(time), "helper", ""))
        .withMessageContaining("duration");
    assertThat(table.touch(id)).isPositive();
    assertThat(table.keptOut(REALM)).isEmpty();
  }

  @Test
  void soManyAreKeptOutAndNoMore() {
    for (int i = 0; i < KeptOut.MOST_USERS; i++) {
      table.keepOut(new UserInRealm("user" + i, REALM), HOUR, "helper", "");
    }
    SessionId id = entered(USER, "cruz");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.keepOut(USER, HOUR, "helper", ""))
        .withMessageContaining("10000 users");
    assertThat(table.touch(id)).isPositive();
    clock.advance(HOUR);
    assertThat(table.keepOut(USER, HOUR, "helper", "").ended()).isEqualTo(0);
    assertThat(table.keptOut(REALM)).hasSize(1);
  }

  @Test
  void listenersHearThatAllEnded() {
    List<SessionListener.Ended> told = new ArrayList<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            told.add(event);
          }
        });
    entered(USER, "cruz");
    table.keepOut(USER, HOUR, "helper", "");
    assertThat(told).hasSize(1).allMatch(SessionListener.Ended::all);
  }

  private SessionId entered(UserInRealm user, String server) {
    return SignIns.enter(table, user, server, credential(), table.beginSignIn());
  }

  private SignIn signIn(UserInRealm user) {
    return signIn(user, table.beginSignIn());
  }

  private SignIn signIn(UserInRealm user, long begun) {
    return table.signIn(user, "cruz", credential(), SessionFacts.NONE, begun, begun);
  }

  private static Credential credential() {
    return new Credential("any", List.of("staff"), Map.of());
  }
}
