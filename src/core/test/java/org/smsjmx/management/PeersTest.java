package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One call reaches all copies of this software in the JVM, of whatever class loader. */
final class PeersTest {

  private static final String REALM = "shop.example.com";
  private static final String ONE = "one-webseald-cruz";
  private static final String TWO = "two-webseald-cruz";

  private final List<CopyLoader> loaders = List.of(CopyLoader.make(), CopyLoader.make());

  static Stream<MBeanServer> mbeanServers() {
    return Stream.of(
        MBeanServerFactory.newMBeanServer(), ManagementFactory.getPlatformMBeanServer());
  }

  private static ServerMXBean proxy(MBeanServer mbeanServer, String server) {
    return JMX.newMXBeanProxy(mbeanServer, SmsNames.server(server), ServerMXBean.class);
  }

  @ParameterizedTest
  @MethodSource("mbeanServers")
  void oneCallEndsTheSessionsOfAUserInAllCopies(MBeanServer mbeanServer) {
    try (Copy one = loaders.get(0).copy(mbeanServer, REALM, null, ONE);
        Copy two = loaders.get(1).copy(mbeanServer, REALM, null, TWO)) {
      assertThat(one.getClass()).isNotSameAs(two.getClass());
      one.signIn("dlucas", 2);
      two.signIn("dlucas", 3);
      two.signIn("johnq", 1);

      assertThat(proxy(mbeanServer, ONE).terminateAllSessions("DLucas", REALM)).isEqualTo(5);

      assertThat(proxy(mbeanServer, ONE).terminateAllSessions("dlucas", REALM)).isZero();
      assertThat(one.sessions()).isZero();
      assertThat(two.sessions()).as("that of johnq").isEqualTo(1);
    }
  }
}
