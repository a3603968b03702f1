package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.DALLAS;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.PARTNERS;
import static org.smsjmx.fixture.Endpoints.WEBSEAL2;
import static org.smsjmx.fixture.JolokiaClient.array;
import static org.smsjmx.fixture.JolokiaClient.exec;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jolokia.client.request.HttpMethod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Curl;
import org.smsjmx.fixture.Endpoint;
import org.smsjmx.fixture.Endpoint.Outcome;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.JolokiaClient;
import org.smsjmx.fixture.Script;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;

/** The two operations through the tools that people use: all do the same. */
@Tag("clients")
final class ToolsIT {

  private static final String SERVER = "sms:type=Server,name=" + CRUZ;
  private static final String VIEWER = "view";

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    server = ChangedConfiguration.server();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    endpoints.close();
  }

  /** A tool that is to be given an account and its password. */
  record Tool(String name, BiFunction<String, String, Endpoint> login) {

    Endpoint administrator() {
      return login.apply(ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Tool> tools() {
    return Stream.of(
        new Tool("jmxterm", (account, password) -> new Jmxterm(server, account, password)),
        new Tool("curl POST", (account, password) -> curl(Curl.byPost(server, account, password))),
        new Tool("curl GET", (account, password) -> curl(Curl.byGet(server, account, password))),
        new Tool(
            "jolokia.js POST",
            (account, password) -> new JolokiaJs(server, account, password, "post")),
        new Tool(
            "jolokia.js GET",
            (account, password) -> new JolokiaJs(server, account, password, "get")),
        new Tool(
            "jolokia-client-java POST",
            (account, password) -> new JolokiaJava(server, account, password, HttpMethod.POST)),
        new Tool(
            "jolokia-client-java GET",
            (account, password) -> new JolokiaJava(server, account, password, HttpMethod.GET)),
        new Tool("jmx4perl", (account, password) -> new Jmx4perl(server, account, password)),
        new Tool(
            "Jolokia's JMX adapter",
            (account, password) -> new JmxAdapter(server, account, password)),
        new Tool(
            "scripts in sh", (account, password) -> new Script("sh", server, account, password)),
        new Tool(
            "scripts in bash",
            (account, password) -> new Script("bash", server, account, password)));
  }

  private static Endpoint curl(Curl curl) {
    Tools.assumeInstalled("curl");
    return curl;
  }

  static Stream<Arguments> toolsAndUsers() {
    return tools()
        .flatMap(
            tool ->
                Stream.concat(
                        Stream.of("Mary Jones", "dlucas"), ChangedConfiguration.HARD_NAMES.stream())
                    .filter(user -> canWrite(tool, user))
                    .map(user -> arguments(tool, user)));
  }

  /**
   * In jmxterm a number sign begins a comment, and nothing takes that away; jmx4perl does not
   * escape a question mark.
   */
  private static boolean canWrite(Tool tool, String user) {
    return !(tool.name().equals("jmxterm") && user.contains("#"))
        && !(tool.name().equals("jmx4perl") && user.contains("?"));
  }

  @ParameterizedTest
  @MethodSource("toolsAndUsers")
  void aNameMeansTheSameUserInEveryTool(Tool tool, String user) {
    Endpoint endpoint = tool.administrator();
    endpoints.signIn(user, IBM, DALLAS, 2);
    int sessions = endpoints.matched(user, IBM);
    int others = endpoints.matched("*", IBM) - sessions;

    assertThat(endpoint.server(CRUZ, "refreshAllSessions", user, IBM).number()).isEqualTo(sessions);
    assertThat(endpoint.server(CRUZ, "terminateAllSessions", user, IBM).number())
        .isEqualTo(sessions);
    assertThat(endpoints.matched(user, IBM)).isZero();
    assertThat(endpoints.matched("*", IBM)).as("sessions of others").isEqualTo(others);
  }

  /** A call that is to be refused. */
  record Refused(String server, String operation, String user, String realm, String code) {}

  static Stream<Arguments> toolsAndRefused() {
    List<Refused> refused =
        List.of(
            new Refused(CRUZ, "terminateAllSessions", "String", IBM, "CTGSI0313E"),
            new Refused(CRUZ, "refreshAllSessions", "String", IBM, "CTGSI0313E"),
            new Refused(CRUZ, "terminateAllSessions", "dlucas", "String", "CTGSI0313E"),
            new Refused(CRUZ, "terminateAllSessions", "", IBM, "CTGSI0313E"),
            new Refused(CRUZ, "terminateAllSessions", "   ", IBM, "CTGSI0313E"),
            new Refused(CRUZ, "terminateAllSessions", "dluc*", IBM, "CTGSI0313E"),
            new Refused(CRUZ, "terminateAllSessions", " dlucas", IBM, "CTGSI0313E"),
            new Refused(CRUZ, "terminateAllSessions", "x".repeat(257), IBM, "CTGSI0313E"),
            new Refused(CRUZ, "terminateAllSessions", "dlucas", "nowhere.com", "CTGSI0313E"),
            new Refused(CRUZ, "refreshAllSessions", "dlucas", "nowhere.com", "CTGSI0313E"),
            new Refused(WEBSEAL2, "terminateAllSessions", "dlucas", PARTNERS, "CTGSI0307E"),
            new Refused(CRUZ, "refreshAllSessions", "nobody", IBM, "HPDMG0754W"));
    return tools().flatMap(tool -> refused.stream().map(call -> arguments(tool, call)));
  }

  @ParameterizedTest
  @MethodSource("toolsAndRefused")
  void everyToolShowsWhyACallIsRefused(Tool tool, Refused call) {
    Endpoint endpoint = tool.administrator();
    endpoints.signIn("dlucas", PARTNERS, CRUZ, 1);
    int sessions = endpoints.matched("*", IBM) + endpoints.matched("*", PARTNERS);

    Outcome outcome = endpoint.server(call.server(), call.operation(), call.user(), call.realm());

    assertThat(outcome.status()).isEqualTo(500);
    assertThat(outcome.error()).contains(call.code() + "   ").contains("(status 0x");
    assertThat(endpoints.matched("*", IBM) + endpoints.matched("*", PARTNERS)).isEqualTo(sessions);
  }

  @ParameterizedTest
  @MethodSource("tools")
  void everyToolShowsThatAnAccountMayNot(Tool tool) {
    Endpoint endpoint = tool.login().apply(VIEWER, ChangedConfiguration.password(VIEWER));
    endpoints.signIn("dlucas", IBM, CRUZ, 1);
    int sessions = endpoints.matched("dlucas", IBM);

    Outcome outcome = endpoint.server(CRUZ, "terminateAllSessions", "dlucas", IBM);

    assertThat(outcome.status()).isEqualTo(403);
    assertThat(outcome.error()).contains("CTGSI0303E   ", VIEWER, "(status 0x38c5812f)");
    assertThat(endpoints.matched("dlucas", IBM)).isEqualTo(sessions);
  }

  @Test
  void curlSendsAListOfRequests() {
    List<?> answers =
        (List<?>)
            ((Curl) curl(Curl.byPost(server, ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD)))
                .post(list());

    assertAnswers(answers.stream().map(JolokiaClient::outcome).toList());
  }

  @Test
  void jolokiaJsSendsAListOfRequests() {
    JolokiaJs js =
        new JolokiaJs(server, ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD, "post");

    List<?> answers = (List<?>) js.request(JolokiaClient.parse(list()));

    assertAnswers(answers.stream().map(JolokiaClient::outcome).toList());
  }

  @Test
  void jolokiaClientJavaSendsAListOfRequests() {
    signInTwo();
    JolokiaJava java =
        new JolokiaJava(
            server, ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD, HttpMethod.POST);

    assertAnswers(
        java.bulk(
            List.of(
                JolokiaJava.request(SERVER, "refreshAllSessions", "Jörg", IBM),
                JolokiaJava.request(SERVER, "terminateAllSessions", "String", IBM),
                JolokiaJava.request(SERVER, "terminateAllSessions", "Jörg", IBM))));
  }

  private static String list() {
    signInTwo();
    return array(
            exec(SERVER, "refreshAllSessions", "Jörg", IBM),
            exec(SERVER, "terminateAllSessions", "String", IBM),
            exec(SERVER, "terminateAllSessions", "Jörg", IBM))
        .toString();
  }

  private static void signInTwo() {
    endpoints.rmi().server(CRUZ).terminateAllSessions("Jörg", IBM);
    endpoints.signIn("Jörg", IBM, CRUZ, 2);
  }

  private static void assertAnswers(List<Outcome> outcomes) {
    assertThat(outcomes).extracting(Outcome::status).containsExactly(200, 500, 200);
    assertThat(outcomes.get(0).number()).isEqualTo(2);
    assertThat(outcomes.get(1).error()).contains("CTGSI0313E");
    assertThat(outcomes.get(2).number()).isEqualTo(2);
    assertThat(endpoints.matched("Jörg", IBM)).isZero();
  }
}
