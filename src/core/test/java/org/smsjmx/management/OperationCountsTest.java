package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.JMX;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** The counters of operations, as monitoring reads them. */
final class OperationCountsTest {

  private static final String REALM = "shop.example.com";
  private static final ServerName SERVER = new ServerName("shop-webseald-host1");
  private static final ObjectName NAME = SmsNames.server(SERVER.value());
  private static final Caller VIEWER = new Caller("viewer", "", "jmx", Permission.VIEW);
  private static final List<String> ATTRIBUTES =
      List.of(
          "OperationsTotal",
          "OperationsRefusedTotal",
          "OperationsDeniedTotal",
          "OperationsFailedTotal");

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private final Sessions sessions =
      new Sessions(
          new InMemorySessionTable(SessionTimeouts.DEFAULT, clock),
          user -> new Credential(user, List.of(), Map.of()),
          clock);
  private final Registration registration =
      new Management(mbeanServer, Topology.of(REALM, SERVER), sessions, clock)
          .registerAll(new Untraced());

  @AfterEach
  void unregister() {
    registration.close();
  }

  private ServerMXBean server() {
    return JMX.newMXBeanProxy(mbeanServer, NAME, ServerMXBean.class);
  }

  private ServiceMXBean service() {
    return JMX.newMXBeanProxy(mbeanServer, SmsNames.service(), ServiceMXBean.class);
  }

  private Map<String, Long> counted(String attribute) {
    return switch (attribute) {
      case "OperationsTotal" -> server().getOperationsTotal();
      case "OperationsRefusedTotal" -> server().getOperationsRefusedTotal();
      case "OperationsDeniedTotal" -> server().getOperationsDeniedTotal();
      default -> server().getOperationsFailedTotal();
    };
  }

  @Test
  void everyOperationStandsInEachMapFromTheStart() throws Exception {
    String[] operations =
        Arrays.stream(mbeanServer.getMBeanInfo(NAME).getOperations())
            .map(MBeanOperationInfo::getName)
            .toArray(String[]::new);

    assertThat(operations).contains("terminateAllSessions");
    for (String attribute : ATTRIBUTES) {
      assertThat(counted(attribute)).as(attribute).containsOnlyKeys(operations);
      assertThat(counted(attribute).values()).as(attribute).containsOnly(0L);
    }
    assertThat(service().getCallsDenied()).isZero();
    assertThat(service().getFailedSignIns()).isZero();
    assertThat(service().getAuditFailures()).isZero();
  }

  @Test
  void eachCallIsCountedOnceByItsOutcome() {
    server().terminateAllSessions("dlucas", REALM);
    assertThatThrownBy(() -> server().terminateAllSessions("dlucas", "nowhere"))
        .isInstanceOf(IllegalArgumentException.class);
    try (Caller.Scope scope = VIEWER.enter()) {
      assertThatThrownBy(() -> server().terminateAllSessions("dlucas", REALM))
          .isInstanceOf(SecurityException.class);
    }

    for (String attribute : ATTRIBUTES) {
      long expected = attribute.equals("OperationsFailedTotal") ? 0 : 1;
      assertThat(counted(attribute)).containsEntry("terminateAllSessions", expected);
      assertThat(counted(attribute)).as(attribute).containsEntry("refreshAllSessions", 0L);
    }
  }

  @Test
  void theNumbersOfAnOperationStandInAnMBeanOfTheirOwn() throws Exception {
    eachCallIsCountedOnceByItsOutcome();

    for (MBeanOperationInfo operation : mbeanServer.getMBeanInfo(NAME).getOperations()) {
      long expected = operation.getName().equals("terminateAllSessions") ? 1 : 0;
      OperationsMXBean numbers =
          operations(SmsNames.serverOperation(SERVER.value(), operation.getName()));
      assertThat(numbers.getDone()).as(operation.getName()).isEqualTo(expected);
      assertThat(numbers.getRefused()).as(operation.getName()).isEqualTo(expected);
      assertThat(numbers.getDenied()).as(operation.getName()).isEqualTo(expected);
      assertThat(numbers.getFailed()).as(operation.getName()).isZero();
    }
  }

  @Test
  void soDoThoseOfTheServiceAndOfARealm() throws Exception {
    service().terminateEverywhere("dlucas", null);
    assertThatThrownBy(
            () ->
                JMX.newMXBeanProxy(mbeanServer, SmsNames.realm(REALM), RealmMXBean.class)
                    .refreshRealm("nowhere"))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(operations(SmsNames.serviceOperation("terminateEverywhere")).getDone()).isOne();
    assertThat(operations(SmsNames.realmOperation(REALM, "refreshRealm")).getRefused()).isOne();
  }

  private OperationsMXBean operations(ObjectName name) {
    return JMX.newMXBeanProxy(mbeanServer, name, OperationsMXBean.class);
  }

  @Test
  void theNumbersOfSessionsByServerAndRealmStandInAnMBeanOfTheirOwn() throws Exception {
    ObjectName name = SmsNames.sessions(SERVER.value(), REALM);
    SessionsMXBean numbers = JMX.newMXBeanProxy(mbeanServer, name, SessionsMXBean.class);
    assertThat(numbers.getSessionCount()).isZero();
    sessions.signIn(new UserInRealm("dlucas", REALM), SERVER.value(), 2);
    sessions.signIn(new UserInRealm("johnq", REALM), SERVER.value(), 1);
    server().refreshAllSessions("johnq", REALM);
    server().terminateAllSessions("dlucas", REALM);

    assertThat(numbers.getSessionCount()).isOne();
    assertThat(numbers.getSignedInTotal()).isEqualTo(3);
    assertThat(numbers.getTerminatedTotal()).isEqualTo(2);
    assertThat(numbers.getRefreshedTotal()).isOne();
    assertThat(numbers.getSignedOutTotal()).isZero();
    assertThat(numbers.getExpiredTotal()).isZero();
    assertThat(mbeanServer.getMBeanInfo(name).getAttributes())
        .allSatisfy(attribute -> assertThat(attribute.getType()).isEqualTo("long"))
        .allSatisfy(attribute -> assertThat(attribute.getDescription()).isNotBlank());
  }

  @Test
  void numbersGoWithTheirServer() {
    registration.close();
    assertThat(mbeanServer.queryNames(null, null)).as("the delegate").hasSize(1);
  }

  @Test
  void deniedCallsOfEveryMBeanAreCounted() {
    try (Caller.Scope scope = VIEWER.enter()) {
      assertThatThrownBy(() -> server().refreshAllSessions("dlucas", REALM))
          .isInstanceOf(SecurityException.class);
      assertThatThrownBy(() -> service().changeSessionKey()).isInstanceOf(SecurityException.class);
    }
    assertThatThrownBy(() -> server().terminateAllSessions("dlucas", "nowhere"))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(service().getCallsDenied()).isEqualTo(2);
  }
}
