package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.NotificationListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that ends leaves nothing of its classes in a JVM that lives on. */
final class UndeployTest {

  private static final String REALM = "shop.example.com";
  private static final String SERVER = "one-webseald-cruz";

  private final MBeanServer mbeanServer = ManagementFactory.getPlatformMBeanServer();

  /** Lives on, as those of a container do. */
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void endThread() {
    thread.shutdownNow();
  }

  private ServerMXBean proxy() {
    return JMX.newMXBeanProxy(mbeanServer, SmsNames.server(SERVER), ServerMXBean.class);
  }

  /** Does everything that an application and its administrators do, and ends the application. */
  private WeakReference<ClassLoader> deployed(Path auditFile) throws Exception {
    CopyLoader loader = CopyLoader.make();
    Copy copy = loader.copy(mbeanServer, REALM, auditFile, SERVER);
    NotificationListener listener = (notification, handback) -> {};
    mbeanServer.addNotificationListener(SmsNames.server(SERVER), listener, null, null);
    copy.signIn("dlucas", 3);
    copy.signIn("johnq", 1);
    String[] attributes =
        Stream.of(mbeanServer.getMBeanInfo(SmsNames.server(SERVER)).getAttributes())
            .map(MBeanAttributeInfo::getName)
            .toArray(String[]::new);
    assertThat(mbeanServer.getAttributes(SmsNames.server(SERVER), attributes))
        .hasSize(attributes.length);
    assertThat(proxy().getTotals().sessions()).isEqualTo(4);
    List<ServerMXBean.SessionView> listed = proxy().listSessions("*", REALM, 10).sessions();
    assertThat(proxy().previewRefresh("dlucas", REALM).sessions()).isEqualTo(3);
    assertThat(proxy().refreshSession(listed.get(0).id(), REALM)).isEqualTo(1);
    assertThat(proxy().refreshAllSessionsWithReport("dlucas", REALM, "ticket").sessions())
        .isEqualTo(3);
    copy.registry(
        user -> {
          throw new IllegalStateException("no answer");
        });
    assertThatIllegalStateException().isThrownBy(() -> proxy().refreshAllSessions("dlucas", REALM));
    assertThat(proxy().terminateSession(listed.get(0).id(), REALM)).isEqualTo(1);
    assertThat(proxy().terminateAllSessionsWithReason("dlucas", REALM, null)).isEqualTo(2);
    assertThat(proxy().terminateAllSessions("johnq", REALM)).isEqualTo(1);
    copy.close();
    loader.close();
    return new WeakReference<>(loader);
  }

  private void assertCollected(Future<WeakReference<ClassLoader>> deployed) throws Exception {
    WeakReference<ClassLoader> loader = deployed.get();
    await()
        .until(
            () -> {
              System.gc();
              return loader.refersTo(null);
            });
    assertThat(thread.isShutdown()).as("the thread lives on").isFalse();
  }

  @Test
  void nothingStaysOfAnApplicationWhoseAuditGoesToTheLogger() throws Exception {
    assertCollected(thread.submit(() -> deployed(null)));
  }

  @Test
  void nothingStaysOfAnApplicationWhoseAuditGoesToAFile(@TempDir Path directory) throws Exception {
    assertCollected(thread.submit(() -> deployed(directory.resolve("audit.log"))));
  }

  private static WeakReference<ClassLoader> calling(MBeanServer mbeanServer) throws Exception {
    CopyLoader loader = CopyLoader.make();
    Copy caller = loader.copy(mbeanServer, REALM, null, "two-webseald-cruz");
    caller.terminate(SERVER, "dlucas");
    caller.close();
    loader.close();
    return new WeakReference<>(loader);
  }

  @Test
  void nothingStaysOfAnApplicationThatCalledAnotherOneWhichGoesOn() throws Exception {
    try (CopyLoader goesOn = CopyLoader.make();
        Copy called = goesOn.copy(mbeanServer, REALM, null, SERVER)) {
      WeakReference<ClassLoader> caller = thread.submit(() -> calling(mbeanServer)).get();
      await()
          .until(
              () -> {
                // or else the thread that writes the audit of what is called would end
                called.terminate(SERVER, "nobody");
                System.gc();
                return caller.refersTo(null);
              });
    }
  }
}
