package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerFactory;
import javax.management.ReflectionException;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a copy of this software does for another one in the JVM, it does for nobody else. */
final class PeerCallTest {

  private static final String REALM = "shop.example.com";
  private static final String SERVER = "one-webseald-cruz";

  private final MBeanServer mbeanServer = MBeanServerFactory.newMBeanServer();
  private Path auditFile;
  private Copy copy;
  private JMXConnectorServer connector;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    auditFile = directory.resolve("audit.log");
    copy = new CopyInLoader("DIRECTORY", mbeanServer, REALM, auditFile, SERVER);
    copy.signIn("dlucas", 2);
    connector =
        JMXConnectorServerFactory.newJMXConnectorServer(
            new JMXServiceURL("rmi", "127.0.0.1", 0),
            Map.of(
                RMIConnectorServer.RMI_CLIENT_SOCKET_FACTORY_ATTRIBUTE,
                new Loopback(),
                RMIConnectorServer.RMI_SERVER_SOCKET_FACTORY_ATTRIBUTE,
                (RMIServerSocketFactory)
                    port -> new ServerSocket(port, 0, InetAddress.getLoopbackAddress())),
            mbeanServer);
    connector.start();
  }

  @AfterEach
  void stop() throws IOException {
    connector.stop();
    copy.close();
  }

  /** Leads to this machine, whatever its name is. */
  private static final class Loopback implements RMIClientSocketFactory, Serializable {
    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    }
  }

  /** Comes over the network, and says that it equals whatever it is compared with. */
  private static final class Impostor implements Serializable {
    @Override
    public boolean equals(Object other) {
      return true;
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  /** What a peer would send, but for the thread. */
  private static Object[] sentBy(Object first) {
    return new Object[] {
      first,
      List.of("sec_master", "", "local", "ADMINISTER"),
      new HashSet<>(),
      "terminateAllSessions",
      "dlucas",
      REALM,
      0
    };
  }

  private List<String> denied() throws IOException {
    return Files.readAllLines(auditFile).stream()
        .filter(line -> line.contains("\"operation\":\"runForPeer\""))
        .toList();
  }

  @Test
  void aClientIsDeniedWhateverItSends() throws Exception {
    List<Object[]> sent = new ArrayList<>();
    sent.add(null);
    sent.add(new Object[0]);
    sent.add(new Object[] {null});
    for (Object first :
        List.of(
            "main",
            "java.lang.Thread",
            new Impostor(),
            7L,
            Thread.State.RUNNABLE,
            new Object[] {"main"})) {
      sent.add(sentBy(first));
    }
    sent.add(new Object[] {"dlucas", REALM});
    sent.add(new Object[] {"terminateAllSessions", "dlucas", REALM});
    try (JMXConnector client = JMXConnectorFactory.connect(connector.getAddress())) {
      MBeanServerConnection mbeans = client.getMBeanServerConnection();
      for (Object[] arguments : sent) {
        for (String[] signature :
            new String[][] {PeerCall.signature(), new String[0], null, {"java.lang.String"}}) {
          assertThatThrownBy(
                  () -> mbeans.invoke(SmsNames.server(SERVER), PeerCall.NAME, arguments, signature))
              .isInstanceOf(RuntimeMBeanException.class)
              .cause()
              .isInstanceOf(SecurityException.class)
              .hasMessageStartingWith("CTGSI0303E   ");
        }
      }
    }

    assertThat(copy.sessions()).isEqualTo(2);
    assertThat(denied())
        .hasSize(sent.size() * 4)
        .allSatisfy(line -> assertThat(line).contains("\"outcome\":\"CTGSI0303E\"", SERVER));
  }

  @Test
  void noClientCanSendAThread() throws Exception {
    try (JMXConnector client = JMXConnectorFactory.connect(connector.getAddress())) {
      assertThatThrownBy(
              () ->
                  client
                      .getMBeanServerConnection()
                      .invoke(
                          SmsNames.server(SERVER),
                          PeerCall.NAME,
                          sentBy(Thread.currentThread()),
                          PeerCall.signature()))
          .isInstanceOf(NotSerializableException.class);
    }
    assertThat(copy.sessions()).isEqualTo(2);
  }

  @Test
  void aThreadThatIsNotTheOneThatCallsIsDenied() throws Exception {
    for (Thread other : List.of(new Thread(() -> {}), new Thread(Thread.currentThread()))) {
      assertThatThrownBy(
              () ->
                  mbeanServer.invoke(
                      SmsNames.server(SERVER), PeerCall.NAME, sentBy(other), PeerCall.signature()))
          .cause()
          .isInstanceOf(SecurityException.class);
    }
    assertThat(copy.sessions()).isEqualTo(2);
    assertThat(denied()).hasSize(2);
  }

  @Test
  void theAuditLineOfADenialNamesTheCaller() throws Exception {
    try (Caller.Scope scope =
        new Caller("anna", "10.0.0.1", "jmx", Permission.ADMINISTER).enter()) {
      assertThatThrownBy(
              () ->
                  mbeanServer.invoke(SmsNames.server(SERVER), PeerCall.NAME, sentBy("main"), null))
          .cause()
          .isInstanceOf(SecurityException.class);
    }
    assertThat(denied()).singleElement().asString().contains("\"caller\":\"anna\"", "10.0.0.1");
  }

  @Test
  void noMBeanInfoShowsIt() throws JMException {
    assertThat(mbeanServer.getMBeanInfo(SmsNames.server(SERVER)).getOperations())
        .extracting(MBeanOperationInfo::getName)
        .isNotEmpty()
        .doesNotContain(PeerCall.NAME);
  }

  @Test
  void aPeerThatAsksInAnotherFormIsToldThatItIsUnknown() throws Exception {
    Set<Object> reached = Collections.newSetFromMap(new IdentityHashMap<>());
    List<String> who = List.of("anna", "", "jmx", "ADMINISTER");
    Thread self = Thread.currentThread();
    for (Object[] asked :
        new Object[][] {
          {self},
          {self, who, reached, "terminateAllSessions", List.of("dlucas", REALM)},
          {self, who, reached, "terminateAllSessions", "dlucas", null, 0},
          {self, who, reached, "terminateAllSessions", "dlucas", REALM, 0L},
          {self, who, reached, "terminateEverywhere", "dlucas", REALM, 0},
          {self, List.of("anna"), reached, "terminateAllSessions", "dlucas", REALM, 0},
          {self, List.of("anna", "", "jmx", "OWN"), reached, "terminateAllSessions", "a", REALM, 0}
        }) {
      assertThatThrownBy(
              () ->
                  mbeanServer.invoke(
                      SmsNames.server(SERVER), PeerCall.NAME, asked, PeerCall.signature()))
          .as(Arrays.toString(asked))
          .isInstanceOf(ReflectionException.class);
    }
    assertThat(copy.sessions()).isEqualTo(2);
  }
}
