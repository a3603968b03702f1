package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.fixture.Application;
import org.smsjmx.fixture.ApplicationProcess;
import org.smsjmx.fixture.Script;
import org.smsjmx.fixture.ServerProcess;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/** The script pdadmin and an application that registers servers, and no other MBeans of ours. */
@Tag("packages")
final class ApplicationIT {

  private static final String SERVER = "shop-webseald-host1";
  private static final String ENVELOPE = "Could not perform the administration request\nError: ";

  private static Path cache;
  private static ApplicationProcess application;

  @BeforeAll
  static void start() {
    cache = ServerProcess.temporaryDirectory("cache");
    application = application(List.of(), SERVER);
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  private static ApplicationProcess application(List<String> options, String... servers) {
    return ApplicationProcess.start(
        jar -> jar.startsWith("sms-jmx-core") || jar.startsWith("slf4j-api"),
        Map.of(),
        options,
        Application.class,
        servers);
  }

  private static Ran pdadmin(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Script.path("pdadmin")));
    command.addAll(List.of(arguments));
    return Tools.run(
        Map.of("JAVA_HOME", System.getProperty("java.home"), "XDG_CACHE_HOME", cache.toString()),
        "",
        command);
  }

  private static Ran inApplication(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-l", "--pid", "" + application.pid()));
    all.addAll(List.of(arguments));
    return pdadmin(all.toArray(String[]::new));
  }

  private static Ran task(String... task) {
    List<String> all = new ArrayList<>(List.of("server", "task", SERVER));
    all.addAll(List.of(task));
    return inApplication(all.toArray(String[]::new));
  }

  private static void assertFails(Ran ran, String reason) {
    assertThat(ran).isEqualTo(new Ran(1, "", ENVELOPE + reason + "\n"));
  }

  @Test
  void sessionsAreListedRefreshedAndTerminated() {
    assertThat(task("sms", "session", "list", "-realm", Application.REALM, "*", "9").out())
        .contains(Application.USER, SERVER, "1 session matches * in realm shop.example.com.");
    String[] all = {"all_sessions", Application.USER, "-realm", Application.REALM};
    assertThat(task("sms", "session", "refresh", all[0], all[1], all[2], all[3]).out())
        .isEqualTo("1 session of dlucas refreshed in realm shop.example.com.\n");
    assertThat(task("sms", "session", "terminate", all[0], all[1], all[2], all[3]).out())
        .isEqualTo("1 session of dlucas terminated in realm shop.example.com.\n");
  }

  @Test
  void serversRealmsAndReplicaSetsAreThoseOfItsServers() {
    assertThat(inApplication("server", "list")).isEqualTo(new Ran(0, SERVER + "\n", ""));
    assertThat(inApplication("server", "show", SERVER).out())
        .contains("Session realms: shop.example.com\n", "Replica sets: shop.example.com\n");
    assertThat(inApplication("server", "listtasks", SERVER).out()).contains("session terminate");
    assertThat(task("help", "sms", "realm", "list").out()).contains("Lists the session realms");
    assertThat(task("sms", "realm", "list").out()).isEqualTo("shop.example.com\n");
    assertThat(task("sms", "realm", "show", Application.REALM).out())
        .isEqualTo("shop.example.com\n");
    assertThat(task("sms", "replica", "set", "list", "-realm", Application.REALM).out())
        .isEqualTo("shop.example.com\n");
    assertThat(task("sms", "replica", "set", "show", Application.REALM).out())
        .containsPattern("SERVER +JOINED\n" + SERVER + " +\\d{4}-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key show", "key change", "trace get", "trace set 3"})
  void whatOnlyTheServiceCanDoIsNotSupported(String task) {
    assertFails(
        task(("sms " + task).split(" ")),
        "DPWAP0105E   The configuration does not support the command. It is for sms-server; an"
            + " application has servers without the MBean sms:type=Service. (status 0x3898f069)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "realm terminate " + Application.REALM,
        "user list_kept_out -realm " + Application.REALM
      })
  void whatOnlyARealmCanDoIsNotSupported(String task) {
    assertFails(
        task(("sms " + task).split(" ")),
        "DPWAP0105E   The configuration does not support the command. It is for sms-server; an"
            + " application has servers without the MBean sms:type=Realm,name=*. (status"
            + " 0x3898f069)");
  }

  @Test
  void optionsMayComeInEitherOrder() {
    assertThat(pdadmin("--pid", "" + application.pid(), "-l", "server", "list").out())
        .isEqualTo(SERVER + "\n");
  }

  @Test
  void theContextTellsTheProcess() {
    assertThat(inApplication("context", "show").out())
        .contains("attached to process " + application.pid() + " of this operating-system user");
  }

  @Test
  void serversOfOneProcessWithSeveralRealmsAreAllThere() {
    try (ApplicationProcess two = application(List.of(), "cart-host1", "blog-host1")) {
      String pid = String.valueOf(two.pid());
      assertThat(pdadmin("-l", "--pid", pid, "server", "list").out())
          .isEqualTo("blog-host1\ncart-host1\n");
      assertThat(
              pdadmin("-l", "--pid", pid, "server", "task", "cart-host1", "sms", "realm", "list")
                  .out())
          .isEqualTo("blog-host1\ncart-host1\n");
    }
  }

  @Test
  void aJvmWithoutServersIsSaid() {
    try (ApplicationProcess none = application(List.of())) {
      assertFails(
          pdadmin("-l", "--pid", "" + none.pid(), "server", "list"),
          "Process %d has no server of sms-jmx: no MBean sms:type=Server,name=*."
              .formatted(none.pid()));
    }
  }

  @Test
  void aJvmThatWouldDieOfAttachingLives() {
    try (ApplicationProcess deaf = application(List.of("-Xrs"), SERVER)) {
      assertFails(
          pdadmin("-l", "--pid", "" + deaf.pid(), "server", "list"),
          "Process %d cannot be attached to: it is just starting, or Java was started with -Xrs."
              .formatted(deaf.pid()));
      assertThat(ProcessHandle.of(deaf.pid())).isPresent();
    }
  }

  @Test
  void aProcessThatIsNoJvmLives() throws IOException {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      assertFails(
          pdadmin("-l", "--pid", "" + other.pid(), "server", "list"),
          "Process %d is no Java virtual machine.".formatted(other.pid()));
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aProcessThatDoesNotExistIsSaid() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    assertFails(
        pdadmin("-l", "--pid", "" + ended.pid(), "server", "list"),
        "There is no process %d.".formatted(ended.pid()));
  }
}
