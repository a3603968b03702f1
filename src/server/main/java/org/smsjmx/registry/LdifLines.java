package org.smsjmx.registry;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an LDIF file. One that names another file, whose content would be taken for the
 * value, is refused: what the server can read is nothing that an LDIF file may hand out.
 */
final class LdifLines extends LineNumberReader {

  private final StringBuilder name = new StringBuilder();
  private boolean inEntry;
  private int entryLine = 1;

  LdifLines(Path file) throws IOException {
    // a decoder of its own refuses what is not UTF-8
    super(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()));
  }

  /** Returns the line in which the entry begins that was read last. */
  int entryLine() {
    return entryLine;
  }

  @Override
  public @Nullable String readLine() throws IOException {
    String line = super.readLine();
    if (line == null || line.isEmpty()) {
      inEntry = false;
      return line;
    }
    if (!inEntry) {
      entryLine = getLineNumber();
      inEntry = true;
    }
    boolean continued = line.startsWith(" ");
    if (!continued) {
      name.setLength(0);
    }
    // names and the sign behind them may be folded too
    if (name.indexOf(":") != name.length() - 2 || name.length() < 2) {
      name.append(line, continued ? 1 : 0, line.length());
      int colon = name.indexOf(":");
      if (colon >= 0 && colon + 1 < name.length()) {
        name.setLength(colon + 2);
        if (name.charAt(colon + 1) == '<' && name.charAt(0) != '#') {
          throw new IOException("values that stand in other files (:<) are not read");
        }
      }
    }
    return line;
  }
}
