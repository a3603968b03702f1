package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ReflectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.management.ServerMXBean.PreviewView;
import org.smsjmx.management.ServerMXBean.RefreshView;
import org.smsjmx.management.ServerMXBean.SessionView;
import org.smsjmx.management.ServerMXBean.SessionsView;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** One call reaches all copies of this software in the JVM, of whatever class loader. */
final class PeersTest {

  private static final String REALM = "shop.example.com";
  private static final String ONE = "one-webseald-cruz";
  private static final String TWO = "two-webseald-cruz";
  private static final String TWO_AGAIN = "two2-webseald-cruz";
  private static final String THREE = "three-webseald-cruz";

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    Collections.reverse(opened);
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  /** Makes a copy in a class loader of its own. */
  private Copy copy(MBeanServer where, String names, Path auditFile, String server) {
    CopyLoader loader = CopyLoader.make();
    opened.add(loader);
    Copy copy = loader.copy(names, where, REALM, auditFile, server);
    opened.add(copy);
    return copy;
  }

  private Copy copy(String server) {
    return copy(mbeanServer, "DIRECTORY", null, server);
  }

  private ServerMXBean at(String server) {
    return proxy(mbeanServer, server);
  }

  private static ServerMXBean proxy(MBeanServer where, String server) {
    return JMX.newMXBeanProxy(where, SmsNames.server(server), ServerMXBean.class);
  }

  /** An MBean with the name of a server that is none of ours. */
  private interface Foreign extends DynamicMBean {

    @Override
    default Object getAttribute(String attribute) {
      throw new UnsupportedOperationException();
    }

    @Override
    default void setAttribute(Attribute attribute) {
      throw new UnsupportedOperationException();
    }

    @Override
    default AttributeList getAttributes(String[] attributes) {
      return new AttributeList();
    }

    @Override
    default AttributeList setAttributes(AttributeList attributes) {
      return attributes;
    }

    @Override
    default MBeanInfo getMBeanInfo() {
      return new MBeanInfo(Foreign.class.getName(), "", null, null, null, null);
    }

    @Override
    Object invoke(String operation, Object[] arguments, String[] signature)
        throws ReflectionException;
  }

  private void registerForeign(Foreign foreign) throws JMException {
    mbeanServer.registerMBean(foreign, SmsNames.server(THREE));
  }

  static Stream<MBeanServer> mbeanServers() {
    return Stream.of(
        MBeanServerFactory.newMBeanServer(), ManagementFactory.getPlatformMBeanServer());
  }

  @ParameterizedTest
  @MethodSource("mbeanServers")
  void oneCallEndsTheSessionsOfAUserInAllCopies(MBeanServer where) {
    Copy one = copy(where, "DIRECTORY", null, ONE);
    Copy two = copy(where, "DIRECTORY", null, TWO);
    assertThat(one.getClass()).isNotSameAs(two.getClass());
    one.signIn("dlucas", 2);
    two.signIn("dlucas", 3);
    two.signIn("johnq", 1);

    assertThat(proxy(where, ONE).terminateAllSessions("DLucas", REALM)).isEqualTo(5);

    assertThat(proxy(where, ONE).terminateAllSessions("dlucas", REALM)).isZero();
    assertThat(proxy(where, TWO).terminateAllSessions("dlucas", REALM)).isZero();
    assertThat(one.sessions()).isZero();
    assertThat(two.sessions()).as("that of johnq").isEqualTo(1);
    assertThat(proxy(where, ONE).terminateAllSessionsWithReason("johnq", REALM, "ticket"))
        .isEqualTo(1);
  }

  @Test
  void oneCallEndsWhatIsSelectedInAllCopies() {
    Copy one = copy(ONE);
    Copy two = copy(TWO);
    one.signIn("dlucas", 2);
    two.signIn("dlucas", 3);
    two.signIn("johnq", 1);

    assertThat(at(ONE).terminateSelected("user=DLucas,server=" + TWO, REALM, null))
        .satisfies(
            outcome -> {
              assertThat(outcome.matched()).isEqualTo(3);
              assertThat(outcome.ended()).isEqualTo(3);
              assertThat(outcome.endedByServer()).isEqualTo(Map.of(TWO, 3L));
            });
    assertThat(one.sessions()).isEqualTo(2);
    assertThat(two.sessions()).isEqualTo(1);
  }

  @Test
  void aUserIsKeptOutOfAllCopiesAndLetInByAll() {
    Copy one = copy(ONE);
    Copy two = copy(TWO);
    one.signIn("dlucas", 2);
    two.signIn("dlucas", 3);

    assertThat(at(ONE).terminateAndKeepOut("dlucas", REALM, "PT1H", "a ticket"))
        .satisfies(
            outcome -> {
              assertThat(outcome.state()).isEqualTo("DONE_NOT_DURABLE");
              assertThat(outcome.ended()).isEqualTo(5);
              assertThat(outcome.endedByServer()).isEqualTo(Map.of(ONE, 2L, TWO, 3L));
            });
    for (Copy copy : List.of(one, two)) {
      assertThatThrownBy(() -> copy.signIn("dlucas", 1)).hasMessageContaining("keeps the user out");
    }
    assertThat(at(TWO).letIn("DLUCAS", REALM, null)).isTrue();
    assertThat(at(TWO).letIn("dlucas", REALM, null)).isFalse();
    one.signIn("dlucas", 1);
    two.signIn("dlucas", 1);
  }

  @Test
  void aPreviewIsExecutedInAllCopiesAsItWasSeen() {
    Copy one = copy(ONE);
    Copy two = copy(TWO);
    one.signIn("dlucas", 2);
    two.signIn("dlucas", 3);

    PreviewView preview = at(ONE).previewTerminate("user=dlucas", REALM);
    assertThat(preview.matched()).isEqualTo(5);
    assertThat(preview.byServer()).isEqualTo(Map.of(ONE, 2L, TWO, 3L));
    assertThat(preview.sessions()).hasSize(5);
    two.signIn("dlucas", 1);

    assertThat(at(ONE).execute(preview.token(), null).ended()).isEqualTo(5);
    assertThat(one.sessions()).isZero();
    assertThat(two.sessions()).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(TWO).execute(preview.token(), null))
        .withMessageContaining("CTGSI0309W");
  }

  @Test
  void aPageOfUsersIsOfAllCopiesAndAUserInTwoIsOnItOnce() {
    Copy one = copy(ONE);
    Copy two = copy(TWO);
    one.signIn("ada", 1);
    one.signIn("mary", 2);
    two.signIn("bob", 3);
    two.signIn("Mary", 4);
    two.signIn("zoe", 1);

    assertThat(usersOf(at(ONE).listUsers("*", REALM, "", 3)))
        .containsExactly("ada 1", "bob 3", "mary 6");
    assertThat(usersOf(at(TWO).listUsers("*", REALM, "mary", 3))).containsExactly("zoe 1");
    assertThat(at(ONE).listUsers("*", REALM, "", 1).matchedSessions()).isEqualTo(11);
    assertThat(at(ONE).listUsers("*", REALM, "", 1).matched()).as("mary in both").isEqualTo(5);
  }

  private static List<String> usersOf(ServerMXBean.UsersView page) {
    return page.users().stream().map(user -> user.user() + " " + user.sessions()).toList();
  }

  @Test
  void pagesHoldAllUsersAlsoWhereACopyTellsLettersCaseApart() {
    Copy one = copy(ONE);
    Copy exact = copy(mbeanServer, "EXACT", null, TWO);
    for (String name : List.of("b", "D")) {
      one.signIn(name, 1);
    }
    for (String name : List.of("a", "B", "c", "C", "E")) {
      exact.signIn(name, 1);
    }

    assertThat(namesByPagesOf(1, ONE)).containsExactly("a", "b", "C", "D", "E");
    assertThat(namesByPagesOf(2, ONE)).containsExactly("a", "b", "C", "D", "E");
    assertThat(namesByPagesOf(2, TWO)).containsExactly("B", "C", "D", "E", "a", "b", "c");
  }

  private List<String> namesByPagesOf(int size, String server) {
    List<String> names = new ArrayList<>();
    ServerMXBean.UsersView page = at(server).listUsers("*", REALM, "", size);
    while (!page.users().isEmpty()) {
      page.users().forEach(user -> names.add(user.user()));
      page = at(server).listUsers("*", REALM, names.get(names.size() - 1), size);
    }
    return names;
  }

  @Test
  void partsOfAUsersSessionsAreOfAllCopies() {
    copy(ONE).signIn("dlucas", 4);
    copy(TWO).signIn("dlucas", 7);
    for (boolean newestFirst : new boolean[] {false, true}) {
      List<String> ids = new ArrayList<>();
      for (int offset = 0; offset < 12; offset += 3) {
        SessionsView part = at(ONE).listUserSessions("DLucas", REALM, offset, 3, newestFirst);
        assertThat(part.matched()).isEqualTo(11);
        assertThat(part.sessions()).hasSize(Math.min(3, 11 - offset));
        part.sessions().forEach(session -> ids.add(session.id()));
      }
      assertThat(ids).hasSize(11).doesNotHaveDuplicates();
    }
    assertThat(at(ONE).listUserSessions("dlucas", REALM, 99, 3, true).sessions()).isEmpty();
  }

  @Test
  void aCopyIsReachedOnceHoweverManyServersItHas() {
    copy(ONE).signIn("dlucas", 1);
    Copy two = copy(TWO);
    two.register(TWO_AGAIN);
    two.signIn("dlucas", 2);
    AtomicInteger readings = new AtomicInteger();
    two.registry(user -> List.of("reading " + readings.incrementAndGet()));

    assertThat(at(ONE).listSessions("*", REALM, 10).matched()).isEqualTo(3);
    assertThat(at(ONE).refreshAllSessions("dlucas", REALM)).isEqualTo(3);
    assertThat(readings).hasValue(1);
    assertThat(at(TWO_AGAIN).listSessions("*", REALM, 10).matched()).isEqualTo(3);
  }

  @Test
  void aCopyThatHasLeftIsNotReachedAndOneThatCameIs() {
    copy(ONE);
    Copy two = copy(TWO);
    two.signIn("dlucas", 1);
    two.unregister();
    assertThat(at(ONE).listSessions("*", REALM, 10).matched()).isZero();

    for (int i = 0; i < 10; i++) {
      two.register(TWO);
      assertThat(at(ONE).listSessions("*", REALM, 10).matched()).isEqualTo(1);
      two.unregister();
      assertThat(at(ONE).listSessions("*", REALM, 10).matched()).isZero();
    }
  }

  @Test
  void aCopyInAnotherRealmIsLeftAlone() {
    copy(ONE);
    CopyLoader loader = CopyLoader.make();
    opened.add(loader);
    Copy other = loader.copy("DIRECTORY", mbeanServer, "other.example.com", null, TWO);
    opened.add(other);
    other.signIn("dlucas", 1);

    assertThat(at(ONE).terminateAllSessions("dlucas", REALM)).isZero();
    assertThat(at(ONE).listSessions("*", REALM, 10).matched()).isZero();
    assertThat(other.sessions()).isEqualTo(1);
  }

  @Test
  void theCallersNameGoesWithTheCallAndOnlyWhereItWasMadeIsItRecorded(@TempDir Path directory)
      throws Exception {
    // a copy of the classes of this test, for which its caller is the one of this thread
    Copy one = new CopyInLoader("DIRECTORY", mbeanServer, REALM, directory.resolve("one.log"), ONE);
    opened.add(one);
    Copy same =
        new CopyInLoader("DIRECTORY", mbeanServer, REALM, directory.resolve("same.log"), THREE);
    opened.add(same);
    Copy two = copy(mbeanServer, "DIRECTORY", directory.resolve("two.log"), TWO);
    List<Notification> heard = new ArrayList<>();
    for (String server : List.of(ONE, TWO, THREE)) {
      mbeanServer.addNotificationListener(
          SmsNames.server(server), (notification, handback) -> heard.add(notification), null, null);
    }
    for (Copy copy : List.of(one, same, two)) {
      copy.signIn("dlucas", 2);
    }

    Caller anna = new Caller("anna", "10.0.0.1", "jmx", Permission.TERMINATE);
    try (Caller.Scope scope = anna.enter()) {
      assertThat(at(ONE).terminateAllSessions("dlucas", REALM)).isEqualTo(6);
      assertThat(Caller.current()).isEqualTo(anna);
    }

    for (Copy copy : List.of(one, same, two)) {
      assertThat(copy.callers()).containsExactly("anna");
      copy.close();
    }
    assertThat(linesOf(directory.resolve("one.log"), "terminateAllSessions"))
        .singleElement()
        .asString()
        .contains("\"caller\":\"anna\"", "\"sessions\":6", "\"outcome\":\"done\"");
    assertThat(directory.resolve("same.log")).doesNotExist();
    assertThat(directory.resolve("two.log")).doesNotExist();
    assertThat(heard)
        .singleElement()
        .extracting(Notification::getSource)
        .hasToString(SmsNames.server(ONE).toString());
  }

  private static List<String> linesOf(Path file, String operation) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.contains("\"operation\":\"" + operation + "\""))
        .toList();
  }

  @Test
  void aPeerDoesNotCountWhatItIsAskedByAnotherOne() {
    copy(ONE).signIn("dlucas", 1);
    copy(TWO).signIn("dlucas", 1);

    at(ONE).terminateAllSessions("dlucas", REALM);

    assertThat(at(ONE).getOperationsTotal()).containsEntry("terminateAllSessions", 1L);
    assertThat(at(TWO).getOperationsTotal()).containsEntry("terminateAllSessions", 0L);
    assertThat(at(TWO).getTerminatedTotal()).isEqualTo(1);
  }

  @Test
  void aCallerWithoutThePermissionIsRefusedBeforeAPeerIsAskedAndByThePeerToo() throws Exception {
    Copy one = new CopyInLoader("DIRECTORY", mbeanServer, REALM, null, ONE);
    opened.add(one);
    Copy two = copy(TWO);
    two.signIn("dlucas", 1);
    Caller viewer = new Caller("anna", "10.0.0.1", "jmx", Permission.VIEW);

    try (Caller.Scope scope = viewer.enter()) {
      assertThatThrownBy(() -> at(ONE).terminateAllSessions("dlucas", REALM))
          .isInstanceOf(SecurityException.class)
          .hasMessageStartingWith("CTGSI0303E");
    }
    PeerCall call =
        new PeerCall(
            viewer,
            Collections.newSetFromMap(new IdentityHashMap<>()),
            "terminateAllSessions",
            "dlucas",
            REALM,
            0);
    Object answer =
        mbeanServer.invoke(
            SmsNames.server(TWO), PeerCall.NAME, call.toArguments(), PeerCall.signature());

    assertThat((Map<?, ?>) answer).extracting("code").isEqualTo("CTGSI0303E");
    assertThat(two.sessions()).isEqualTo(1);
  }

  @Test
  void argumentsThatAreRefusedReachNoPeer() {
    copy(ONE);
    Copy two = copy(TWO);
    two.signIn("dlucas", 1);

    for (String user : new String[] {null, "", "String", "*"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> at(ONE).terminateAllSessions(user, REALM))
          .withMessageStartingWith("CTGSI0313E");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(ONE).listSessions("*", REALM, -1))
        .withMessageStartingWith("CTGSI0313E");
    assertThat(two.sessions()).isEqualTo(1);
  }

  @Test
  void aRefreshTellsWhatChangedInAllCopies() {
    Copy one = copy(ONE);
    Copy two = copy(TWO);
    one.signIn("dlucas", 2);
    two.signIn("dlucas", 3);
    one.registry(user -> List.of("customers", "gold"));
    two.registry(user -> List.of("silver"));

    assertThat(at(ONE).previewRefresh("dlucas", REALM).sessions()).isEqualTo(5);
    RefreshView report = at(ONE).refreshAllSessionsWithReport("dlucas", REALM, null);

    assertThat(report.sessions()).isEqualTo(5);
    assertThat(report.changed()).isEqualTo(5);
    assertThat(report.groupsAdded()).containsExactly("gold", "silver");
    assertThat(report.groupsRemoved()).containsExactly("customers");
    assertThat(at(ONE).listSessions("*", REALM, 10).sessions())
        .extracting(SessionView::credentialVersion)
        .containsOnly(2);
  }

  @Test
  void aReportSaysThatNobodyOfThatNameIsSignedInAtAnyCopy() {
    copy(ONE);
    copy(TWO).signIn("dlucas", 1);
    String nobody = "In realm %s nobody named dlcuas is signed in.".formatted(REALM);

    assertThat(at(ONE).previewRefresh("dlcuas", REALM).notes()).containsExactly(nobody);
    assertThat(at(ONE).refreshAllSessionsWithReport("dlcuas", REALM, null).notes())
        .containsExactly(nobody);
    assertThat(at(ONE).refreshAllSessionsWithReport("DLUCAS", REALM, null).notes()).isEmpty();
    assertThat(at(ONE).refreshAllSessions("dlcuas", REALM)).isZero();
  }

  @Test
  void aRegistryIsAskedOnlyOfUsersWhoHaveSessionsWhereItIs() {
    Copy one = copy(ONE);
    Copy two = copy(TWO);
    one.registry(user -> null);
    two.signIn("dlucas", 2);
    copy(THREE)
        .registry(
            user -> {
              throw new IllegalStateException("no answer");
            });

    assertThat(at(ONE).refreshAllSessions("dlucas", REALM)).as("not known to one").isEqualTo(2);
    assertThat(at(ONE).previewRefresh("dlucas", REALM).sessions()).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(ONE).refreshAllSessions("johnq", REALM))
        .as("nowhere a session, and not known to the registry of the server that was asked")
        .withMessageStartingWith("HPDMG0754W");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(ONE).previewRefresh("johnq", REALM))
        .withMessageStartingWith("HPDMG0754W");
    assertThat(at(TWO).refreshAllSessions("johnq", REALM)).isZero();
  }

  @Test
  void whereARegistryFailsTheOthersAreRefreshedAndTheErrorSaysHowMany(@TempDir Path directory)
      throws Exception {
    Copy one = copy(mbeanServer, "DIRECTORY", directory.resolve("audit.log"), ONE);
    one.signIn("dlucas", 1);
    Copy two = copy(TWO);
    two.signIn("dlucas", 1);
    copy(THREE).signIn("dlucas", 1);
    two.registry(
        user -> {
          throw new IllegalStateException("no answer");
        });

    assertThatIllegalStateException()
        .isThrownBy(() -> at(ONE).refreshAllSessions("dlucas", REALM))
        .withMessage(
            "2 sessions were refreshed. Not at two-webseald-cruz: The user registry is not"
                + " available: no answer; sessions keep their credential.")
        .withNoCause();
    assertThatIllegalStateException()
        .isThrownBy(() -> at(TWO).refreshAllSessions("dlucas", REALM))
        .withMessageStartingWith("2 sessions were refreshed. Not at two-webseald-cruz: ");
    assertThatIllegalStateException()
        .isThrownBy(() -> at(ONE).previewRefresh("dlucas", REALM))
        .withMessageStartingWith("Not at two-webseald-cruz: ");

    one.close();
    assertThat(linesOf(directory.resolve("audit.log"), "refreshAllSessions"))
        .singleElement()
        .asString()
        .contains("\"sessions\":2", "\"outcome\":\"error\"");
  }

  @Test
  void aUserWhomTheRegistryOfAPeerDoesNotKnowAnyMoreIsRefusedAsSuch() {
    copy(ONE);
    Copy two = copy(TWO);
    two.signIn("dlucas", 1);
    two.registry(user -> null);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(ONE).refreshAllSessions("dlucas", REALM))
        .withMessageStartingWith("HPDMG0754W   The entry was not found. 0 sessions were refreshed.")
        .withMessageContaining("Not at two-webseald-cruz: The user registry has no user dlucas.")
        .withNoCause();
  }

  @Test
  void oneSessionIsEndedOrRefreshedInTheCopyThatHasIt() {
    copy(ONE).signIn("johnq", 1);
    Copy two = copy(TWO);
    copy(THREE);
    two.signIn("dlucas", 1);
    String id = at(TWO).listSessions("dlucas", REALM, 1).sessions().get(0).id();

    assertThat(at(ONE).refreshSession(id, REALM)).isEqualTo(1);
    assertThat(at(ONE).listSessions("dlucas", REALM, 1).sessions().get(0).credentialVersion())
        .isEqualTo(2);
    assertThat(at(ONE).terminateSession(id, REALM)).isEqualTo(1);
    assertThat(two.sessions()).isZero();

    for (String server : List.of(ONE, TWO, THREE)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> at(server).terminateSession(id, REALM))
          .withMessageStartingWith("CTGSI0312W");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> at(server).refreshSession("A".repeat(id.length()), REALM))
          .withMessageStartingWith("CTGSI0312W");
    }
  }

  @Test
  void oneSessionThatAPeersRegistryCannotRefreshKeepsItsCredential() {
    copy(ONE);
    Copy two = copy(TWO);
    two.signIn("dlucas", 1);
    String id = at(TWO).listSessions("dlucas", REALM, 1).sessions().get(0).id();
    two.registry(
        user -> {
          throw new IllegalStateException("no answer");
        });

    assertThatIllegalStateException()
        .isThrownBy(() -> at(ONE).refreshSession(id, REALM))
        .withMessageStartingWith("Not at two-webseald-cruz: The user registry is not available");
    two.registry(user -> null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(ONE).refreshSession(id, REALM))
        .withMessageStartingWith("HPDMG0754W");
  }

  @Test
  void theSessionsOfAllCopiesAreListedByUserAndThenInTheOrderOfTheirSignIns() {
    Copy one = copy(ONE);
    Copy two = copy(TWO);
    Copy three = copy(THREE);
    for (Copy copy : List.of(two, one, three, one)) {
      copy.signIn("dlucas", 1);
    }
    two.signIn("Anna", 2);
    one.signIn("johnq", 1);
    three.signIn("Émile", 1);

    SessionsView all = at(ONE).listSessions("*", REALM, 100);
    assertThat(all.matched()).isEqualTo(8);
    assertThat(all.sessions())
        .extracting(SessionView::user)
        .containsExactly("Anna", "Anna", "dlucas", "dlucas", "dlucas", "dlucas", "johnq", "Émile");
    assertThat(all.sessions().subList(2, 6)).extracting(SessionView::createdAt).isSorted();
    for (String server : List.of(ONE, TWO, THREE)) {
      SessionsView page = at(server).listSessions("*", REALM, 3);
      assertThat(page.matched()).isEqualTo(8);
      assertThat(page.sessions())
          .extracting(SessionView::user)
          .containsExactly("Anna", "Anna", "dlucas");
      assertThat(at(server).listSessions("d*", REALM, 0)).isEqualTo(new SessionsView(4, List.of()));
    }
  }

  @Test
  void theBoundOfWhatIsListedHoldsForAllCopiesTogether() {
    copy(ONE).signIn("dlucas", 6_000);
    copy(TWO).signIn("johnq", 6_000);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(ONE).listSessions("*", REALM, 10_001))
        .withMessageContaining("and 12000 do");
    SessionsView listed = at(ONE).listSessions("*", REALM, 10_000);
    assertThat(listed.matched()).isEqualTo(12_000);
    assertThat(listed.sessions()).hasSize(10_000);
    assertThat(
            IntStream.range(0, 10_000)
                .filter(i -> listed.sessions().get(i).user().equals("dlucas")))
        .hasSize(6_000);
  }

  @Test
  void aUsersNameThatAPeerComparesInAnotherWayIsThatPeersAffair() {
    Copy one = copy(mbeanServer, "EXACT", null, ONE);
    Copy two = copy(TWO);
    one.signIn("dlucas", 1);
    one.signIn("DLUCAS", 1);
    one.signIn("\u00AD", 1);
    two.signIn("DLucas", 1);

    assertThat(at(ONE).listSessions("dlucas", REALM, 10).matched()).isEqualTo(2);
    assertThat(at(ONE).terminateAllSessions("dlucas", REALM)).isEqualTo(2);
    assertThat(one.sessions()).isEqualTo(2);
    assertThat(at(ONE).terminateAllSessions("\u00AD", REALM))
        .as("a name that can be none where the peer is")
        .isEqualTo(1);
    assertThat(at(ONE).listSessions("\u00AD", REALM, 10).matched()).isZero();
  }

  @Test
  void aPeerOfAnotherVersionIsSaidAndTheOthersAreReachedAllTheSame() throws Exception {
    copy(ONE).signIn("dlucas", 1);
    copy(TWO).signIn("dlucas", 2);
    registerForeign(
        (operation, arguments, signature) -> {
          throw new ReflectionException(new NoSuchMethodException(operation));
        });

    assertThatIllegalStateException()
        .isThrownBy(() -> at(ONE).terminateAllSessions("dlucas", REALM))
        .withMessage(
            "3 sessions were terminated. Not at three-webseald-cruz: it runs another version of"
                + " sms-jmx, which cannot be asked.");
  }

  @Test
  void aPeerOfAnotherVersionKeepsNobodyFromEndingOneSession() throws Exception {
    copy(ONE);
    copy(TWO).signIn("dlucas", 2);
    String id = at(TWO).listSessions("dlucas", REALM, 1).sessions().get(0).id();
    registerForeign(
        (operation, arguments, signature) -> {
          throw new ReflectionException(new NoSuchMethodException(operation));
        });

    assertThat(at(ONE).terminateSession(id, REALM)).isEqualTo(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> at(ONE).terminateSession("A".repeat(id.length()), REALM))
        .withMessageStartingWith("Not at three-webseald-cruz: it runs another version");
  }

  @Test
  void whateverAPeerThrowsTheOthersAreReached() throws Exception {
    copy(ONE).signIn("dlucas", 1);
    copy(TWO).signIn("dlucas", 2);
    registerForeign(
        (operation, arguments, signature) -> {
          throw new NoClassDefFoundError("of an application that has ended");
        });

    assertThatIllegalStateException()
        .isThrownBy(() -> at(ONE).terminateAllSessions("dlucas", REALM))
        .withMessage(
            "3 sessions were terminated. Not at three-webseald-cruz: it failed; see the server's"
                + " log.");
  }

  @Test
  void aPeerOfANewerVersionAnswersWithMoreThanIsKnownHere() throws Exception {
    copy(ONE).signIn("dlucas", 1);
    SessionView known = at(ONE).listSessions("*", REALM, 1).sessions().get(0);
    Map<String, Object> row = PeerCall.members(known);
    row.put("user", "anna");
    row.put("of a newer version", "value");
    row.remove("refreshedAt");
    registerForeign(
        (operation, arguments, signature) ->
            Map.of("value", Map.of("matched", 1L, "sessions", List.of(row), "more", 1)));

    assertThat(at(ONE).listSessions("*", REALM, 10).sessions())
        .extracting(SessionView::user, SessionView::refreshedAt)
        .containsExactly(tuple("anna", ""), tuple("dlucas", ""));
  }

  /** Counts who listens to what is registered, and tells of it late if it is to. */
  private static final class Delegate extends MBeanServerDelegate {

    private final AtomicInteger listeners = new AtomicInteger();
    private final List<Notification> late = new ArrayList<>();
    private boolean isLate;

    @Override
    public void sendNotification(Notification notification) {
      if (isLate) {
        late.add(notification);
      } else {
        super.sendNotification(notification);
      }
    }

    @Override
    public void addNotificationListener(
        NotificationListener listener, NotificationFilter filter, Object handback) {
      listeners.incrementAndGet();
      super.addNotificationListener(listener, filter, handback);
    }

    @Override
    public void removeNotificationListener(NotificationListener listener)
        throws ListenerNotFoundException {
      super.removeNotificationListener(listener);
      listeners.decrementAndGet();
    }
  }

  @Test
  void nothingListensOnceTheLastServerIsUnregistered() throws Exception {
    Delegate delegate = new Delegate();
    MBeanServer where = new MBeanServerBuilder().newMBeanServer("sms", null, delegate);
    Copy one = copy(where, "DIRECTORY", null, ONE);
    Copy other = copy(where, "DIRECTORY", null, THREE);
    assertThat(delegate.listeners).as("one for each copy").hasValue(2);
    one.register(TWO);
    assertThatIllegalStateException()
        .isThrownBy(() -> other.register(TWO))
        .withMessageContaining(TWO);
    assertThat(delegate.listeners).hasValue(2);

    where.unregisterMBean(SmsNames.server(TWO));
    assertThat(delegate.listeners).hasValue(2);
    one.unregister();
    assertThat(delegate.listeners).as("whoever unregisters a server").hasValue(1);
    other.unregister();

    assertThat(delegate.listeners).hasValue(0);
    one.register(ONE);
    assertThatIllegalStateException().isThrownBy(() -> other.register(ONE));
    assertThat(delegate.listeners).as("a name that is taken").hasValue(1);
  }

  @Test
  void aServerWhoseNameIsTakenStaysThePeersOfOthers() {
    Copy one = copy(ONE);
    Copy two = copy(TWO);
    two.signIn("dlucas", 1);
    assertThatIllegalStateException().isThrownBy(() -> one.register(TWO));

    assertThat(at(ONE).terminateAllSessions("dlucas", REALM)).isEqualTo(1);
  }

  @Test
  void aServerThatTakesTheNameOfOneThatLeftIsReachedThoughListenersHearOfBothInTheWrongOrder() {
    Delegate delegate = new Delegate();
    MBeanServer where = new MBeanServerBuilder().newMBeanServer("sms", null, delegate);
    copy(where, "DIRECTORY", null, ONE);
    Copy former = copy(where, "DIRECTORY", null, TWO);
    Copy next = copy(where, "DIRECTORY", null, THREE);
    next.unregister();
    next.signIn("dlucas", 1);

    delegate.isLate = true;
    former.unregister();
    delegate.isLate = false;
    next.register(TWO);
    delegate.late.forEach(delegate::sendNotification);

    assertThat(proxy(where, ONE).terminateAllSessions("dlucas", REALM)).isEqualTo(1);
  }

  @Test
  void whereThereIsNoOtherCopyNothingIsAsked() {
    Management management =
        new Management(
            mbeanServer,
            Topology.of(REALM, new ServerName(ONE)),
            new Sessions(
                new InMemorySessionTable(SessionTimeouts.DEFAULT, InstantSource.system()),
                user -> new Credential(user, List.of(), Map.of()),
                InstantSource.system()),
            InstantSource.system());
    try (Registration registration = management.registerServer(new ServerName(ONE))) {
      assertThat(management.jvmSessions().peers().isEmpty()).isTrue();
      copy(TWO);
      assertThat(management.jvmSessions().peers().isEmpty()).isFalse();
    }
    assertThat(management.jvmSessions().peers().isEmpty()).isTrue();
  }
}
