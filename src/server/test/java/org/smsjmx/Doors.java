package org.smsjmx;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All doors of a server, open for one account. */
final class Doors implements AutoCloseable {

  static final String CRUZ = "default-webseald-cruz";
  static final String DALLAS = "default-webseald-example.dallas.ibm.com";
  static final String WEBSEAL2 = "webseal2-webseald-example.dallas.ibm.com";
  static final String IBM = "ibm.com";
  static final String PARTNERS = "partners.example.com";
  static final String SIMULATION = "sms:type=Simulation";
  static final String SERVICE = "sms:type=Service";
  static final List<String> SEED_USERS = List.of("dlucas", "johnq", "sec_master", "Mary Jones");

  private final Rmi rmi;
  private final List<Door> all;
  private boolean paused;

  Doors(ServerProcess server, String account, String password) {
    JolokiaClient jolokia = server.jolokia(account, password);
    rmi = server.rmi(account, password);
    all = List.of(rmi.door(), jolokia.byPost(), jolokia.byGet());
  }

  Doors(ServerProcess server) {
    this(server, ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD);
  }

  /** Opens the doors of a server whose simulated users stand still until they are closed. */
  static Doors paused(ServerProcess server) {
    Doors doors = new Doors(server);
    doors.pause();
    return doors;
  }

  Stream<Door> stream() {
    return all.stream();
  }

  Rmi rmi() {
    return rmi;
  }

  /** Lets simulated users stand still, so that nothing changes but by the test. */
  void pause() {
    rmi.call(SIMULATION, "pause");
    paused = true;
  }

  void signIn(String user, String realm, String server, int count) {
    Door.Outcome outcome = rmi.call(SIMULATION, "signIn", user, realm, server, count);
    if (outcome.number() != count) {
      throw new AssertionError(outcome);
    }
  }

  /** Returns how many sessions match. */
  int matched(String pattern, String realm) {
    return Math.toIntExact(rmi.server(CRUZ).listSessions(pattern, realm, 0).matched());
  }

  /** Returns all sessions that match, with everything that is shown of them. */
  List<Map<?, ?>> sessions(String pattern, String realm) {
    Door.Outcome found = rmi.door().server(CRUZ, "listSessions", pattern, realm, Integer.MAX_VALUE);
    return ((List<?>) ((Map<?, ?>) found.value()).get("sessions"))
        .stream().<Map<?, ?>>map(session -> (Map<?, ?>) session).toList();
  }

  @Override
  public void close() {
    if (paused) {
      rmi.call(SIMULATION, "resume");
    }
    rmi.close();
  }
}
