package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.tools.attach.VirtualMachine;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXPrincipal;
import javax.management.remote.JMXServiceURL;
import javax.security.auth.Subject;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.audit.AuditFile;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.memory.InMemorySessionTable;

/** Who calls by a JMX connector that is none of our endpoints, and what such a caller may do. */
final class ConnectorCallersTest {

  private static final String ANONYMOUS = "\"caller\":\"anonymous@127.0.0.1\"";

  @TempDir Path directory;

  // the JDK's agents, in a JVM of their own

  private final class Jvm implements AutoCloseable {

    private final Process process;
    private final Path audit = directory.resolve("audit.log");

    Jvm(String... options) throws Exception {
      List<String> command =
          new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
      command.addAll(List.of(options));
      command.addAll(
          List.of(
              "-cp", System.getProperty("java.class.path"), AttachedApplication.class.getName()));
      command.add(audit.toString());
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()));
      assertThat(out.readLine()).isEqualTo("ready");
    }

    JMXServiceURL attach() throws Exception {
      VirtualMachine vm = VirtualMachine.attach(String.valueOf(process.pid()));
      try {
        return new JMXServiceURL(vm.startLocalManagementAgent());
      } finally {
        vm.detach();
      }
    }

    /** Returns the lines of its terminates: the first was the application's own. */
    List<String> lines() throws Exception {
      return Files.readAllLines(audit).stream()
          .filter(line -> line.contains("terminateAllSessions"))
          .toList();
    }

    @Override
    public void close() throws Exception {
      process.getOutputStream().close();
      process.waitFor();
    }
  }

  private static int terminate(JMXServiceURL url, String @Nullable ... account) throws Exception {
    Map<String, Object> environment = new HashMap<>();
    if (account.length > 0) {
      environment.put(JMXConnector.CREDENTIALS, account);
    }
    try (JMXConnector connector = JMXConnectorFactory.connect(url, environment)) {
      return JMX.newMXBeanProxy(
              connector.getMBeanServerConnection(),
              SmsNames.server(AttachedApplication.SERVER.value()),
              ServerMXBean.class)
          .terminateAllSessions("dlucas", AttachedApplication.REALM);
    }
  }

  private static JMXServiceURL agent(int port) throws Exception {
    return new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String readable(String name, String content) throws Exception {
    Path file = Files.writeString(directory.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatAttachesIsLocalAndItsOperatingSystemUserIsNamed() throws Exception {
    try (Jvm jvm = new Jvm()) {
      assertThat(terminate(jvm.attach())).isZero();

      assertThat(jvm.lines()).hasSize(2);
      assertThat(jvm.lines().get(0))
          .contains("\"caller\":\"local\",\"address\":\"\",\"door\":\"local\",\"server\"");
      assertThat(jvm.lines().get(1))
          .contains(
              "\"caller\":\"local\",\"address\":\"\",\"door\":\"local\",\"osUser\":\"%s\",\"server\""
                  .formatted(System.getProperty("user.name")));
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void whomTheJdksAgentAuthenticatedIsNamed() throws Exception {
    int port = freePort();
    try (Jvm jvm =
        new Jvm(
            "-Dcom.sun.management.jmxremote.port=" + port,
            "-Dcom.sun.management.jmxremote.host=127.0.0.1",
            "-Dcom.sun.management.jmxremote.ssl=false",
            "-Dcom.sun.management.jmxremote.password.file="
                + readable("passwords", "monitor secret1\ncontrol secret2\n"),
            "-Dcom.sun.management.jmxremote.access.file="
                + readable("access", "monitor readonly\ncontrol readwrite\n"))) {
      assertThat(terminate(agent(port), "control", "secret2")).isZero();
      assertThatThrownBy(() -> terminate(agent(port), "monitor", "secret1"))
          .isInstanceOf(SecurityException.class);

      assertThat(jvm.lines()).hasSize(2);
      assertThat(jvm.lines().get(1))
          .contains("\"caller\":\"control\",\"address\":\"127.0.0.1\",\"door\":\"jmx\"");
    }
  }

  @Test
  void whoCallsAnAgentThatAsksForNoPasswordIsNeverLocal() throws Exception {
    int port = freePort();
    try (Jvm jvm =
        new Jvm(
            "-Dcom.sun.management.jmxremote.port=" + port,
            "-Dcom.sun.management.jmxremote.host=127.0.0.1",
            "-Dcom.sun.management.jmxremote.ssl=false",
            "-Dcom.sun.management.jmxremote.authenticate=false")) {
      assertThat(terminate(agent(port))).isZero();
      JMXServiceURL attached = jvm.attach();
      assertThat(terminate(agent(port))).isZero();
      assertThat(terminate(attached)).isZero();

      assertThat(jvm.lines()).hasSize(4);
      assertThat(jvm.lines().subList(1, 4))
          .allSatisfy(line -> assertThat(line).contains(ANONYMOUS));
    }
  }

  // connectors of the application's own

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  private List<String> called(Subject subject, @Nullable Permission permission) throws Exception {
    Path file = directory.resolve("own.log");
    Map<String, Object> environment = new HashMap<>();
    if (!subject.getPrincipals().isEmpty()) {
      environment.put(
          JMXConnectorServer.AUTHENTICATOR,
          (javax.management.remote.JMXAuthenticator) credentials -> subject);
    }
    try (Audit audit = new Audit(clock, false, AuditFile.Settings.of(file))) {
      Management management =
          new Management(
              mbeanServer,
              new Sessions(
                  new InMemorySessionTable(SessionTimeouts.DEFAULT, clock),
                  user -> new Credential(user, List.of(), Map.of()),
                  clock),
              audit,
              clock);
      if (permission != null) {
        management.permit(asked -> asked.equals(subject) ? permission : Permission.VIEW);
      }
      JMXConnectorServer server =
          JMXConnectorServerFactory.newJMXConnectorServer(
              new JMXServiceURL("service:jmx:rmi://127.0.0.1"), environment, mbeanServer);
      server.start();
      try (Membership joined =
          management.join(AttachedApplication.SERVER, AttachedApplication.REALM)) {
        if (permission == Permission.VIEW) {
          assertThatThrownBy(() -> terminate(server.getAddress()))
              .isInstanceOf(SecurityException.class)
              .hasMessageContaining("may view; this needs terminate");
        } else {
          assertThat(terminate(server.getAddress())).isZero();
        }
      } finally {
        server.stop();
      }
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.contains("terminateAllSessions"))
        .toList();
  }

  private static Subject subject(java.security.Principal... principals) {
    return new Subject(true, Set.of(principals), Set.of(), Set.of());
  }

  @Test
  void theJmxPrincipalNamesTheCaller() throws Exception {
    assertThat(called(subject(new X500Principal("CN=x"), new JMXPrincipal("anna")), null))
        .singleElement()
        .asString()
        .contains("\"caller\":\"anna\"", "\"door\":\"jmx\"", "\"outcome\":\"done\"");
  }

  @Test
  void withoutOneAnotherPrincipalDoes() throws Exception {
    assertThat(called(subject(new X500Principal("CN=x")), null))
        .singleElement()
        .asString()
        .contains("\"caller\":\"CN=x\"");
  }

  @Test
  void aNameCannotBreakALine() throws Exception {
    assertThat(called(subject(new JMXPrincipal("a\nb\u202Ec")), null))
        .singleElement()
        .asString()
        .contains("a\\\\u000Ab\\\\u202Ec");
  }

  @Test
  void whoDidNotAuthenticateIsAnonymous() throws Exception {
    assertThat(called(subject(), null)).singleElement().asString().contains(ANONYMOUS);
  }

  @Test
  void theApplicationSaysWhatASubjectMayDo() throws Exception {
    assertThat(called(subject(new JMXPrincipal("anna")), Permission.TERMINATE)).hasSize(1);
    assertThat(called(subject(new JMXPrincipal("monitor")), Permission.VIEW))
        .last()
        .asString()
        .contains("\"caller\":\"monitor\"", "\"outcome\":\"CTGSI0303E\"");
    assertThat(called(subject(), Permission.VIEW)).last().asString().contains(ANONYMOUS);
  }

  // whose a connection is

  private static final String SERVER_END =
      "   1: 0100007F:94C5 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 1";
  private static final String CLIENT_END =
      "   2: 0100007F:D431 0100007F:94C5 01 00000000:00000000 00:00000000 00000000     0        0 2";

  @Test
  void theClientsEndTellsTheUser() {
    assertThat(LocalConnector.usersOf(List.of(SERVER_END, CLIENT_END), 0x94C5))
        .containsExactly("0");
    String mapped = "0000000000000000FFFF00000100007F";
    assertThat(
            LocalConnector.usersOf(
                List.of(SERVER_END.replace("0100007F", mapped), CLIENT_END), 0x94C5))
        .containsExactly("0");
  }

  @Test
  void aConnectionToAnotherMachinesPortOfThatNumberTellsNothing() {
    assertThat(
            LocalConnector.usersOf(
                List.of(SERVER_END, CLIENT_END.replace("0100007F:94C5", "0200000A:94C5")), 0x94C5))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "UnicastRef2", "UnicastRef2\0\0", "UnicastRef\0\5ab", "of another form"})
  void anUnknownFormOfAStubHasNoPort(String stub) {
    assertThat(LocalConnector.portOf(stub.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
        .isZero();
  }
}
