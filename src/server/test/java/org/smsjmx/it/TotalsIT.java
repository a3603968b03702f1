package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.PARTNERS;
import static org.smsjmx.fixture.Endpoints.SERVICE;
import static org.smsjmx.fixture.Endpoints.SIMULATION;
import static org.smsjmx.fixture.Endpoints.WEBSEAL2;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.management.Attribute;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.management.ServerMXBean;

/** Counts that monitoring reads. */
final class TotalsIT {

  private static final List<String> SERVERS = List.of(CRUZ, DALLAS, WEBSEAL2);

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    server = ServerProcess.shared();
    endpoints = new Endpoints(server);
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  @Test
  void theNumberOfSessionsFitsTheTotalsAtEveryMoment() throws Exception {
    AtomicBoolean going = new AtomicBoolean(true);
    ExecutorService administrators = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> busy =
          List.of(
              administrators.submit(() -> change(going, "dlucas", CRUZ)),
              administrators.submit(() -> change(going, "johnq", DALLAS)));
      for (int i = 0; i < 60; i++) {
        for (String name : SERVERS) {
          assertTotalsFit(byRmi(name));
          assertTotalsFit((Map<?, ?>) server.jolokia().read(mbean(name), "Totals"));
        }
      }
      assertTotalsFit((Map<?, ?>) server.jolokia().read(SERVICE, "Totals"));
      going.set(false);
      for (Future<?> administrator : busy) {
        administrator.get();
      }
    } finally {
      going.set(false);
      administrators.shutdown();
    }

    endpoints.pause();
    long sum = 0;
    for (String name : SERVERS) {
      ServerMXBean bean = endpoints.rmi().server(name);
      assertThat(bean.getSessionsByRealm().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(bean.getSessionCount());
      sum += bean.getSessionCount();
    }
    assertThat(sum)
        .isEqualTo(endpoints.matched("*", IBM) + endpoints.matched("*", PARTNERS))
        .isEqualTo(endpoints.rmi().read(SERVICE, "SessionCount"));
  }

  private static void change(AtomicBoolean going, String user, String at) {
    try (Rmi rmi = server.rmi()) {
      Endpoint endpoint = rmi.endpoint();
      while (going.get()) {
        endpoint.call(SIMULATION, "signIn", user, IBM, at, 50);
        endpoint.server(CRUZ, "refreshAllSessions", user, IBM);
        endpoint.server(WEBSEAL2, "terminateAllSessions", user, IBM);
        endpoint.call(SIMULATION, "signIn", user, IBM, WEBSEAL2, 50);
        endpoint.call(SIMULATION, "signOut", user, IBM);
      }
    }
  }

  private static String mbean(String name) {
    return "sms:type=Server,name=" + name;
  }

  private static Map<?, ?> byRmi(String name) throws Exception {
    Map<String, String> keys =
        Map.of(
            "SessionCount", "sessions",
            "SignedInTotal", "signedIn",
            "SignedOutTotal", "signedOut",
            "TerminatedTotal", "terminated",
            "ExpiredTotal", "expired");
    return endpoints
        .rmi()
        .connection()
        .getAttributes(Rmi.name(mbean(name)), keys.keySet().toArray(String[]::new))
        .asList()
        .stream()
        .collect(Collectors.toMap(a -> keys.get(a.getName()), Attribute::getValue));
  }

  private static void assertTotalsFit(Map<?, ?> totals) {
    long ended =
        (Long) totals.get("signedOut")
            + (Long) totals.get("terminated")
            + (Long) totals.get("expired");
    assertThat(totals.get("sessions"))
        .as(totals.toString())
        .isEqualTo((Long) totals.get("signedIn") - ended);
    assertThat((Long) totals.get("sessions")).isNotNegative();
  }

  @Test
  void sessionsCountWhereTheySignedInAndOperationsWhereTheyWereCalled() {
    endpoints.pause();
    Endpoint endpoint = endpoints.rmi().endpoint();
    endpoint.server(CRUZ, "terminateAllSessions", "sec_master", IBM);
    ServerMXBean cruz = endpoints.rmi().server(CRUZ);
    ServerMXBean webseal2 = endpoints.rmi().server(WEBSEAL2);
    long signedIn = webseal2.getSignedInTotal();
    long refreshed = webseal2.getRefreshedTotal();
    long terminated = webseal2.getTerminatedTotal();
    long signedOut = webseal2.getSignedOutTotal();
    long terminatedAtCruz = cruz.getTerminatedTotal();
    long operations = operations(cruz);
    long elsewhere = operations(webseal2);

    endpoints.signIn("sec_master", IBM, WEBSEAL2, 3);
    endpoint.server(CRUZ, "refreshAllSessions", "sec_master", IBM);
    endpoint.server(CRUZ, "terminateAllSessions", "sec_master", IBM);
    endpoint.server(CRUZ, "terminateAllSessions", "", IBM);
    endpoints.signIn("sec_master", IBM, WEBSEAL2, 2);
    endpoint.call(SIMULATION, "signOut", "sec_master", IBM);

    assertThat(webseal2.getSignedInTotal()).isEqualTo(signedIn + 5);
    assertThat(webseal2.getRefreshedTotal()).isEqualTo(refreshed + 3);
    assertThat(webseal2.getTerminatedTotal()).isEqualTo(terminated + 3);
    assertThat(webseal2.getSignedOutTotal()).isEqualTo(signedOut + 2);
    assertThat(cruz.getTerminatedTotal()).isEqualTo(terminatedAtCruz);
    assertThat(operations(cruz)).as("a refused one does not count").isEqualTo(operations + 1);
    assertThat(operations(webseal2)).isEqualTo(elsewhere);
  }

  private static long operations(ServerMXBean server) {
    return server.getOperationsTotal().getOrDefault("terminateAllSessions", 0L);
  }
}
