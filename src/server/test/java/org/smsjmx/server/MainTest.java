package org.smsjmx.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of sms-server, as far as nothing is started. */
final class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Main.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help"})
  void helpTellsEveryOption(String option) {
    assertThat(run(option)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("Usage: sms-server [options]")
        .contains("--config=", "--data=", "--http-port=", "--jmx-port=", "--sessions=", "--users=")
        .contains("SMS_ADMIN_PASSWORD", "Exit codes");
    assertThat(err.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-V", "--version"})
  void theVersionIsThatOfProductAndJava(String option) {
    assertThat(run(option)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("sms-jmx ")
        .contains("Java " + Runtime.version());
  }

  @ParameterizedTest
  @CsvSource({
    "--nonsense, --nonsense",
    "-x, -x",
    "abc, abc",
    "-- abc, abc",
    "--http-port, http-port",
    "--http-port=, http-port",
    "--http-port x, whole number: x",
    "--http-port 99999999999, whole number: 99999999999",
    "--http-port 1 --http-port 2, given twice",
    "--http 3, --http",
    "--help=3, --help=3",
    "--sessions 1 more, more"
  })
  void aWrongCommandLineIsSaidInOneLine(String line, String named) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("sms-server: ")
        .contains(named)
        .endsWith("; --help tells the options");
    assertThat(out.size()).isZero();
  }

  @Test
  void aPathThatCannotBeOneIsWrong() {
    assertThat(run("--data", "a\0b")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("sms-server: --data: ");
  }

  @Test
  void thePageNamesTheModulesThatAreNeeded() throws IOException {
    assertThat(Files.readString(Path.of("src/docs/operations.md")))
        .contains("jlink --add-modules " + String.join(",", Main.MODULES) + " --output");
  }
}
