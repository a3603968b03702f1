package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** Collectors beside the server, which sign in by JMX with an account that may view. */
@Tag("clients")
final class CollectorsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String VIEWER = "viewer";
  private static final String PASSWORD = "may-look";
  private static final String SERVER = "sms:type=Server,name=" + CRUZ;

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"),
        "  sec_master: administer\n",
        "  sec_master: administer\n  viewer: view\n");
    Path data = ServerProcess.temporaryDirectory("data");
    ServerProcess.accountFile(data, VIEWER + " " + PASSWORD);
    server = ServerProcess.start().config(directory).data(data).ready();
    endpoints = Endpoints.paused(server);
    endpoints.signIn("dlucas", IBM, CRUZ, 2);
    endpoints.rmi().server(CRUZ).terminateAllSessions("dlucas", IBM);
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
    server.close();
  }

  private static String shipped(String file) {
    return ServerProcess.read(ServerProcess.installation().resolve("jmx-config").resolve(file));
  }

  private static double number(String mbean, String attribute) {
    Object value = endpoints.rmi().read(mbean, attribute);
    return value instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) value).doubleValue();
  }

  @Test
  void collectdCollectsWithItsShippedFile() throws IOException {
    Path collectd = Path.of("/usr/sbin/collectd");
    Path plugin = Path.of("/usr/lib/collectd/java.so");
    assumeTrue(
        Files.isExecutable(collectd) && Files.exists(plugin),
        "collectd with its Java plugin is not installed");
    Path base = ServerProcess.temporaryDirectory("collectd");
    Path settings = base.resolve("sms.conf");
    ChangedConfiguration.write(
        settings,
        shipped("collectd.conf")
            .replace("service:jmx:rmi:///jndi/rmi://127.0.0.1:9010/jmxrmi", "" + server.jmx())
            .replace("User \"collectd\"", "User \"" + VIEWER + "\"")
            .replace("\"PASSWORD\"", "\"" + PASSWORD + "\""));
    Path main = base.resolve("collectd.conf");
    ChangedConfiguration.write(
        main,
        """
        Hostname "here"
        FQDNLookup false
        BaseDir "%1$s"
        PIDFile "%1$s/pid"
        PluginDir "%2$s"
        TypesDB "/usr/share/collectd/types.db"
        Interval 1
        LoadPlugin csv
        <Plugin csv>
          DataDir "%1$s/csv"
        </Plugin>
        Include "%3$s"
        """
            .formatted(base, plugin.getParent(), settings));
    Path log = base.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(collectd.toString(), "-f", "-C", main.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .put("LD_LIBRARY_PATH", Path.of(System.getProperty("java.home"), "lib", "server") + "");
    Process process = builder.start();
    try {
      Path values = base.resolve("csv/sms-jmx");
      await()
          .alias("collectd's values")
          .atMost(PATIENCE)
          // no file yet, or none but its head
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                assertCollected(values, "server-" + CRUZ, "gauge-sessions", SERVER, "SessionCount");
                assertCollected(
                    values, "server-" + CRUZ, "derive-terminated", SERVER, "TerminatedTotal");
                assertCollected(
                    values,
                    "sessions-" + CRUZ + "-" + IBM,
                    "gauge-sessions",
                    "sms:type=Sessions,server=" + CRUZ + ",realm=" + IBM,
                    "SessionCount");
                assertCollected(
                    values,
                    "operations-" + CRUZ + "-terminateAllSessions",
                    "derive-done",
                    "sms:type=Operations,server=" + CRUZ + ",operation=terminateAllSessions",
                    "Done");
                assertCollected(
                    values,
                    "realm-" + IBM,
                    "gauge-users",
                    "sms:type=Realm,name=" + IBM,
                    "UserCount");
                assertCollected(values, "service", "gauge-audit_healthy", SERVICE, "AuditHealthy");
                assertCollected(values, "service", "derive-calls_denied", SERVICE, "CallsDenied");
              });
      assertThat(ServerProcess.read(log)).doesNotContain("PASSWORD", "Exception");
    } finally {
      process.destroy();
    }
  }

  /** Compares the last value in a file of collectd's plugin csv. */
  private static void assertCollected(
      Path values, String instance, String name, String mbean, String attribute)
      throws IOException {
    try (Stream<Path> files = Files.list(values.resolve("GenericJMX-" + instance))) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(name + "-20"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + name));
      List<String> lines = Files.readAllLines(file);
      assertThat(Double.parseDouble(lines.get(lines.size() - 1).split(",")[1]))
          .as(name)
          .isEqualTo(number(mbean, attribute));
    }
  }

  /** Whatever the files of collectors that take plain numbers name is there, and is one. */
  @Test
  void theFilesOfCollectorsNameNumbersThatThereAre() throws IOException, JMException {
    Pattern bean = Pattern.compile("ObjectName \"(sms:[^\"]+)\"|Attribute \"(\\w+)\"");
    assertNumbers(bean.matcher(shipped("collectd.conf")).results().toList());
    Pattern yaml = Pattern.compile("(?m)^ +type: (\\w+)$|^ +(\\w+): \\{ alias: ");
    assertNumbers(yaml.matcher(shipped("jmxfetch.yaml")).results().toList());
  }

  /** Takes names of MBeans, in the first group, and of attributes of the last one before. */
  private static void assertNumbers(List<MatchResult> found) throws IOException, JMException {
    MBeanServerConnection connection = endpoints.rmi().connection();
    Set<ObjectName> mbeans = Set.of();
    int numbers = 0;
    for (MatchResult part : found) {
      if (part.group(1) != null) {
        String name = part.group(1);
        mbeans =
            connection.queryNames(
                Rmi.name(name.startsWith("sms:") ? name : "sms:type=" + name + ",*"), null);
        assertThat(mbeans).as(name).isNotEmpty();
        continue;
      }
      for (ObjectName mbean : mbeans) {
        assertThat(connection.getAttribute(mbean, part.group(2)))
            .as(mbean + " " + part.group(2))
            .isInstanceOfAny(Number.class, Boolean.class);
        numbers++;
      }
    }
    assertThat(numbers).isGreaterThan(20);
  }

  @Test
  void theJmxExporterBesideTheServerSignsInWithAnAccount() throws IOException {
    int port = freePort();
    Path directory = ServerProcess.temporaryDirectory("exporter");
    Path settings = directory.resolve("exporter.yaml");
    ChangedConfiguration.write(
        settings,
        "jmxUrl: "
            + server.jmx()
            + "\nusername: "
            + VIEWER
            + "\npassword: "
            + PASSWORD
            + "\n"
            + shipped("prometheus-exporter.yaml"));
    Process process =
        new ProcessBuilder(
                Tools.java(),
                "-jar",
                Tools.jar("jmx_prometheus_httpserver").toString(),
                "127.0.0.1:" + port,
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    try {
      await()
          .alias("the exporter's page")
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> page(port).contains("sms_sessions{"));

      Metrics page = new Metrics(page(port));

      assertThat(page.value("sms_sessions", "server", CRUZ, "realm", IBM)).isPositive();
      assertThat(page.value("sms_sessions_ended_total", "server", CRUZ, "by", "administrator"))
          .isEqualTo(number(SERVER, "TerminatedTotal"));
      assertThat(page.value("sms_registry_available")).isEqualTo(1);
      assertThat(page.value("jmx_scrape_error")).isZero();
    } finally {
      process.destroy();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String page(int port) {
    return JolokiaClient.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(PATIENCE)
                .build())
        .body();
  }
}
