package org.smsjmx.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smsjmx.fixture.Tools;
import org.smsjmx.fixture.Tools.Ran;

/**
 * What an application gets that depends on sms-jmx-core, or on sms-jmx-server: a Maven of its own
 * resolves it, from a repository with what this build made, and with what it has fetched instead of
 * Maven Central.
 */
@Tag("packages")
final class CoreArtifactIT {

  private static final String VERSION = property("version");
  private static final Pattern RESOLVED =
      Pattern.compile("^ +(\\S+?:\\S+?):jar:\\S+:(\\w+)", Pattern.MULTILINE);

  private static final String[] CORE = {
    "org.smsjmx:sms-jmx-core compile", "org.slf4j:slf4j-api compile"
  };

  @TempDir private Path directory;
  private Path built;

  @BeforeEach
  void putWhatWasBuiltIntoARepository() throws IOException {
    built = directory.resolve("built");
    publish(Path.of("pom.xml"), "sms-jmx", "pom");
    publish(Path.of("src/core/pom.xml"), "sms-jmx-core", "pom");
    publish(Path.of("src/core/target/sms-jmx-core-" + VERSION + ".jar"), "sms-jmx-core", "jar");
  }

  @Test
  void anApplicationGetsSlf4jBesideTheCoreAndNothingElse() throws IOException {
    assertThat(resolved("sms-jmx-core")).containsExactlyInAnyOrder(CORE);
  }

  @Test
  void anApplicationWithPortsOfItsOwnGetsNoProviderOfLogging() throws IOException {
    publish(Path.of("src/server/pom.xml"), "sms-jmx-server", "pom");
    publish(Path.of("target/lib/sms-jmx.jar"), "sms-jmx-server", "jar");

    assertThat(resolved("sms-jmx-server"))
        .contains(CORE)
        .contains("org.smsjmx:sms-jmx-server compile")
        .hasSize(CORE.length + 13)
        .noneMatch(resolved -> resolved.contains("logback"));
  }

  /** Returns what an application gets that depends on one of our artifacts. */
  private List<String> resolved(String artifact) throws IOException {
    write(
        "settings.xml",
        """
        <settings>
          <mirrors>
            <mirror><id>fetched</id><mirrorOf>*,!built</mirrorOf><url>%s</url></mirror>
          </mirrors>
        </settings>
        """
            .formatted(Path.of(property("localRepository")).toUri()));
    write(
        "pom.xml",
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example</groupId>
          <artifactId>application</artifactId>
          <version>1</version>
          <repositories>
            <repository><id>built</id><url>%s</url></repository>
          </repositories>
          <dependencies>
            <dependency>
              <groupId>org.smsjmx</groupId>
              <artifactId>%s</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
        </project>
        """
            .formatted(built.toUri(), artifact, VERSION));

    Ran ran =
        Tools.run(
            Map.of(),
            "",
            List.of(
                Path.of(property("maven"), "bin", "mvn").toString(),
                "-B",
                "-f",
                directory.resolve("pom.xml").toString(),
                "-s",
                directory.resolve("settings.xml").toString(),
                "-gs",
                directory.resolve("settings.xml").toString(),
                "-Dmaven.repo.local=" + directory.resolve("local"),
                property("dependencyPlugin") + ":list",
                "-DoutputFile=" + directory.resolve("resolved")));

    assertThat(ran.exitCode()).as(ran.out()).isZero();
    return RESOLVED
        .matcher(Files.readString(directory.resolve("resolved")))
        .results()
        .map(CoreArtifactIT::nameAndScope)
        .toList();
  }

  private static String nameAndScope(MatchResult resolved) {
    return resolved.group(1) + " " + resolved.group(2);
  }

  private void publish(Path file, String artifact, String type) throws IOException {
    Path place = built.resolve(Path.of("org/smsjmx", artifact, VERSION));
    Files.createDirectories(place);
    Files.copy(file, place.resolve("%s-%s.%s".formatted(artifact, VERSION, type)));
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  /** Returns what the build says of itself. */
  private static String property(String name) {
    String value = System.getProperty("build." + name);
    assertThat(value).as("system property build.%s", name).isNotNull();
    return value;
  }
}
