package org.smsjmx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.smsjmx.files.WatchedFile;
import org.smsjmx.fixture.Fuzz;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserName;
import org.smsjmx.text.Showable;

/** Whatever stands in the LDIF file, it is read or refused in one line; no other file is read. */
final class LdifRegistryFuzzTest {

  private static final Path SHIPPED = Path.of("jmx-config/users.ldif");
  private static final String SECRET = "content-of-another-file";
  private static final int LONGEST_MESSAGE = 2_000;

  /** Attributes of all kinds, so that a value that came from elsewhere would show. */
  private static final DirectoryMapping MAPPING =
      new DirectoryMapping(
          Map.of("cn", "cn", "mail", "mail", "sn", "sn", "jpegPhoto", "jpegPhoto"));

  private static final Logger WATCHED = (Logger) LoggerFactory.getLogger(WatchedFile.class);

  @TempDir private Path directory;

  @BeforeAll
  static void keepQuiet() {
    WATCHED.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    WATCHED.setLevel(null);
  }

  @Test
  void everyFileIsReadOrRefusedInOneLineAndTheLastGoodContentStays() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), SECRET);
    Path file = directory.resolve("users.ldif");
    Files.copy(SHIPPED, file);
    byte[] shipped = Files.readAllBytes(SHIPPED);
    LdifRegistry watching = new LdifRegistry(file, MAPPING, InstantSource.system());
    Fuzz.run(
        2,
        fuzz -> {
          byte[] content = fuzz.once(3) ? fuzz.mutated(shipped) : bytes(fuzz, edited(fuzz, secret));
          List<String> before = watching.users();
          Path next = Files.write(directory.resolve("next"), content);
          Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
          try {
            LdifRegistry read = new LdifRegistry(file, MAPPING, InstantSource.system());
            assertThat(watching.users()).isEqualTo(read.users());
            for (String user : read.users()) {
              assertThat(UserName.require(user)).isEqualTo(user);
              Credential credential = watching.read(user);
              assertThat(credential).isEqualTo(read.read(user));
              assertThat(credential.toString()).doesNotContain(SECRET);
            }
          } catch (IOException e) {
            assertThat(e.getMessage())
                .startsWith(file + ":")
                .matches(text -> text.substring(file.toString().length()).matches(":[0-9]+: .*"))
                .hasSizeLessThan(LONGEST_MESSAGE)
                .doesNotContain(SECRET)
                .matches(text -> text.codePoints().allMatch(Showable::isShowable), "is one line");
            assertThat(watching.users()).isEqualTo(before);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jpegPhoto:< file://%s",
        "jpegPhoto:<file://%s",
        "jpegPhoto:\n < file://%s",
        "jpeg\n Photo\n :\n <\n  file://%s",
        "jpegPhoto;x-option:< file://%s",
        "JPEGPHOTO:< FILE://%s",
        "# a comment\njpegPhoto:< file://%s",
        "jpegPhoto:\r\n < file://%s"
      })
  void valuesInOtherFilesAreNotRead(String line) throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), SECRET);
    Path file = directory.resolve("users.ldif");
    Files.writeString(file, "dn: uid=a,dc=b\nuid: a\nsn: b\n" + line.formatted(secret) + "\n");

    assertThatThrownBy(() -> new LdifRegistry(file, MAPPING, InstantSource.system()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ":")
        .hasMessageEndingWith(": values that stand in other files (:<) are not read");
  }

  @Test
  void aValueMayBeginWithTheSignOfAFile() throws IOException {
    Path file = directory.resolve("users.ldif");
    Files.writeString(
        file,
        "# nothing:< here\n#\n nor:< here\ndn: uid=a,dc=b\nuid: a\ncn:: PDw=\nsn: <a>\n"
            + "mail: x\n :< y\n");

    assertThat(new LdifRegistry(file, MAPPING, InstantSource.system()).read("a").attributes())
        .containsEntry("cn", List.of("<<"))
        .containsEntry("sn", List.of("<a>"))
        .containsEntry("mail", List.of("x:< y"));
  }

  private static byte[] bytes(Fuzz fuzz, String text) {
    return switch (fuzz.below(12)) {
      case 0 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
      case 1 -> text.getBytes(StandardCharsets.UTF_16);
      case 2 -> text.getBytes(StandardCharsets.ISO_8859_1);
      case 3 -> text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
      default -> text.getBytes(StandardCharsets.UTF_8);
    };
  }

  /** The shipped file with other lines in it. */
  private static String edited(Fuzz fuzz, Path secret) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(SHIPPED));
    for (int times = 1 + fuzz.below(3); times > 0; times--) {
      int at = fuzz.below(lines.size());
      String line = lines.get(at);
      switch (fuzz.below(9)) {
        case 0 -> lines.add(at, lines.get(fuzz.below(lines.size())));
        case 1 -> lines.set(at, folded(fuzz, line));
        case 2 -> Collections.swap(lines, at, fuzz.below(lines.size()));
        case 3 -> lines.set(at, line.replaceFirst(":.*", "") + valued(fuzz, secret));
        case 4 -> lines.addAll(at, lines.subList(0, at).stream().toList());
        case 5 ->
            lines.add(at, fuzz.oneOf(" ", "  ", "\t", "-", "version: 1", "# c", "dn: dc=x", ""));
        case 6 -> lines.set(at, line + fuzz.oneOf(" ", "\r", "\0", "  "));
        case 7 ->
            lines.add(
                at,
                fuzz.oneOf("member", "MEMBER;lang-de", "memberUid", "uniqueMember", "member;range")
                    + fuzz.oneOf("", ";range=0-1", ";range=2-*", ";range=*-0", "=0-*")
                    + valued(fuzz, secret));
        default -> lines.add(at, folded(fuzz, "jpegPhoto" + valued(fuzz, secret)));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static String valued(Fuzz fuzz, Path secret) {
    byte[] bytes = new byte[fuzz.below(30)];
    fuzz.random().nextBytes(bytes);
    return switch (fuzz.below(12)) {
      case 0, 1 -> ":< file://" + secret;
      case 2 -> ":<" + fuzz.oneOf("file:" + secret, secret.toString(), "http://127.0.0.1:1/", "");
      case 3 -> ":: " + Base64.getEncoder().encodeToString(bytes);
      case 4 ->
          ":: " + Base64.getEncoder().encodeToString(fuzz.text().getBytes(StandardCharsets.UTF_8));
      case 5 -> ":: " + fuzz.text();
      case 6 -> ": " + "x".repeat(fuzz.below(1_000_000));
      case 7 -> ": x\nchangetype: " + fuzz.oneOf("add", "delete", "modify\nadd: cn\ncn: y\n-", "x");
      case 8 -> ": x\n\ninclude: file://" + secret + "\n";
      case 9 -> ": x\ncontrol: 1.2.3 true: y";
      default -> ": " + fuzz.text();
    };
  }

  private static String folded(Fuzz fuzz, String line) {
    return line.codePoints()
        .mapToObj(c -> Character.toString(c) + (fuzz.once(6) ? "\n " : ""))
        .collect(Collectors.joining());
  }
}
