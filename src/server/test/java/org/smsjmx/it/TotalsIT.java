package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Doors.CRUZ;
import static org.smsjmx.fixture.Doors.DALLAS;
import static org.smsjmx.fixture.Doors.IBM;
import static org.smsjmx.fixture.Doors.PARTNERS;
import static org.smsjmx.fixture.Doors.SERVICE;
import static org.smsjmx.fixture.Doors.SIMULATION;
import static org.smsjmx.fixture.Doors.WEBSEAL2;

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
import org.smsjmx.fixture.Door;
import org.smsjmx.fixture.Doors;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.management.ServerMXBean;

/** Counts that monitoring reads. */
final class TotalsIT {

  private static final List<String> SERVERS = List.of(CRUZ, DALLAS, WEBSEAL2);

  private static ServerProcess server;
  private static Doors doors;

  @BeforeAll
  static void openDoors() {
    server = ServerProcess.shared();
    doors = new Doors(server);
  }

  @AfterAll
  static void closeDoors() {
    doors.close();
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

    doors.pause();
    long sum = 0;
    for (String name : SERVERS) {
      ServerMXBean bean = doors.rmi().server(name);
      assertThat(bean.getSessionsByRealm().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(bean.getSessionCount());
      sum += bean.getSessionCount();
    }
    assertThat(sum)
        .isEqualTo(doors.matched("*", IBM) + doors.matched("*", PARTNERS))
        .isEqualTo(doors.rmi().read(SERVICE, "SessionCount"));
  }

  private static void change(AtomicBoolean going, String user, String at) {
    try (Rmi rmi = server.rmi()) {
      Door door = rmi.door();
      while (going.get()) {
        door.call(SIMULATION, "signIn", user, IBM, at, 50);
        door.server(CRUZ, "refreshAllSessions", user, IBM);
        door.server(WEBSEAL2, "terminateAllSessions", user, IBM);
        door.call(SIMULATION, "signIn", user, IBM, WEBSEAL2, 50);
        door.call(SIMULATION, "signOut", user, IBM);
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
    return doors
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
    doors.pause();
    Door door = doors.rmi().door();
    door.server(CRUZ, "terminateAllSessions", "sec_master", IBM);
    ServerMXBean cruz = doors.rmi().server(CRUZ);
    ServerMXBean webseal2 = doors.rmi().server(WEBSEAL2);
    long signedIn = webseal2.getSignedInTotal();
    long refreshed = webseal2.getRefreshedTotal();
    long terminated = webseal2.getTerminatedTotal();
    long signedOut = webseal2.getSignedOutTotal();
    long terminatedAtCruz = cruz.getTerminatedTotal();
    long operations = operations(cruz);
    long elsewhere = operations(webseal2);

    doors.signIn("sec_master", IBM, WEBSEAL2, 3);
    door.server(CRUZ, "refreshAllSessions", "sec_master", IBM);
    door.server(CRUZ, "terminateAllSessions", "sec_master", IBM);
    door.server(CRUZ, "terminateAllSessions", "", IBM);
    doors.signIn("sec_master", IBM, WEBSEAL2, 2);
    door.call(SIMULATION, "signOut", "sec_master", IBM);

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
