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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.HandClock;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.text.Showable;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** Servers that join and leave while the service runs. */
@Timeout(60)
final class MembershipTest {

  private static final String REALM = "shop";
  private static final ServerName ONE = new ServerName("shop-host1");
  private static final ServerName TWO = new ServerName("shop-host2");
  private static final UserInRealm LUCAS = new UserInRealm("dlucas", REALM);

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private final HandClock clock = new HandClock();
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch mayRead = new CountDownLatch(1);
  private volatile boolean slow;
  private final Sessions sessions =
      new Sessions(new InMemorySessionTable(SessionTimeouts.DEFAULT, clock), this::read, clock);
  private final Management management =
      new Management(mbeanServer, sessions, new Audit(clock, false), clock);

  private Credential read(String user) {
    if (slow) {
      reading.countDown();
      await(mayRead);
    }
    return new Credential(user, List.of(), Map.of());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ServerMXBean bean(ServerName server) {
    return JMX.newMXBeanProxy(mbeanServer, SmsNames.server(server.value()), ServerMXBean.class);
  }

  private boolean isRegistered(ServerName server) {
    return mbeanServer.isRegistered(SmsNames.server(server.value()));
  }

  @Test
  void aServerThatJoinsHasAnMBeanUntilItLeaves() {
    assertThat(management.topology()).isEqualTo(Topology.EMPTY);
    Membership one = management.join(ONE, REALM);

    assertThat(one.server()).isEqualTo(ONE);
    assertThat(management.topology()).isEqualTo(Topology.of(REALM, ONE));
    assertThat(bean(ONE).getRealms()).containsExactly(REALM);
    assertThat(bean(ONE).getReplicaSets()).containsExactly(REALM);
    assertThat(bean(ONE).getJoinedAt()).isEqualTo(clock.instant().toString());
    sessions.signIn(LUCAS, ONE.value(), 3);
    assertThat(bean(ONE).getSessionCount()).isEqualTo(3);
    assertThat(bean(ONE).terminateAllSessions("dlucas", REALM)).isEqualTo(3);

    one.close();
    assertThat(isRegistered(ONE)).isFalse();
    assertThat(mbeanServer.getMBeanCount()).as("the delegate").isEqualTo(1);
    assertThat(management.topology()).isEqualTo(Topology.EMPTY);
    assertThat(management.joinedAt(ONE)).isNull();
  }

  @Test
  void serversOfOneRealmReachAllItsSessionsAndThoseOfOthersNone() {
    management.join(ONE, REALM);
    management.join(TWO, REALM);
    management.join(new ServerName("other-host1"), "other");
    sessions.signIn(LUCAS, ONE.value());
    sessions.signIn(LUCAS, TWO.value());

    assertThat(management.topology().realm(REALM).orElseThrow().servers())
        .containsExactly(ONE, TWO);
    assertThatThrownBy(() -> bean(ONE).terminateAllSessions("dlucas", "other"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(bean(TWO).terminateAllSessions("dlucas", REALM)).isEqualTo(2);
  }

  /** What a server with a configuration registers shows servers that join later. */
  @Test
  void realmsThatWereRegisteredBeforeShowWhoJoinsAndLeaves() {
    Topology configured = Topology.of(REALM, ONE);
    Management all = new Management(mbeanServer, configured, sessions, clock);
    try (Registration registered = all.registerAll(new NoTrace())) {
      RealmMXBean realm = JMX.newMXBeanProxy(mbeanServer, SmsNames.realm(REALM), RealmMXBean.class);
      ServiceMXBean service =
          JMX.newMXBeanProxy(mbeanServer, SmsNames.service(), ServiceMXBean.class);
      Membership two = all.join(TWO, REALM);
      assertThat(realm.getServers()).containsExactly(ONE.value(), TWO.value());
      assertThat(service.getServers()).containsExactly(ONE.value(), TWO.value());
      two.close();
      assertThat(realm.getServers()).containsExactly(ONE.value());
      assertThat(all.topology()).isEqualTo(configured);
    }
  }

  private static final class NoTrace implements Trace {
    @Override
    public int level() {
      return 0;
    }

    @Override
    public void set(int level) {}
  }

  @Test
  void aNameThatAnotherHasTakenIsRefusedAndChangesNothing() throws JMException {
    Membership two = management.join(TWO, REALM);
    ObjectName name = SmsNames.server(ONE.value());
    StandardMBean foreign = new StandardMBean(new NoTrace(), Trace.class);
    mbeanServer.registerMBean(foreign, name);

    assertThatIllegalStateException()
        .isThrownBy(() -> management.join(ONE, REALM))
        .withMessageContaining(name.toString());
    assertThatIllegalStateException().isThrownBy(() -> management.join(ONE, "new"));

    assertThat(management.topology()).isEqualTo(Topology.of(REALM, TWO));
    assertThat(management.joinedAt(ONE)).isNull();
    assertThat(mbeanServer.getMBeanInfo(name)).isEqualTo(foreign.getMBeanInfo());
    two.close();
    mbeanServer.unregisterMBean(name);
    management.join(ONE, REALM);
    assertThat(isRegistered(ONE)).isTrue();
  }

  @Test
  void aServerJoinsOnce() {
    management.join(ONE, REALM);
    for (String realm : List.of(REALM, "other")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> management.join(ONE, realm))
          .withMessageContaining(ONE.value());
    }
    assertThat(management.topology()).isEqualTo(Topology.of(REALM, ONE));
    assertThat(isRegistered(ONE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a,b", "ü", "*"})
  void aRealmWhoseNameIsNotAllowedIsRefusedAndChangesNothing(String realm) {
    management.join(ONE, REALM);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> management.join(TWO, realm))
        .withMessageContaining(Topology.NAME_RULE);
    assertThat(management.topology()).isEqualTo(Topology.of(REALM, ONE));
    assertThat(isRegistered(TWO)).isFalse();
  }

  @Test
  void leavingAgainDoesNothingAlsoIfAnotherHasTheNameByNow() {
    Membership first = management.join(ONE, REALM);
    first.close();
    first.close();
    clock.advance(Duration.ofHours(1));
    Membership second = management.join(ONE, "other");

    first.close();

    assertThat(bean(ONE).getRealms()).containsExactly("other");
    assertThat(bean(ONE).getJoinedAt()).isEqualTo(clock.instant().toString());
    second.close();
    assertThat(isRegistered(ONE)).isFalse();
  }

  @Test
  void sessionsStayWhenTheLastServerLeavesAndTheNextOneReachesThem() {
    Membership one = management.join(ONE, REALM);
    sessions.signIn(LUCAS, ONE.value(), 2);
    one.close();
    assertThat(sessions.users(REALM)).isEqualTo(1);

    management.join(TWO, REALM);
    assertThat(bean(TWO).getSessionCount()).isZero();
    assertThat(bean(TWO).terminateAllSessions("dlucas", REALM)).isEqualTo(2);
  }

  @Test
  void anOperationOnAServerThatHasLeftSaysThatItIsNotThere() {
    Membership one = management.join(ONE, REALM);
    ServerMXBean bean = bean(ONE);
    one.close();
    assertThatThrownBy(() -> bean.terminateAllSessions("dlucas", REALM))
        .hasRootCauseInstanceOf(InstanceNotFoundException.class);
  }

  @Test
  void anOperationThatHasBegunIsDoneThoughItsServerLeaves() throws Exception {
    Membership one = management.join(ONE, REALM);
    sessions.signIn(LUCAS, ONE.value(), 2);
    ServerMXBean bean = bean(ONE);
    slow = true;
    CompletableFuture<Integer> refresh =
        CompletableFuture.supplyAsync(() -> bean.refreshAllSessions("dlucas", REALM));
    await(reading);

    one.close();
    assertThat(isRegistered(ONE)).isFalse();
    mayRead.countDown();

    assertThat(refresh.get()).isEqualTo(2);
  }

  @Test
  void ofThoseThatJoinAtOnceUnderOneNameOneDoes() throws Exception {
    for (int round = 0; round < 200; round++) {
      List<Object> results = atOnce(4, i -> management.join(ONE, "realm" + i));
      List<Membership> joined =
          results.stream()
              .filter(Membership.class::isInstance)
              .map(Membership.class::cast)
              .toList();
      assertThat(joined).hasSize(1);
      assertThat(results)
          .filteredOn(result -> !(result instanceof Membership))
          .allMatch(IllegalArgumentException.class::isInstance);
      assertThat(management.topology().servers()).containsExactly(ONE);
      assertThat(management.topology().realms()).hasSize(1);
      assertThat(isRegistered(ONE)).isTrue();
      joined.get(0).close();
      assertThat(management.topology()).isEqualTo(Topology.EMPTY);
    }
  }

  @Test
  void allJoinAndLeaveWhoDoSoAtOnce() throws Exception {
    for (int round = 0; round < 100; round++) {
      List<Object> joined =
          atOnce(4, i -> management.join(new ServerName("server-" + i), "realm" + i % 2));
      assertThat(joined).hasOnlyElementsOfType(Membership.class);
      assertThat(management.topology().servers()).hasSize(4);
      assertThat(management.topology().realms()).hasSize(2);
      atOnce(
          8,
          i -> {
            ((Membership) joined.get(i % 4)).close();
            return i;
          });
      assertThat(management.topology()).isEqualTo(Topology.EMPTY);
      assertThat(mbeanServer.getMBeanCount()).isEqualTo(1);
    }
  }

  private interface Step {
    Object run(int number);
  }

  /** Returns what each step returned or threw. */
  private static List<Object> atOnce(int threads, Step step) throws Exception {
    ExecutorService running = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<Object>> started = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        started.add(
            running.submit(
                () -> {
                  start.await();
                  try {
                    return step.run(number);
                  } catch (RuntimeException e) {
                    return e;
                  }
                }));
      }
      List<Object> results = new ArrayList<>();
      for (Future<Object> each : started) {
        results.add(each.get());
      }
      return results;
    } finally {
      running.shutdownNow();
    }
  }

  @Test
  void aRealmThatWouldShareItsReplicaSetWithAnotherIsRefused() {
    Realm configured = new Realm("ibm.com", List.of(new ReplicaSet("www", List.of(ONE))));
    Topology topology = new Topology(List.of(configured), List.of(new ServerName("ivmgrd-master")));
    Management management = new Management(mbeanServer, topology, sessions, clock);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> management.join(TWO, "www"))
        .withMessage("replica set www stands twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> management.join(new ServerName("ivmgrd-master"), "ibm.com"));
    assertThat(management.topology()).isEqualTo(topology);
    assertThat(mbeanServer.getMBeanCount()).isEqualTo(1);
  }

  @Test
  void sessionsOfUsersWhoseNamesTheTableDoesNotTakeAreCounted() {
    Membership one = management.join(ONE, REALM);
    management.join(TWO, REALM);
    one.unmanaged(3);
    one.unmanaged(-1);
    assertThat(bean(ONE).getUnmanagedSessions()).isEqualTo(2);
    assertThat(bean(TWO).getUnmanagedSessions()).isZero();
  }

  // --- facts of sessions ---

  private ServerMXBean.SessionView listed(SessionFacts facts) {
    long begun = sessions.beginSignIn();
    assertThat(sessions.signIn(LUCAS, ONE.value(), facts, begun))
        .isInstanceOf(SignIn.Entered.class);
    ServerMXBean.SessionsView list = bean(ONE).listSessions("dlucas", REALM, 9);
    assertThat(list.sessions()).hasSize(1);
    sessions.terminateAll(LUCAS);
    return list.sessions().get(0);
  }

  @Test
  void aListShowsTheFactsOfASession() {
    management.join(ONE, REALM);
    ServerMXBean.SessionView shown =
        listed(new SessionFacts("192.0.2.7", "curl/8", "FORM", "https://id", "4711", "s1"));
    assertThat(shown.address()).isEqualTo("192.0.2.7");
    assertThat(shown.userAgent()).isEqualTo("curl/8");
    assertThat(shown.authenticationType()).isEqualTo("FORM");
    assertThat(shown.issuer()).isEqualTo("https://id");
    assertThat(shown.subject()).isEqualTo("4711");
    assertThat(shown.sid()).isEqualTo("s1");
    assertThat(Instant.parse(shown.createdAt())).isEqualTo(clock.instant());

    assertThat(facts(listed(SessionFacts.NONE))).hasSize(6).containsOnly("");
  }

  private static List<String> facts(ServerMXBean.SessionView view) {
    return List.of(
        view.address(),
        view.userAgent(),
        view.authenticationType(),
        view.issuer(),
        view.subject(),
        view.sid());
  }

  @Test
  void aListShowsNothingThatAClientCouldHarmItsReaderWith() {
    management.join(ONE, REALM);
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x100; c++) {
      all.append(c);
    }
    List<String> hostile =
        List.of(
            "a\r\nset-cookie: b",
            "\u001B[2J\u001B]0;title\u0007",
            "\u0000",
            "right\u202Eleft",
            "\u2028\u2029\u0085",
            "\uD800 alone \uDFFF",
            "x".repeat(255) + "\uD83D\uDE00",
            all.toString(),
            "\u0001".repeat(10_000),
            "x".repeat(10_000),
            "\uD83D\uDE00".repeat(10_000));
    for (String each : hostile) {
      List<String> shown = facts(listed(new SessionFacts(each, each, each, each, each, each)));
      assertThat(shown)
          .hasSize(6)
          .allSatisfy(
              fact -> {
                assertThat(fact.codePoints()).allMatch(Showable::isShowable);
                assertThat(fact).isNotEmpty().hasSizeLessThan(SessionFacts.MAXIMUM + 10);
              });
    }
    String most = "x".repeat(SessionFacts.MAXIMUM);
    assertThat(facts(listed(new SessionFacts(most, most, most, most, most, most))))
        .containsOnly(most);
  }
}
