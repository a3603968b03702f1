package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;
import static org.smsjmx.fixture.Endpoints.SERVICE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ChangedConfiguration;
import org.smsjmx.fixture.Endpoints;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools.Ran;

/** jmx4perl, check_jmx4perl and j4psh, beyond what {@link ToolsIT} shows. */
@Tag("clients")
final class Jmx4perlIT {

  private static final String SERVER = "sms:type=Server,name=" + CRUZ;

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    Jmx4perl.assumeInstalled();
    server = ChangedConfiguration.server();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    if (endpoints != null) {
      endpoints.close();
    }
  }

  private static Ran check(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--url",
                server.http() + "/jolokia",
                "--user",
                "view",
                "--password",
                ChangedConfiguration.password("view")));
    all.addAll(List.of(arguments));
    return Jmx4perl.run("check_jmx4perl", "", all);
  }

  @Test
  void jmx4perlReadsSearchesAndTellsWhatIsMissing() {
    Jmx4perl perl = new Jmx4perl(server, ServerProcess.ADMINISTRATOR, ServerProcess.PASSWORD);
    Object sessions = endpoints.rmi().read(SERVER, "SessionCount");

    assertThat(perl.run("read", SERVER, "SessionCount").out()).isEqualTo("" + sessions);
    assertThat(perl.run("search", "sms:type=Server,*").out()).contains(SERVER);
    assertThat(perl.run("attributes").out()).contains(SERVICE + " -- RegistryAvailable");
    assertThat(perl.run("info").out()).contains("Heap-Memory used");
    Ran missing = perl.run("read", "sms:type=Nothing", "SessionCount");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.out() + missing.err()).contains("sms:type=Nothing");
    Ran guessed = new Jmx4perl(server, "view", "wrong").run("read", SERVER, "SessionCount");
    assertThat(guessed.exitCode()).isEqualTo(1);
    assertThat(guessed.out() + guessed.err()).contains("HPDIA0200W");
  }

  @Test
  void checkJmx4perlWarnsByNumbersOfSessions() {
    Object sessions = endpoints.rmi().read(SERVICE, "SessionCount");
    String[] attribute = {"--mbean", SERVICE, "--attribute", "SessionCount", "--name", "sessions"};

    Ran ok = check(with(attribute, "-w", "5000", "-c", "10000"));
    Ran warning = check(with(attribute, "-w", "1", "-c", "10000"));
    Ran critical = check(with(attribute, "-w", "0", "-c", "1"));

    assertThat(ok.exitCode()).as("" + ok).isZero();
    assertThat(ok.out()).startsWith("OK - ").contains("sessions=" + sessions + ";5000;10000");
    assertThat(warning.exitCode()).as("" + warning).isEqualTo(1);
    assertThat(critical.exitCode()).as("" + critical).isEqualTo(2);
    // of a composite value one part, in relation to another
    Ran memory =
        check("--base", "MEMORY_HEAP_MAX", "--alias", "MEMORY_HEAP_USED", "-w", "101", "-c", "102");
    assertThat(memory.out()).startsWith("OK - ").contains("%");
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void checkJmx4perlSaysThatAnMBeanDoesNotExist() {
    Ran ran = check("--mbean", "sms:type=Nothing", "--attribute", "SessionCount", "-w", "1");

    assertThat(ran.exitCode()).as("" + ran).isEqualTo(3);
    assertThat(ran.out()).startsWith("UNKNOWN - ").contains("404").doesNotContain("403");
  }

  @Test
  void checkJmx4perlIsRefusedAnOperationForWhichTheAccountMayNotCall() {
    endpoints.signIn("johnq", IBM, CRUZ, 1);
    int sessions = endpoints.matched("johnq", IBM);

    Ran ran = check("--mbean", SERVER, "--operation", "terminateAllSessions", "johnq", IBM);

    assertThat(ran.exitCode()).as("" + ran).isEqualTo(3);
    assertThat(ran.out()).contains("403");
    assertThat(endpoints.matched("johnq", IBM)).isEqualTo(sessions);
  }

  @Test
  void j4pshGoesToAServerAndEndsSessions() {
    endpoints.signIn("dlucas", IBM, CRUZ, 2);
    int sessions = endpoints.matched("dlucas", IBM);
    String lines =
        """
        ls
        cd sms:type=Service
        cat RegistryAvailable
        cd /
        cd %s
        exec terminateAllSessions String ibm.com
        exec terminateAllSessions dlucas ibm.com
        exit
        """
            .formatted(SERVER);

    Ran ran =
        Jmx4perl.run(
            "j4psh",
            lines,
            List.of(
                "--color=no",
                "--user",
                ServerProcess.ADMINISTRATOR,
                "--password",
                ServerProcess.PASSWORD,
                server.http() + "/jolokia"));

    assertThat(ran.out() + ran.err())
        .contains("type=Simulation", "true", "CTGSI0313E", "Return: " + sessions);
    assertThat(endpoints.matched("dlucas", IBM)).isZero();
  }
}
