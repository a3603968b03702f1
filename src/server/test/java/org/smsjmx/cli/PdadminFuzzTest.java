package org.smsjmx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smsjmx.fixture.Fuzz;
import org.smsjmx.session.UserNames;

/** Whatever is typed, an answer or an error in words comes back. */
final class PdadminFuzzTest {

  private static final int LINES = 5_000;

  private static final Map<String, String> NOWHERE = Map.of("SMS_CONNECT", "127.0.0.1:1");

  /** Without -l, which would lead to whatever service runs on this machine. */
  private static final List<String> FRAGMENTS = fragments();

  private static final String[] LIST = {
    "server",
    "task",
    RunningService.CRUZ,
    "sms",
    "session",
    "list",
    "-realm",
    RunningService.REALM,
    "*",
    "1000"
  };

  private static final String[] TERMINATE = {
    "server", "task", RunningService.CRUZ, "sms", "session", "terminate", "all_sessions"
  };

  @TempDir private Path directory;

  private static List<String> fragments() {
    List<String> fragments = new ArrayList<>();
    for (Command command : Command.values()) {
      if (command != Command.EXIT && command != Command.QUIT) {
        fragments.add(command.syntax().toString());
        fragments.addAll(command.syntax().fixedWords());
      }
    }
    fragments.addAll(
        List.of(
            "default-webseald-cruz",
            "server task default-webseald-cruz sms session",
            "server task default-webseald-cruz sms session terminate all_sessions",
            "server task default-webseald-cruz sms session list * 3",
            "ivmgrd-master",
            "ibm.com",
            "-realm",
            "-realm ibm.com",
            "–realm",
            "-",
            "--",
            "-json",
            "-a",
            "-p",
            "\"",
            "“",
            "”",
            "\"Mary Jones\"",
            "\\",
            "*",
            "0",
            "-1",
            "2147483648",
            "0x",
            "0x14c012f2",
            "\u0000",
            "\u001b[2J",
            "\u202e",
            "\ud83d\ude00",
            "\ud83d",
            "\t",
            "\r",
            "#",
            "pdadmin>",
            "pdadmin x>",
            "%s%n",
            "${x}",
            "a,b=c:*?",
            "x".repeat(5000)));
    return fragments;
  }

  private static String line(Fuzz fuzz) {
    StringBuilder line = new StringBuilder();
    for (int parts = fuzz.below(8); parts > 0; parts--) {
      line.append(fuzz.once(10) ? fuzz.text() : fuzz.oneOf(FRAGMENTS));
      line.append(fuzz.once(8) ? "" : " ");
    }
    return line.toString().replace("\n", "");
  }

  @Test
  void linesOfStandardInputAgainstAService() throws Exception {
    try (RunningService service = new RunningService(directory)) {
      service.signIn("dlucas", RunningService.CRUZ, 3);
      Fuzz.run(
          1,
          fuzz -> {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < LINES; i++) {
              lines.append(line(fuzz)).append('\n');
            }
            check(
                Ran.of(
                    service.environment(),
                    lines.toString().getBytes(StandardCharsets.UTF_8),
                    "-a",
                    RunningService.ADMINISTRATOR));
          });
    }
  }

  @Test
  void bytesOfStandardInput() {
    Fuzz.run(
        1,
        fuzz -> {
          byte[] bytes = new byte[LINES * 10];
          fuzz.random().nextBytes(bytes);
          check(Ran.of(Map.of(), bytes));
        });
  }

  @Test
  void arguments() {
    Fuzz.run(
        1,
        fuzz -> {
          String[] arguments = new String[fuzz.below(5)];
          for (int j = 0; j < arguments.length; j++) {
            arguments[j] = line(fuzz);
          }
          check(Ran.of(NOWHERE, "", arguments));
        });
  }

  @Test
  void userNamesInTablesAndJson() throws Exception {
    try (RunningService service = new RunningService(directory)) {
      Fuzz.run(
          1,
          fuzz -> {
            Map<String, String> users = new TreeMap<>();
            for (int i = 0; i < 20; i++) {
              // curly quotes are read as quotes, since they are pasted as such
              String user = fuzz.text().replaceAll("[“”„‟]", "");
              if (user.equals("String")) {
                continue;
              }
              try {
                service.signIn(user, RunningService.CRUZ, 1);
                users.putIfAbsent(UserNames.DIRECTORY.form(user), user);
              } catch (IllegalArgumentException e) {
                // no name for a user
              }
            }
            checkTable(service.run(LIST));
            checkJson(service.run(with(LIST, "--json")), users.keySet());
            for (String user : users.values()) {
              Ran ran = service.run(with(TERMINATE, "-realm", RunningService.REALM, "-", user));
              check(ran);
              assertThat(ran.exitCode()).as(user).isZero();
            }
            assertThat(service.run(LIST).out()).isEqualTo("0 sessions match * in realm ibm.com.\n");
          });
    }
  }

  private static void checkTable(Ran ran) {
    check(ran);
    List<String> lines = ran.out().lines().toList();
    int at = lines.get(0).indexOf("SESSION ID");
    for (String line : lines.subList(1, lines.size() - 1)) {
      int[] cells = line.codePoints().skip(at - 2).toArray();
      assertThat(new String(cells, 0, cells.length))
          .as(line)
          .matches("  [\\w-]{40,}  default-webseald-cruz  2026-11-21 .*");
    }
  }

  private static void checkJson(Ran ran, Set<String> users) {
    check(ran);
    List<?> sessions =
        (List<?>) ((Map<?, ?>) org.smsjmx.fixture.Json.parse(ran.out())).get("sessions");
    assertThat(
            sessions.stream()
                .map(s -> UserNames.DIRECTORY.form((String) ((Map<?, ?>) s).get("user"))))
        .containsOnlyOnceElementsOf(users)
        .hasSameSizeAs(users);
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }

  private static void check(Ran ran) {
    assertThat(ran.exitCode()).isBetween(0, 1);
    assertThat(ran.err())
        .doesNotContain("pdadmin cannot do that")
        .doesNotContain("Exception")
        .doesNotContain("\tat ");
    assertThat(ran.out() + ran.err())
        .matches(text -> text.chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)));
  }
}
