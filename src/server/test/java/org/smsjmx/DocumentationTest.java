package org.smsjmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What README and pages point at exists. */
final class DocumentationTest {

  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("src", "docs");
  private static final int MAXIMUM_LINES = 220;

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:\\.(\\w+))?`");
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w/.-])(?:scripts|jmx-config)/([\\w.-]*\\w)(?![\\w/])");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package org\\.smsjmx\\.([\\w.]+);$");

  private static Stream<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(README));
    for (Path directory : List.of(DOCS, Path.of(".github"))) {
      pages.addAll(files(directory, file -> file.toString().endsWith(".md")));
    }
    return pages.stream();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyRelativeLinkResolves(Path page) throws IOException {
    String prose = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
    for (String link : groups(LINK, prose)) {
      if (link.startsWith("https:") || link.startsWith("http:")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
      assertThat(target).as(link).exists();
      if (parts.length == 2) {
        assertThat(anchors(target)).as(link).contains(parts[1]);
      }
    }
  }

  /** Returns the anchors that GitHub gives to the headings of a page. */
  private static List<String> anchors(Path page) throws IOException {
    String prose = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
    return groups(HEADING, prose).stream()
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\s-]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyScriptAndSettingThatAPageNamesExists(Path page) throws IOException {
    for (MatchResult file : matches(FILE, Files.readString(page))) {
      // made at the first start
      if (!file.group().equals("jmx-config/data")) {
        assertThat(Path.of(file.group())).exists();
      }
    }
  }

  @Test
  void theReadmeIsADoorAndNotTheHouse() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(MAXIMUM_LINES);
  }

  @Test
  void everyPageIsReachedFromTheReadme() throws IOException {
    assertThat(groups(LINK, Files.readString(README)))
        .containsAll(
            files(DOCS, file -> file.toString().endsWith(".md")).stream()
                .map(page -> page.toString().replace('\\', '/'))
                .toList());
  }

  @Test
  void everyTestThatTheThreatTableNamesExists() throws IOException {
    List<MatchResult> named = matches(TEST, Files.readString(DOCS.resolve("security.md")));
    assertThat(named).hasSizeGreaterThan(20);
    for (MatchResult test : named) {
      List<Path> sources = files(Path.of("src"), file -> file.endsWith(test.group(1) + ".java"));
      assertThat(sources).as(test.group()).hasSize(1);
      if (test.group(2) != null) {
        assertThat(Files.readString(sources.get(0))).contains(" void " + test.group(2) + "(");
      }
    }
  }

  @Test
  void everyPackageHasItsPlaceInTheArchitecture() throws IOException {
    List<String> named = groups(CODE, Files.readString(DOCS.resolve("architecture.md")));
    for (String module : List.of("core", "servlet", "spring", "server")) {
      for (Path file :
          files(Path.of("src", module, "main"), path -> path.endsWith("package-info.java"))) {
        assertThat(named).containsAll(groups(PACKAGE, Files.readString(file)));
      }
    }
  }

  @Test
  void theCoordinatesAreThoseOfTheBuild() throws IOException {
    Pattern version =
        Pattern.compile("<artifactId>sms-jmx(?:-core)?</artifactId>\\s*<version>(.+)<");
    List<String> built = groups(version, Files.readString(Path.of("pom.xml")));

    assertThat(groups(version, Files.readString(README))).isNotEmpty().isEqualTo(built);
    assertThat(Files.readString(DOCS.resolve("changes.md"))).contains("## " + built.get(0));
  }

  private static List<Path> files(Path directory, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(wanted).sorted().toList();
    }
  }

  private static List<String> groups(Pattern pattern, String text) {
    return matches(pattern, text).stream().map(match -> match.group(1)).toList();
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }
}
