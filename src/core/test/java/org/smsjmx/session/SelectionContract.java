package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every session table with {@link SessionTable.Capability#SELECTION} must do. */
public abstract class SelectionContract {

  private static final String REALM = "ibm.com";

  protected final HandClock clock = new HandClock();
  private final SessionTable table = newTable(SessionTimeouts.DEFAULT, clock);

  /**
   * Makes an empty table.
   *
   * @param timeouts when its sessions end by themselves
   * @param clock tells both times; it moves only when the test moves it
   */
  protected abstract SessionTable newTable(SessionTimeouts timeouts, TimeSource clock);

  // --- a set fixed at a moment ---

  @Test
  void selectingFindsSessionsAndEndsNone() {
    SessionId first = signIn("dlucas", "cruz");
    signIn("dlucas", "dallas");
    signIn("johnq", "cruz");
    signIn("mary", "cruz");

    SelectedSessions selected = select("user-pattern=*lu*", 1);
    assertThat(selected.matched()).isEqualTo(2);
    assertThat(selected.users()).isEqualTo(1);
    assertThat(selected.byServer()).isEqualTo(Map.of("cruz", 1L, "dallas", 1L));
    assertThat(selected.first()).extracting(Session::id).containsExactly(first);
    assertThat(selected.members().memoryBytes()).isPositive();

    assertThat(select("everyone=yes,server=cruz", 9).users()).isEqualTo(3);
    assertThat(select("user=nobody", 9))
        .extracting(SelectedSessions::matched, SelectedSessions::users)
        .containsExactly(0L, 0L);
    assertThat(totals()).isEqualTo(new SessionTotals(4, 0, 0, 0, 0));
  }

  @Test
  void whatWasSelectedEndsAndNothingElse() {
    List<SessionId> before = List.of(signIn("dlucas", "cruz"), signIn("dlucas", "dallas"));
    SelectedSessions selected = select("user=DLucas", 0);
    SessionId later = signIn("dlucas", "cruz");

    assertThat(table.terminate(selected))
        .isEqualTo(new TerminationReport(2, 2, 0, 0, 0, Map.of("cruz", 1L, "dallas", 1L)));

    assertThat(before).allSatisfy(this::assertGone);
    assertThat(table.touch(later)).isPositive();
    assertThat(totals()).isEqualTo(new SessionTotals(3, 0, 2, 0, 0));
    assertThat(table.terminate(selected)).isEqualTo(new TerminationReport(2, 0, 2, 0, 0, Map.of()));
  }

  @Test
  void whatHasEndedMeanwhileIsAlreadyGone() {
    SessionId left = signIn("dlucas", "cruz");
    SessionId terminated = signIn("dlucas", "cruz");
    signIn("dlucas", "cruz");
    SelectedSessions selected = select("user=dlucas", 0);
    SignIns.signOut(table, left);
    SignIns.terminate(table, terminated);

    assertThat(table.terminate(selected))
        .isEqualTo(new TerminationReport(3, 1, 2, 0, 0, Map.of("cruz", 1L)));
  }

  @Test
  void whatHasExpiredMeanwhileIsAlreadyGoneAndCountsAsExpired() {
    signIn("dlucas", "cruz");
    SelectedSessions selected = select("user=dlucas", 0);
    clock.advance(Duration.ofMinutes(10));

    assertThat(table.terminate(selected)).isEqualTo(new TerminationReport(1, 0, 1, 0, 0, Map.of()));
    assertThat(totals()).isEqualTo(new SessionTotals(1, 0, 0, 1, 0));
  }

  @Test
  void whatMatchesNoMoreDoesNotEnd() {
    SessionId used = signIn("dlucas", "cruz");
    SessionId idle = signIn("dlucas", "cruz");
    clock.advance(Duration.ofMinutes(5));
    SelectedSessions selected = select("user=dlucas,idle=PT5M", 0);
    table.touch(used);

    assertThat(table.terminate(selected))
        .isEqualTo(new TerminationReport(1, 1, 0, 0, 0, Map.of("cruz", 1L)));
    assertThat(table.touch(used)).isPositive();
    assertGone(idle);
  }

  @Test
  void newestSessionsAreKeptAsTheyWereWhenSelected() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(signIn("dlucas", "cruz"));
      clock.advance(Duration.ofMillis(1));
    }
    SelectedSessions selected = select("user=dlucas,keep-newest=2", 9);
    assertThat(selected.first()).extracting(Session::id).isEqualTo(ids.subList(0, 3));
    SignIns.signOut(table, ids.get(4));

    assertThat(table.terminate(selected).ended()).isEqualTo(3);
    assertThat(table.touch(ids.get(3))).isPositive();
  }

  @Test
  void newestSessionsAreThoseOfEachUserForWhichAllElseHolds() {
    SessionId old = signIn("dlucas", "cruz");
    SessionId kept = signIn("dlucas", "cruz");
    SessionId elsewhere = signIn("dlucas", "dallas");
    SessionId single = signIn("johnq", "cruz");

    assertThat(terminateSelected("everyone=yes,server=cruz,keep-newest=1").ended()).isEqualTo(1);

    assertGone(old);
    assertThat(List.of(kept, elsewhere, single)).allMatch(id -> table.touch(id) > 0);
  }

  @Test
  void manySessionsOfOneUserEndTogether() {
    long epoch = table.beginSignIn();
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      ids.add(enter("dlucas", "cruz", SessionFacts.NONE, epoch));
    }
    assertThat(terminateSelected("user=dlucas,keep-newest=1000"))
        .isEqualTo(new TerminationReport(4_000, 4_000, 0, 0, 0, Map.of("cruz", 4_000L)));
    assertThat(ids.subList(0, 4_000)).allSatisfy(this::assertGone);
    assertThat(ids.subList(4_000, 5_000)).allMatch(id -> table.touch(id) > 0);
    assertThat(table.terminateAll(user("dlucas"))).isEqualTo(1_000);
  }

  @Test
  void otherRealmsAreLeftAlone() {
    UserInRealm elsewhere = new UserInRealm("dlucas", "partners.example.com");
    SessionId other = SignIns.enter(table, elsewhere, "cruz", credential(), table.beginSignIn());
    assertThat(terminateSelected("everyone=yes")).isEqualTo(TerminationReport.NOTHING);
    assertThat(table.touch(other)).isPositive();
  }

  @Test
  void listenersAreToldOnceOfEachSession() {
    List<String> told = new ArrayList<>();
    table.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            told.add(
                "%s %s %s %d"
                    .formatted(
                        event.user().user(), event.reason(), event.all(), event.sessions().size()));
          }
        });
    signIn("dlucas", "cruz");
    signIn("dlucas", "dallas");
    signIn("johnq", "cruz");
    terminateSelected("everyone=yes");
    assertThat(told)
        .containsExactlyInAnyOrder(
            "dlucas TERMINATED_BY_ADMIN false 2", "johnq TERMINATED_BY_ADMIN false 1");
  }

  // --- sign-ins that began before ---

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user=dlucas",
        "user-pattern=d*",
        "everyone=yes",
        "user=dlucas,group=STAFF",
        "user=dlucas,server=cruz",
        "everyone=yes,address=10.0.0.0/8",
        "user=dlucas,begun-before=2100-01-01T00:00:00Z",
        "everyone=yes,auth-type=FORM"
      })
  void aSignInThatBeganBeforeAndWouldMatchIsRefused(String text) {
    long begun = table.beginSignIn();
    terminateSelected(text);
    assertThat(attempt("dlucas", "cruz", begun)).isEqualTo(SignIn.Refused.TERMINATED);
    assertThat(attempt("dlucas", "cruz", table.beginSignIn())).isInstanceOf(SignIn.Entered.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user=johnq",
        "user-pattern=*q",
        "everyone=yes,group=sales",
        "everyone=yes,server=dallas",
        "everyone=yes,address=11.0.0.0/8",
        "user=dlucas,older=PT1H",
        "user=dlucas,idle=PT1H",
        "user=dlucas,credential-older=PT1H",
        "user=dlucas,begun-before=2000-01-01T00:00:00Z",
        "user=dlucas,keep-newest=1"
      })
  void aSignInThatWouldNotMatchOrIsTooYoungIsNot(String text) {
    long begun = table.beginSignIn();
    terminateSelected(text);
    assertThat(attempt("dlucas", "cruz", begun)).isInstanceOf(SignIn.Entered.class);
  }

  @Test
  void endingWhatWasSelectedBeforeRefusesNoSignIn() {
    signIn("dlucas", "cruz");
    long begun = table.beginSignIn();
    table.terminate(select("user=dlucas", 0));
    assertThat(attempt("dlucas", "cruz", begun)).isInstanceOf(SignIn.Entered.class);
  }

  @Test
  void aSignInThatOverlapsVeryManySelectionsBeginsAgain() {
    long begun = table.beginSignIn();
    for (int i = 0; i < 200; i++) {
      terminateSelected("user=other" + i);
    }
    assertThat(attempt("dlucas", "cruz", begun)).isEqualTo(SignIn.Refused.OUTDATED);
    assertThat(attempt("dlucas", "cruz", table.beginSignIn())).isInstanceOf(SignIn.Entered.class);
  }

  // --- in all of these ---

  private SelectedSessions select(String text, int shown) {
    return table.select(parse(text), REALM, shown);
  }

  private TerminationReport terminateSelected(String text) {
    return table.terminateSelected(parse(text), REALM);
  }

  protected static Selection parse(String text) {
    return Selection.parse(
        text,
        UserNames.DIRECTORY,
        id -> {
          throw new IllegalArgumentException(id);
        });
  }

  private static UserInRealm user(String name) {
    return new UserInRealm(name, REALM);
  }

  private static Credential credential() {
    return new Credential("any", List.of("staff"), Map.of());
  }

  private SessionId signIn(String user, String server) {
    return enter(user, server, SessionFacts.NONE, table.beginSignIn());
  }

  private SessionId enter(String user, String server, SessionFacts facts, long begun) {
    return ((SignIn.Entered) table.signIn(user(user), server, credential(), facts, begun, begun))
        .id();
  }

  private @Nullable SignIn attempt(String user, String server, long begun) {
    SessionFacts facts = new SessionFacts("10.1.2.3", null, "FORM", null, null, null);
    return table.signIn(user(user), server, credential(), facts, begun, begun);
  }

  private SessionTotals totals() {
    return table.totals().values().stream()
        .flatMap(byRealm -> byRealm.values().stream())
        .reduce(SessionTotals.NONE, SessionTotals::plus);
  }

  private void assertGone(SessionId id) {
    assertThat(table.touch(id)).isZero();
    assertThat(table.find(id)).isNull();
  }
}
