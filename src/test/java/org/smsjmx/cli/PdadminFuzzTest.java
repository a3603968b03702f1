package org.smsjmx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is typed, an answer or an error in words comes back. */
final class PdadminFuzzTest {

  private static final long SEED = 20261121;
  private static final int LINES = 20_000;

  private static final Map<String, String> NOWHERE = Map.of("SMS_CONNECT", "127.0.0.1:1");

  /** Without -l, which would lead to whatever service runs on this machine. */
  private static final List<String> FRAGMENTS = fragments();

  @TempDir private Path directory;

  private final Random random = new Random(SEED);

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

  private String line() {
    StringBuilder line = new StringBuilder();
    int parts = random.nextInt(8);
    for (int i = 0; i < parts; i++) {
      line.append(
          random.nextInt(10) == 0 ? garbage() : FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
      line.append(random.nextInt(8) == 0 ? "" : " ");
    }
    return line.toString().replace("\n", "");
  }

  private String garbage() {
    StringBuilder garbage = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      garbage.append((char) random.nextInt(random.nextBoolean() ? 128 : 65536));
    }
    return garbage.toString();
  }

  @Test
  void linesOfStandardInputAgainstAService() throws Exception {
    try (RunningService service = new RunningService(directory)) {
      service.signIn("dlucas", RunningService.CRUZ, 3);
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < LINES; i++) {
        lines.append(line()).append('\n');
      }
      check(
          Ran.of(
              service.environment(),
              lines.toString().getBytes(StandardCharsets.UTF_8),
              "-a",
              RunningService.ADMINISTRATOR));
    }
  }

  @Test
  void bytesOfStandardInput() {
    byte[] bytes = new byte[LINES * 10];
    random.nextBytes(bytes);
    check(Ran.of(Map.of(), bytes));
  }

  @Test
  void arguments() {
    for (int i = 0; i < LINES; i++) {
      String[] arguments = new String[random.nextInt(5)];
      for (int j = 0; j < arguments.length; j++) {
        arguments[j] = line();
      }
      check(Ran.of(NOWHERE, "", arguments));
    }
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
