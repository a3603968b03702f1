package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.smsjmx.management.RealmMXBean.KeptOutView;
import org.smsjmx.management.ServerMXBean.OutcomeView;
import org.smsjmx.session.Credential;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.SignInRefusedException;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** Keeping users out and limiting their sessions, as administrators call it. */
final class SignInPolicyOperationsTest {

  private static final String REALM = "shop.example.com";
  private static final ServerName SERVER = new ServerName("shop-webseald-host1");
  private static final Caller VIEWER = new Caller("viewer", "", "jmx", Permission.VIEW);
  private static final Caller HELPER = new Caller("helper", "", "jmx", Permission.TERMINATE);
  private static final Caller ADMIN = new Caller("admin", "", "jmx", Permission.ADMINISTER);

  private final HandClock clock = new HandClock();
  @RegisterExtension final AuditDisk disk = new AuditDisk();
  @TempDir private Path data;
  private final List<Registration> registrations = new ArrayList<>();
  private Node node;

  /** One run of a server. */
  private final class Node {

    final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
    final Sessions sessions =
        new Sessions(
            new InMemorySessionTable(SessionTimeouts.DEFAULT, clock),
            user -> new Credential(user, List.of("staff"), Map.of()),
            clock);
    final Management management =
        new Management(mbeanServer, Topology.of(REALM, SERVER), sessions, clock);
    final ServerMXBean server =
        JMX.newMXBeanProxy(mbeanServer, SmsNames.server(SERVER.value()), ServerMXBean.class);
    final RealmMXBean realm =
        JMX.newMXBeanProxy(mbeanServer, SmsNames.realm(REALM), RealmMXBean.class);

    SessionId signIn(String user) {
      SessionId id = sessions.signIn(new UserInRealm(user, REALM), SERVER.value());
      clock.advance(Duration.ofMillis(1));
      return id;
    }

    boolean isAlive(SessionId id) {
      return sessions.touch(id) > 0;
    }
  }

  private Node start() throws IOException {
    Node started = new Node();
    started.management.keepPolicies(new SignInPolicyFile(file()));
    registrations.add(started.management.registerAll(new Untraced()));
    return started;
  }

  private Path file() {
    return data.resolve("policies.txt");
  }

  @BeforeEach
  void open() throws IOException {
    node = start();
  }

  @AfterEach
  void close() {
    registrations.forEach(Registration::close);
  }

  private static <T> T as(Caller caller, Supplier<T> action) {
    try (Caller.Scope scope = caller.enter()) {
      return action.get();
    }
  }

  // --- keep out ---

  @Test
  void aUserIsOutUntilLetIn() {
    SessionId ended = node.signIn("dlucas");
    OutcomeView outcome =
        as(HELPER, () -> node.server.terminateAndKeepOut("DLucas", REALM, "PT10M", "ticket 7"));

    assertThat(outcome.state()).isEqualTo("DONE");
    assertThat(outcome.ended()).isEqualTo(1);
    assertThat(outcome.endedByServer()).isEqualTo(Map.of(SERVER.value(), 1L));
    assertThat(node.isAlive(ended)).isFalse();
    assertThatThrownBy(() -> node.signIn("dlucas"))
        .isInstanceOf(SignInRefusedException.class)
        .hasMessageContaining("an administrator keeps the user out");
    assertThat(node.realm.getKeptOut())
        .containsExactly(
            new KeptOutView(
                "DLucas",
                clock.instant().plus(Duration.ofMinutes(10)).toString(),
                "helper",
                "ticket 7"));
    assertThat(disk.lines)
        .singleElement()
        .asString()
        .contains("\"duration\":\"PT10M\"", "\"reason\":\"ticket 7\"", "\"sessions\":1")
        .contains("\"durable\":true", "\"operationId\":\"" + outcome.operation() + "\"");

    assertThat(as(HELPER, () -> node.server.letIn("dlucas", REALM, "by phone"))).isTrue();
    assertThat(node.server.letIn("dlucas", REALM, null)).isFalse();
    assertThat(node.realm.getKeptOut()).isEmpty();
    assertThat(disk.lines.get(1)).contains("\"operation\":\"letIn\"", "\"wasKeptOut\":true");
    assertThat(node.isAlive(node.signIn("dlucas"))).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "String",
        "10",
        "PT",
        "PT0S",
        "PT-1M",
        "P8D",
        "P1M",
        "PT10M\n",
        "P9999999999999D",
        "PT0.0001S",
        "pt\u202e1m"
      })
  void aWrongDurationDoesNothing(String duration) {
    SessionId id = node.signIn("dlucas");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.server.terminateAndKeepOut("dlucas", REALM, duration, null))
        .withMessageContaining("CTGSI0313E")
        .withMessageContaining("uration");
    assertThat(node.isAlive(id)).isTrue();
    assertThat(node.realm.getKeptOut()).isEmpty();
  }

  @Test
  void keepingOutNeedsThePermissionToTerminate() {
    SessionId id = node.signIn("dlucas");
    assertThatThrownBy(
            () -> as(VIEWER, () -> node.server.terminateAndKeepOut("dlucas", REALM, "PT1M", null)))
        .isInstanceOf(SecurityException.class);
    assertThatThrownBy(() -> as(VIEWER, () -> node.server.letIn("dlucas", REALM, null)))
        .isInstanceOf(SecurityException.class);
    assertThat(node.isAlive(id)).isTrue();
  }

  @Test
  void wrongUsersRealmsAndReasonsDoNothing() {
    SessionId id = node.signIn("dlucas");
    for (String[] wrong :
        new String[][] {
          {"*", REALM, null},
          {"", REALM, null},
          {"String", REALM, null},
          {"dlucas", "other", null},
          {"dlucas", REALM, "String"},
          {"dlucas", REALM, "a\tb"},
          {"dlucas", REALM, "x".repeat(81)}
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> node.server.terminateAndKeepOut(wrong[0], wrong[1], "PT1M", wrong[2]));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> node.server.letIn(wrong[0], wrong[1], wrong[2]));
    }
    assertThat(node.isAlive(id)).isTrue();
    assertThat(node.realm.getKeptOut()).isEmpty();
  }

  @Test
  void withoutAFileTheAnswerSaysThatItDoesNotLast() {
    Node memory = new Node();
    registrations.add(memory.management.registerAll(new Untraced()));
    assertThat(memory.server.terminateAndKeepOut("dlucas", REALM, "PT1M", null).state())
        .isEqualTo("DONE_NOT_DURABLE");
    assertThat(memory.realm.isPoliciesDurable()).isFalse();
    assertThat(node.realm.isPoliciesDurable()).isTrue();
  }

  // --- over a restart ---

  @Test
  void whatWasAnsweredIsInForceAfterARestart() throws Exception {
    as(HELPER, () -> node.server.terminateAndKeepOut("Mary Jones", REALM, "PT10M", "a ticket"));
    node.server.terminateAndKeepOut("johnq", REALM, "PT1M", null);
    node.server.terminateAndKeepOut("adam", REALM, "PT10M", null);
    node.server.letIn("adam", REALM, null);
    node.realm.setConcurrentSessionLimit("displace:3", "", null);
    node.realm.setConcurrentSessionLimit("1", "dlucas", null);
    List<KeptOutView> before = node.realm.getKeptOut();
    clock.advance(Duration.ofMinutes(1));

    Node again = start();

    assertThat(again.realm.getKeptOut()).containsExactly(before.get(0));
    assertThatThrownBy(() -> again.signIn("mary jones")).isInstanceOf(SignInRefusedException.class);
    again.signIn("johnq");
    again.signIn("adam");
    assertThat(again.realm.getConcurrentSessionLimit()).isEqualTo("displace:3");
    assertThat(again.realm.concurrentSessionLimit("DLUCAS")).isEqualTo("1");
    again.signIn("dlucas");
    assertThatThrownBy(() -> again.signIn("dlucas")).isInstanceOf(SignInRefusedException.class);
    clock.advance(Duration.ofMinutes(9));
    again.signIn("Mary Jones");
  }

  @Test
  void aClockThatWasSetBackKeepsNobodyOutForLongerThanAnAdministratorCan() throws Exception {
    node.server.terminateAndKeepOut("dlucas", REALM, "P7D", null);
    clock.set(Duration.ofDays(-100));
    Node again = start();
    assertThatThrownBy(() -> again.signIn("dlucas")).isInstanceOf(SignInRefusedException.class);
    clock.advance(Duration.ofDays(7));
    again.signIn("dlucas");
  }

  @Test
  void onlyItsOwnerCanReadTheFile() throws Exception {
    node.server.terminateAndKeepOut("dlucas", REALM, "PT1M", null);
    assertThat(Files.getPosixFilePermissions(file())).hasSize(2);
    assertThat(data).isDirectoryContaining(path -> path.equals(file()));
    try (var files = Files.list(data)) {
      assertThat(files).containsExactly(file());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sms-jmx policies 2\nend\t0\n",
        "sms-jmx policies 1\n",
        "sms-jmx policies 1\nend\t1\n",
        "sms-jmx policies 1\nend\t0",
        "sms-jmx policies 1\nend\t0\nend\t0\n",
        "sms-jmx policies 1\n\nend\t0\n",
        "sms-jmx policies 1\nlimit\tr\tu\t0\nend\t1\n",
        "sms-jmx policies 1\nlimit\tr\t*\t1\nend\t1\n",
        "sms-jmx policies 1\nlimit\tr\tu\t1\nlimit\tr\tu\t2\nend\t2\n",
        "sms-jmx policies 1\nkeep-out\tr\tu\ttomorrow\tby\tx\nend\t1\n",
        "sms-jmx policies 1\nkeep-out\tr\tu\nend\t1\n",
        "sms-jmx policies 1\nkeep-out\tr\t\u0007\t2099-01-01T00:00:00Z\tby\tx\nend\t1\n",
        "sms-jmx policies 1\nlet-in\tr\tu\t1\nend\t1\n"
      })
  void aFileThatIsTornOrWrongIsNamedWithItsLineAndNothingIsGuessed(String text) throws Exception {
    Files.writeString(file(), text);
    assertThatThrownBy(this::start)
        .isInstanceOf(IOException.class)
        .hasMessageMatching("(?s)" + file() + ":[1-4]: .*; repair it, or delete the file.*")
        .hasMessageNotContaining("\u0007");
    assertThat(file()).hasContent(text);
  }

  @Test
  void eachPartOfAFileIsNotTakenForTheWhole() throws Exception {
    node.server.terminateAndKeepOut("Mary Jones", REALM, "PT10M", "a ticket");
    node.realm.setConcurrentSessionLimit("2", "dlucas", null);
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThatThrownBy(this::start).isInstanceOf(IOException.class);
    }
    Files.write(file(), new byte[] {'s', (byte) 0xff, '\n'});
    assertThatThrownBy(this::start).hasMessageContaining(":1: is not in UTF-8");
  }

  @Test
  void whatCannotBeWrittenIsInForceAndTheErrorSaysSo() throws Exception {
    SessionId id = node.signIn("dlucas");
    Path part = data.resolve(".policies.txt.part");
    Files.createDirectories(part.resolve("in the way"));

    assertThatThrownBy(() -> node.server.terminateAndKeepOut("dlucas", REALM, "PT9M", null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The user is kept out, and 1 sessions were ended")
        .hasMessageContaining("until the server ends")
        .hasMessageContaining(file().toString());
    assertThat(node.isAlive(id)).isFalse();
    assertThatThrownBy(() -> node.signIn("dlucas")).isInstanceOf(SignInRefusedException.class);
    assertThat(node.management.health().failing()).isEqualTo(1);
    assertThat(disk.lines).singleElement().asString().contains("\"outcome\":\"error\"");

    Files.delete(part.resolve("in the way"));
    node.management.tick();
    assertThat(node.management.health().failing()).isZero();
    Node again = start();
    assertThatThrownBy(() -> again.signIn("dlucas")).isInstanceOf(SignInRefusedException.class);
  }

  // --- limits ---

  @Test
  void aLimitIsSetAndToldForTheRealmAndForAUser() {
    assertThat(node.realm.getConcurrentSessionLimit()).isEqualTo("unset");
    assertThat(as(ADMIN, () -> node.realm.setConcurrentSessionLimit("DISPLACE", null, "ticket 8")))
        .isEqualTo("unset");
    assertThat(node.realm.setConcurrentSessionLimit("2", "Dlucas", null)).isEqualTo("unset");
    assertThat(node.realm.setConcurrentSessionLimit("unset", "dlucas", null)).isEqualTo("2");
    assertThat(node.realm.setConcurrentSessionLimit("unlimited", "", null)).isEqualTo("displace");
    assertThat(node.realm.concurrentSessionLimit("dlucas")).isEqualTo("unset");
    assertThat(disk.lines.get(0))
        .contains("\"value\":\"DISPLACE\"", "\"reason\":\"ticket 8\"", "\"caller\":\"admin\"")
        .contains("\"realm\":\"" + REALM + "\"");
  }

  @Test
  void aLimitThatIsReachedIsAStatusOfItsOwn() {
    node.realm.setConcurrentSessionLimit("1", "", null);
    node.signIn("dlucas");
    assertThatThrownBy(() -> node.signIn("dlucas"))
        .isInstanceOfSatisfying(
            RuntimeException.class,
            refused ->
                assertThat(ClientErrors.reasonOf(refused))
                    .hasMessageContaining("CTGSI0304W")
                    .hasMessageContaining("0x38c58130"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "String", "0", "-1", "1000001", "displace:x", "two", "1\n"})
  void aWrongLimitIsRefused(String value) {
    node.realm.setConcurrentSessionLimit("7", "", null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.realm.setConcurrentSessionLimit(value, "", null))
        .withMessageContaining("CTGSI0313E");
    for (String user : List.of(" ", "String", "*", "a\u0000")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> node.realm.setConcurrentSessionLimit("1", user, null));
    }
    assertThat(node.realm.getConcurrentSessionLimit()).isEqualTo("7");
  }

  @Test
  void settingALimitNeedsThePermissionToAdministerAndReadingItThatToView() {
    assertThatThrownBy(() -> as(HELPER, () -> node.realm.setConcurrentSessionLimit("1", "", null)))
        .isInstanceOf(SecurityException.class);
    assertThat(as(VIEWER, () -> node.realm.concurrentSessionLimit("dlucas"))).isEqualTo("unset");
  }

  // --- displaced ---

  @Test
  void aDisplacedSessionIsInTheAuditInANotificationAndCounted() throws Exception {
    List<Notification> heard = Collections.synchronizedList(new ArrayList<>());
    node.mbeanServer.addNotificationListener(
        SmsNames.server(SERVER.value()), (sent, back) -> heard.add(sent), null, null);
    node.realm.setConcurrentSessionLimit("displace", "", null);
    heard.clear();
    SessionId first = node.signIn("dlucas");
    node.signIn("dlucas");

    assertThat(node.isAlive(first)).isFalse();
    assertThat(node.server.getDisplacedTotal()).isEqualTo(1);
    assertThat(node.server.getTotals().displaced()).isEqualTo(1);
    assertThat(node.server.getSessionCount()).isEqualTo(1);
    assertThat(heard)
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(sent.getType()).isEqualTo("sms.session.displaced");
              assertThat(facts(sent))
                  .containsEntry("user", "dlucas")
                  .containsEntry("server", SERVER.value())
                  .containsEntry("repeatedly", false)
                  .containsEntry("sessionIds", List.of(node.management.keys().text(first)));
            });
    await().untilAsserted(() -> assertThat(disk.lines).hasSize(2));
    assertThat(disk.lines.get(1))
        .contains("\"operation\":\"sessionDisplaced\"", "\"server\":\"" + SERVER.value() + "\"")
        .contains("\"user\":\"dlucas\"", "\"sessions\":1", "\"repeatedly\":false");
    assertThat(
            node.mbeanServer
                .getMBeanInfo(SmsNames.server(SERVER.value()))
                .getNotifications()[0]
                .getNotifTypes())
        .contains("sms.session.displaced");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> facts(Notification sent) {
    return (Map<String, Object>) sent.getUserData();
  }

  @Test
  void clientsThatDisplaceEachOtherAgainAndAgainAreReportedOnceAMinute() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(Displacements.class);
    log.start();
    logger.addAppender(log);
    try {
      node.realm.setConcurrentSessionLimit("displace", "", null);
      for (int i = 0; i < 4; i++) { // three are displaced
        node.signIn("dlucas");
        node.signIn("johnq");
        clock.advance(Duration.ofSeconds(5));
      }
      assertThat(log.list).isEmpty();
      for (int i = 0; i < 4; i++) {
        node.signIn("dlucas");
      }
      assertThat(log.list).singleElement().asString().contains("dlucas");
      await().untilAsserted(() -> assertThat(disk.all("repeatedly")).contains(true, false));
      clock.advance(Duration.ofMinutes(1));
      for (int i = 0; i < 3; i++) {
        node.signIn("dlucas");
      }
      assertThat(log.list).hasSize(1);
      node.signIn("dlucas");
      assertThat(log.list).hasSize(2);
    } finally {
      logger.detachAppender(log);
    }
  }
}
