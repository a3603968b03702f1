package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.PARTNERS;
import static org.smsjmx.fixture.Endpoints.SEED_USERS;
import static org.smsjmx.fixture.Endpoints.SERVICE;
import static org.smsjmx.fixture.Endpoints.WEBSEAL2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.management.ServerMXBean;
import org.smsjmx.management.ServerMXBean.SessionView;

/** A server as it is right after a start with the shipped files, which has no options but ports. */
final class ShippedConfigurationIT {

  private static ServerProcess server;
  private static JolokiaClient jolokia;
  private static Rmi rmi;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start().ready();
    jolokia = server.jolokia();
    rmi = server.rmi();
  }

  @AfterAll
  static void stopServer() {
    rmi.close();
    server.close();
  }

  @Test
  void eachSeedUserHasSessionsAtTwoServersOrMore() {
    for (String user : SEED_USERS) {
      List<SessionView> sessions = rmi.server(CRUZ).listSessions(user, IBM, 100).sessions();

      assertThat(sessions).as(user).hasSizeGreaterThanOrEqualTo(2);
      assertThat(sessions.stream().map(SessionView::server).distinct())
          .as(user)
          .hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void theReadyLinesSayWhatANewcomerNeeds() {
    assertThat(server.out()).startsWith("sms-jmx ready");
    assertThat(server.facts())
        .containsEntry("account", "sec_master, password from SMS_ADMIN_PASSWORD")
        .containsEntry("servers", String.join(", ", CRUZ, DALLAS, WEBSEAL2))
        .containsEntry("realms", IBM + ", " + PARTNERS)
        .containsEntry("sessions", "1000");
    assertThat(server.facts().get("HTTP")).matches("http://127\\.0\\.0\\.1:\\d+/jolokia");
    assertThat(server.facts().get("JMX"))
        .matches("service:jmx:rmi:///jndi/rmi://127\\.0\\.0\\.1:\\d+/jmxrmi");
    assertThat(server.err()).isEmpty();
    assertThat(server.out()).doesNotContain(ServerProcess.PASSWORD);
  }

  @Test
  void theMBeansAreThoseOfTheConfiguration() throws IOException {
    assertThat(rmi.connection().queryNames(Rmi.name("sms:*"), null))
        .filteredOn(name -> !name.getKeyProperty("type").equals("Operations"))
        .extracting(ObjectName::getCanonicalName)
        .containsExactlyInAnyOrder(
            "sms:name=" + CRUZ + ",type=Server",
            "sms:name=" + DALLAS + ",type=Server",
            "sms:name=" + WEBSEAL2 + ",type=Server",
            "sms:name=" + IBM + ",type=Realm",
            "sms:name=" + PARTNERS + ",type=Realm",
            "sms:name=www.ibm.com,type=ReplicaSet",
            "sms:name=shop.ibm.com,type=ReplicaSet",
            "sms:name=partners.example.com,type=ReplicaSet",
            "sms:realm=" + IBM + ",server=" + CRUZ + ",type=Sessions",
            "sms:realm=" + IBM + ",server=" + DALLAS + ",type=Sessions",
            "sms:realm=" + IBM + ",server=" + WEBSEAL2 + ",type=Sessions",
            "sms:realm=" + PARTNERS + ",server=" + CRUZ + ",type=Sessions",
            "sms:type=Service",
            "sms:type=Simulation");
    assertThat(rmi.connection().queryNames(Rmi.name("sms:type=Operations,*"), null))
        .extracting(name -> name.getKeyProperty("server"))
        .contains(CRUZ, DALLAS, WEBSEAL2)
        .containsNull();
  }

  @Test
  void aServerWithoutTheExtensionIsKnownButHasNoMBean() throws IOException {
    List<String> others = List.of("ivmgrd-master", "webseal3-webseald-example.dallas.ibm.com");

    assertThat((List<?>) jolokia.read(SERVICE, "OtherServers")).isEqualTo(others);
    assertThat(strings(jolokia.read(SERVICE, "ExtendedServers")))
        .containsExactlyInAnyOrder(CRUZ, DALLAS, WEBSEAL2);
    assertThat(strings(jolokia.read(SERVICE, "Servers"))).containsAll(others).hasSize(5);
    for (String other : others) {
      assertThat(rmi.connection().isRegistered(Rmi.name("sms:type=Server,name=" + other)))
          .isFalse();
      assertThat(jolokia.byPost().server(other, "terminateAllSessions", "dlucas", IBM).status())
          .isEqualTo(404);
    }
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(Object::toString).toList();
  }

  @Test
  void aServerShowsItsNameAndPlace() {
    ServerMXBean dallas = rmi.server(DALLAS);

    assertThat(dallas.getServerName()).isEqualTo(DALLAS);
    assertThat(dallas.getInstanceName()).isEqualTo("default-webseald");
    assertThat(dallas.getHostName()).isEqualTo("example.dallas.ibm.com");
    assertThat(dallas.getRealms()).containsExactly(IBM);
    assertThat(dallas.getReplicaSets()).containsExactly("www.ibm.com");
    assertThat(Instant.parse(dallas.getJoinedAt())).isBefore(Instant.now());
    assertThat(rmi.server(CRUZ).getRealms()).containsExactly(IBM, PARTNERS);
    assertThat(rmi.server(CRUZ).getReplicaSets())
        .containsExactly("www.ibm.com", "partners.example.com");
    assertThat(rmi.server(CRUZ).getSessionsByRealm()).containsOnlyKeys(IBM, PARTNERS);
  }

  @Test
  void aRealmShowsItsReplicaSetsAndLargestUsers() {
    String realm = "sms:type=Realm,name=" + IBM;

    assertThat(strings(jolokia.read(realm, "ReplicaSets")))
        .containsExactly("www.ibm.com", "shop.ibm.com");
    assertThat(strings(jolokia.read(realm, "Servers"))).containsExactly(CRUZ, DALLAS, WEBSEAL2);
    assertThat((Long) jolokia.read(realm, "SessionCount")).isPositive();
    assertThat((Long) jolokia.read(realm, "UserCount")).isBetween(4L, 204L);
    List<Long> largest =
        new ArrayList<>(
            ((List<?>) jolokia.read(realm, "LargestUsers"))
                .stream().map(user -> (Long) ((Map<?, ?>) user).get("sessions")).toList());
    assertThat(largest).hasSize(10).isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void aReplicaSetShowsWhenEachReplicaJoined() {
    String set = "sms:type=ReplicaSet,name=www.ibm.com";

    assertThat(jolokia.read(set, "Realm")).isEqualTo(IBM);
    List<?> replicas = (List<?>) jolokia.read(set, "Replicas");
    assertThat(replicas.stream().<Object>map(replica -> ((Map<?, ?>) replica).get("server")))
        .containsExactly(CRUZ, DALLAS);
    assertThat(replicas)
        .allSatisfy(
            replica ->
                assertThat(Instant.parse((String) ((Map<?, ?>) replica).get("joinedAt")))
                    .isBefore(Instant.now()));
  }

  @Test
  void theServiceShowsVersionAndTotals() {
    assertThat((String) jolokia.read(SERVICE, "Version")).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(Instant.parse((String) jolokia.read(SERVICE, "StartedAt"))).isBefore(Instant.now());
    assertThat((Long) jolokia.read(SERVICE, "UptimeSeconds")).isNotNegative();
    assertThat((Long) jolokia.read(SERVICE, "TableMemoryBytes")).isPositive();
    assertThat(strings(jolokia.read(SERVICE, "Realms"))).containsExactly(IBM, PARTNERS);
    assertThat((Map<?, ?>) jolokia.read(SERVICE, "Totals")).hasSize(7);
  }

  @Test
  void theDataDirectoryIsForItsOwnerOnlyAndTheInstallationIsLeftAlone() throws IOException {
    assertThat(permissions(server.data())).isEqualTo("rwx------");
    assertThat(permissions(server.data().resolve("jmxremote.password"))).isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(ServerProcess.installation().resolve("jmx-config"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .doesNotContain("data", "audit.log", "jmxremote.password");
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
