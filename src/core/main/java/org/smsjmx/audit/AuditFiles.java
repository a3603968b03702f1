package org.smsjmx.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Reads the files of an audit, plain or compressed. */
final class AuditFiles {

  private static final int BUFFER = 1 << 16;

  private AuditFiles() {}

  private static InputStream open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      return file.toString().endsWith(".gz")
          ? new BufferedInputStream(new GZIPInputStream(bytes, BUFFER), BUFFER)
          : bytes;
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  /**
   * Reads the lines of a file.
   *
   * @param entries takes them, also those before a failure
   * @throws EOFException if the file is compressed and breaks off, or is damaged
   */
  static void read(Path file, List<AuditEntry> entries) throws IOException {
    try (InputStream in = open(file)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          entries.add(AuditEntry.of(file, entries.size() + 1, true, line.toByteArray()));
          line.reset();
        } else {
          line.write(next);
        }
      }
      if (line.size() > 0) {
        entries.add(AuditEntry.of(file, entries.size() + 1, false, line.toByteArray()));
      }
    } catch (ZipException e) {
      EOFException broken = new EOFException(e.getMessage());
      broken.initCause(e);
      throw broken;
    }
  }

  /** What a file begins and ends with. */
  private record Ends(Path file, String previous, String time, String lastHash) {}

  /**
   * Puts files in the order of the chain: the one that holds a hash follows the one that has it.
   * Those that follow none are ordered by the time of their first line. A copy of another one is
   * left out: a run that is killed while it compresses a file leaves both.
   *
   * @param notes takes what is left out
   */
  static List<Path> inOrder(List<Path> files, List<String> notes) throws IOException {
    List<Ends> ends = new ArrayList<>();
    for (Path file : new LinkedHashSet<>(files)) {
      Ends found = ends(file);
      Path same = copy(found, ends);
      if (same == null) {
        ends.add(found);
      } else {
        notes.add("%s: left out: it holds the same as %s".formatted(file, same));
      }
    }
    ends.sort(Comparator.comparing(Ends::time));
    Map<String, Ends> byPrevious = new HashMap<>();
    ends.forEach(file -> byPrevious.putIfAbsent(file.previous, file));
    Set<String> lastHashes = new LinkedHashSet<>();
    ends.forEach(file -> lastHashes.add(file.lastHash));
    Set<Path> ordered = new LinkedHashSet<>();
    for (Ends first : ends) {
      if (!lastHashes.contains(first.previous)) {
        follow(first, byPrevious, ordered);
      }
    }
    ends.forEach(file -> ordered.add(file.file));
    return List.copyOf(ordered);
  }

  /** Returns another file that holds the same, null if there is none. */
  private static @Nullable Path copy(Ends found, List<Ends> others) throws IOException {
    for (Ends other : others) {
      if (!found.time.isEmpty()
          && !found.lastHash.isEmpty()
          && found.lastHash.equals(other.lastHash)
          && found.previous.equals(other.previous)
          && holdTheSame(found.file, other.file)) {
        return other.file;
      }
    }
    return null;
  }

  private static boolean holdTheSame(Path one, Path other) throws IOException {
    try (InputStream left = open(one);
        InputStream right = open(other)) {
      byte[] expected = left.readNBytes(BUFFER);
      while (expected.length > 0 && Arrays.equals(expected, right.readNBytes(BUFFER))) {
        expected = left.readNBytes(BUFFER);
      }
      return expected.length == 0 && right.read() < 0;
    }
  }

  private static void follow(Ends first, Map<String, Ends> byPrevious, Set<Path> ordered) {
    Ends next = first;
    while (next != null && ordered.add(next.file)) {
      next = byPrevious.get(next.lastHash);
    }
  }

  private static Ends ends(Path file) throws IOException {
    AuditEntry first = null;
    byte[] last = {};
    try (InputStream in = open(file)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = in.read(); next >= 0 && first == null; next = in.read()) {
        if (next == '\n') {
          first = AuditEntry.of(file, 1, true, line.toByteArray());
        } else {
          line.write(next);
        }
      }
      List<byte[]> lines = LastLines.of(file);
      last = lines.isEmpty() ? last : lines.get(lines.size() - 1);
    } catch (EOFException | ZipException e) {
      // what is wrong with it is told when it is read
      return new Ends(file, previous(first), time(first), "");
    }
    return new Ends(file, previous(first), time(first), ChainedLine.hash(last));
  }

  private static String previous(@Nullable AuditEntry first) {
    String previous = first == null ? null : first.previous();
    return previous == null ? "" : previous;
  }

  private static String time(@Nullable AuditEntry first) {
    return first == null ? "" : first.time();
  }
}
