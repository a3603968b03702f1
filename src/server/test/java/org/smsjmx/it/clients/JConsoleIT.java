package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.ServerProcess;

/** JConsole, used by mouse and keyboard on a virtual screen. */
@Tag("clients")
final class JConsoleIT {

  private static final String VIEWER = "viewer";
  // such as can be typed on every keyboard
  private static final String VIEWER_PASSWORD = "may-look";
  private static final String NEW_CONNECTION = "JConsole: New Connection";

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    JConsole.assumeInstalled();
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"),
        "  sec_master: administer\n",
        "  sec_master: administer\n  viewer: view\n");
    Path data = ServerProcess.temporaryDirectory("data");
    ServerProcess.accountFile(data, VIEWER + " " + VIEWER_PASSWORD);
    server = ServerProcess.start().config(directory).data(data).ready();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    if (endpoints != null) {
      endpoints.close();
      server.close();
    }
  }

  @Test
  void byPidAnAdministratorEndsAndRefreshesSessions() {
    try (JConsole console = JConsole.open(String.valueOf(server.pid()))) {
      console.tell("press", "Insecure connection");
      console.tell("size", "1150", "600");
      administer(console, "local");
    }
  }

  @Test
  void byHostAndPortAnAdministratorEndsAndRefreshesSessions() {
    try (JConsole console = JConsole.open()) {
      connect(console, ADMINISTRATOR, ServerProcess.PASSWORD);
      administer(console, ADMINISTRATOR);
    }
  }

  private static void connect(JConsole console, String account, String password) {
    logIn(console, server.jmxAddress(), account, password);
    console.tell("press", "Insecure connection");
    console.tell("size", "1150", "600");
  }

  /** Fills in the dialog that JConsole begins with. */
  static void logIn(JConsole console, String address, String account, String password) {
    console.tell("dialog", NEW_CONNECTION);
    console.tell("fill", "Remote Process", address);
    console.tell("fill", "User Name", account);
    console.tell("fill", "Password", password);
    console.picture("jconsole-connect");
    console.tell("press", "Connect");
  }

  private static void administer(JConsole console, String caller) {
    endpoints.signIn("Mary Jones", IBM, CRUZ, 2);
    int sessions = endpoints.matched("Mary Jones", IBM);
    int version = version("Mary Jones");
    openMBeans(console);
    console.mbean("Server", CRUZ, "Operations");

    console.call("refreshAllSessions", "Mary Jones", IBM);
    assertThat(console.dialog("Operation return value")).contains(String.valueOf(sessions));
    console.tell("press", "OK");
    assertAudited("refreshAllSessions", "Mary Jones", "done", caller);
    assertThat(version("Mary Jones")).isEqualTo(version + 1);

    console.call("terminateAllSessions", "String", IBM);
    assertThat(console.dialog("Error")).contains("CTGSI0313E", "String is what JConsole shows");
    console.tell("press", "OK");
    assertAudited("terminateAllSessions", "String", "CTGSI0313E", caller);
    assertThat(endpoints.matched("Mary Jones", IBM)).isEqualTo(sessions);

    console.call("terminateAllSessions", "Mary Jones", IBM);
    assertThat(console.dialog("Operation return value")).contains(String.valueOf(sessions));
    // beside what was filled in
    console.tell("move", "885", "370");
    console.picture("jconsole-terminate-" + caller);
    console.tell("press", "OK");
    assertAudited("terminateAllSessions", "Mary Jones", "done", caller);
    assertThat(endpoints.matched("Mary Jones", IBM)).isZero();
  }

  @Test
  void aViewerReadsEverythingAndIsRefusedAnOperation() {
    int sessions = endpoints.matched("dlucas", IBM);
    try (JConsole console = JConsole.open()) {
      connect(console, VIEWER, VIEWER_PASSWORD);
      for (String tab : List.of("Overview", "Memory", "Threads", "Classes", "VM Summary")) {
        console.tell("tab", tab);
      }
      openMBeans(console);
      readAttributes(console, "RealmName=" + IBM, "Realm", IBM);
      readAttributes(console, "ReplicaSetName=www.ibm.com", "ReplicaSet", "www.ibm.com");
      readAttributes(console, "AuditHealthy=true", "Service");
      readAttributes(console, "TargetSessions=", "Simulation");
      readAttributes(console, "HostName=cruz", "Server", CRUZ);
      console.picture("jconsole-attributes");
      console.mbean("Server", CRUZ, "Operations");
      console.call("terminateAllSessions", "dlucas", IBM);
      assertThat(console.dialog("Error")).contains("CTGSI0303E", VIEWER);
      console.tell("press", "OK");
      assertAudited("terminateAllSessions", "dlucas", "CTGSI0303E", VIEWER);
    }
    assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(sessions);
  }

  /** Shows the attributes of an MBean, of which one is given as it is shown. */
  private static void readAttributes(JConsole console, String one, String... bean) {
    console.mbean(Stream.concat(Stream.of(bean), Stream.of("Attributes")).toArray(String[]::new));
    console.tell("shows", one);
    assertThat(console.tell("rows")).doesNotContain("Unavailable");
  }

  private static void openMBeans(JConsole console) {
    console.tell("tab", "MBeans");
    console.tell("divider", "260");
  }

  private static int version(String user) {
    return ((Long) endpoints.sessions(user, IBM).get(0).get("credentialVersion")).intValue();
  }

  private static void assertAudited(String operation, String user, String outcome, String caller) {
    Map<?, ?> line = AuditLines.last(server);
    assertThat(line.get("operation")).isEqualTo(operation);
    assertThat(line.get("user")).isEqualTo(user);
    assertThat(line.get("outcome")).isEqualTo(outcome);
    assertThat(line.get("caller")).isEqualTo(caller);
  }
}
