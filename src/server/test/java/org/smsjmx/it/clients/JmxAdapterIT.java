package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.jolokia.jvmagent.JolokiaServer;
import org.jolokia.jvmagent.JolokiaServerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** Jolokia's JMX adapter in a program and in JConsole, beyond what {@link ToolsIT} shows. */
@Tag("clients")
final class JmxAdapterIT {

  private static final ObjectName SERVER = Rmi.name("sms:type=Server,name=" + CRUZ);
  private static final String TEXT = String.class.getName();

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    server = ServerProcess.shared();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  @Test
  void aProgramListsReadsAndEndsSessions() throws IOException, JMException {
    endpoints.signIn("Mary Jones", IBM, CRUZ, 2);
    int sessions = endpoints.matched("Mary Jones", IBM);
    new JmxAdapter(server, ADMINISTRATOR, ServerProcess.PASSWORD)
        .use(
            connection -> {
              assertThat(connection.queryNames(Rmi.name("sms:*"), null))
                  .isEqualTo(endpoints.rmi().connection().queryNames(Rmi.name("sms:*"), null));
              assertThat(types(connection.getMBeanInfo(SERVER)))
                  .isEqualTo(types(endpoints.rmi().connection().getMBeanInfo(SERVER)));
              assertThat(connection.getAttribute(SERVER, "SessionCount"))
                  .isEqualTo(endpoints.rmi().read(SERVER.toString(), "SessionCount"));
              assertThat(connection.getAttribute(Rmi.name(Endpoints.SERVICE), "PartsFailing"))
                  .isEqualTo(0);
              assertThat(connection.getAttribute(Rmi.name(Endpoints.SERVICE), "AuditHealthy"))
                  .isEqualTo(true);
              CompositeData found =
                  (CompositeData)
                      connection.invoke(
                          SERVER,
                          "listSessions",
                          new Object[] {"Mary Jones", IBM, 10},
                          new String[] {TEXT, TEXT, "int"});
              assertThat(found.get("matched")).isEqualTo((long) sessions);
              assertThat(
                      connection.invoke(
                          SERVER,
                          "terminateAllSessions",
                          new Object[] {"Mary Jones", IBM},
                          new String[] {TEXT, TEXT}))
                  .isEqualTo((long) sessions);
              return null;
            });
    assertThat(endpoints.matched("Mary Jones", IBM)).isZero();
  }

  /** Returns the types of simple attributes, of operations and their parameters. */
  private static Map<String, String> types(MBeanInfo info) {
    Stream<String> attributes =
        Arrays.stream(info.getAttributes())
            .map(JmxAdapterIT::declaration)
            .filter(declaration -> !declaration.contains("openmbean"));
    Stream<String> operations = Arrays.stream(info.getOperations()).map(JmxAdapterIT::declaration);
    return Stream.concat(attributes, operations)
        .collect(Collectors.toMap(line -> line.split(" ", 2)[0], line -> line.split(" ", 2)[1]));
  }

  private static String declaration(MBeanAttributeInfo attribute) {
    return attribute.getName() + " " + attribute.getType();
  }

  private static String declaration(MBeanOperationInfo operation) {
    return operation.getName()
        + " "
        + operation.getReturnType()
        + Arrays.stream(operation.getSignature())
            .map(parameter -> parameter.getName() + ":" + parameter.getType())
            .toList();
  }

  @Test
  void aWrongPasswordDoesNotConnect() {
    assertThatThrownBy(() -> new JmxAdapter(server, ADMINISTRATOR, "wrong").connect())
        .hasMessageContaining("401");
  }

  /** What an operation returns as an int, with a stock agent of Jolokia. */
  public interface CountsMBean {
    int count(String user);

    int getCount();
  }

  /** An MBean of the test. */
  public static final class Counts implements CountsMBean {
    @Override
    public int count(String user) {
      return 3;
    }

    @Override
    public int getCount() {
      return 3;
    }
  }

  /** The adapter looks at the declared type of an attribute, but not at that of an operation. */
  @Test
  void anIntOfAnOperationIsALongWithAStockAgentToo() throws IOException, JMException {
    MBeanServer mbeans = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("test:type=Counts");
    mbeans.registerMBean(new Counts(), name);
    JolokiaServer stock =
        new JolokiaServer(
            new JolokiaServerConfig(
                Map.of("host", "127.0.0.1", "port", "0", "discoveryEnabled", "false")));
    stock.start();
    String url = "service:jmx:jolokia://127.0.0.1:" + stock.getAddress().getPort() + "/jolokia";
    try {
      JmxAdapter.of(url)
          .use(
              connection -> {
                MBeanOperationInfo declared = connection.getMBeanInfo(name).getOperations()[0];
                assertThat(declared.getReturnType()).isEqualTo("int");
                assertThat(connection.getAttribute(name, "Count")).isEqualTo(3);
                assertThat(
                        connection.invoke(name, "count", new Object[] {"x"}, new String[] {TEXT}))
                    .isEqualTo(3L);
                return null;
              });
    } finally {
      stock.stop();
      mbeans.unregisterMBean(name);
    }
  }

  @Test
  void inJConsoleAnAdministratorEndsSessionsOverHttp() {
    JConsole.assumeInstalled();
    endpoints.signIn("Mary Jones", IBM, CRUZ, 2);
    int sessions = endpoints.matched("Mary Jones", IBM);
    try (JConsole console = JConsole.withAdapter(Tools.jars("adapter"))) {
      JConsoleIT.logIn(console, JmxAdapter.url(server), ADMINISTRATOR, ServerProcess.PASSWORD);
      console.tell("press", "Insecure connection");
      console.tell("size", "1150", "600");
      console.tell("tab", "MBeans");
      console.mbean("Server", CRUZ, "Operations");

      console.call("terminateAllSessions", "Mary Jones", IBM);

      assertThat(console.dialog("Operation return value")).contains(String.valueOf(sessions));
      console.tell("press", "OK");
    }
    assertThat(endpoints.matched("Mary Jones", IBM)).isZero();
  }
}
