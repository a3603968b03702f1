package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.Application;
import org.smsjmx.fixture.ApplicationProcess;
import org.smsjmx.fixture.AuditLines;
import org.smsjmx.fixture.Deployed;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.Script;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/** Applications with ports of their own, by sms-jmx-server without a provider of logging. */
@Tag("packages")
final class OwnPortsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final String SERVER = "shop-webseald-host1";
  private static final String PASSWORD = "a secret: 1";
  private static final String ADMINISTRATOR = "sec_master";

  private Path data;
  private int http;
  private int jmx;

  @BeforeEach
  void choosePorts() throws IOException {
    data = ServerProcess.temporaryDirectory("data");
    http = freePort();
    jmx = freePort();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean isNoLogback(String jar) {
    return !jar.startsWith("logback");
  }

  private Map<String, String> settings() {
    return Map.of(
        "sms.http.port", "" + http, "sms.jmx.port", "" + jmx, "sms.data", data.toString());
  }

  private List<String> options(String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    settings().forEach((name, value) -> options.add("-D" + name + "=" + value));
    return options;
  }

  private ApplicationProcess application(String... options) {
    return ApplicationProcess.start(
        OwnPortsIT::isNoLogback,
        Map.of("SMS_ADMIN_PASSWORD", PASSWORD),
        options(options),
        Application.class,
        SERVER);
  }

  private JolokiaClient jolokia(String account, String password) {
    return new JolokiaClient(URI.create("http://127.0.0.1:" + http), account, password);
  }

  private Rmi rmi(String account, String password) {
    try {
      return new Rmi(
          JMXConnectorFactory.connect(
              new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + jmx + "/jmxrmi"),
              Map.of(JMXConnector.CREDENTIALS, new String[] {account, password})));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Endpoint.Outcome terminate(Endpoint endpoint, String server) {
    return endpoint.server(server, "terminateAllSessions", Application.USER, Application.REALM);
  }

  @Test
  void bothPortsServeTheApplicationsAccountsByTheirRolesAndTheAuditNamesThem() throws Exception {
    Path config =
        Files.writeString(
            ServerProcess.temporaryDirectory("config").resolve("ports.yaml"),
            "accounts: { sec_master: administer, viewer: view }\n");
    ServerProcess.accountFile(data, "viewer view");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));

    try (ApplicationProcess application = application("-Dsms.config=" + config)) {
      try (Rmi viewer = rmi("viewer", "view");
          Rmi administrator = rmi(ADMINISTRATOR, PASSWORD)) {
        assertThat(viewer.server(SERVER).listSessions("*", Application.REALM, 9).matched())
            .isEqualTo(1);
        assertThat(terminate(viewer.endpoint(), SERVER).status()).isEqualTo(403);
        assertThat(terminate(jolokia("viewer", "view").byPost(), SERVER).status()).isEqualTo(403);
        assertThat(terminate(jolokia(ADMINISTRATOR, PASSWORD).byPost(), SERVER).number())
            .isEqualTo(1);
        assertThat(terminate(administrator.endpoint(), SERVER).number()).isZero();
      }
      Ran ran =
          Tools.run(
              Map.of(
                  "SMS_ADMIN_PASSWORD",
                  PASSWORD,
                  "XDG_CACHE_HOME",
                  ServerProcess.temporaryDirectory("cache").toString()),
              "",
              List.of(
                  Script.path("pdadmin"),
                  "-a",
                  ADMINISTRATOR,
                  "--connect",
                  "127.0.0.1:" + jmx,
                  "server",
                  "list"));
      assertThat(ran).isEqualTo(new Ran(0, SERVER + "\n", ""));
      assertThat(application.err()).doesNotContain("ERROR", "Exception");
    }

    assertThat(AuditLines.of(data))
        .extracting(line -> line.get("caller") + " " + line.get("door") + " " + line.get("outcome"))
        .containsSubsequence(
            "viewer jmx done",
            "viewer jmx CTGSI0303E",
            "viewer http CTGSI0303E",
            "sec_master http done",
            "sec_master jmx done");
  }

  /** With logging. */
  private ApplicationProcess logging(String... options) {
    List<String> all = options(options);
    all.add("-Dlogback.configurationFile=" + Path.of("jmx-config/logback.xml").toUri());
    return ApplicationProcess.start(jar -> true, Map.of(), all, Application.class, SERVER);
  }

  @Test
  void anApplicationWhosePortIsTakenStartsAndSaysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(http);
        ApplicationProcess application = logging()) {
      assertThat(taken.isBound()).isTrue();
      assertThat(application.err())
          .contains("ERROR", "no ports of its own: HTTP port " + http + " on 127.0.0.1: ");
    }
  }

  @Test
  void anApplicationWhoseFileIsWrongStartsAndNamesFileLineAndKey() throws Exception {
    Path config =
        Files.writeString(
            ServerProcess.temporaryDirectory("config").resolve("ports.yaml"),
            "accounts: { sec_master: administer }\nrealms: { ibm.com: {} }\n");
    try (ApplicationProcess application = logging("-Dsms.config=" + config)) {
      assertThat(application.err())
          .contains(
              "ERROR",
              config
                  + ":2: realms: is not for the ports of an application, which has its own sessions"
                  + " and users");
    }
  }

  private static URLClassLoader loader() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Path path : ApplicationProcess.classPathOf(OwnPortsIT::isNoLogback, Deployed.class)) {
      urls.add(path.toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static AutoCloseable deploy(
      ClassLoader loader, String server, Map<String, String> settings) throws Exception {
    return (AutoCloseable)
        loader
            .loadClass(Deployed.class.getName())
            .getConstructor(String.class, Map.class)
            .newInstance(server, settings);
  }

  /** Without a terminal it stands in a file of the data directory. */
  private String firstPassword() throws IOException {
    Path file = data.resolve("sec_master.password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    return Files.readString(file).strip();
  }

  @Test
  void theMBeansOfAnotherCopyAreNotCalled() throws Exception {
    try (URLClassLoader own = loader();
        URLClassLoader other = loader();
        AutoCloseable withPorts = deploy(own, SERVER, settings());
        AutoCloseable without = deploy(other, "blog-webseald-host1", Map.of())) {
      String password = firstPassword();
      try (Rmi rmi = rmi(ADMINISTRATOR, password)) {
        for (Endpoint endpoint :
            List.of(
                rmi.endpoint(),
                jolokia(ADMINISTRATOR, password).byPost(),
                jolokia(ADMINISTRATOR, password).byGet())) {
          assertThat(terminate(endpoint, "blog-webseald-host1"))
              .as(endpoint.toString())
              .matches(outcome -> outcome.status() == 403)
              .matches(outcome -> outcome.error().contains("another application of this JVM"));
        }
        assertThat(rmi.read("sms:type=Server,name=blog-webseald-host1", "SessionCount"))
            .isEqualTo(1L);
      }
    }
  }

  @Test
  void undeployingLeavesNothing() throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      loaders.add(deployedAndUndeployed());
    }

    // of some of its caches Java keeps what came last
    List<WeakReference<ClassLoader>> all = loaders.subList(0, 2);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              System.gc();
              // which lets it look for what is to be forgotten
              ObjectStreamClass.lookup(Thread.State.class);
              return all.stream().allMatch(loader -> loader.get() == null);
            });
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("accounts", "endpoints", "data files", "http-acceptor", "audit");
  }

  private WeakReference<ClassLoader> deployedAndUndeployed() throws Exception {
    try (URLClassLoader loader = loader()) {
      try (AutoCloseable application = deploy(loader, SERVER, settings())) {
        String password = firstPassword();
        assertThat(terminate(jolokia(ADMINISTRATOR, password).byPost(), SERVER).number())
            .isEqualTo(1);
        try (Rmi rmi = rmi(ADMINISTRATOR, password)) {
          assertThat(terminate(rmi.endpoint(), SERVER).number()).isZero();
        }
      }
      return new WeakReference<>(loader);
    }
  }
}
