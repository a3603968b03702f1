package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;
import static org.smsjmx.fixture.JolokiaClient.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import org.jolokia.json.JSONArray;
import org.jolokia.json.JSONObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Rmi;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** The shipped files for monitoring tools, with those tools where they can be had. */
@Tag("clients")
final class MonitoringIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SERVER = "sms:type=Server,name=" + CRUZ;
  private static final String REALM = "sms:type=Realm,name=" + IBM;

  private static Path shipped(String file) {
    return ServerProcess.installation().resolve("jmx-config").resolve(file);
  }

  /** Starts a server with a Java agent. Its path may hold blanks, so it is quoted. */
  private static ServerProcess withAgent(String agent, String... properties) {
    String options =
        Arrays.stream(properties)
            .collect(Collectors.joining(" ", "'-javaagent:" + agent + "' ", ""));
    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"),
        "  sec_master: administer\n",
        "  sec_master: administer\n  viewer: view\n");
    Path data = ServerProcess.temporaryDirectory("data");
    ServerProcess.accountFile(data, "viewer may-look");
    return ServerProcess.start()
        .config(directory)
        .data(data)
        .environment("JAVA_TOOL_OPTIONS", options)
        .ready();
  }

  /** Returns a free port of those that Zabbix's gateway takes, 1024 to 32767, as of any. */
  private static int freePort() {
    return IntStream.rangeClosed(10_052, 32_767)
        .filter(MonitoringIT::isFree)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static String page(int port) {
    return JolokiaClient.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(PATIENCE)
                .build())
        .body();
  }

  /** Whether an MBean has the attribute; some come with later versions than the files name. */
  private static boolean has(Endpoints endpoints, String mbean, String attribute) {
    return Arrays.stream(info(endpoints, mbean).getAttributes())
        .map(MBeanAttributeInfo::getName)
        .anyMatch(attribute::equals);
  }

  private static MBeanInfo info(Endpoints endpoints, String mbean) {
    try {
      return endpoints.rmi().connection().getMBeanInfo(Rmi.name(mbean));
    } catch (JMException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theJmxExporterOfPrometheusShowsSessionsOperationsAndState() {
    int port = freePort();
    String agent =
        "%s=127.0.0.1:%d:%s"
            .formatted(
                Tools.jar("jmx_prometheus_javaagent"), port, shipped("prometheus-exporter.yaml"));
    try (ServerProcess server = withAgent(agent);
        Endpoints endpoints = Endpoints.paused(server)) {
      assertCountersBeginAtZero(new Metrics(page(port)), endpoints);
      endpoints.signIn("dlucas", IBM, CRUZ, 4);
      int sessions = endpoints.matched("dlucas", IBM);
      endpoints.rmi().server(CRUZ).refreshAllSessions("dlucas", IBM);
      endpoints.rmi().server(CRUZ).terminateAllSessions("dlucas", IBM);
      endpoints.rmi().server(CRUZ).terminateAllSessions("dlucas", IBM);
      endpoints.rmi().endpoint().server(CRUZ, "terminateAllSessions", "String", IBM);
      server.jolokia("viewer", "may-look").byPost().server(CRUZ, "refreshAllSessions", "x", IBM);

      String text = page(port);
      Metrics page = new Metrics(text);

      Map<?, ?> byRealm = (Map<?, ?>) server.jolokia().read(SERVER, "SessionsByRealm");
      assertThat(page.of("sms_sessions", "server", CRUZ)).hasSize(2);
      assertThat(page.value("sms_sessions", "server", CRUZ, "realm", IBM))
          .isEqualTo(((Number) byRealm.get(IBM)).doubleValue());
      assertThat(page.of("sms_sessions").stream().mapToDouble(Metrics.Sample::value).sum())
          .isEqualTo(((Number) endpoints.rmi().read(SERVICE, "SessionCount")).doubleValue());
      assertThat(operations(page, "terminateAllSessions", "done")).isEqualTo(2);
      assertThat(operations(page, "refreshAllSessions", "done")).isEqualTo(1);
      assertThat(
              page.of("sms_sessions_ended_total", "by", "administrator").stream()
                  .mapToDouble(Metrics.Sample::value)
                  .sum())
          .isEqualTo(sessions);
      assertThat(page.value("sms_registry_available")).isEqualTo(1);
      assertThat(page.value("sms_registry_stale_seconds")).isZero();
      assertThat(page.value("sms_table_memory_bytes")).isPositive();
      assertThat(page.type("sms_sessions")).isEqualTo("gauge");
      assertThat(page.type("sms_operations_total")).isEqualTo("counter");
      assertThat(operations(page, "terminateAllSessions", "refused")).isEqualTo(1);
      assertThat(operations(page, "refreshAllSessions", "denied")).isEqualTo(1);
      assertShown(page, endpoints, SERVICE, "AuditHealthy", "sms_audit_healthy", 1);
      assertShown(page, endpoints, SERVICE, "AuditFailures", "sms_audit_failures_total", 0);
      assertShown(page, endpoints, SERVICE, "FailedSignIns", "sms_failed_logins_total", 0);
      assertShown(page, endpoints, SERVICE, "SignInsDelayed", "sms_delayed_logins_total", 0);
      assertThat(page.value("sms_calls_denied_total")).isEqualTo(1);
      assertThat(page.value("sms_parts_failing")).isZero();
      assertThat(page.value("jmx_scrape_error")).isZero();
      assertThat(page.of("sms_certificate_seconds_left")).as("without TLS").isEmpty();
      assertThat(page.value("sms_largest_user_sessions", "realm", IBM)).isPositive();
      if (Tools.isInstalled("promtool")) {
        assertThat(Tools.run(Map.of(), text, List.of("promtool", "check", "metrics")).exitCode())
            .as("promtool's judgement; 3 is for style, such as that of the JVM's own metrics")
            .isIn(0, 3);
      }
    }
  }

  /** Each operation of each server has its series, by every outcome, before it was ever called. */
  private static void assertCountersBeginAtZero(Metrics page, Endpoints endpoints) {
    List<String> operations =
        Arrays.stream(info(endpoints, SERVER).getOperations())
            .map(MBeanOperationInfo::getName)
            .toList();
    List<?> servers = List.of((Object[]) endpoints.rmi().read(SERVICE, "ExtendedServers"));
    for (Object server : servers) {
      for (String operation : operations) {
        for (String outcome : List.of("done", "refused", "denied", "failed")) {
          String[] labels = {"server", "" + server, "operation", operation, "outcome", outcome};
          assertThat(page.value("sms_operations_total", labels)).as(operation).isZero();
        }
      }
    }
    assertThat(page.of("sms_operations_total")).hasSize(servers.size() * operations.size() * 4);
    for (String counter :
        List.of(
            "sms_audit_failures_total",
            "sms_failed_logins_total",
            "sms_delayed_logins_total",
            "sms_calls_denied_total")) {
      assertThat(page.value(counter)).as(counter).isZero();
    }
    assertThat(page.of("sms_sessions_ended_total")).hasSize(servers.size() * 4);
    assertThat(page.of("sms_credentials_refreshed_total")).hasSize(servers.size());
  }

  private static double operations(Metrics page, String operation, String outcome) {
    return page.value(
        "sms_operations_total", "server", CRUZ, "operation", operation, "outcome", outcome);
  }

  private static void assertShown(
      Metrics page,
      Endpoints endpoints,
      String mbean,
      String attribute,
      String metric,
      double value) {
    if (has(endpoints, mbean, attribute)) {
      assertThat(page.value(metric)).as(metric).isEqualTo(value);
    }
  }

  /** An agent with a port of its own is there first, and Java reads the limits only once. */
  @Test
  void anAgentDoesNotTakeTheLimitsOfTheHttpEndpointAway() throws IOException {
    int port = freePort();
    String agent =
        "%s=127.0.0.1:%d:%s"
            .formatted(
                Tools.jar("jmx_prometheus_javaagent"), port, shipped("prometheus-exporter.yaml"));
    try (ServerProcess server = withAgent(agent);
        Socket socket = new Socket(server.http().getHost(), server.http().getPort())) {
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      socket
          .getOutputStream()
          .write(
              "POST /jolokia HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().read()).as("half a request is dropped").isEqualTo(-1);
    }
  }

  @Test
  void theAlertsOfPrometheusGoOffWhenTheyShould() throws IOException {
    Tools.assumeInstalled("promtool");
    Path directory = ServerProcess.temporaryDirectory("alerts");
    Files.copy(shipped("prometheus-alerts.yaml"), directory.resolve("prometheus-alerts.yaml"));
    Path test = directory.resolve("test.yaml");
    try (InputStream tests =
        MonitoringIT.class.getResourceAsStream("/prometheus/alerts-test.yaml")) {
      Files.copy(tests, test);
    }

    Tools.Ran ran = Tools.run(Map.of(), "", List.of("promtool", "test", "rules", test.toString()));

    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
  }

  @Test
  void theAlertsOfPrometheusAskForMetricsThatTheExporterGives() {
    Set<String> asked = names(shipped("prometheus-alerts.yaml"), "\\b(sms_[a-z_]+)\\b");
    Set<String> given = names(shipped("prometheus-exporter.yaml"), "(?m)^ +name: (sms_[a-z_]+)$");

    assertThat(asked).hasSizeGreaterThan(4).isSubsetOf(given);
  }

  private static Set<String> names(Path file, String pattern) {
    return Pattern.compile(pattern)
        .matcher(ServerProcess.read(file))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theOpenTelemetryAgentShowsSessionsAndState() {
    int port = freePort();
    try (ServerProcess server =
            withAgent(
                Tools.jar("opentelemetry-javaagent").toString(),
                "'-Dotel.jmx.config=" + shipped("opentelemetry-jmx.yaml") + "'",
                "-Dotel.metrics.exporter=prometheus",
                "-Dotel.exporter.prometheus.host=127.0.0.1",
                "-Dotel.exporter.prometheus.port=" + port,
                "-Dotel.traces.exporter=none",
                "-Dotel.logs.exporter=none");
        Endpoints endpoints = Endpoints.paused(server)) {
      endpoints.rmi().server(CRUZ).terminateAllSessions("dlucas", IBM);
      // the agent looks for MBeans now and then
      await().atMost(PATIENCE).until(() -> page(port).contains("sms_realm_sessions"));

      Metrics page = new Metrics(page(port));

      assertThat(page.value("sms_server_sessions", "server", CRUZ))
          .isEqualTo(((Number) endpoints.rmi().read(SERVER, "SessionCount")).doubleValue());
      assertThat(page.value("sms_realm_sessions", "realm", IBM))
          .isEqualTo(((Number) endpoints.rmi().read(REALM, "SessionCount")).doubleValue());
      assertThat(page.value("sms_sessions_ended_total", "server", CRUZ, "by", "administrator"))
          .isEqualTo(((Number) endpoints.rmi().read(SERVER, "TerminatedTotal")).doubleValue());
      assertThat(page.value("sms_registry_status", "state", "available")).isEqualTo(1);
      assertThat(page.value("sms_registry_status", "state", "unavailable")).isZero();
      if (has(endpoints, SERVICE, "AuditHealthy")) {
        assertThat(page.value("sms_audit_status", "state", "healthy")).isEqualTo(1);
      }
      assertShown(page, endpoints, SERVICE, "AuditFailures", "sms_audit_failures_total", 0);
      assertShown(page, endpoints, SERVICE, "FailedSignIns", "sms_logins_failed_total", 0);
      assertThat(page.value("sms_calls_denied_total")).isZero();
      assertThat(page.value("sms_parts_failing")).isZero();
    }
  }

  /** Sends what Telegraf's jolokia2 input sends, and looks for what it needs in the answer. */
  @Test
  void telegrafFindsWhatItsFileNames() {
    ServerProcess server = ServerProcess.shared();
    JSONArray requests = new JSONArray(8);
    blocks(ServerProcess.read(shipped("telegraf.conf"))).forEach(requests::add);
    assertThat(requests).hasSizeGreaterThan(3);

    List<?> answers =
        (List<?>)
            JolokiaClient.parse(
                JolokiaClient.send(
                        server
                            .jolokia()
                            .request("/jolokia/read")
                            .POST(BodyPublishers.ofString(requests.toString()))
                            .build())
                    .body());

    try (Endpoints endpoints = new Endpoints(server)) {
      for (int i = 0; i < answers.size(); i++) {
        JSONObject answer = (JSONObject) answers.get(i);
        JSONObject request = (JSONObject) requests.get(i);
        String mbean = (String) request.get("mbean");
        List<?> attributes = (List<?>) request.get("attribute");
        boolean later = !mbean.contains("*") && !has(endpoints, mbean, (String) attributes.get(0));
        // Telegraf passes over what the server does not have
        assertThat(answer.get("status")).as(mbean).isEqualTo(later ? 404L : 200L);
        if (!later) {
          Map<?, ?> value = (Map<?, ?>) answer.get("value");
          Object one = mbean.contains("*") ? value.values().iterator().next() : value;
          assertThat(((Map<?, ?>) one).keySet().stream().map(Object::toString).toList())
              .containsExactlyInAnyOrderElementsOf(
                  attributes.stream().map(Object::toString).toList());
        }
      }
    }
    for (int i = 0; i < answers.size(); i++) {
      JSONObject answer = (JSONObject) answers.get(i);
      if (answer.get("status").equals(200L)) {
        JSONObject request = (JSONObject) answer.get("request");
        // it compares the properties of the name, in any order
        assertThat(Rmi.name((String) request.get("mbean")))
            .isEqualTo(Rmi.name((String) ((JSONObject) requests.get(i)).get("mbean")));
        assertThat(request.get("attribute"))
            .isEqualTo(((JSONObject) requests.get(i)).get("attribute"));
      }
    }
  }

  private static List<JSONObject> blocks(String file) {
    Pattern block =
        Pattern.compile(
            "\\[\\[inputs\\.jolokia2_agent\\.metric]]\\s+name = \"(\\w+)\"\\s+"
                + "mbean = \"([^\"]+)\"\\s+paths = \\[([^]]+)]");
    return block.matcher(file).results().map(MonitoringIT::request).toList();
  }

  private static JSONObject request(MatchResult block) {
    Object[] paths =
        Arrays.stream(block.group(3).split(", ")).map(path -> path.replace("\"", "")).toArray();
    JSONObject request = json("type", "read", "mbean", block.group(2));
    request.put("attribute", JolokiaClient.array(paths));
    return request;
  }

  /** Asks Zabbix's Java gateway for every key of the template, as a Zabbix server does. */
  @Test
  void theJavaGatewayOfZabbixReadsEveryItemOfTheTemplate() throws IOException {
    Path gateway = Path.of("/usr/sbin/zabbix-java-gateway.jar");
    assumeTrue(Files.exists(gateway), "zabbix-java-gateway is not installed");
    String template = ServerProcess.read(shipped("zabbix-template.yaml"));
    Set<String> keys = names(template, "(?m)^ +key: '(jmx\\[.*])'$");
    ServerProcess server = ServerProcess.shared();
    int port = freePort();
    Path log = ServerProcess.temporaryDirectory("zabbix").resolve("log");
    Process process =
        new ProcessBuilder(
                Tools.java(),
                "-Dzabbix.listenIP=127.0.0.1",
                "-Dzabbix.listenPort=" + port,
                "-Dzabbix.startPollers=1",
                "-Dzabbix.timeout=30",
                "-Dlogback.configurationFile=none",
                "-jar",
                gateway.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (Endpoints endpoints = new Endpoints(server)) {
      await()
          .alias(gateway.toString())
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(ServerProcess.read(log)).contains("listening on"));
      for (String key : keys) {
        boolean discovery = key.startsWith("jmx.discovery");
        String mbean = key.contains("{#JMXOBJ}") ? REALM : SERVICE;
        String asked = key.replace("{#JMXOBJ}", mbean);
        String attribute = key.replaceFirst(".*,\"(\\w+)\"]$", "$1");
        if (!discovery && key.contains("{#JMXOBJ}") && !has(endpoints, REALM, attribute)) {
          mbean = SERVER;
          asked = key.replace("{#JMXOBJ}", mbean);
        }

        String answer = zabbix(port, server, asked);

        if (discovery) {
          assertThat(answer).as(asked).contains("\\\"{#JMXNAME}\\\":");
        } else if (has(endpoints, mbean, attribute)) {
          assertThat(answer).as(asked).containsPattern("\"value\":\"?(true|false|[0-9]+)\"?");
        }
      }
      assertThat(zabbix(port, server, "jmx[\"" + SERVICE + "\",\"RegistryAvailable\"]"))
          .contains("\"true\"");
    } finally {
      process.destroy();
    }
  }

  private static Set<String> names(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Sends one key to the gateway in Zabbix's protocol and returns its answer. */
  private static String zabbix(int port, ServerProcess server, String key) throws IOException {
    JSONObject request =
        json(
            "request",
            "java gateway jmx",
            "jmx_endpoint",
            server.jmx().toString(),
            "username",
            ServerProcess.ADMINISTRATOR,
            "password",
            ServerProcess.PASSWORD);
    request.put("keys", JolokiaClient.array(key));
    byte[] body = request.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer message =
        ByteBuffer.allocate(13 + body.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("ZBXD\1".getBytes(StandardCharsets.US_ASCII))
            .putLong(body.length)
            .put(body);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(message.array());
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, 13, answer.length - 13, StandardCharsets.UTF_8);
    }
  }

  @Test
  void theTemplateOfZabbixHasAnIdOfItsOwnForEverything() {
    List<String> ids = new ArrayList<>();
    Pattern.compile("uuid: ([0-9a-f]+)")
        .matcher(ServerProcess.read(shipped("zabbix-template.yaml")))
        .results()
        .forEach(match -> ids.add(match.group(1)));

    assertThat(ids)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"));
  }
}
