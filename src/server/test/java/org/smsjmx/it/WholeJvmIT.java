package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** A server of which sms.yaml says that administering accounts reach the whole JVM. */
final class WholeJvmIT {

  private static final ObjectName MEMORY = Rmi.name(ManagementFactory.MEMORY_MXBEAN_NAME);
  private static final ObjectName RUNTIME = Rmi.name(ManagementFactory.RUNTIME_MXBEAN_NAME);

  private static ServerProcess server;

  @BeforeAll
  static void start() {
    Path directory = ServerProcess.copyOfConfiguration();
    Path yaml = directory.resolve("sms.yaml");
    ChangedConfiguration.replace(yaml, "whole-jvm: false", "whole-jvm: true");
    ChangedConfiguration.replace(
        yaml,
        "  sec_master: administer\n",
        "  sec_master: administer\n  terminate: terminate\n  view: view\n");
    Path data = ServerProcess.temporaryDirectory("data");
    ServerProcess.accountFile(data, "terminate pw", "view pw");
    server = ServerProcess.start().config(directory).data(data).option("--sessions", "0").ready();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void administratorsReachIt() throws Exception {
    try (Rmi administrator = server.rmi()) {
      MBeanServerConnection connection = administrator.connection();

      connection.invoke(MEMORY, "gc", null, null);

      assertThat((String[]) connection.getAttribute(RUNTIME, "InputArguments")).isNotEmpty();
      ObjectName made = Rmi.name("made:type=Timer");
      connection.createMBean("javax.management.timer.Timer", made);
      assertThat(connection.isRegistered(made)).isTrue();
      connection.unregisterMBean(made);
      assertThat(connection.isRegistered(made)).isFalse();
    }
  }

  @Test
  void othersDoNot() throws Exception {
    for (String account : new String[] {"terminate", "view"}) {
      try (Rmi other = server.rmi(account, "pw")) {
        MBeanServerConnection connection = other.connection();

        assertThatThrownBy(() -> connection.invoke(MEMORY, "gc", null, null))
            .isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> connection.createMBean("javax.management.timer.Timer", null))
            .isInstanceOf(SecurityException.class);
        assertThat((String[]) connection.getAttribute(RUNTIME, "InputArguments")).isEmpty();
      }
    }
  }

  @Test
  void jolokiaGoesOnByItsPolicy() {
    assertThat(server.jolokia().byPost().call(MEMORY.getCanonicalName(), "gc").status())
        .isEqualTo(403);
  }
}
