package org.smsjmx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of others that the tests use where they are installed. */
final class Tools {

  /** Nothing here may take so long; it ends a test that hangs. */
  private static final int PATIENCE_SECONDS = 120;

  private Tools() {}

  /** What a run left. */
  record Ran(int exitCode, String out, String err) {}

  /** Whether a program is on the PATH. */
  static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, program))
        .anyMatch(Files::isExecutable);
  }

  /** Skips a test of a tool that is not installed. */
  static void assumeInstalled(String program) {
    assumeTrue(isInstalled(program), program + " is not installed");
  }

  /** Returns a jar that the profile clients has fetched. */
  static Path jar(String name) {
    return Path.of(System.getProperty("clients", "target/clients")).resolve(name + ".jar");
  }

  /** Returns the java command of the tests. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Runs a program to its end.
   *
   * @param environment variables to set beside those of the tests
   * @param input its standard input
   */
  static Ran run(Map<String, String> environment, String input, List<String> command) {
    try {
      Path directory = ServerProcess.temporaryDirectory("run");
      Path in = Files.writeString(directory.resolve("in"), input);
      Path out = directory.resolve("out");
      Path err = directory.resolve("err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      return new Ran(process.exitValue(), read(out), read(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
