package org.smsjmx.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With {@code -Dunicode.write} it writes the file instead; see src/docs/development.md. */
final class UnicodeTableTest {

  private static final Path FILE = Path.of("src/core/main/resources/org/smsjmx/text/unicode.txt");

  @Test
  void theFileSaysWhatIcuSaysOfEachCodePoint() throws IOException {
    String content = UnicodeFile.content();
    if (System.getProperty("unicode.write") != null) {
      Files.writeString(FILE, content);
    }
    assertThat(Files.readString(FILE)).isEqualTo(content);
    assertThat(UnicodeTable.VERSION).isEqualTo(UnicodeFile.version());
  }
}
