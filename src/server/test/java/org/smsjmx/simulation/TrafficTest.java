package org.smsjmx.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smsjmx.management.Management;
import org.smsjmx.management.Registration;
import org.smsjmx.management.ServerMXBean;
import org.smsjmx.management.SmsNames;
import org.smsjmx.registry.GeneratedUsers;
import org.smsjmx.session.Credential;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserPattern;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

final class TrafficTest {

  private static final String IBM = "ibm.com";
  private static final String PARTNERS = "partners.example.com";
  private static final ServerName CRUZ = new ServerName("default-webseald-cruz");
  private static final ServerName DALLAS = new ServerName("default-webseald-dallas");
  private static final Topology TOPOLOGY =
      new Topology(
          List.of(
              new Realm(IBM, List.of(new ReplicaSet("www.ibm.com", List.of(CRUZ, DALLAS)))),
              new Realm(PARTNERS, List.of(new ReplicaSet(PARTNERS, List.of(CRUZ))))),
          List.of());
  private static final Simulation.Settings SETTINGS =
      new Simulation.Settings(List.of("dlucas", "johnq"), 50, 300, 2, 42);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private TimeSource clock = TimeSource.steady(now::get);
  private final Set<String> unknown = new HashSet<>();
  private SessionTable table;
  private Sessions sessions;

  private Traffic traffic(Simulation.Settings settings, SessionTimeouts timeouts) {
    makeTable(timeouts);
    Traffic traffic = new Traffic(sessions, TOPOLOGY, clock, settings);
    traffic.fill(count -> {});
    return traffic;
  }

  private void makeTable(SessionTimeouts timeouts) {
    table = new InMemorySessionTable(timeouts, clock);
    UserRegistry file =
        user -> {
          if (unknown.contains(user)) {
            throw new UserRegistry.UnknownUserException(user);
          }
          return new Credential(user, List.of(), Map.of());
        };
    sessions =
        new Sessions(table, new GeneratedUsers(file, 50, List.of(), UserNames.DIRECTORY), clock);
  }

  /** Lets time pass in steps, at each of which users act and dead sessions are cleared away. */
  private void pass(Traffic traffic, Duration time, Duration step) {
    for (Duration d = Duration.ZERO; d.compareTo(time) < 0; d = d.plus(step)) {
      now.set(now.get().plus(step));
      traffic.step();
      table.expire();
    }
  }

  private void passHours(Traffic traffic, int hours) {
    pass(traffic, Duration.ofHours(hours), Duration.ofSeconds(30));
  }

  private List<Session> list(String pattern, String realm) {
    return table.list(new UserPattern(pattern), realm, Integer.MAX_VALUE).sessions();
  }

  private List<SessionId> ids(String user, String realm) {
    return list(user, realm).stream().map(Session::id).toList();
  }

  private long total() {
    return table.totals().values().stream()
        .flatMap(byRealm -> byRealm.values().stream())
        .mapToLong(SessionTotals::sessions)
        .sum();
  }

  private List<Tuple> whatHappened(int seed) {
    now.set(Instant.parse("2026-01-01T00:00:00Z"));
    Traffic traffic =
        traffic(
            new Simulation.Settings(List.of("dlucas", "johnq"), 50, 300, 2, seed),
            SessionTimeouts.DEFAULT);
    pass(traffic, Duration.ofMinutes(15), Duration.ofMillis(700));
    List<Tuple> seen =
        list("*", IBM).stream()
            .map(s -> tuple(s.user().user(), s.server(), s.createdAt(), s.lastAccessAt()))
            .sorted((a, b) -> a.toString().compareTo(b.toString()))
            .collect(Collectors.toList());
    seen.add(tuple(traffic.signIns(), traffic.visits(), traffic.signOuts()));
    return seen;
  }

  /** Between two readings of a real clock a deadline may pass. */
  @ParameterizedTest(name = "lifetime {0}, inactive {1}")
  @CsvSource({"PT1S, PT0S, PT0.005S", "PT1S, PT0S, PT0.007S", "PT0S, PT0.095S, PT0.090S"})
  void usersComeBackAlsoIfTheirTimeIsOverWhileTheyAreLookedAt(
      Duration lifetime, Duration inactive, Duration step) {
    clock = TimeSource.steady(() -> now.updateAndGet(time -> time.plusNanos(300_000)));
    Traffic traffic =
        traffic(
            new Simulation.Settings(List.of("dlucas", "johnq"), 0, 0, 0, 42),
            new SessionTimeouts(lifetime, inactive));
    pass(traffic, Duration.ofMinutes(2), step);
    traffic.step();
    assertThat(ids("dlucas", IBM)).hasSize(3);
    assertThat(ids("johnq", IBM)).hasSize(2);
  }

  @Test
  void theSameSeedAndClockGiveTheSameTraffic() {
    List<Tuple> first = whatHappened(42);

    assertThat(whatHappened(42)).isEqualTo(first);
    assertThat(whatHappened(43)).isNotEqualTo(first);
  }

  @Test
  void atFirstThereAreAsManySessionsAsWantedAndEachRegularUserIsAtTwoServers() {
    traffic(SETTINGS, SessionTimeouts.DEFAULT);

    assertThat(total()).isEqualTo(300);
    for (String user : List.of("dlucas", "johnq")) {
      assertThat(list(user, IBM).stream().map(Session::server).distinct()).hasSize(2);
      assertThat(list(user, PARTNERS)).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void sessionsOfRegularUsersNeverIdleOut() {
    Traffic traffic = traffic(SETTINGS, new SessionTimeouts(Duration.ZERO, Duration.ofMinutes(10)));
    List<SessionId> before = ids("dlucas", IBM);

    passHours(traffic, 5);

    assertThat(ids("dlucas", IBM)).isEqualTo(before);
  }

  @Test
  void regularUsersAreSignedInAgainWhenTheLifetimeEnded() {
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    List<Session> before = list("dlucas", IBM);

    passHours(traffic, 3);

    assertThat(list("dlucas", IBM))
        .hasSameSizeAs(before)
        .allMatch(session -> session.createdAt().isAfter(before.get(0).createdAt()))
        .extracting(Session::server)
        .containsExactlyInAnyOrderElementsOf(before.stream().map(Session::server).toList());
  }

  @Test
  void nobodyComesBackWhoseSessionsAnAdministratorEnded() {
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    int elsewhere = ids("dlucas", PARTNERS).size();
    UserInRealm dlucas = new UserInRealm("DLUCAS", IBM);

    table.terminateAll(dlucas);
    traffic.ended(dlucas);
    passHours(traffic, 3);

    assertThat(ids("dlucas", IBM)).isEmpty();
    assertThat(ids("dlucas", PARTNERS)).hasSize(elsewhere);
    assertThat(ids("johnq", IBM)).isNotEmpty();
  }

  @Test
  void aSessionThatAnAdministratorEndedIsNotBegunAnewAndTheOthersAre() {
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    List<SessionId> before = ids("dlucas", IBM);

    table.end(before.get(0), EndReason.TERMINATED_BY_ADMIN);
    traffic.ended(before.get(0));
    passHours(traffic, 3);

    assertThat(ids("dlucas", IBM)).hasSize(before.size() - 1);
  }

  @Test
  void nobodyComesBackWhoseSessionsWereEndedRightBeforeTheirTimeWasOver() {
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    UserInRealm dlucas = new UserInRealm("dlucas", IBM);
    pass(traffic, Duration.ofMinutes(59), Duration.ofSeconds(30));

    assertThat(table.terminateAll(dlucas)).isPositive();
    now.set(now.get().plus(Duration.ofMinutes(2)));
    traffic.ended(dlucas);
    passHours(traffic, 1);

    assertThat(ids("dlucas", IBM)).isEmpty();
    assertThat(ids("johnq", IBM)).isNotEmpty();
  }

  @Test
  void aUserWhoIsSignedInAfterwardsStays() {
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    UserInRealm dlucas = new UserInRealm("dlucas", IBM);
    table.terminateAll(dlucas);
    traffic.ended(dlucas);

    traffic.signIn(dlucas, CRUZ.value(), 4);
    passHours(traffic, 3);

    assertThat(ids("dlucas", IBM)).hasSize(4);
  }

  @Test
  void aUserWhoSignedOutDoesNotComeBack() {
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    UserInRealm dlucas = new UserInRealm("dlucas", IBM);
    List<SessionId> before = ids("dlucas", IBM);

    assertThat(traffic.signOut(dlucas, before)).isEqualTo(before.size());
    assertThat(traffic.signOut(dlucas, before)).isZero();
    passHours(traffic, 3);

    assertThat(ids("dlucas", IBM)).isEmpty();
    assertThat(ids("dlucas", PARTNERS)).isNotEmpty();
  }

  @Test
  void aUserWhomTheRegistryNoLongerHasDoesNotComeBack() {
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    unknown.add("dlucas");

    passHours(traffic, 3);

    assertThat(ids("dlucas", IBM)).isEmpty();
    assertThat(ids("johnq", IBM)).isNotEmpty();
  }

  @Test
  void signOutsKeepToTheTarget() {
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    for (int hour = 0; hour < 5; hour++) {
      passHours(traffic, 1);

      assertThat(total()).isBetween(270L, 300L);
    }
    assertThat(traffic.signIns()).isGreaterThan(5 * 3600);
    assertThat(traffic.signOuts()).isGreaterThan(5 * 3000);
    assertThat(traffic.visits()).isPositive();
  }

  @Test
  void sessionsThatAnAdministratorSignsInAreNotSignedOutByTheTraffic() {
    Traffic traffic = traffic(SETTINGS, new SessionTimeouts(Duration.ZERO, Duration.ZERO));

    traffic.signIn(new UserInRealm("user0000001", IBM), DALLAS.value(), 500);
    int before = ids("user0000001", IBM).size();
    passHours(traffic, 1);

    assertThat(ids("user0000001", IBM)).hasSizeBetween(500, before + 50);
  }

  @Test
  void withoutMadeUpUsersThereAreTheRegularOnesOnly() {
    Traffic traffic =
        traffic(new Simulation.Settings(List.of("dlucas"), 0, 1000, 5, 1), SessionTimeouts.DEFAULT);

    passHours(traffic, 2);

    assertThat(total()).isEqualTo(ids("dlucas", IBM).size() + ids("dlucas", PARTNERS).size());
  }

  @Test
  void aClockThatIsSetNeitherStopsUsersNorHurriesThem() {
    AtomicReference<Duration> setBy = new AtomicReference<>(Duration.ZERO);
    TimeSource passing = clock;
    clock =
        new TimeSource() {
          @Override
          public Instant instant() {
            return passing.instant().plus(setBy.get());
          }

          @Override
          public long elapsedMillis() {
            return passing.elapsedMillis();
          }

          @Override
          public long offsetMillis() {
            return setBy.get().toMillis();
          }

          @Override
          public void countSuspension() {
            passing.countSuspension();
          }
        };
    Traffic traffic = traffic(SETTINGS, SessionTimeouts.DEFAULT);
    List<SessionId> before = ids("dlucas", IBM);
    for (int hours : new int[] {-2, 4}) {
      long signIns = traffic.signIns();
      setBy.set(Duration.ofHours(hours));
      traffic.step();
      assertThat(traffic.signIns()).isEqualTo(signIns);
      pass(traffic, Duration.ofMinutes(20), Duration.ofSeconds(30));
      assertThat(traffic.signIns()).isGreaterThan(signIns);
      assertThat(ids("dlucas", IBM)).isEqualTo(before);
    }
  }

  @Test
  void whilePausedNobodyActsAndAfterwardsRegularUsersComeBackButForThoseWhomSomebodyEnded()
      throws Exception {
    makeTable(SessionTimeouts.DEFAULT);
    MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
    Management management = new Management(mbeanServer, TOPOLOGY, sessions, clock);
    try (Registration first = management.registerServer(CRUZ);
        Registration second = management.registerServer(DALLAS);
        Simulation simulation = new Simulation(management, TOPOLOGY, sessions, clock, SETTINGS);
        Registration third = management.register(SmsNames.simulation(), simulation)) {
      SimulationMXBean bean =
          JMX.newMXBeanProxy(mbeanServer, SmsNames.simulation(), SimulationMXBean.class);
      ServerMXBean cruz =
          JMX.newMXBeanProxy(mbeanServer, SmsNames.server(CRUZ.value()), ServerMXBean.class);
      simulation.fill(count -> {});
      assertThat(bean.pause()).isTrue();
      assertThat(bean.pause()).isFalse();
      simulation.start();
      long signIns = bean.getSignInsTotal();

      assertThat(cruz.terminateAllSessions("johnq", IBM)).isPositive();
      cruz.terminateSession(
          cruz.listSessions("dlucas", PARTNERS, 1).sessions().get(0).id(), PARTNERS);
      int left = ids("dlucas", PARTNERS).size();
      int wanted = ids("dlucas", IBM).size();
      now.set(now.get().plus(Duration.ofHours(2)));

      assertThat(cruz.listSessions("*", IBM, 0).matched()).isZero();
      assertThat(bean.getSignInsTotal()).isEqualTo(signIns);
      assertThat(bean.isRunning()).isFalse();

      assertThat(bean.resume()).isTrue();
      assertThat(bean.resume()).isFalse();
      await().until(() -> ids("dlucas", IBM).size() == wanted);
      await().until(() -> ids("dlucas", PARTNERS).size() == left);
      assertThat(ids("johnq", IBM)).isEmpty();
      assertThat(ids("johnq", PARTNERS)).isNotEmpty();
    }
  }
}
