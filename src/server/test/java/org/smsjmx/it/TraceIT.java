package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.ServerProcess;

/** What the trace level does to the log of a running server. */
final class TraceIT {

  private static final String SERVICE = "sms:type=Service";

  private final ServerProcess server = ServerProcess.shared();
  private final Endpoint client = server.jolokia().byPost();

  @AfterEach
  void setDefaultLevel() {
    assertThat(client.call(SERVICE, "setTraceLevel", 1).number()).isEqualTo(1);
  }

  @Test
  void theTraceLevelDecidesWhetherOperationsStandInTheLog() {
    int before = server.err().length();
    client.server(CRUZ, "terminateAllSessions", "untraced", IBM);
    assertThat(client.call(SERVICE, "setTraceLevel", 2).number()).isEqualTo(2);
    client.server(CRUZ, "previewRefresh", "dlucas", IBM);

    await().until(() -> server.err().indexOf("previewRefresh of " + CRUZ, before) > 0);
    assertThat(server.err().substring(before)).doesNotContain("terminateAllSessions of " + CRUZ);
  }

  @Test
  void aLevelOutOfBoundsIsRefused() {
    for (int level : new int[] {-1, 4, Integer.MAX_VALUE}) {
      assertThat(client.call(SERVICE, "setTraceLevel", level).error())
          .contains("CTGSI0313E", "0..3", "0x38c58139");
    }
  }
}
