package org.smsjmx.registry;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smsjmx.files.Unreadable;
import org.smsjmx.text.Showable;

/**
 * Entries as RFC 2849 writes them. A line that begins with a blank continues the one before, also a
 * comment, and also if there is nothing behind the blank; records are parted by empty lines; lines
 * end with LF or CR LF, and the last one does too: else the file was cut off.
 *
 * <p>Beyond the standard, a byte order mark at the beginning is skipped, and values may hold any
 * UTF-8 text without being in base64. Refused are change records, and values that stand in other
 * files: what the server can read is nothing that an LDIF file may hand out.
 */
final class LdifFile {

  private static final int MAXIMUM_RULE_LENGTH = 500;
  private static final int TRIES = 3;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** Names with options (RFC 2849, attrval-spec), also {@code range=0-1499}. */
  private static final Pattern DESCRIPTION =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(;[A-Za-z0-9=*._-]+)*");

  private final Path file;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Dn, Integer> lines = new LinkedHashMap<>();

  /** The line that is being read, with what continues it; null behind an empty one. */
  private @Nullable StringBuilder line;

  private int lineNumber;

  /** The record that is being read; null between two. */
  private @Nullable Dn dn;

  private int dnLine;
  private final Map<String, Values> values = new LinkedHashMap<>();
  private boolean begun;

  /**
   * An entry.
   *
   * @param line line in which it begins
   * @param content what it says
   */
  record Entry(int line, DirectoryEntry content) {}

  private record Values(String description, List<byte[]> values) {}

  private LdifFile(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is not as it must be; the message names file, line
   *     and rule
   */
  static List<Entry> read(Path file) throws IOException {
    return read(file, Files::readAllBytes);
  }

  /** Reads a file whose bytes come by a way of their own. */
  static List<Entry> read(Path file, Bytes way) throws IOException {
    LdifFile reading = new LdifFile(file);
    reading.read(bytes(file, way));
    return reading.entries;
  }

  /** Reads the bytes of a file. */
  interface Bytes {
    byte[] of(Path file) throws IOException;
  }

  /** Returns a content that the file had at one time, and not half of an older one. */
  private static byte[] bytes(Path file, Bytes way) throws IOException {
    try {
      for (int i = 0; i < TRIES; i++) {
        BasicFileAttributes before = Files.readAttributes(file, BasicFileAttributes.class);
        byte[] bytes = way.of(file);
        BasicFileAttributes after = Files.readAttributes(file, BasicFileAttributes.class);
        if (before.lastModifiedTime().equals(after.lastModifiedTime())
            && before.size() == after.size()
            && Objects.equals(before.fileKey(), after.fileKey())) {
          return bytes;
        }
      }
      throw new IOException("%s: changes while it is read".formatted(file));
    } catch (FileSystemException e) {
      throw new IOException(Unreadable.reason(file), e);
    }
  }

  private void read(byte[] bytes) throws IOException {
    int begin = startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
    int number = 0;
    for (int at = begin; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        number++;
        addLine(number, text(number, bytes, begin, at));
        begin = at + 1;
      }
    }
    if (begin < bytes.length) {
      throw wrong(
          number + 1, "the last line has no line end: the file is cut off, or still being written");
    }
    endRecord();
  }

  private static boolean startsWithMark(byte[] bytes) {
    int length = BYTE_ORDER_MARK.length;
    return bytes.length >= length && Arrays.equals(bytes, 0, length, BYTE_ORDER_MARK, 0, length);
  }

  private String text(int number, byte[] bytes, int from, int to) throws IOException {
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, from, end - from))
              .toString();
    } catch (CharacterCodingException e) {
      throw wrong(number, "is not UTF-8");
    }
    if (text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
      throw wrong(number, "holds a carriage return or a NUL; a value with one must be in base64");
    }
    return text;
  }

  private void addLine(int number, String text) throws IOException {
    if (text.startsWith(" ")) {
      if (line == null) {
        throw wrong(number, "begins with a blank, and there is no line that it continues");
      }
      line.append(text, 1, text.length());
      return;
    }
    endLine();
    if (text.isEmpty()) {
      endRecord();
    } else {
      line = new StringBuilder(text);
      lineNumber = number;
    }
  }

  /** Reads a line with all that continued it. */
  private void endLine() throws IOException {
    if (line == null || line.charAt(0) == '#') {
      line = null;
      return;
    }
    String text = line.toString();
    line = null;
    int colon = text.indexOf(':');
    String name = text.substring(0, Math.max(0, colon));
    if (!DESCRIPTION.matcher(name).matches()) {
      throw wrong(lineNumber, "must be name: value, or continue a line by a blank before it");
    }
    byte[] value = value(text.substring(colon + 1));
    boolean first = !begun;
    begun = true;
    if (dn == null) {
      if (first && name.equalsIgnoreCase("version")) {
        requireVersion(value);
      } else {
        beginRecord(name, value);
      }
      return;
    }
    switch (name.toLowerCase(Locale.ROOT)) {
      case "dn" ->
          throw wrong(
              lineNumber,
              "a second dn: in the record that begins in line %d; records are parted by an empty"
                      .formatted(dnLine)
                  + " line, which a line with a blank is not");
      case "changetype", "control" ->
          throw wrong(
              lineNumber,
              "change records (%s) are not read: the file must hold whole entries".formatted(name));
      default ->
          values
              .computeIfAbsent(
                  name.toLowerCase(Locale.ROOT), key -> new Values(name, new ArrayList<>()))
              .values
              .add(value);
    }
  }

  /** Returns the value that is written behind a colon. */
  private byte[] value(String written) throws IOException {
    if (written.startsWith("<")) {
      throw wrong(lineNumber, "values that stand in other files (:<) are not read");
    }
    if (!written.startsWith(":")) {
      return afterBlanks(written).getBytes(StandardCharsets.UTF_8);
    }
    String base64 = afterBlanks(written.substring(1)).stripTrailing();
    try {
      if (base64.length() % 4 == 0) {
        return Base64.getDecoder().decode(base64);
      }
    } catch (IllegalArgumentException e) {
      // the rule says what is wrong
    }
    throw wrong(lineNumber, "what stands behind :: must be base64");
  }

  private static String afterBlanks(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return text.substring(at);
  }

  private void requireVersion(byte[] value) throws IOException {
    String version = new String(value, StandardCharsets.UTF_8).strip();
    if (!version.equals("1")) {
      throw wrong(lineNumber, "version must be 1: " + version);
    }
  }

  private void beginRecord(String name, byte[] value) throws IOException {
    if (!name.equalsIgnoreCase("dn")) {
      throw wrong(lineNumber, "a record must begin with dn: and not with %s:".formatted(name));
    }
    try {
      dn = Dn.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
    } catch (CharacterCodingException e) {
      throw wrong(lineNumber, "the name of an entry must be UTF-8");
    } catch (LDAPException e) {
      throw wrong(lineNumber, e.getMessage());
    }
    dnLine = lineNumber;
    Integer former = lines.put(dn, dnLine);
    if (former != null) {
      throw wrong(dnLine, "%s stands twice, before in line %d".formatted(dn, former));
    }
  }

  private void endRecord() throws IOException {
    endLine();
    if (dn == null) {
      return;
    }
    if (values.isEmpty()) {
      throw wrong(dnLine, "%s has no attributes".formatted(dn));
    }
    Collection<Attribute> attributes = new ArrayList<>();
    values
        .values()
        .forEach(
            one ->
                attributes.add(new Attribute(one.description, one.values.toArray(byte[][]::new))));
    try {
      Ranges ranges = new Ranges(missing -> List.of());
      entries.add(new Entry(dnLine, new DirectoryEntry(dn, ranges.whole(attributes))));
    } catch (IOException | LDAPException e) {
      throw wrong(dnLine, "%s: %s".formatted(dn, e.getMessage()));
    }
    values.clear();
    dn = null;
  }

  private IOException wrong(int number, @Nullable String rule) {
    return wrong(file, number, rule);
  }

  /** Says what is wrong in a line, in one line. */
  static IOException wrong(Path file, int line, @Nullable String rule) {
    return new IOException(
        "%s:%d: %s"
            .formatted(file, line, Showable.shown(String.valueOf(rule), MAXIMUM_RULE_LENGTH)));
  }
}
