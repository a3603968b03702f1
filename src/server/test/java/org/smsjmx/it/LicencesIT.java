package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smsjmx.fixture.ServerProcess;

/** The distribution holds the licences of the programs of others in it. */
@Tag("packages")
final class LicencesIT {

  /** A jar, its licence, and the files with its texts. */
  private static final Pattern ENTRY = Pattern.compile("(\\S+\\.jar) {2,}(.+?) {2,}(\\S.*)");

  private final Path licences = ServerProcess.installation().resolve("licenses");

  @Test
  void everyJarOfOthersHasALicenceAndItsTexts() throws IOException {
    Map<String, List<String>> texts = entries();

    assertThat(texts.keySet()).containsExactlyInAnyOrderElementsOf(jarsOfOthers());
    texts.forEach(
        (jar, files) ->
            assertThat(files)
                .as(jar)
                .allSatisfy(file -> assertThat(licences.resolve(file)).isNotEmptyFile()));
  }

  @Test
  void everyTextBelongsToAJar() throws IOException {
    List<String> named = entries().values().stream().flatMap(List::stream).toList();
    try (Stream<Path> files = Files.list(licences)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(file -> file.equals("THIRD-PARTY.txt") || named.contains(file));
    }
  }

  private static List<String> jarsOfOthers() throws IOException {
    try (Stream<Path> jars = Files.list(ServerProcess.installation().resolve("lib"))) {
      return jars.map(jar -> jar.getFileName().toString())
          .filter(jar -> !jar.startsWith("sms-jmx"))
          .toList();
    }
  }

  private Map<String, List<String>> entries() throws IOException {
    Map<String, List<String>> texts = new TreeMap<>();
    for (String line : Files.readAllLines(licences.resolve("THIRD-PARTY.txt"))) {
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches()) {
        texts.put(entry.group(1), List.of(entry.group(3).split(" ")));
      }
    }
    return texts;
  }
}
