package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** Services of many realms, in each of which dlucas and johnq have signed in twice. */
final class ManyRealmsTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final AtomicInteger readings = new AtomicInteger();

  private Credential read(String user) {
    if (user.equals("nobody")) {
      throw new UserRegistry.UnknownUserException(user);
    }
    return new Credential(user, List.of("reading " + readings.incrementAndGet()), Map.of());
  }

  private final class Service implements AutoCloseable {

    private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
    private final Sessions sessions;
    private final Registration registration;

    Service(int realms) {
      TimeSource clock = TimeSource.system();
      InMemorySessionTable table = new InMemorySessionTable(SessionTimeouts.DEFAULT, clock);
      sessions = new Sessions(table, ManyRealmsTest.this::read, clock);
      Topology topology =
          new Topology(
              IntStream.range(0, realms).mapToObj(ManyRealmsTest::realm).toList(), List.of());
      registration =
          new Management(mbeanServer, topology, sessions, clock).registerAll(new NoTrace());
      for (Realm realm : topology.realms()) {
        for (String user : List.of("dlucas", "johnq")) {
          sessions.signIn(new UserInRealm(user, realm.name()), realm.servers().get(0).value(), 2);
        }
      }
    }

    ServiceMXBean bean() {
      return JMX.newMXBeanProxy(mbeanServer, SmsNames.service(), ServiceMXBean.class);
    }

    RealmMXBean realm(String name) {
      return JMX.newMXBeanProxy(mbeanServer, SmsNames.realm(name), RealmMXBean.class);
    }

    /** Returns how many bytes a thread allocates to read all attributes, which does not vary. */
    long bytesToRead(ObjectName name) throws JMException {
      String[] attributes =
          Arrays.stream(mbeanServer.getMBeanInfo(name).getAttributes())
              .map(MBeanAttributeInfo::getName)
              .toArray(String[]::new);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 20; i++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(mbeanServer.getAttributes(name, attributes)).hasSize(attributes.length);
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
      return least;
    }

    @Override
    public void close() {
      registration.close();
    }
  }

  private static final class NoTrace implements Trace {
    @Override
    public int level() {
      return 0;
    }

    @Override
    public void set(int level) {
      throw new UnsupportedOperationException();
    }
  }

  private static Realm realm(int number) {
    ServerName server = new ServerName("default-webseald-h" + number);
    return new Realm("r" + number, List.of(new ReplicaSet("s" + number, List.of(server))));
  }

  @Test
  void theAttributesOfARealmAServerAndASetCostWhatTheyCostAmongFew() throws JMException {
    List<ObjectName> names =
        List.of(
            SmsNames.realm("r3"),
            SmsNames.server("default-webseald-h3"),
            SmsNames.replicaSet("s3"));
    try (Service few = new Service(5);
        Service many = new Service(1_000)) {
      for (ObjectName name : names) {
        assertThat(many.bytesToRead(name))
            .as("bytes allocated to read %s", name)
            .isLessThan(few.bytesToRead(name) * 2);
      }
    }
  }

  @Test
  void aUserIsTerminatedEverywhereByOneCallThatSaysHowManyInEachRealm() {
    try (Service service = new Service(3)) {
      assertThat(service.bean().terminateEverywhere("DLucas", null))
          .isEqualTo(Map.of("r0", 2, "r1", 2, "r2", 2));

      assertThat(service.bean().terminateEverywhere("dlucas", "ticket 4711"))
          .isEqualTo(Map.of("r0", 0, "r1", 0, "r2", 0));
      assertThat(service.bean().getSessionCount()).as("those of johnq").isEqualTo(6);
      assertThat(service.realm("r1").getSessionCount()).isEqualTo(2);
      assertThat(service.realm("r1").getUserCount()).isEqualTo(1);
      assertThat(service.realm("r1").getLargestUsers())
          .containsExactly(new RealmMXBean.UserView("johnq", 2));
    }
  }

  @Test
  void aUserIsRefreshedEverywhereWithOneReadingOfTheRegistry() {
    try (Service service = new Service(3)) {
      int before = readings.get();

      assertThat(service.bean().refreshEverywhere("dlucas", null))
          .isEqualTo(Map.of("r0", 2, "r1", 2, "r2", 2));

      assertThat(readings).hasValue(before + 1);
      assertThat(service.bean().getTotals().refreshed()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "String", "*", "a\nb"})
  void nothingIsDoneEverywhereForWhatIsNoUser(String user) {
    try (Service service = new Service(2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> service.bean().terminateEverywhere(user, null))
          .withMessageStartingWith("CTGSI0313E");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> service.bean().refreshEverywhere(user, null))
          .withMessageStartingWith("CTGSI0313E");
      assertThat(service.bean().getSessionCount()).isEqualTo(8);
    }
  }

  @Test
  void aUserWhomTheRegistryDoesNotKnowIsRefreshedNowhere() {
    try (Service service = new Service(2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> service.bean().refreshEverywhere("nobody", null))
          .withMessageStartingWith("HPDMG0754W");
      assertThat(service.bean().terminateEverywhere("nobody", null))
          .isEqualTo(Map.of("r0", 0, "r1", 0));
    }
  }
}
