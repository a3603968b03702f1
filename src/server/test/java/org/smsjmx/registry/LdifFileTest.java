package org.smsjmx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of RFC 2849, and what is read beyond it. */
final class LdifFileTest {

  private static final String ANNA = "dn: uid=anna,dc=x\nuid: anna\n";

  @TempDir private Path directory;

  private List<LdifFile.Entry> read(byte[] content) throws IOException {
    return LdifFile.read(Files.write(directory.resolve("users.ldif"), content));
  }

  private List<LdifFile.Entry> read(String content) throws IOException {
    return read(content.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> values(String content, String attribute) throws IOException {
    List<LdifFile.Entry> entries = read(content);
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).content().dn()).hasToString("uid=anna,dc=x");
    return entries.get(0).content().values(attribute);
  }

  private void assertRefused(String content, int line, String rule) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(content))
        .withMessageStartingWith("%s:%d: ".formatted(directory.resolve("users.ldif"), line))
        .withMessageContaining(rule);
  }

  /** Notes 2 and 5: a blank at the beginning continues the line before it, whatever follows. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cn: A~ nna             | Anna
          cn: Anna~              | Anna
          cn: Anna~ ~ Berg       | AnnaBerg
          cn: Anna~  ~ Berg      | Anna Berg
          c~ n~ :~  ~ Anna       | Anna
          cn:: QW5~ uYQ==        | Anna
          cn:~ : QW5uYQ==        | Anna
          # a~ cn: b~cn: Anna    | Anna
          cn: Anna~# a~ b        | Anna
          #~cn: Anna             | Anna
          cn: Anna~ ~ ~ ~        | Anna
          """)
  void aLineThatBeginsWithABlankContinuesTheOneBefore(String lines, String value)
      throws IOException {
    assertThat(values(ANNA + lines.replace('~', '\n') + "\n", "cn")).containsExactly(value);
  }

  @Test
  void aLineOfOneBlankBetweenTwoRecordsIsRefusedWithItsLine() {
    assertRefused(
        ANNA + " \ndn: cn=g,dc=x\ncn: g\n", 4, "a second dn: in the record that begins in line 1");
    assertRefused(ANNA + " \n  \ndn:: Y249ZyxkYz14\ncn: g\n", 5, "a second dn:");
    assertRefused(ANNA + "# comment\nDN: cn=g,dc=x\ncn: g\n", 4, "a second dn:");
  }

  /** value-spec: blanks before a value are filling, those behind it are part of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          cn:Anna          | "Anna"
          cn:    Anna      | "Anna"
          "cn: Anna  "     | "Anna  "
          "cn:"            | ""
          "cn:   "         | ""
          cn:: IEFubmEg    | " Anna "
          "cn:: QW5uYQ== " | "Anna"
          cn: Jörg         | "Jörg"
          cn:: SsO2cmc=    | "Jörg"
          cn: a: b         | "a: b"
          cn: <a>          | "<a>"
          CN;Lang-DE: Anna | "Anna"
          """)
  void valuesAreReadToTheirLastBlank(String line, String value) throws IOException {
    assertThat(values(ANNA + line + "\n", "cn")).containsExactly(value);
  }

  @Test
  void lineEndsMayBeOfWindowsAndAByteOrderMarkMayStandBefore() throws IOException {
    String content = ANNA + "cn: Anna\n Berg\n\n\n# end\n";
    for (String one : List.of(content, content.replace("\n", "\r\n"), "\n\n" + content)) {
      assertThat(values(one, "cn")).containsExactly("AnnaBerg");
      assertThat(values("\ufeff" + one, "cn")).containsExactly("AnnaBerg");
    }
    assertRefused(ANNA + "\n\ufeffdn: dc=x\ndc: x\n", 4, "must be name: value");
    assertThat(read("\ufeff")).isEmpty();
  }

  /** version-spec: one line end is enough behind it. */
  @ParameterizedTest
  @ValueSource(
      strings = {"version: 1\n", "version: 1\n\n", "# c\n\nversion:1\n# c\n", "VERSION:: MQ==\n"})
  void theVersionMayStandAtTheBeginning(String version) throws IOException {
    assertThat(values(version + ANNA, "uid")).containsExactly("anna");
  }

  @Test
  void namesMayBeInBase64() throws IOException {
    List<LdifFile.Entry> entries = read("dn:: dWlkPUrDtnJnLGRjPXg=\nuid: x\n\n\ndn: dc=x\ndc: x\n");

    assertThat(entries.get(0).content().dn()).hasToString("uid=Jörg,dc=x");
    assertThat(entries).extracting(LdifFile.Entry::line).containsExactly(1, 5);
  }

  @Test
  void manyValuesOfOneAttributeAreReadInOneGo() throws IOException {
    StringBuilder group = new StringBuilder("dn: uid=anna,dc=x\n");
    for (int i = 0; i < 100_000; i++) {
      group.append("member: uid=").append(i).append('\n');
    }

    assertThat(values(group.toString(), "member")).hasSize(100_000);
  }

  @Test
  void rangesThatAreAllThereAreOneAttribute() throws IOException {
    assertThat(
            values(
                ANNA + "member;range=2-*: c\nmember;range=0-1: a\nmember;range=0-1: b\n", "member"))
        .containsExactly("a", "b", "c");
    assertRefused(
        ANNA + "member;range=0-1: a\n", 1, "member: the values from number 2 on are missing");
    assertRefused(
        ANNA + "member;range=1-*: a\n", 1, "member: the values from number 0 on are missing");
    assertRefused(ANNA + "member;range=x: a\n", 1, "is no range of values");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | version: 2~~dn: dc=x~dc: x                  | version must be 1: 2
          3 | dn: dc=x~dc: x~changetype: add              | change records (changetype) are not read
          2 | dn: dc=x~changetype: delete                 | change records (changetype) are not read
          2 | dn: dc=x~control: 1.2.3 true~changetype: add | change records (control) are not read
          4 | dn: dc=x~add: cn~cn: a~-                    | must be name: value
          1 | cn: a~dn: dc=x                              | a record must begin with dn: and not with cn:
          4 | dn: dc=x~dc: x~~cn: a                       | a record must begin with dn:
          1 | dn: dc=x                                    | has no attributes
          1 | dn: x~cn: a                                 | 'x'
          1 | dn:: /w==~cn: a                             | the name of an entry must be UTF-8
          2 | dn: dc=x~cn:: a                             | must be base64
          2 | dn: dc=x~cn:: QQ                            | must be base64
          2 | dn: dc=x~cn:: QQ==QQ==                      | must be base64
          2 | dn: dc=x~cn :a                              | must be name: value
          2 | dn: dc=x~c/n: a                             | must be name: value
          2 | dn: dc=x~-                                  | must be name: value
          4 | dn: dc=x~dc: x~~ ~dn: dc=y~dc: y            | begins with a blank
          4 | dn: dc=x~dc: x~~DN: DC=X~dc: x              | DC=X stands twice, before in line 1
          2 | dn: dc=x~cn:< file:///etc/passwd            | values that stand in other files
          2 | dn: dc=x~cn: a%b                             | carriage return or a NUL
          2 | dn: dc=x~cn: a@b                             | carriage return or a NUL
          """)
  void whatIsNoEntryIsRefusedWithItsLine(int line, String content, String rule) {
    assertRefused(
        content.replace('~', '\n').replace('@', '\r').replace('%', '\0') + "\n", line, rule);
  }

  @Test
  void aFileThatChangesWhileItIsReadIsReadAnew() throws IOException {
    Path file = Files.writeString(directory.resolve("users.ldif"), ANNA);
    String whole = ANNA + "\ndn: dc=x\ndc: x\n";
    AtomicInteger readings = new AtomicInteger();
    LdifFile.Bytes changing =
        path -> {
          byte[] half = Files.readAllBytes(path);
          if (readings.getAndIncrement() == 0) {
            Files.writeString(path, whole);
          }
          return half;
        };

    assertThat(LdifFile.read(file, changing)).hasSize(2);
    assertThat(readings).hasValue(2);
  }

  @Test
  void aFileThatKeepsChangingIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("users.ldif"), ANNA);
    LdifFile.Bytes changing =
        path -> {
          byte[] half = Files.readAllBytes(path);
          Files.writeString(path, ANNA, StandardOpenOption.APPEND);
          return half;
        };

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> LdifFile.read(file, changing))
        .withMessage(file + ": changes while it is read");
  }

  @Test
  void aFileThatWasCutOffIsRefused() throws IOException {
    String whole = ANNA + "\ndn: cn=g,dc=x\ncn: g\nmember: uid=anna,dc=x\nmember: uid=bert,dc=x\n";
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    for (int length = 1; length < bytes.length; length++) {
      if (bytes[length - 1] != '\n') {
        ByteArrayOutputStream cut = new ByteArrayOutputStream();
        cut.write(bytes, 0, length);
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> read(cut.toByteArray()))
            .withMessageContaining("the last line has no line end");
      }
    }
    assertThat(read(whole)).hasSize(2);
  }

  @Test
  void whatIsNoUtf8IsRefusedWithItsLine() throws IOException {
    byte[] latin1 = (ANNA + "cn: J\u00f6rg\n").getBytes(StandardCharsets.ISO_8859_1);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(latin1))
        .withMessageEndingWith("users.ldif:3: is not UTF-8");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(ANNA.getBytes(StandardCharsets.UTF_16)))
        .withMessageEndingWith("users.ldif:1: is not UTF-8");
  }
}
