package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.audit.AuditFile;
import org.smsjmx.management.RealmMXBean.UserCountView;
import org.smsjmx.management.RealmMXBean.UserView;
import org.smsjmx.management.ServerMXBean.SessionView;
import org.smsjmx.management.ServerMXBean.SessionsView;
import org.smsjmx.management.ServerMXBean.UsersView;
import org.smsjmx.management.ServiceMXBean.CallerView;
import org.smsjmx.management.ServiceMXBean.OperationView;
import org.smsjmx.management.ServiceMXBean.OperationsView;
import org.smsjmx.management.ServiceMXBean.OverviewView;
import org.smsjmx.session.Credential;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** What people and consoles read: pages, the overview, and what was done. */
final class ReadingTest {

  private static final String REALM = "shop.example.com";
  private static final ServerName SERVER = new ServerName("shop-webseald-host1");
  private static final Caller VIEWER = new Caller("viewer", "10.0.0.9", "http", Permission.VIEW);
  private static final Caller HELPER = new Caller("helper", "", "jmx", Permission.TERMINATE);
  private static final Caller AUDITOR = new Caller("auditor", "", "jmx", Permission.AUDIT);

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
  private final ServiceMXBean service =
      JMX.newMXBeanProxy(mbeanServer, SmsNames.service(), ServiceMXBean.class);

  @TempDir Path directory;
  private Path auditFile;
  private Audit audit;
  private Management management;
  private Registration registration;

  @BeforeEach
  void register() {
    auditFile = directory.resolve("audit.log");
    audit = new Audit(clock, false, AuditFile.Settings.of(auditFile));
    management = new Management(mbeanServer, Topology.of(REALM, SERVER), sessions, audit, clock);
    registration = management.registerAll(new Untraced());
  }

  @AfterEach
  void unregister() {
    registration.close();
    audit.close();
  }

  private void signIn(String user, int times) {
    for (int i = 0; i < times; i++) {
      sessions.signIn(new UserInRealm(user, REALM), SERVER.value());
      clock.advance(Duration.ofMillis(1));
    }
  }

  private static <T> T as(Caller caller, Supplier<T> action) {
    try (Caller.Scope scope = caller.enter()) {
      return action.get();
    }
  }

  private List<String> auditLines() throws IOException {
    return Files.exists(auditFile) ? Files.readAllLines(auditFile) : List.of();
  }

  private static void assertRefused(Supplier<?> call, String named) {
    assertThatIllegalArgumentException()
        .isThrownBy(call::get)
        .withMessageStartingWith("CTGSI0313E")
        .satisfies(refused -> assertThat(refused.getMessage()).containsIgnoringCase(named));
  }

  // --- pages ---

  @Test
  void usersAreListedPageByPage() {
    signIn("mary", 2);
    signIn("ada", 1);
    signIn("bob", 3);

    UsersView first = as(VIEWER, () -> server.listUsers("*", REALM, "", 2));
    assertThat(first)
        .isEqualTo(new UsersView(3, 6, List.of(new UserView("ada", 1), new UserView("bob", 3))));
    assertThat(server.listUsers("*", REALM, "bob", 2))
        .isEqualTo(new UsersView(3, 6, List.of(new UserView("mary", 2))));
    assertThat(server.listUsers("*", REALM, null, 0)).isEqualTo(new UsersView(3, 6, List.of()));
    assertThat(server.listUsers("*A*", REALM, null, 9).matched()).isEqualTo(2);
  }

  @Test
  void aPartOfAUsersSessionsIsListedFromEitherEnd() {
    signIn("dlucas", 150);
    List<String> ids = ids(server.listSessions("dlucas", REALM, 999));

    SessionsView last = as(VIEWER, () -> server.listUserSessions("DLucas", REALM, 145, 25, false));
    assertThat(last.matched()).isEqualTo(150);
    assertThat(ids(last)).isEqualTo(ids.subList(145, 150));
    List<String> newest = new ArrayList<>(ids.subList(140, 150));
    Collections.reverse(newest);
    assertThat(ids(server.listUserSessions("dlucas", REALM, 0, 10, true))).isEqualTo(newest);
    assertThat(server.listUserSessions("nobody", REALM, 0, 10, true))
        .isEqualTo(new SessionsView(0, List.of()));
  }

  private static List<String> ids(SessionsView page) {
    return page.sessions().stream().map(SessionView::id).toList();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "String", "\u0007", "x\n"})
  void wrongUsersAndPatternsAreRefusedByName(String text) {
    assertRefused(() -> server.listUsers(text, REALM, "", 1), text == null ? "pattern" : "");
    assertRefused(() -> server.listUserSessions(text, REALM, 0, 1, false), "user");
    assertRefused(() -> server.listUsers("*", text, "", 1), "realm");
  }

  @Test
  void wrongBoundsOfPagesAreRefusedByName() {
    assertRefused(() -> server.listUsers("*", REALM, "String", 1), "after");
    assertRefused(() -> server.listUsers("*", REALM, "a\u202Eb", 1), "after");
    assertRefused(() -> server.listUsers("*", REALM, "a*", 1), "after");
    assertRefused(() -> server.listUsers("*", REALM, "x".repeat(257), 1), "after");
    assertRefused(() -> server.listUsers("*", REALM, "", -1), "maximumReturn");
    assertRefused(() -> server.listUsers("*", REALM, "", 10_001), "maximumReturn");
    assertRefused(() -> server.listUserSessions("a", REALM, -1, 1, true), "offset");
    assertRefused(() -> server.listUserSessions("a", REALM, 0, -1, true), "maximumReturn");
    assertRefused(() -> server.listUserSessions("a", REALM, 0, 10_001, true), "maximumReturn");
    assertRefused(() -> server.listUserSessions("*", REALM, 0, 1, true), "user");
  }

  @Test
  void whatIsNoTruthValueIsRefusedByName() {
    assertThatThrownBy(
            () ->
                mbeanServer.invoke(
                    SmsNames.server(SERVER.value()),
                    "listUserSessions",
                    new Object[] {"dlucas", REALM, 0, 1, "yes"},
                    new String[] {"java.lang.String", "java.lang.String", "int", "int", "boolean"}))
        .isInstanceOf(RuntimeMBeanException.class)
        .hasMessageContaining("NewestFirst must be true or false");
  }

  @Test
  void sessionsOfManyUsersAreCountedByOneCallAndOneLineOfTheAudit() throws IOException {
    signIn("dlucas", 2);
    signIn("Mary Jones", 1);

    assertThat(
            as(
                VIEWER,
                () ->
                    realm.countSessions(
                        Arrays.asList(
                            "DLUCAS", "mary jones", "nobody", "dlucas", "a*", null, "\u0007"))))
        .satisfiesExactly(
            count -> assertThat(count).isEqualTo(new UserCountView("DLUCAS", 2, "")),
            count -> assertThat(count).isEqualTo(new UserCountView("mary jones", 1, "")),
            count -> assertThat(count).isEqualTo(new UserCountView("nobody", 0, "")),
            count -> assertThat(count).isEqualTo(new UserCountView("dlucas", 2, "")),
            count -> assertThat(count.error()).contains("user must be one name"),
            count ->
                assertThat(count).isEqualTo(new UserCountView("", 0, "user must not be blank")),
            count -> assertThat(count.user()).isEqualTo("\\u0007"));
    assertThat(auditLines()).singleElement().asString().contains("\"users\":7,\"micros\"");
  }

  @Test
  void tooManyOrNoNamesAreRefused() {
    List<String> thousand = Collections.nCopies(1_000, "dlucas");
    assertThat(realm.countSessions(thousand)).hasSize(1_000);
    List<String> more = Collections.nCopies(1_001, "dlucas");
    assertRefused(() -> realm.countSessions(more), "users must be at most 1000 names: 1001");
    assertRefused(() -> realm.countSessions(List.of()), "users");
    assertRefused(() -> realm.countSessions(null), "users");
    assertThatThrownBy(
            () ->
                mbeanServer.invoke(
                    SmsNames.realm(REALM),
                    "countSessions",
                    new Object[] {"dlucas"},
                    new String[] {"[Ljava.lang.String;"}))
        .isInstanceOf(RuntimeMBeanException.class)
        .hasMessageContaining("Users must be a list of texts");
  }

  // --- overview and history ---

  @Test
  void theSumsOfTheOverviewAreThoseOfItsParts() {
    signIn("dlucas", 3);
    signIn("johnq", 1);
    sessions.terminateAll(new UserInRealm("johnq", REALM));
    management.health().add("good", () -> null);
    management.health().add("bad", () -> "does not\nwork");

    OverviewView overview = as(VIEWER, service::getOverview);

    assertThat(overview.at()).isEqualTo(clock.instant().toString());
    assertThat(overview.totals().sessions()).isEqualTo(3);
    assertThat(overview.totals().terminated()).isEqualTo(1);
    assertThat(overview.sessionsByRealm()).isEqualTo(Map.of(REALM, 3L));
    assertThat(overview.sessionsByServer()).isEqualTo(Map.of(SERVER.value(), 3L));
    assertThat(overview.usersByRealm()).isEqualTo(Map.of(REALM, 1L));
    assertThat(overview.registryAvailable()).isTrue();
    assertThat(overview.registryFailure()).isEmpty();
    assertThat(overview.auditHealthy()).isTrue();
    assertThat(overview.partsFailing()).isEqualTo(Map.of("bad", "does not\\u000Awork"));
    assertThat(overview.largestUsers())
        .isEqualTo(Map.of(REALM, List.of(new UserView("dlucas", 3))));
  }

  @Test
  void theLargestUsersAreLookedForEveryTenSecondsAtMost() {
    signIn("dlucas", 1);
    assertThat(realm.getLargestUserSessions()).isEqualTo(1);
    signIn("johnq", 2);
    clock.advance(LargestUsers.VALID.minusMillis(10));

    assertThat(realm.getLargestUsers()).containsExactly(new UserView("dlucas", 1));
    assertThat(service.getOverview().largestUsers().get(REALM)).hasSize(1);

    clock.advance(Duration.ofMillis(10));
    assertThat(realm.getLargestUsers())
        .containsExactly(new UserView("johnq", 2), new UserView("dlucas", 1));
    assertThat(realm.getLargestUserSessions()).isEqualTo(2);
  }

  @Test
  void theHistoryGrowsWithEachTick() {
    management.tick();
    signIn("dlucas", 2);
    clock.advance(Duration.ofSeconds(1));
    management.tick();

    assertThat(service.getHistory().sessions()).containsExactly(0, 2);
    assertThat(service.getHistory().signedIn()).containsExactly(0, 2);
    assertThat(service.getHistory().atMillis()).hasSize(2).isSorted();
  }

  @Test
  void attributesLeaveNoLineInTheAuditAndHoldNoNull() throws Exception {
    signIn("dlucas", 1);
    as(HELPER, () -> server.terminateAllSessions("dlucas", REALM));
    int lines = auditLines().size();

    for (String attribute : List.of("Overview", "History", "RecentOperations", "Caller")) {
      assertNoNull(attribute, mbeanServer.getAttribute(SmsNames.service(), attribute));
    }
    assertThat(auditLines()).hasSize(lines);
  }

  private static void assertNoNull(String where, Object value) {
    assertThat(value).as(where).isNotNull();
    if (value instanceof CompositeData composite) {
      composite
          .getCompositeType()
          .keySet()
          .forEach(member -> assertNoNull(where + "." + member, composite.get(member)));
    } else if (value instanceof TabularData table) {
      ((Collection<?>) table.values()).forEach(row -> assertNoNull(where, row));
    } else if (value instanceof Object[] elements) {
      Arrays.asList(elements).forEach(element -> assertNoNull(where, element));
    }
  }

  @Test
  void aCallerReadsWhoItIs() {
    assertThat(as(VIEWER, service::getCaller))
        .isEqualTo(new CallerView("viewer", "view", "10.0.0.9", "http"));
    assertThat(as(AUDITOR, service::getCaller))
        .isEqualTo(new CallerView("auditor", "audit", "", "jmx"));
    assertThat(service.getCaller()).isEqualTo(new CallerView("local", "administer", "", "local"));
  }

  // --- what was done ---

  @Test
  void recentOperationsAreThoseThatChangedSomethingOrFailed() {
    signIn("dlucas", 2);
    as(VIEWER, () -> server.listSessions("*", REALM, 1));
    as(HELPER, () -> server.terminateSelected("user=dlucas", REALM, "ticket 7"));
    assertThatThrownBy(() -> as(VIEWER, () -> server.terminateAllSessions("johnq", REALM)))
        .isInstanceOf(SecurityException.class);
    assertRefused(() -> server.listSessions("x\n", "nowhere\u0007", 1), "realm");

    List<OperationView> recent = as(VIEWER, service::getRecentOperations);

    assertThat(recent)
        .extracting(OperationView::operation, OperationView::account, OperationView::outcome)
        .containsExactly(
            tuple("listSessions", "local", "CTGSI0313E"),
            tuple("terminateAllSessions", "viewer", "CTGSI0303E"),
            tuple("terminateSelected", "helper", "done"));
    assertThat(recent.get(0).selection()).isEqualTo("x\\u000A");
    assertThat(recent.get(0).realm()).isEqualTo("nowhere\\u0007");
    assertThat(recent.get(1))
        .extracting(OperationView::user, OperationView::address, OperationView::sessions)
        .containsExactly("johnq", "10.0.0.9", -1L);
    assertThat(recent.get(2))
        .extracting(
            OperationView::selection,
            OperationView::reason,
            OperationView::sessions,
            OperationView::server,
            OperationView::time)
        .containsExactly("user=dlucas", "ticket 7", 2L, SERVER.value(), clock.instant().toString());
    assertThat(recent.get(2).operationId()).isNotEmpty();
  }

  @Test
  void theLastHundredOperationsAreKept() {
    IntStream.range(0, 130)
        .forEach(i -> server.terminateAllSessionsWithReason("dlucas", REALM, "number " + i));

    assertThat(service.getRecentOperations())
        .hasSize(100)
        .extracting(OperationView::reason)
        .startsWith("number 129", "number 128")
        .endsWith("number 30");
  }

  private OperationsView find(Caller caller, String user, String account, String since, int most) {
    return as(caller, () -> service.findOperations(user, account, since, most));
  }

  @Test
  void operationsAreFoundByUserAccountAndTime() {
    as(HELPER, () -> server.terminateAllSessionsWithReason("DLucas", REALM, "first"));
    clock.advance(Duration.ofDays(3));
    as(HELPER, () -> server.terminateSelected("user-pattern=dl*,older=PT8H", REALM, "second"));
    server.terminateSelected("everyone=yes,idle=PT1H", REALM, "third");
    as(HELPER, () -> server.terminateAllSessionsWithReason("johnq", REALM, "fourth"));

    assertThat(reasons(find(AUDITOR, "", "", "", 9)))
        .containsExactly("fourth", "third", "second", "first");
    assertThat(reasons(find(AUDITOR, "dlUCAS", null, null, 9))).containsExactly("second", "first");
    assertThat(reasons(find(AUDITOR, null, "local", null, 9))).contains("third");
    assertThat(reasons(find(AUDITOR, null, "helper", "P2D", 9)))
        .containsExactly("fourth", "second");
    assertThat(reasons(find(AUDITOR, "", "helper", clock.instant().toString(), 9)))
        .containsExactly("fourth", "second");
    assertThat(find(AUDITOR, "dlucas", "", "", 1))
        .satisfies(
            found -> {
              assertThat(found.complete()).isFalse();
              assertThat(reasons(found)).containsExactly("second");
            });
  }

  private static List<String> reasons(OperationsView found) {
    return found.operations().stream()
        .map(OperationView::reason)
        .filter(reason -> !reason.isEmpty())
        .toList();
  }

  /** People type passwords into the field of the account. */
  @Test
  void failedSignInsAreFoundByThoseWhoMayAdministerAlone() {
    audit.signInFailed("my password", "http", "10.0.0.1", false);
    assertThat(find(AUDITOR, "", "", "", 9).operations()).isEmpty();
    assertThat(find(AUDITOR, "", "my password", "", 9).operations()).isEmpty();
    assertThat(find(Caller.LOCAL, "", "my password", "", 9).operations())
        .singleElement()
        .satisfies(
            operation -> {
              assertThat(operation.operation()).isEqualTo("signIn");
              assertThat(operation.outcome()).isEqualTo("HPDIA0200W");
            });
    assertThat(service.getRecentOperations())
        .noneMatch(operation -> operation.operation().equals("signIn"));
  }

  @Test
  void theRoleAuditReadsTheAuditAndListsAndChangesNothing() {
    signIn("dlucas", 1);
    assertThat(find(AUDITOR, "", "", "", 1).operations()).isEmpty();
    assertThat(as(AUDITOR, () -> server.listSessions("*", REALM, 1)).matched()).isEqualTo(1);
    for (Supplier<?> change :
        List.<Supplier<?>>of(
            () -> server.terminateAllSessions("dlucas", REALM),
            () -> server.refreshAllSessions("dlucas", REALM),
            () -> service.setTraceLevel(0))) {
      assertThatThrownBy(() -> as(AUDITOR, change))
          .isInstanceOf(SecurityException.class)
          .hasMessageContaining("CTGSI0303E")
          .hasMessageContaining("auditor may audit");
    }
    for (Caller other : List.of(VIEWER, HELPER)) {
      assertThatThrownBy(() -> find(other, "", "", "", 1))
          .isInstanceOf(SecurityException.class)
          .hasMessageContaining("this needs audit");
    }
    assertThat(sessions.total().sessions()).isEqualTo(1);
  }

  @Test
  void wrongArgumentsOfASearchAreRefusedByName() {
    assertRefused(() -> find(AUDITOR, "a*", "", "", 1), "user");
    assertRefused(() -> find(AUDITOR, "String", "", "", 1), "user");
    assertRefused(() -> find(AUDITOR, "", "String", "", 1), "account");
    assertRefused(() -> find(AUDITOR, "", "", "last week", 1), "since");
    assertRefused(() -> find(AUDITOR, "", "", "P\u0007", 1), "since");
    assertRefused(() -> find(AUDITOR, "", "", "PT9999999999999999H", 1), "since");
    assertRefused(() -> find(AUDITOR, "", "", "String", 1), "since");
    assertRefused(() -> find(AUDITOR, "", "", "", 0), "maximumReturn");
    assertRefused(() -> find(AUDITOR, "", "", "", 1_001), "maximumReturn");
  }

  @Test
  void withoutAFileOfItsOwnTheAuditIsNotSearched() throws JMException {
    registration.close();
    registration =
        new Management(mbeanServer, Topology.of(REALM, SERVER), sessions, clock)
            .registerAll(new Untraced());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> service.findOperations("", "", "", 1))
        .withMessageStartingWith("DPWAP0105E");
  }
}
