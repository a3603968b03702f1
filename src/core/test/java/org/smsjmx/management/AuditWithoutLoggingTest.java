package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The audit of an application that has no SLF4J provider, in a JVM of its own. */
final class AuditWithoutLoggingTest {

  /** The application. */
  public static void main(String[] args) throws Exception {
    try (Audit audit = new Audit(InstantSource.system(), false)) {
      audit.begin();
    }
  }

  private static String run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(
        Stream.of(Audit.class, AuditWithoutLoggingTest.class, Logger.class)
            .map(AuditWithoutLoggingTest::place)
            .collect(Collectors.joining(File.pathSeparator)));
    command.addAll(List.of(options));
    command.add(AuditWithoutLoggingTest.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String told = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(told).isZero();
      return told;
    }
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertTold(String told) {
    assertThat(told)
        .containsOnlyOnce("SLF4J has no provider: the audit goes to")
        .containsOnlyOnce("\"operation\":\"start\"")
        .containsOnlyOnce("\"operation\":\"stop\"");
  }

  @Test
  void linesGoToTheLoggingOfThePlatform() throws Exception {
    assertThat(run())
        .contains("INFO: {\"number\":1,")
        .satisfies(AuditWithoutLoggingTest::assertTold);
  }

  @Test
  void whereThatIsOffLinesGoToStandardError(@TempDir Path directory) throws Exception {
    Path off = Files.writeString(directory.resolve("off.properties"), ".level=OFF\n");
    assertThat(run("-Djava.util.logging.config.file=" + off))
        .contains("\n{\"number\":1,")
        .satisfies(AuditWithoutLoggingTest::assertTold);
  }
}
