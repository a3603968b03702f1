package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SIMULATION;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** Who is kept out and how many sessions are allowed, in a server and after its restart. */
final class PoliciesIT {

  private static final String REALM = "sms:type=Realm,name=" + IBM;

  private static ServerProcess.Start start(Path data) {
    return ServerProcess.start().data(data).option("--sessions", "0");
  }

  @Test
  void whoIsKeptOutAndWhatLimitsAreSetOutlivesTheServer() throws Exception {
    Path data = ServerProcess.temporaryDirectory("data").resolve("of a server");
    try (ServerProcess server = start(data).ready();
        Rmi rmi = server.rmi()) {
      Endpoint http = server.jolokia().byPost();
      http.call(SIMULATION, "pause");
      Endpoint.Outcome outcome =
          http.server(CRUZ, "terminateAndKeepOut", "dlucas", IBM, "PT1H", "ticket 7");
      assertThat(((Map<?, ?>) outcome.value()).get("state")).isEqualTo("DONE");
      assertThat(rmi.call(SIMULATION, "signIn", "dlucas", IBM, CRUZ, 1).error())
          .contains("The sign-in of dlucas in realm ibm.com is refused: an administrator keeps");

      assertThat(rmi.call(REALM, "setConcurrentSessionLimit", "2", "johnq", "").value())
          .isEqualTo("unset");
      http.call(SIMULATION, "signOut", "johnq", IBM);
      assertThat(http.call(SIMULATION, "signIn", "johnq", IBM, CRUZ, 5).error())
          .contains("CTGSI0304W", "0x38c58130");
      assertThat(rmi.server(CRUZ).listSessions("johnq", IBM, 0).matched()).isEqualTo(2);
    }
    Path file = data.resolve("policies.txt");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    try (ServerProcess server = start(data).ready();
        Rmi rmi = server.rmi()) {
      Endpoint http = server.jolokia().byPost();
      assertThat((List<?>) server.jolokia().read(REALM, "KeptOut"))
          .singleElement()
          .asString()
          .contains("dlucas", "sec_master", "ticket 7");
      assertThat(rmi.server(CRUZ).listSessions("dlucas", IBM, 0).matched()).isZero();
      assertThat(http.call(REALM, "concurrentSessionLimit", "JohnQ").value()).isEqualTo("2");
      assertThat(http.server(CRUZ, "letIn", "DLUCAS", IBM, "").value()).isEqualTo(true);
      assertThat(rmi.call(SIMULATION, "signIn", "dlucas", IBM, CRUZ, 1).error()).isEmpty();
    }

    Files.writeString(file, Files.readString(file).replace("\t2\n", "\ttwo\n"));
    ServerProcess.Ended ended = start(data).ended();
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err())
        .startsWith("sms-server: " + file + ":2: max-concurrent-web-sessions must be")
        .hasLineCount(1);
  }
}
