package org.smsjmx.it;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SIMULATION;
import static org.smsjmx.fixture.ServerProcess.ADMINISTRATOR;
import static org.smsjmx.fixture.ServerProcess.PASSWORD;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.net.SocketException;
import java.rmi.Remote;
import java.rmi.ServerException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;

/** What the JMX endpoint lets in, and what JMX clients see of the MBeans. */
final class JmxEndpointIT {

  private static final ObjectName SERVER = Rmi.name("sms:type=Server,name=" + CRUZ);

  private static ServerProcess server;
  private static Endpoints endpoints;
  private static MBeanServerConnection connection;

  @BeforeAll
  static void openEndpoints() {
    server = ServerProcess.shared();
    endpoints = Endpoints.paused(server);
    connection = endpoints.rmi().connection();
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  static Stream<Arguments> wrongCredentials() {
    return Stream.of(
            (Object) new String[] {ADMINISTRATOR, "wrong"},
            new String[] {ADMINISTRATOR, ""},
            new String[] {ADMINISTRATOR, null},
            new String[] {null, PASSWORD},
            new String[] {"nobody", PASSWORD},
            new String[] {"", ""},
            new String[] {ADMINISTRATOR},
            new String[] {},
            new String[] {ADMINISTRATOR, PASSWORD, "more"},
            ADMINISTRATOR + ":" + PASSWORD,
            null)
        .map(credentials -> arguments(credentials));
  }

  @ParameterizedTest
  @MethodSource("wrongCredentials")
  void nobodyComesInWithoutTheRightPassword(Object credentials) {
    assertThatThrownBy(() -> server.connect(credentials))
        .isInstanceOf(SecurityException.class)
        .hasMessageStartingWith("HPDIA0200W   ")
        .hasMessageEndingWith("(status 0x132120c8)");
  }

  @Test
  void credentialsOfOtherClassesAreNotEvenRead() {
    for (Object credentials :
        List.of(new Object[] {ADMINISTRATOR, PASSWORD}, new File("x"), Map.of("a", "b"))) {
      assertThatThrownBy(() -> server.connect(credentials).close()).isInstanceOf(Exception.class);
    }
  }

  @Test
  void mbeansAreNotMadeOrTakenAway() throws IOException {
    Integer before = connection.getMBeanCount();
    ObjectName mlet = Rmi.name("evil:type=MLet");

    assertRefused(() -> connection.createMBean("javax.management.loading.MLet", mlet));
    assertRefused(
        () -> connection.createMBean("javax.management.loading.MLet", mlet, new Object[0], null));
    assertRefused(() -> connection.createMBean("javax.management.loading.MLet", mlet, mlet));
    assertRefused(() -> connection.unregisterMBean(SERVER));
    assertThat(connection.getMBeanCount()).isEqualTo(before);
  }

  @Test
  void whatIsDeniedIsAuditedAndCounted() {
    long before = (long) endpoints.rmi().read(Endpoints.SERVICE, "CallsDenied");

    assertRefused(() -> connection.createMBean("javax.management.loading.MLet", null));

    assertAudited("createMBean", "*:*");
    assertThat(endpoints.rmi().read(Endpoints.SERVICE, "CallsDenied")).isEqualTo(before + 1);

    assertRefused(() -> invoke("java.lang:type=Memory", "gc"));

    assertAudited("gc", "java.lang:type=Memory");
  }

  private static void assertAudited(String operation, String mbean) {
    Map<?, ?> line = AuditLines.last(server);
    assertThat(line.get("operation")).isEqualTo(operation);
    assertThat(line.get("server")).isEqualTo(mbean);
    assertThat(line.get("caller")).isEqualTo(ADMINISTRATOR);
    assertThat(line.get("outcome")).isEqualTo("CTGSI0303E");
  }

  @Test
  void theJvmsArgumentsAndSystemPropertiesLookEmpty() throws Exception {
    ObjectName runtime = Rmi.name(ManagementFactory.RUNTIME_MXBEAN_NAME);
    String[] names = {"InputArguments", "SystemProperties", "VmName"};

    assertThat((String[]) connection.getAttribute(runtime, "InputArguments")).isEmpty();
    assertThat(((TabularData) connection.getAttribute(runtime, "SystemProperties")).isEmpty())
        .isTrue();
    AttributeList all = connection.getAttributes(runtime, names);
    assertThat(all.asList()).extracting(Attribute::getName).containsExactly(names);
    assertThat(all.toString()).doesNotContain("sms.home", "add-opens", "java.vm");
    assertThat(JMX.newMXBeanProxy(connection, runtime, RuntimeMXBean.class).getSystemProperties())
        .isEmpty();
  }

  @Test
  void noProcessOfThisMachinePutsAServerOfItsOwnInThePlaceOfOurs() throws Exception {
    String[] address = server.jmxAddress().split(":");
    Registry registry = LocateRegistry.getRegistry(address[0], Integer.parseInt(address[1]));
    Remote ours = registry.lookup("jmxrmi");

    assertThatThrownBy(() -> registry.unbind("jmxrmi")).isInstanceOf(ServerException.class);
    assertThatThrownBy(() -> registry.rebind("jmxrmi", ours)).isInstanceOf(ServerException.class);
    assertThatThrownBy(() -> registry.bind("other", ours)).isInstanceOf(ServerException.class);

    assertThat(registry.list()).containsExactly("jmxrmi");
    server.rmi().close();
  }

  @Test
  void attributesAreNotSet() {
    ObjectName memory = Rmi.name(ManagementFactory.MEMORY_MXBEAN_NAME);

    assertRefused(() -> connection.setAttribute(memory, new Attribute("Verbose", true)));
    assertRefused(
        () ->
            connection.setAttributes(
                memory, new AttributeList(List.of(new Attribute("Verbose", true)))));
  }

  @Test
  void operationsOfTheJvmAreNotCalled() {
    assertRefused(() -> invoke("java.lang:type=Memory", "gc"));
    assertRefused(() -> invoke("com.sun.management:type=DiagnosticCommand", "vmSystemProperties"));
    assertRefused(
        () -> invoke("com.sun.management:type=HotSpotDiagnostic", "dumpHeap", "/tmp/heap", true));
    assertRefused(() -> invoke("java.util.logging:type=Logging", "setLoggerLevel", "", "FINEST"));
    assertRefused(() -> invoke("JMImplementation:type=MBeanServerDelegate", "toString"));
  }

  private static Object invoke(String mbean, String operation, Object... arguments)
      throws JMException, IOException {
    String[] signature =
        Arrays.stream(arguments)
            .map(a -> a instanceof Boolean ? "boolean" : a.getClass().getName())
            .toArray(String[]::new);
    return connection.invoke(Rmi.name(mbean), operation, arguments, signature);
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(SecurityException.class)
        .hasMessageStartingWith("CTGSI0303E   ")
        .hasMessageEndingWith("(status 0x38c5812f)");
  }

  @Test
  void argumentsOfOtherClassesAreNotRead() {
    assertThatThrownBy(
            () ->
                connection.invoke(
                    SERVER,
                    "terminateAllSessions",
                    new Object[] {new File("dlucas"), IBM},
                    new String[] {String.class.getName(), String.class.getName()}))
        .hasStackTraceContaining("filter status: REJECTED");
  }

  static Stream<Arguments> tooMuch() {
    List<Object> deep = List.of();
    for (int i = 0; i < 30; i++) {
      deep = List.of(deep);
    }
    String[] plain = {String.class.getName(), String.class.getName()};
    String[] manyWords =
        Stream.concat(
                IntStream.range(0, 50_000).mapToObj("%030d"::formatted),
                Stream.of(plain[0], plain[0]))
            .toArray(String[]::new);
    return Stream.of(
        arguments("array", new Object[] {new byte[100_001], IBM}, plain),
        arguments("depth", new Object[] {deep, IBM}, plain),
        arguments("bytes", new Object[] {"dlucas", IBM}, manyWords));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tooMuch")
  void argumentsThatAreTooLargeAreNotRead(String what, Object[] arguments, String[] signature) {
    assertThatThrownBy(
            () -> connection.invoke(SERVER, "terminateAllSessions", arguments, signature))
        .satisfiesAnyOf(
            refused -> assertThat(refused).hasStackTraceContaining("filter status: REJECTED"),
            // the server hangs up at once, perhaps before all is sent
            refused -> assertThat(refused).hasRootCauseInstanceOf(SocketException.class));
  }

  @Test
  void jconsoleFindsWhatItReads() throws Exception {
    assertThat(connection.getDomains()).contains("sms", "java.lang");
    assertThat(connection.getAttribute(Rmi.name("java.lang:type=Runtime"), "VmName")).isNotNull();
    assertThat(invoke("java.lang:type=Threading", "findDeadlockedThreads")).isNull();
    assertThat(connection.isInstanceOf(SERVER, "javax.management.DynamicMBean")).isTrue();
    assertThat(connection.toString()).isNotBlank();
  }

  static Set<ObjectName> mbeans() throws IOException {
    return connection.queryNames(Rmi.name("sms:*"), null);
  }

  @ParameterizedTest
  @MethodSource("mbeans")
  void everythingIsNamedAndDescribed(ObjectName name) throws Exception {
    MBeanInfo info = connection.getMBeanInfo(name);

    assertDescribed(info.getDescription(), info.getClassName());
    for (MBeanAttributeInfo attribute : info.getAttributes()) {
      assertDescribed(attribute);
      assertThat(attribute.isReadable()).isTrue();
      assertThat(attribute.isWritable()).isFalse();
      connection.getAttribute(name, attribute.getName());
    }
    for (MBeanOperationInfo operation : info.getOperations()) {
      assertDescribed(operation);
      assertThat(operation.getImpact()).isIn(MBeanOperationInfo.ACTION, MBeanOperationInfo.INFO);
      for (MBeanParameterInfo parameter : operation.getSignature()) {
        assertDescribed(parameter);
        assertThat(parameter.getName()).doesNotMatch("(p|arg)\\d+");
      }
    }
    assertThat(info.getOperations())
        .as("no overloads, which Jolokia calls by signature only")
        .extracting(MBeanOperationInfo::getName)
        .doesNotHaveDuplicates()
        .isSorted();
  }

  private static void assertDescribed(MBeanFeatureInfo feature) {
    assertDescribed(feature.getDescription(), feature.getName());
  }

  private static void assertDescribed(String description, String name) {
    assertThat(description).as(name).isNotBlank().isNotEqualTo(name);
  }

  @Test
  void theOperationsOfAServerShowTheirParametersAndImpact() throws Exception {
    int action = MBeanOperationInfo.ACTION;
    int info = MBeanOperationInfo.INFO;
    Map<String, Integer> impacts =
        Map.ofEntries(
            entry("terminateAllSessions(user,realm)", action),
            entry("terminateAllSessionsWithReason(user,realm,reason)", action),
            entry("terminateAndKeepOut(user,realm,duration,reason)", action),
            entry("letIn(user,realm,reason)", action),
            entry("refreshAllSessions(user,realm)", action),
            entry("refreshAllSessionsWithReport(user,realm,reason)", action),
            entry("previewRefresh(user,realm)", info),
            entry("terminateSelected(selection,realm,reason)", action),
            entry("previewTerminate(selection,realm)", info),
            entry("execute(token,reason)", action),
            entry("terminateSession(sessionId,realm)", action),
            entry("terminateSessionWithReason(sessionId,realm,reason)", action),
            entry("refreshSession(sessionId,realm)", action),
            entry("listUsers(pattern,realm,after,maximumReturn)", info),
            entry("listUserSessions(user,realm,offset,maximumReturn,newestFirst)", info),
            entry("listSessions(pattern,realm,maximumReturn)", info));

    assertThat(connection.getMBeanInfo(SERVER).getOperations())
        .hasSameSizeAs(impacts.keySet())
        .allSatisfy(
            operation ->
                assertThat(operation.getImpact()).isEqualTo(impacts.get(signature(operation))));
  }

  private static String signature(MBeanOperationInfo operation) {
    return operation.getName()
        + "("
        + String.join(
            ",", Arrays.stream(operation.getSignature()).map(MBeanParameterInfo::getName).toList())
        + ")";
  }

  @Test
  void theNotificationsOfAServerAreAnnounced() throws Exception {
    assertThat(connection.getMBeanInfo(SERVER).getNotifications())
        .flatExtracting(info -> List.of(info.getNotifTypes()))
        .containsExactlyInAnyOrder(
            "sms.session.terminated",
            "sms.session.refreshed",
            "sms.session.displaced",
            "sms.user.let-in");
  }

  @Test
  void aListenerHearsOfEachOperationThatWasDone() throws Exception {
    BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
    NotificationListener listener = (notification, handback) -> heard.add(notification);
    connection.addNotificationListener(SERVER, listener, null, null);
    try {
      endpoints.signIn("dlucas", IBM, CRUZ, 2);
      int sessions = endpoints.matched("dlucas", IBM);
      Endpoint http = server.jolokia().byPost();

      http.server(CRUZ, "terminateAllSessions", "", IBM);
      http.server(CRUZ, "refreshAllSessions", "DLucas", IBM);
      http.server(CRUZ, "refreshAllSessions", "nobody", IBM);
      endpoints.rmi().endpoint().server(CRUZ, "terminateAllSessions", "dlucas", IBM);
      endpoints.rmi().endpoint().server(CRUZ, "terminateAllSessions", "dlucas", IBM);

      assertHeard(heard, "sms.session.refreshed", "DLucas", sessions);
      assertHeard(heard, "sms.session.terminated", "dlucas", sessions);
      assertHeard(heard, "sms.session.terminated", "dlucas", 0);
      assertThat(heard).isEmpty();
    } finally {
      connection.removeNotificationListener(SERVER, listener);
    }
  }

  private static void assertHeard(
      BlockingQueue<Notification> heard, String type, String user, int sessions)
      throws InterruptedException {
    Notification notification = heard.poll(30, TimeUnit.SECONDS);
    assertThat(notification).as(type).isNotNull();
    assertThat(notification.getType()).isEqualTo(type);
    assertThat(notification.getSource()).isEqualTo(SERVER);
    assertThat(notification.getMessage()).contains(user, IBM);
    Map<?, ?> data = (Map<?, ?>) notification.getUserData();
    assertThat(data.get("user")).isEqualTo(user);
    assertThat(data.get("realm")).isEqualTo(IBM);
    assertThat(data.get("server")).isEqualTo(CRUZ);
    assertThat(data.get("sessions")).isEqualTo(sessions);
    assertThat(data.get("caller")).isEqualTo(ADMINISTRATOR);
  }

  @Test
  void theSimulationActsAsUsersDo() {
    endpoints.signIn("johnq", IBM, CRUZ, 3);
    int before = endpoints.matched("johnq", IBM);
    Endpoint endpoint = endpoints.rmi().endpoint();

    assertThat(endpoint.call(SIMULATION, "signOut", "johnq", IBM).number()).isEqualTo(before);
    assertThat(endpoints.matched("johnq", IBM)).isZero();
    for (Object[] wrong :
        new Object[][] {
          {"nobody", IBM, CRUZ, 1},
          {"johnq", "nowhere", CRUZ, 1},
          {"johnq", IBM, "nowhere", 1},
          {"johnq", IBM, CRUZ, 0},
          {"johnq", IBM, CRUZ, -1},
          {"", IBM, CRUZ, 1},
          {null, null, null, 1}
        }) {
      assertThat(endpoint.call(SIMULATION, "signIn", wrong).error())
          .matches("(CTGSI0313E|HPDMG0754W) .*");
    }
    assertThat(endpoints.matched("johnq", IBM)).isZero();
  }
}
