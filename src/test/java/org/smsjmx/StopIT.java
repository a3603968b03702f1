package org.smsjmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.Doors.CRUZ;
import static org.smsjmx.Doors.IBM;
import static org.smsjmx.Doors.SIMULATION;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a server ends. */
final class StopIT {

  @Test
  void aSignalInTheMiddleOfTrafficEndsItCleanly() {
    ServerProcess server = ServerProcess.start().ready();
    AtomicInteger calls = new AtomicInteger();
    ExecutorService clients = Executors.newFixedThreadPool(4);
    Rmi one = server.rmi();
    Rmi two = server.rmi();
    try {
      JolokiaClient jolokia = server.jolokia();
      Stream.of(one.door(), two.door(), jolokia.byPost(), jolokia.byGet())
          .forEach(door -> clients.submit(() -> callUntilItEnds(door, calls)));
      await().until(() -> calls.get() > 200);

      assertThat(server.terminate()).isIn(0, 143);
    } finally {
      clients.shutdownNow();
    }
    assertThat(server.err()).isEmpty();
    assertThat(server.out()).doesNotContain("Exception", "\tat ");
    assertThat(AuditIT.lines(server)).as("no half line").hasSizeGreaterThan(200);
  }

  private static void callUntilItEnds(Door door, AtomicInteger calls) {
    for (int status = 200; status == 200; calls.incrementAndGet()) {
      List<String> users = Doors.SEED_USERS;
      String user = users.get(calls.get() % users.size());
      door.call(SIMULATION, "signIn", user, IBM, CRUZ, 3);
      door.server(CRUZ, "refreshAllSessions", user, IBM);
      status = door.server(CRUZ, "terminateAllSessions", user, IBM).status();
    }
  }
}
