package org.smsjmx.audit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of a file, as far as the chain is concerned.
 *
 * @param file in which it stands
 * @param line where, from 1
 * @param ended whether a line end follows
 * @param hash its own
 * @param parts what it says first, null if it is no whole line of an audit
 * @param lastRun when the run before began, as a first line says, else empty
 * @param lastNumber of the run before, as a first line says, else -1
 * @param repeated how many lines before it stand in the former file too, as it says, else 0
 */
record AuditEntry(
    Path file,
    int line,
    boolean ended,
    String hash,
    ChainedLine.@Nullable Parts parts,
    String lastRun,
    long lastNumber,
    int repeated) {

  private static final Pattern LAST_RUN = Pattern.compile("\"lastRun\":\"([^\"\\\\]*)\"");
  private static final Pattern LAST_NUMBER = Pattern.compile("\"lastNumber\":(\\d{1,18})");
  private static final Pattern REPEATED = Pattern.compile("\"repeated\":(\\d{1,9})");
  private static final ChainedLine.Parts NOTHING = new ChainedLine.Parts(0, null, "", "", "");

  static AuditEntry of(Path file, int line, boolean ended, byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    ChainedLine.Parts parts = ChainedLine.Parts.of(text);
    String operation = parts == null ? "" : parts.operation();
    return new AuditEntry(
        file,
        line,
        ended,
        ChainedLine.hash(utf8),
        parts,
        operation.equals("start") ? lastRun(text) : "",
        operation.equals("start") ? number(LAST_NUMBER, text, -1) : -1,
        operation.equals("auditFile") ? (int) number(REPEATED, text, 0) : 0);
  }

  private static String lastRun(String text) {
    Matcher found = LAST_RUN.matcher(text);
    return found.find() ? found.group(1) : "";
  }

  private static long number(Pattern pattern, String text, long otherwise) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Long.parseLong(found.group(1)) : otherwise;
  }

  private ChainedLine.Parts said() {
    return parts == null ? NOTHING : parts;
  }

  boolean isWhole() {
    return parts != null;
  }

  boolean isStart() {
    return said().operation().equals("start");
  }

  long number() {
    return said().number();
  }

  @Nullable String previous() {
    return said().previous();
  }

  String run() {
    return said().run();
  }

  String time() {
    return said().time();
  }

  /** Returns file and line, for people. */
  String place() {
    return file + ", line " + line;
  }
}
