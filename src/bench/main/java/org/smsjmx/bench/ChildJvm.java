package org.smsjmx.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A measurement in a JVM of its own, which no other one has warmed or filled. */
final class ChildJvm {

  private static final int PATIENCE_MINUTES = 15;

  private ChildJvm() {}

  /**
   * Runs a class.
   *
   * @param main the class
   * @param heap its size, as an option of Java tells it
   * @param options further options of Java
   * @param arguments given the name of a file, into which the class is to write
   * @return the lines of that file
   */
  static List<String> run(
      Class<?> main, String heap, List<String> options, Function<String, List<String>> arguments)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("sms-bench", ".txt");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC"));
      // or else what allocates pays for the first use of the heap's memory
      command.add("-XX:+AlwaysPreTouch");
      command.addAll(options);
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
      command.addAll(arguments.apply(file.toString()));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException(main.getSimpleName() + " takes too long");
      }
      if (process.exitValue() != 0) {
        throw new IOException(main.getSimpleName() + " failed");
      }
      return Files.readAllLines(file);
    } finally {
      Files.delete(file);
    }
  }
}
