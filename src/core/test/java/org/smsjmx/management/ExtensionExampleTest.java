package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.Credential;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** An application that makes its own sessions manageable, as the README shows. */
final class ExtensionExampleTest {

  private static final String REALM = "shop.example.com";
  private static final ServerName SERVER = new ServerName("shop-webseald-host1");
  private static final ObjectName NAME = SmsNames.server(SERVER.value());
  private static final UserInRealm DLUCAS = new UserInRealm("dlucas", REALM);

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicReference<UserRegistry> registry =
      new AtomicReference<>(user -> new Credential(user, List.of("customers"), Map.of()));
  private final TimeSource clock = TimeSource.steady(now::get);
  private final SessionTable table = new InMemorySessionTable(SessionTimeouts.DEFAULT, clock);
  private final Sessions sessions = new Sessions(table, user -> registry.get().read(user), clock);
  private final Management management =
      new Management(mbeanServer, Topology.of(REALM, SERVER), sessions, clock);

  private ServerMXBean proxy() {
    return JMX.newMXBeanProxy(mbeanServer, NAME, ServerMXBean.class);
  }

  @Test
  void anApplicationEndsItsOwnSessions() {
    try (Registration registration = management.registerServer(SERVER)) {
      SessionId dlucas = sessions.signIn(DLUCAS, SERVER.value());
      SessionId johnq = sessions.signIn(new UserInRealm("johnq", REALM), SERVER.value());

      assertThat(proxy().getSessionCount()).isEqualTo(2);
      assertThat(proxy().terminateAllSessions("DLucas", REALM)).isEqualTo(1);

      assertThat(table.touch(dlucas)).isZero();
      assertThat(table.touch(johnq)).isPositive();
      assertThat(proxy().terminateAllSessions("dlucas", REALM)).isZero();
      assertThat(proxy().getTerminatedTotal()).isEqualTo(1);
    }
  }

  @Test
  void anApplicationRefreshesItsOwnSessions() {
    try (Registration registration = management.registerServer(SERVER)) {
      SessionId id = sessions.signIn(DLUCAS, SERVER.value());
      registry.set(user -> new Credential(user, List.of("customers", "gold"), Map.of()));
      now.set(now.get().plusSeconds(60));

      assertThat(proxy().refreshAllSessions("dlucas", REALM)).isEqualTo(1);

      ServerMXBean.SessionView session = proxy().listSessions("*", REALM, 10).sessions().get(0);
      assertThat(session.groups()).containsExactly("customers", "gold");
      assertThat(session.credentialVersion()).isEqualTo(2);
      assertThat(session.createdAt()).isEqualTo("2026-01-01T00:00:00Z");
      assertThat(session.refreshedAt()).isEqualTo("2026-01-01T00:01:00Z");
      assertThat(proxy().refreshSession(session.id(), REALM)).isEqualTo(1);
      assertThat(proxy().terminateSession(session.id(), REALM)).isEqualTo(1);
      assertThat(table.touch(id)).isZero();
    }
  }

  @Test
  void whatARegistryGivesCannotBreakAnAnswer() {
    try (Registration registration = management.registerServer(SERVER)) {
      registry.set(user -> new Credential(user, List.of("a\nb\u001B[2J\u202Ec"), Map.of()));
      sessions.signIn(DLUCAS, SERVER.value());

      assertThat(proxy().listSessions("*", REALM, 1).sessions().get(0).groups())
          .containsExactly("a\\u000Ab\\u001B[2J\\u202Ec");
    }
  }

  @Test
  void terminateWorksWhileTheRegistryIsDownAndRefreshSaysSo() {
    try (Registration registration = management.registerServer(SERVER)) {
      sessions.signIn(DLUCAS, SERVER.value());
      registry.set(
          user -> {
            throw new UserRegistry.RegistryUnavailableException("no answer");
          });

      assertThatIllegalStateException()
          .isThrownBy(() -> proxy().refreshAllSessions("dlucas", REALM))
          .withMessageContaining("no answer")
          .withNoCause();
      assertThat(proxy().listSessions("dlucas", REALM, 1).sessions().get(0).credentialVersion())
          .isEqualTo(1);
      assertThat(proxy().terminateAllSessions("dlucas", REALM)).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatGivesNoCredentialIsSaidToTheCallerAndTheRegistryStaysAvailable() {
    try (Registration registration = management.registerServer(SERVER)) {
      sessions.signIn(DLUCAS, SERVER.value());
      registry.set(
          user -> {
            throw new UserRegistry.NoCredentialException("two entries are user " + user);
          });

      assertThatIllegalStateException()
          .isThrownBy(() -> proxy().refreshAllSessions("dlucas", REALM))
          .withMessage(
              "The user registry gives no credential: two entries are user dlucas;"
                  + " sessions keep theirs.")
          .withNoCause();
      assertThat(sessions.registryState().failure()).isNull();
      assertThat(proxy().listSessions("dlucas", REALM, 1).sessions().get(0).credentialVersion())
          .isEqualTo(1);
    }
  }

  @Test
  void aFailureInsideIsNotShownToClients() {
    try (Registration registration = management.registerServer(SERVER)) {
      sessions.signIn(DLUCAS, SERVER.value());
      registry.set(
          user -> {
            throw new UnsupportedOperationException("inner secret");
          });

      assertThatIllegalStateException()
          .isThrownBy(() -> proxy().refreshAllSessions("dlucas", REALM))
          .withMessageNotContaining("inner secret")
          .withNoCause();
    }
  }

  @Test
  void sessionsAreDeadFromTheirDeadlineOn() {
    try (Registration registration = management.registerServer(SERVER)) {
      sessions.signIn(DLUCAS, SERVER.value());
      now.set(now.get().plus(Duration.ofMinutes(10)));

      assertThat(proxy().listSessions("*", REALM, 10).matched()).isZero();
      assertThat(proxy().terminateAllSessions("dlucas", REALM)).isZero();
      assertThat(proxy().getExpiredTotal()).isEqualTo(1);
      assertThat(proxy().getTerminatedTotal()).isZero();
    }
  }

  @Test
  void listenersHearOfIt() throws Exception {
    List<Notification> heard = new ArrayList<>();
    try (Registration registration = management.registerServer(SERVER)) {
      proxy().terminateAllSessions("nobody", REALM); // nobody listens yet
      mbeanServer.addNotificationListener(NAME, (note, handback) -> heard.add(note), null, null);
      sessions.signIn(DLUCAS, SERVER.value());

      proxy().terminateAllSessions("dlucas", REALM);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> proxy().terminateAllSessions(" ", REALM));
    }
    assertThat(heard).hasSize(1);
    assertThat(heard.get(0).getSequenceNumber()).isEqualTo(2);
    Map<?, ?> data = (Map<?, ?>) heard.get(0).getUserData();
    assertThat(data.get("user")).isEqualTo("dlucas");
    assertThat(data.get("realm")).isEqualTo(REALM);
    assertThat(data.get("sessions")).isEqualTo(1);
    assertThat(data.get("server")).isEqualTo(SERVER.value());
    assertThat(data.get("caller")).isEqualTo("local");
  }

  @Test
  void listenersInThisJvmHearOfSessionsThatAnOperationEnded() {
    List<SessionListener.Ended> heard = new ArrayList<>();
    sessions.listen(
        new SessionListener() {
          @Override
          public void ended(Ended event) {
            heard.add(event);
            throw new IllegalStateException("thrown by the test");
          }
        });
    try (Registration registration = management.registerServer(SERVER)) {
      sessions.signIn(DLUCAS, SERVER.value());

      assertThat(proxy().terminateAllSessions("dlucas", REALM)).isEqualTo(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> proxy().terminateAllSessions(" ", REALM));
    }
    assertThat(heard).hasSize(1);
    assertThat(heard.get(0).user()).isEqualTo(DLUCAS);
    assertThat(heard.get(0).reason()).isEqualTo(EndReason.TERMINATED_BY_ADMIN);
    assertThat(heard.get(0).sessions()).hasSize(1);
  }

  @Test
  void closingTheRegistrationUnregistersExactlyThat() throws Exception {
    ObjectName other = new ObjectName("app:type=Other");
    mbeanServer.createMBean("javax.management.timer.Timer", other);
    Registration registration = management.registerServer(SERVER);
    assertThat(mbeanServer.isRegistered(NAME)).isTrue();

    registration.close();
    registration.close();

    assertThat(mbeanServer.isRegistered(NAME)).isFalse();
    assertThat(mbeanServer.isRegistered(other)).isTrue();
    management.registerServer(SERVER).close();
  }

  @Test
  void aNameThatIsTakenIsRefusedAndStaysTaken() {
    try (Registration registration = management.registerServer(SERVER)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> management.registerServer(SERVER))
          .withMessageContaining(NAME.toString());
      assertThat(mbeanServer.isRegistered(NAME)).isTrue();
    }
  }

  @Test
  void aServerThatNoRealmHasIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> management.registerServer(new ServerName("other-host")))
        .withMessageContaining("other-host");
  }

  @Test
  void aCallerIsHeldToItsPermission() {
    Caller viewer = new Caller("anna", "10.0.0.1", "app", Permission.VIEW);
    try (Registration registration = management.registerServer(SERVER)) {
      SessionId id = sessions.signIn(DLUCAS, SERVER.value());
      try (Caller.Scope scope = viewer.enter()) {
        assertThat(proxy().listSessions("*", REALM, 1).matched()).isEqualTo(1);
        assertThatThrownBy(() -> proxy().terminateAllSessions("dlucas", REALM))
            .isInstanceOf(SecurityException.class)
            .hasMessageStartingWith("CTGSI0303E   ")
            .hasMessageContaining("anna");
      }
      assertThat(table.touch(id)).isPositive();
    }
  }
}
