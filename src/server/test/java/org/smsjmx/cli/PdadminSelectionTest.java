package org.smsjmx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.smsjmx.cli.RunningService.CRUZ;
import static org.smsjmx.cli.RunningService.DALLAS;
import static org.smsjmx.cli.RunningService.VIEWER;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selections, as administrators write them at the command line. */
final class PdadminSelectionTest {

  private static final String TASK = "server task " + CRUZ + " sms ";
  private static final String SELECTED = TASK + "session terminate selected ";

  @TempDir private Path directory;

  private RunningService service;

  @BeforeEach
  void start() throws Exception {
    service = new RunningService(directory);
  }

  @AfterEach
  void stop() throws IOException {
    service.close();
  }

  @Test
  void whatAPreviewShowedIsWhatEnds() {
    service.signIn("dlucas", CRUZ, 2);
    service.signIn("dlucas", DALLAS, 1);
    service.signIn("johnq", CRUZ, 1);
    String selection = "user=dlucas,keep-newest=1 -realm ibm.com ";

    Ran shown = service.run(SELECTED + selection + "-preview");

    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out())
        .startsWith("USER ")
        .contains("2 sessions of 1 user would be ended; none was.\n");
    Matcher next =
        Pattern.compile(
                "To end exactly these, until .*: (server task "
                    + CRUZ
                    + " sms session terminate previewed \\w+)\\n$")
            .matcher(shown.out());
    assertThat(next.find()).isTrue();
    service.signIn("dlucas", CRUZ, 1);

    String execute = next.group(1);
    assertThat(service.run(execute + " -reason ticket"))
        .isEqualTo(new Ran(0, "2 of 2 sessions ended; 0 survive.\n", ""));
    assertThat(service.run(execute).err()).contains("CTGSI0309W").contains("0x38c58135");
    assertThat(service.run(SELECTED + "user=dlucas -realm ibm.com"))
        .isEqualTo(new Ran(0, "2 of 2 sessions ended; 0 survive.\n", ""));
  }

  @Test
  void aPreviewOfNothingSaysSo() {
    assertThat(service.run(SELECTED + "user=nobody -realm ibm.com -preview"))
        .isEqualTo(new Ran(0, "0 sessions of 0 users would be ended; none was.\n", ""));
  }

  @Test
  void anEndOfNothingSaysSo() {
    service.signIn("dlucas", CRUZ, 1);
    for (String selection : List.of("user=nobody", "user=dlucas,group=nosuch")) {
      assertThat(service.run(SELECTED + selection + " -realm ibm.com"))
          .isEqualTo(new Ran(0, "No sessions were found; 0 ended.\n", ""));
    }
  }

  @Test
  void theOutcomeIsToBeHadAsJson() {
    service.signIn("dlucas", CRUZ, 2);
    assertThat(service.run(SELECTED + "user=dlucas -realm ibm.com --json").out())
        .matches(
            "\\{\"operation\":\"\\w+-\\d+\",\"state\":\"DONE\",\"matched\":2,\"ended\":2,"
                + "\"alreadyGone\":0,\"failed\":0,\"survivors\":0,\"endedByServer\":\\{\""
                + CRUZ
                + "\":2},\"at\":\"\\S+Z\"}\n");
  }

  @Test
  void aRealmIsEndedAsAWhole() {
    service.signIn("dlucas", CRUZ, 2);
    service.signIn("johnq", DALLAS, 1);
    assertThat(service.run(TASK + "realm terminate ibm.com -reason drill").out())
        .isEqualTo("3 of 3 sessions ended; 0 survive.\n");
    assertThat(service.run(TASK + "realm terminate nosuch.example.com").err())
        .contains("CTGSI0313E");
  }

  @ParameterizedTest
  @CsvSource({
    "'usr=x -realm ibm.com', CTGSI0313E, unknown key",
    "'server=x -realm ibm.com', CTGSI0313E, everyone=yes",
    "'user-pattern=* -realm ibm.com', CTGSI0313E, everyone=yes",
    "'user=x,older=8h -realm ibm.com', CTGSI0313E, older",
    "'user=x -realm nosuch', CTGSI0313E, nosuch",
    "'user=x', '', -realm"
  })
  void aWrongSelectionIsNamed(String rest, String code, String named) {
    Ran ran = service.run(SELECTED + rest);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains(code).contains(named);
  }

  @Test
  void aViewerMayPreviewAndNotEnd() {
    service.signIn("dlucas", CRUZ, 1);
    String line = SELECTED + "user=dlucas -realm ibm.com";
    assertThat(service.runAs(VIEWER, "", line + " -preview").out()).contains("1 session of 1 user");
    assertThat(service.runAs(VIEWER, "", line).err()).contains("CTGSI0303E");
    assertThat(service.run(line).out()).startsWith("1 of 1 session ended");
  }

  @Test
  void aUserIsKeptOutUntilLetIn() {
    service.signIn("dlucas", CRUZ, 2);
    String all = TASK + "session terminate all_sessions dlucas -realm ibm.com ";
    assertThat(service.run(all + "-keep-out PT10M -reason stolen"))
        .isEqualTo(
            new Ran(
                0,
                "2 of 2 sessions ended; 0 survive.\n"
                    + "dlucas is kept out of realm ibm.com for PT10M, but not beyond the end of the"
                    + " process.\n",
                ""));
    String list = TASK + "user list_kept_out -realm ibm.com";
    assertThat(service.run(list).out())
        .matches(
            "USER    UNTIL +BY +REASON\ndlucas  \\S+ \\S+ +"
                + RunningService.ADMINISTRATOR
                + " +stolen\n");
    String letIn = TASK + "user let_in DLUCAS -realm ibm.com";
    assertThat(service.runAs(VIEWER, "", letIn).err()).contains("CTGSI0303E");
    assertThat(service.run(letIn).out()).isEqualTo("DLUCAS may sign in again in realm ibm.com.\n");
    assertThat(service.run(letIn).out()).isEqualTo("DLUCAS was not kept out of realm ibm.com.\n");
    assertThat(service.run(list).out()).isEqualTo("Nobody is kept out of realm ibm.com.\n");
    service.signIn("dlucas", CRUZ, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "'-realm ibm.com -keep-out 10m', CTGSI0313E, 10m",
    "'-realm ibm.com -keep-out P8D', CTGSI0313E, P7D",
    "'-realm ibm.com -keep-out -PT1H', '', -keep-out",
    "'-realm * -keep-out PT1H', DPWAP0105E, -keep-out"
  })
  void aTimeToKeepOutThatIsWrongEndsNothing(String rest, String code, String named) {
    service.signIn("dlucas", CRUZ, 1);
    Ran ran = service.run(TASK + "session terminate all_sessions dlucas " + rest);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains(code).contains(named);
    assertThat(service.run(TASK + "session list -realm ibm.com dlucas 0").out())
        .startsWith("1 session matches");
  }

  @Test
  void operationsWithoutANumberOfSessionsShowNone() {
    Map<String, Object> letIn =
        new HashMap<>(Map.of("time", "2026-11-30T18:00:00Z", "sessions", -1L));
    for (String item : List.of("account", "operation", "user", "realm", "outcome", "reason")) {
      letIn.put(item, item);
    }
    assertThat(Wording.operations(new RemoteService.FoundOperations(true, List.of(letIn))).lines())
        .element(1, STRING)
        .endsWith("  account  operation  user  realm            outcome  reason");
  }

  @Test
  void aPolicyIsSetForARealmAndNearerForAUser() {
    String name = "max-concurrent-web-sessions";
    assertThat(service.run("policy get " + name + " -realm ibm.com").out())
        .isEqualTo(name + " in realm ibm.com: unset\n");
    assertThat(service.run("policy set " + name + " displace:3 -realm ibm.com").out())
        .isEqualTo(name + " in realm ibm.com: displace:3\n");
    assertThat(service.run("policy set " + name + " 5 -user dlucas -realm ibm.com").out())
        .isEqualTo(name + " in realm ibm.com for dlucas: 5\n");
    assertThat(service.run("policy get " + name + " -user johnq -realm ibm.com").out())
        .isEqualTo(name + " in realm ibm.com for johnq: unset\n");
    service.signIn("johnq", CRUZ, 5);
    assertThat(service.run(TASK + "session list -realm ibm.com johnq 0").out())
        .startsWith("3 sessions match");
    assertThat(service.run("policy set " + name + " unset").out())
        .contains(name + " in realm ibm.com: unset\n");
    assertThat(service.runAs(VIEWER, "", "policy set " + name + " 1").err()).contains("CTGSI0303E");
    for (String wrong : new String[] {"0", "many", "displace:0", "1000001", "displace:x"}) {
      assertThat(service.run("policy set " + name + " " + wrong).err()).contains("CTGSI0313E");
    }
    assertThat(service.run("policy set max-login-failures 3").exitCode()).isEqualTo(1);
  }
}
