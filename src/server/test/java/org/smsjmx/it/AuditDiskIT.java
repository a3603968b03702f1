package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;

/**
 * The audit file when it cannot grow: the operating system's limit for the size of files stands for
 * a full disk, since it can be lifted while the server runs.
 */
final class AuditDiskIT {

  private static final int LIMIT_KIB = 64;

  @BeforeAll
  static void needPrlimit() {
    assumeThat(Path.of("/usr/bin/prlimit")).as("prlimit of util-linux").exists();
  }

  private static ServerProcess limited(boolean required) throws IOException {
    Path script = ServerProcess.temporaryDirectory("script").resolve("limited");
    Files.writeString(
        script,
        "#!/bin/bash\nulimit -S -f %d\nexec '%s' \"$@\"\n"
            .formatted(LIMIT_KIB, ServerProcess.installation().resolve("scripts/sms-server")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"), "required: false", "required: " + required);
    return ServerProcess.start().script(script).config(directory).option("--sessions", "0").ready();
  }

  private static void lift(ServerProcess server) throws Exception {
    String pid = String.valueOf(server.pid());
    assertThat(
            new ProcessBuilder("/usr/bin/prlimit", "--pid", pid, "--fsize=unlimited")
                .start()
                .waitFor())
        .isZero();
  }

  /** Calls until the file is full; returns how many were done. */
  private static int fill(ServerProcess server) {
    Endpoint endpoint = server.jolokia().byPost();
    int done = 0;
    while ((Boolean) server.jolokia().read(SERVICE, "AuditHealthy")) {
      assertThat(endpoint.server(CRUZ, "listSessions", "u".repeat(250), IBM, 0).status())
          .isEqualTo(200);
      done++;
    }
    return done;
  }

  private static void assertComplete(ServerProcess server) {
    List<Map<?, ?>> lines = AuditLines.all(server);
    assertThat(lines.stream().<Object>map(line -> line.get("number")))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, lines.size()).boxed().toList());
  }

  @Test
  void nothingIsLostAndTheFileStaysWhole() throws Exception {
    try (ServerProcess server = limited(false)) {
      int done = fill(server);
      JolokiaClient jolokia = server.jolokia();

      assertComplete(server);
      assertThat(jolokia.read(SERVICE, "AuditLinesWaiting")).isEqualTo(1L);
      assertThat((Long) jolokia.read(SERVICE, "AuditFailures")).isPositive();
      assertThat(server.err()).contains("the audit cannot be written");
      assertThat(jolokia.byPost().server(CRUZ, "terminateAllSessions", "johnq", IBM).status())
          .as("it is not required")
          .isEqualTo(200);

      lift(server);

      assertThat(jolokia.read(SERVICE, "AuditHealthy")).isEqualTo(true);
      assertThat(jolokia.read(SERVICE, "AuditLinesWaiting")).isEqualTo(0L);
      assertComplete(server);
      assertThat(AuditLines.all(server).stream().<Object>map(line -> line.get("operation")))
          .filteredOn("listSessions"::equals)
          .hasSize(done);
      assertThat(AuditLines.last(server).get("operation")).isEqualTo("terminateAllSessions");
      assertThat(server.err()).contains("the audit is written again");
    }
  }

  @Test
  void whereItIsRequiredNothingIsChangedUntilItCanBeWritten() throws Exception {
    try (ServerProcess server = limited(true);
        Endpoints endpoints = Endpoints.paused(server)) {
      endpoints.signIn("dlucas", IBM, CRUZ, 1);
      int sessions = endpoints.matched("dlucas", IBM);
      fill(server);

      endpoints.stream()
          .forEach(
              endpoint -> {
                Endpoint.Outcome refused =
                    endpoint.server(CRUZ, "terminateAllSessions", "dlucas", IBM);
                assertThat(refused.status()).isEqualTo(500);
                assertThat(refused.error())
                    .contains("The audit cannot be written, and sms.yaml requires it");
              });
      assertThat(endpoints.matched("dlucas", IBM)).as("viewing goes on").isEqualTo(sessions);

      lift(server);

      assertThat(
              server
                  .jolokia()
                  .byPost()
                  .server(CRUZ, "terminateAllSessions", "dlucas", IBM)
                  .number())
          .isEqualTo(sessions);
      assertComplete(server);
    }
  }
}
