package org.smsjmx.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smsjmx.fixture.Endpoints.CRUZ;
import static org.smsjmx.fixture.Endpoints.IBM;

import java.util.List;
import java.util.Map;
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
import org.smsjmx.fixture.Tools.Ran;

/** The shipped playbook reports what was done as Ansible's users expect it. */
@Tag("clients")
final class AnsibleIT {

  private static ServerProcess server;
  private static Endpoints endpoints;

  @BeforeAll
  static void openEndpoints() {
    Tools.assumeInstalled("ansible-playbook");
    server = ChangedConfiguration.server();
    endpoints = Endpoints.paused(server);
  }

  @AfterAll
  static void closeEndpoints() {
    if (endpoints != null) {
      endpoints.close();
    }
  }

  /** Runs the playbook as administrator, with some of its variables. */
  private static Ran play(Object... variables) {
    return playWith(ServerProcess.PASSWORD, variables);
  }

  private static Ran playWith(String password, Object... variables) {
    JSONObject all = JolokiaClient.json(variables);
    all.put("sms_url", server.http() + "/jolokia");
    return Tools.run(
        Map.of("SMS_ADMIN_PASSWORD", password, "LC_ALL", "C.UTF-8", "ANSIBLE_NOCOLOR", "1"),
        "",
        List.of(
            "ansible-playbook",
            "-i",
            "localhost,",
            "-c",
            "local",
            ServerProcess.installation() + "/jmx-config/ansible-playbook.yaml",
            "-e",
            all.toString()));
  }

  private static void assertReported(Ran ran, int changed, int failed) {
    assertThat(ran.out())
        .as(ran.err())
        .containsPattern("localhost .* changed=" + changed + " .* failed=" + failed + " ");
    assertThat(ran.exitCode()).isEqualTo(failed == 0 ? 0 : 2);
  }

  @Test
  void endedSessionsAreAChangeAndNoneAreNot() {
    for (String user : List.of("Mary Jones", "Jörg", "100%25")) {
      endpoints.signIn(user, IBM, CRUZ, 2);

      assertReported(play("sms_user", user, "sms_realm", IBM), 1, 0);
      assertThat(endpoints.matched(user, IBM)).as(user).isZero();
      assertReported(play("sms_user", user, "sms_realm", IBM), 0, 0);
    }
  }

  @Test
  void refreshedSessionsAreAChange() {
    endpoints.signIn("johnq", IBM, CRUZ, 1);
    int sessions = endpoints.matched("johnq", IBM);

    assertReported(
        play("sms_user", "johnq", "sms_realm", IBM, "sms_operation", "refreshAllSessions"), 1, 0);
    assertThat(endpoints.matched("johnq", IBM)).isEqualTo(sessions);
  }

  @Test
  void whatIsRefusedFailsAndSaysWhy() {
    Ran empty = play("sms_user", "String", "sms_realm", IBM);
    Ran realm = play("sms_user", "dlucas", "sms_realm", "nowhere");
    Ran missing = play("sms_user", "dlucas", "sms_realm", IBM, "sms_server", "nothing");
    Ran guessed = playWith("wrong", "sms_user", "dlucas", "sms_realm", IBM);
    Ran viewer =
        playWith(
            ChangedConfiguration.password("view"),
            "sms_user",
            "dlucas",
            "sms_realm",
            IBM,
            "sms_account",
            "view");

    for (Ran ran : List.of(empty, realm, missing, guessed, viewer)) {
      assertReported(ran, 0, 1);
    }
    assertThat(empty.out()).contains("CTGSI0313E", "HTTP Error 500");
    assertThat(realm.out()).contains("CTGSI0313E");
    assertThat(missing.out()).contains("HTTP Error 404");
    assertThat(guessed.out()).contains("HPDIA0200W", "HTTP Error 401");
    assertThat(viewer.out()).contains("CTGSI0303E", "HTTP Error 403");
  }

  @Test
  void aServerThatIsDownFails() {
    Ran ran =
        Tools.run(
            Map.of("SMS_ADMIN_PASSWORD", "x", "LC_ALL", "C.UTF-8"),
            "",
            List.of(
                "ansible-playbook",
                "-i",
                "localhost,",
                "-c",
                "local",
                ServerProcess.installation() + "/jmx-config/ansible-playbook.yaml",
                "-e",
                "sms_url=http://127.0.0.1:1/jolokia sms_user=x sms_realm=" + IBM));

    assertReported(ran, 0, 1);
    assertThat(ran.out()).contains("Connection refused");
  }
}
