package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jolokia.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** hawtio's proxy, called as its page calls it: with the page's Origin and the account's header. */
@Tag("clients")
final class HawtioIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern STARTED =
      Pattern.compile("Starting ProtocolHandler \\[\"http-nio-127\\.0\\.0\\.1-auto-\\d+-(\\d+)\"");

  private static Process tomcat;
  private static String origin;
  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void startHawtio() throws IOException {
    Path base = ServerProcess.temporaryDirectory("hawtio");
    Files.createDirectory(base.resolve("conf"));
    Files.createDirectory(base.resolve("webapps"));
    Files.writeString(
        base.resolve("conf/server.xml"),
        """
        <Server port="-1"><Service name="Catalina">
          <Connector port="0" address="127.0.0.1" protocol="HTTP/1.1"/>
          <Engine name="Catalina" defaultHost="localhost"><Host name="localhost">
            <Context path="/hawtio" docBase="%s"/>
          </Host></Engine>
        </Service></Server>
        """
            .formatted(Tools.fetched("hawtio/hawtio-war.war").toAbsolutePath()));
    // the page itself
    Files.writeString(
        base.resolve("conf/web.xml"),
        """
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
          <servlet><servlet-name>default</servlet-name>
            <servlet-class>org.apache.catalina.servlets.DefaultServlet</servlet-class></servlet>
          <servlet-mapping><servlet-name>default</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
        </web-app>
        """);
    Path log = base.resolve("log");
    tomcat =
        new ProcessBuilder(
                Tools.java(),
                "-Dcatalina.home=" + base,
                "-Dcatalina.base=" + base,
                "-Dhawtio.authenticationEnabled=false",
                "-cp",
                Tools.jars("hawtio").stream()
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator)),
                "org.apache.catalina.startup.Tomcat",
                "--await")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    await()
        .alias("Tomcat with hawtio")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ServerProcess.read(log)).containsPattern(STARTED));
    Matcher started = STARTED.matcher(ServerProcess.read(log));
    assertThat(started.find()).isTrue();
    origin = "http://127.0.0.1:" + started.group(1);

    Path directory = ServerProcess.copyOfConfiguration();
    ChangedConfiguration.replace(
        directory.resolve("sms.yaml"), "  origins: []\n", "  origins: ['" + origin + "']\n");
    server = ServerProcess.start().config(directory).ready();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void stopHawtio() {
    if (endpoints != null) {
      endpoints.close();
      server.close();
    }
    if (tomcat != null) {
      tomcat.destroy();
    }
  }

  private static HttpResponse<String> post(String page, Object body) {
    return post(page, ServerProcess.PASSWORD, body);
  }

  /** Sends what hawtio's page sends to its proxy once its user has signed in at the server. */
  private static HttpResponse<String> post(String page, String password, Object body) {
    return JolokiaClient.send(
        HttpRequest.newBuilder(
                URI.create(
                    "%s/hawtio/proxy/http/%s/%d/jolokia?maxDepth=7&ignoreErrors=true"
                        .formatted(origin, server.http().getHost(), server.http().getPort())))
            .timeout(PATIENCE)
            .header("Origin", page)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "text/json")
            .header(
                "X-Jolokia-Authorization",
                JolokiaClient.basic(ServerProcess.ADMINISTRATOR, password))
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  @Test
  void thePageRunsOperationsThroughItsProxy() {
    endpoints.signIn("dlucas", IBM, CRUZ, 3);
    int sessions = endpoints.matched("dlucas", IBM);
    // with its types, as the page sends it
    String types = "(java.lang.String,java.lang.String)";
    String mbean = "sms:type=Server,name=" + CRUZ;

    JSONObject refreshed =
        answer(JolokiaClient.exec(mbean, "refreshAllSessions" + types, "dlucas", IBM));
    JSONObject refused =
        answer(JolokiaClient.exec(mbean, "terminateAllSessions" + types, "String", IBM));
    JSONObject ended =
        answer(JolokiaClient.exec(mbean, "terminateAllSessions" + types, "dlucas", IBM));

    assertThat(refreshed.get("value")).isEqualTo((long) sessions);
    assertThat(refused.get("status")).isEqualTo(500L);
    assertThat(refused.get("error").toString()).contains("CTGSI0313E");
    assertThat(ended.get("value")).isEqualTo((long) sessions);
    assertThat(endpoints.matched("dlucas", IBM)).isZero();
  }

  private static JSONObject answer(Object request) {
    return (JSONObject) JolokiaClient.parse(post(origin, request).body());
  }

  @Test
  void thePageListsMBeansAndReadsTheirAttributes() {
    List<?> answers =
        (List<?>)
            JolokiaClient.parse(
                post(
                        origin,
                        JolokiaClient.array(
                            JolokiaClient.json("type", "version"),
                            JolokiaClient.json("type", "list"),
                            JolokiaClient.json("type", "read", "mbean", Endpoints.SERVICE)))
                    .body());

    assertThat(answers)
        .extracting(answer -> ((JSONObject) answer).get("status"))
        .containsExactly(200L, 200L, 200L);
    assertThat(((JSONObject) ((JSONObject) answers.get(1)).get("value")).keySet())
        .contains("sms", "java.lang");
    assertThat(((JSONObject) ((JSONObject) answers.get(2)).get("value")).get("AuditHealthy"))
        .isEqualTo(true);
  }

  @Test
  void aPageOfAnotherOriginIsRefusedThroughTheProxyToo() {
    int sessions = endpoints.matched("*", IBM);

    HttpResponse<String> response =
        post(
            "http://elsewhere.example.com",
            JolokiaClient.exec(
                "sms:type=Server,name=" + CRUZ, "terminateAllSessions", "johnq", IBM));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(endpoints.matched("*", IBM)).isEqualTo(sessions);
  }

  @Test
  void aWrongPasswordIsRefusedThroughTheProxy() {
    HttpResponse<String> response = post(origin, "wrong", JolokiaClient.json("type", "version"));

    // the proxy hides the server's 401, which would make the browser ask
    assertThat(response.statusCode()).isIn(401, 403);
    assertThat(response.body()).doesNotContain("\"value\"");
  }

  @Test
  void thePageItselfIsThere() {
    assertThat(
            JolokiaClient.send(
                    HttpRequest.newBuilder(URI.create(origin + "/hawtio/index.html"))
                        .timeout(PATIENCE)
                        .build())
                .body())
        .contains("Hawtio");
  }
}
