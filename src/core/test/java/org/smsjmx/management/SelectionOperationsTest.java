package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.management.ServerMXBean.OutcomeView;
import org.smsjmx.management.ServerMXBean.PreviewView;
import org.smsjmx.session.Credential;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** Operations on selections, as administrators call them. */
final class SelectionOperationsTest {

  private static final String REALM = "shop.example.com";
  private static final ServerName SERVER = new ServerName("shop-webseald-host1");
  private static final Caller VIEWER = new Caller("viewer", "", "jmx", Permission.VIEW);
  private static final Caller HELPER = new Caller("helper", "", "jmx", Permission.TERMINATE);
  private static final Caller OTHER = new Caller("other", "", "jmx", Permission.TERMINATE);
  private static final Caller ADMIN = new Caller("admin", "", "jmx", Permission.ADMINISTER);

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private final HandClock clock = new HandClock();
  private final Sessions sessions =
      new Sessions(
          new InMemorySessionTable(SessionTimeouts.DEFAULT, clock),
          user -> new Credential(user, List.of("staff"), Map.of()),
          clock);
  private final ServerMXBean server =
      JMX.newMXBeanProxy(mbeanServer, SmsNames.server(SERVER.value()), ServerMXBean.class);
  private final RealmMXBean realm =
      JMX.newMXBeanProxy(mbeanServer, SmsNames.realm(REALM), RealmMXBean.class);
  @RegisterExtension final AuditDisk disk = new AuditDisk();

  private Registration registration;

  @BeforeEach
  void register() {
    registration =
        new Management(mbeanServer, Topology.of(REALM, SERVER), sessions, clock)
            .registerAll(new Untraced());
  }

  @AfterEach
  void unregister() {
    registration.close();
  }

  private SessionId signIn(String user) {
    SessionId id = sessions.signIn(new UserInRealm(user, REALM), SERVER.value());
    clock.advance(Duration.ofMillis(1));
    return id;
  }

  private static <T> T as(Caller caller, Supplier<T> action) {
    try (Caller.Scope scope = caller.enter()) {
      return action.get();
    }
  }

  private boolean isAlive(SessionId id) {
    return sessions.touch(id) > 0;
  }

  @Test
  void theOutcomeAddsUpAndTheAuditHasItUnderItsId() {
    signIn("dlucas");
    SessionId newest = signIn("dlucas");
    signIn("johnq");

    OutcomeView outcome =
        as(
            HELPER,
            () -> server.terminateSelected("user=dlucas,keep-newest=1", REALM, "ticket 4711"));

    assertThat(outcome)
        .usingRecursiveComparison()
        .ignoringFields("operation")
        .isEqualTo(
            new OutcomeView(
                "", "DONE", 1, 1, 0, 0, 0, Map.of(SERVER.value(), 1L), clock.instant().toString()));
    assertThat(isAlive(newest)).isTrue();
    assertThat(disk.lines)
        .singleElement()
        .asString()
        .contains("\"selection\":\"user=dlucas,keep-newest=1\"")
        .contains("\"reason\":\"ticket 4711\"")
        .contains("\"operationId\":\"" + outcome.operation() + "\"")
        .contains("\"matched\":1,\"sessions\":1,\"alreadyGone\":0,\"survivors\":0");
  }

  @Test
  void theIdsOfOperationsDiffer() {
    assertThat(server.terminateSelected("user=dlucas", REALM, null).operation())
        .isNotEqualTo(server.terminateSelected("user=dlucas", REALM, null).operation());
  }

  @Test
  void aPreviewBindsTheSessionsThatItShowed() {
    SessionId shown = signIn("dlucas");
    SessionId shownToo = signIn("dlucas");
    PreviewView preview = as(HELPER, () -> server.previewTerminate("user=dlucas", REALM));
    assertThat(preview.matched()).isEqualTo(2);
    assertThat(preview.users()).isEqualTo(1);
    assertThat(preview.byServer()).isEqualTo(Map.of(SERVER.value(), 2L));
    assertThat(preview.sessions()).hasSize(2);
    assertThat(preview.expiresAt()).isEqualTo(clock.instant().plus(Previews.VALID).toString());
    SessionId later = signIn("dlucas");
    sessions.terminate(shownToo);

    OutcomeView outcome = as(HELPER, () -> server.execute(preview.token(), "ticket"));

    assertThat(outcome)
        .extracting(
            OutcomeView::matched,
            OutcomeView::ended,
            OutcomeView::alreadyGone,
            OutcomeView::survivors)
        .containsExactly(2L, 1L, 1L, 0L);
    assertThat(isAlive(shown)).isFalse();
    assertThat(isAlive(later)).isTrue();
  }

  @Test
  void aPreviewShowsTheFirstHundredAndCountsAll() {
    for (int i = 0; i < 120; i++) {
      signIn("user" + i);
    }
    PreviewView preview = server.previewTerminate("everyone=yes", REALM);
    assertThat(preview.matched()).isEqualTo(120);
    assertThat(preview.users()).isEqualTo(120);
    assertThat(preview.sessions()).hasSize(100);
  }

  @Test
  void aPreviewIsGoodOnce() {
    signIn("dlucas");
    String token = server.previewTerminate("user=dlucas", REALM).token();
    assertThat(server.execute(token, null).ended()).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.execute(token, null))
        .withMessageContaining("CTGSI0309W");
  }

  @Test
  void aPreviewIsOutOfDateAfterFiveMinutes() {
    SessionId id = signIn("dlucas");
    String token = server.previewTerminate("user=dlucas", REALM).token();
    clock.advance(Duration.ofMinutes(5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.execute(token, null))
        .withMessageContaining("CTGSI0309W");
    assertThat(isAlive(id)).isTrue();
  }

  @Test
  void aPreviewIsForTheAccountThatAskedForIt() {
    SessionId id = signIn("dlucas");
    String token = as(HELPER, () -> server.previewTerminate("user=dlucas", REALM)).token();
    for (Caller other : List.of(OTHER, ADMIN)) {
      assertThatThrownBy(() -> as(other, () -> server.execute(token, null)))
          .isInstanceOf(SecurityException.class)
          .hasMessageContaining("CTGSI0303E");
    }
    assertThat(isAlive(id)).isTrue();
    assertThat(as(HELPER, () -> server.execute(token, null)).ended()).isEqualTo(1);
  }

  @Test
  void ofTwoThatExecuteAPreviewAtOnceOneDoes() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 200; round++) {
        signIn("dlucas");
        String token = server.previewTerminate("user=dlucas", REALM).token();
        List<Future<Long>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          both.add(threads.submit(() -> ended(token)));
        }
        assertThat(both.get(0).get() + both.get(1).get()).isEqualTo(1 + REFUSED);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static final long REFUSED = 1_000;

  private long ended(String token) {
    try {
      return server.execute(token, null).ended();
    } catch (IllegalArgumentException e) {
      return REFUSED;
    }
  }

  @Test
  void theOldestPreviewOfAnAccountGivesWayToItsEleventh() {
    String other = as(OTHER, () -> server.previewTerminate("user=dlucas", REALM)).token();
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      tokens.add(as(HELPER, () -> server.previewTerminate("user=dlucas", REALM)).token());
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> as(HELPER, () -> server.execute(tokens.get(0), null)))
        .withMessageContaining("CTGSI0309W");
    assertThat(as(HELPER, () -> server.execute(tokens.get(1), null)).matched()).isZero();
    assertThat(as(OTHER, () -> server.execute(other, null)).matched()).isZero();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "String",
        "x",
        "../../../../../../etc/",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
      })
  void whatIsNoTokenIsAWrongValue(String token) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.execute(token, null))
        .withMessageContaining("CTGSI0313E");
  }

  @Test
  void aTokenThatNobodyWasGivenIsOutOfDate() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.execute("a".repeat(32), null))
        .withMessageContaining("CTGSI0309W");
  }

  @Test
  void aViewerLooksAndDoesNotEnd() {
    signIn("dlucas");
    PreviewView preview = as(VIEWER, () -> server.previewTerminate("user=dlucas", REALM));
    assertThat(preview.matched()).isEqualTo(1);
    assertThatThrownBy(() -> as(VIEWER, () -> server.execute(preview.token(), null)))
        .hasMessageContaining("CTGSI0303E");
    assertThatThrownBy(() -> as(VIEWER, () -> server.terminateSelected("user=dlucas", REALM, null)))
        .hasMessageContaining("CTGSI0303E");
    assertThat(sessions.total().sessions()).isEqualTo(1);
  }

  @Test
  void everyoneIsForThoseWhoMayAdminister() {
    SessionId id = signIn("dlucas");
    assertThatThrownBy(
            () -> as(HELPER, () -> server.terminateSelected("everyone=yes", REALM, null)))
        .isInstanceOf(SecurityException.class)
        .hasMessageContaining("CTGSI0303E");
    String token = as(HELPER, () -> server.previewTerminate("everyone=yes", REALM)).token();
    assertThatThrownBy(() -> as(HELPER, () -> server.execute(token, null)))
        .isInstanceOf(SecurityException.class)
        .hasMessageContaining("CTGSI0303E");
    assertThatThrownBy(() -> as(HELPER, () -> realm.terminateRealm(REALM, null)))
        .isInstanceOf(SecurityException.class);
    assertThat(isAlive(id)).isTrue();
    assertThat(as(ADMIN, () -> server.terminateSelected("everyone=yes", REALM, null)).ended())
        .isEqualTo(1);
  }

  @Test
  void aRealmIsEndedByItsNameAlone() {
    signIn("dlucas");
    signIn("johnq");
    for (String wrong :
        new String[] {null, "", "String", "other.example.com", "SHOP.example.com"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> realm.terminateRealm(wrong, null))
          .withMessageContaining("CTGSI0313E");
    }
    assertThat(realm.terminateRealm(REALM, "fire drill").ended()).isEqualTo(2);
    assertThat(realm.terminateRealm(REALM, null).matched()).isZero();
  }

  @Test
  void aSessionIsExceptedByTheIdThatIsShown() {
    signIn("dlucas");
    String mine = server.listSessions("dlucas", REALM, 1).sessions().get(0).id();
    signIn("dlucas");
    assertThat(server.terminateSelected("user=dlucas,except=" + mine, REALM, null).ended())
        .isEqualTo(1);
    assertThat(server.listSessions("dlucas", REALM, 1).sessions().get(0).id()).isEqualTo(mine);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.terminateSelected("user=dlucas,except=a!b", REALM, null))
        .withMessageContaining("selection's except");
  }

  @Test
  void aSlipInWhatIsSparedOrWhereEndsNothing() {
    SessionId id = signIn("dlucas");
    for (Supplier<Object> call :
        List.<Supplier<Object>>of(
            () -> server.terminateSelected("user=dlucas,except=abc", REALM, null),
            () -> server.previewTerminate("user=dlucas,except=abc", REALM))) {
      assertThatIllegalArgumentException()
          .isThrownBy(call::get)
          .withMessageContaining("CTGSI0312W");
    }
    for (Supplier<Object> call :
        List.<Supplier<Object>>of(
            () -> server.terminateSelected("user=dlucas,server=nosuch", REALM, null),
            () -> server.previewTerminate("user=dlucas,server=nosuch", REALM))) {
      assertThatIllegalArgumentException()
          .isThrownBy(call::get)
          .withMessageContaining("CTGSI0313E")
          .withMessageContaining(SERVER.value());
    }
    assertThat(isAlive(id)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", " ", "String", "usr=x", "user=", "user=*", "user-pattern=*", "server=x", "\n"})
  void aWrongSelectionDoesNothing(String selection) {
    signIn("x");
    for (Supplier<Object> call :
        List.<Supplier<Object>>of(
            () -> server.terminateSelected(selection, REALM, null),
            () -> server.previewTerminate(selection, REALM))) {
      assertThatIllegalArgumentException()
          .isThrownBy(call::get)
          .withMessageContaining("CTGSI0313E");
    }
    assertThat(sessions.total().sessions()).isEqualTo(1);
  }

  @Test
  void aReasonIsNotWhatJConsoleShowsInAnEmptyField() {
    signIn("dlucas");
    String id = server.listSessions("dlucas", REALM, 1).sessions().get(0).id();
    for (Supplier<Object> call :
        List.<Supplier<Object>>of(
            () -> server.terminateSelected("user=dlucas", REALM, "String"),
            () -> server.terminateAllSessionsWithReason("dlucas", REALM, "String"),
            () -> server.terminateSessionWithReason(id, REALM, "String"),
            () -> realm.terminateRealm(REALM, "String"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(call::get)
          .withMessageContaining("CTGSI0313E")
          .withMessageContaining("Reason must be filled in");
    }
    assertThat(server.terminateSessionWithReason(id, REALM, "ticket")).isEqualTo(1);
  }
}
