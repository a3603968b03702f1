package org.smsjmx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of others that the tests use where they are installed. */
final class Tools {

  private Tools() {}

  /** Whether a program is on the PATH. */
  static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, program))
        .anyMatch(Files::isExecutable);
  }
}
