package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that reach several copies of this software, while copies come, go and are called. */
final class PeersRaceTest {

  private static final String REALM = "shop.example.com";
  private static final String ONE = "one-webseald-cruz";
  private static final String TWO = "two-webseald-cruz";
  private static final String THREE = "three-webseald-cruz";

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final Copy one = copy(ONE);
  private final Copy two = copy(TWO);

  @AfterEach
  void close() {
    threads.shutdownNow();
    one.close();
    two.close();
  }

  private Copy copy(String server) {
    return new CopyInLoader("DIRECTORY", mbeanServer, REALM, null, server);
  }

  private ServerMXBean at(String server) {
    return JMX.newMXBeanProxy(mbeanServer, SmsNames.server(server), ServerMXBean.class);
  }

  private long listedAt(String server) {
    return at(server).listSessions("*", REALM, 0).matched();
  }

  @Test
  void callersAtDifferentServersCountEachSessionOnce() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    for (int i = 0; i < 300; i++) {
      one.signIn("dlucas", 20);
      two.signIn("dlucas", 20);
      Future<Integer> atOne = threads.submit(() -> ended(start, ONE));
      Future<Integer> atTwo = threads.submit(() -> ended(start, TWO));
      assertThat(atOne.get() + atTwo.get()).isEqualTo(40);
    }
  }

  private int ended(CyclicBarrier start, String server) throws Exception {
    start.await();
    return at(server).terminateAllSessions("dlucas", REALM);
  }

  @Test
  void aPeerThatLeavesWhileACallRunsIsNoErrorAndAnyThatStaysIsReached() throws Exception {
    Copy comesAndGoes = copy(THREE);
    two.signIn("dlucas", 1);
    Future<?> registering =
        threads.submit(
            () -> {
              for (int i = 0; i < 3_000; i++) {
                comesAndGoes.unregister();
                comesAndGoes.register(THREE);
              }
            });
    while (!registering.isDone()) {
      assertThat(listedAt(ONE)).isEqualTo(1);
    }
    registering.get();
    comesAndGoes.close();
  }

  @Test
  void aServerReachesItsPeersAsSoonAsItCanBeCalled() throws Exception {
    two.signIn("dlucas", 1);
    for (int i = 0; i < 1_000; i++) {
      one.unregister();
      Future<Long> listed =
          threads.submit(
              () -> {
                while (!mbeanServer.isRegistered(SmsNames.server(ONE))) {
                  Thread.onSpinWait();
                }
                return listedAt(ONE);
              });
      one.register(ONE);
      assertThat(listed.get()).isEqualTo(1);
    }
  }
}
