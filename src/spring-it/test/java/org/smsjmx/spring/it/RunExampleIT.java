package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.spring.fixture.BootApplication;

/** The example, started by its one command. */
final class RunExampleIT {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"4.1", "3.5"})
  void runs(String boot) throws Exception {
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of("src/examples/boot/run").toAbsolutePath().toString(),
                "--boot",
                boot,
                "--http-port",
                "0",
                "--jmx-port",
                "0")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      await()
          .atMost(BootApplication.PATIENCE)
          .until(() -> !process.isAlive() || Files.readString(out).contains("jconsole"));
      String told = Files.readString(out);
      assertThat(process.isAlive()).as(told).isTrue();
      tryIt(facts(told));
    } finally {
      process.destroy();
      process.waitFor(BootApplication.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(process.exitValue()).isEqualTo(143);
  }

  private static void tryIt(Map<String, String> facts) {
    Browser browser = new Browser(URI.create(facts.get("page").replaceFirst("/me$", "")));
    assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");
    try (Administrator administrator = new Administrator(Long.parseLong(facts.get("process")))) {
      assertThat(administrator.server("shop").realm()).isEqualTo("shop.example.com");
      assertThat(administrator.server("shop").terminateAllSessions("dlucas")).isEqualTo(1);
    }
    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
  }

  /** What the lines say, by their first word. */
  private static Map<String, String> facts(String told) {
    return told.lines()
        .filter(line -> line.matches("  \\w+ {2,}.*"))
        .map(line -> line.strip().split(" +", 2))
        .collect(Collectors.toMap(words -> words[0], words -> words[1]));
  }
}
