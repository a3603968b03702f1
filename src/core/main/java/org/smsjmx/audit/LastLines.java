package org.smsjmx.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The last two lines of a file, of which the very last may be torn. */
final class LastLines {

  private static final int FIRST_LOOK_BYTES = 1 << 14;

  private LastLines() {}

  /** Returns them without line ends; fewer if the file has fewer. */
  static List<byte[]> of(Path file) throws IOException {
    if (file.toString().endsWith(".gz")) {
      try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
        return of(in);
      }
    }
    try (FileChannel written = FileChannel.open(file, FileAccess.READ)) {
      long size = written.size();
      for (long look = FIRST_LOOK_BYTES; ; look *= 4) {
        int length = (int) Math.min(Math.min(look, size), Integer.MAX_VALUE - 8);
        ByteBuffer end = ByteBuffer.allocate(length);
        while (end.hasRemaining() && written.read(end, size - length + end.position()) >= 0) {
          // goes on until the end
        }
        List<byte[]> lines = of(Arrays.copyOf(end.array(), end.position()));
        if (lines.size() > 2 || length >= size) {
          return lines.subList(Math.max(0, lines.size() - 2), lines.size());
        }
      }
    }
  }

  /** What is compressed is read to its end, which the memory may not hold as a whole. */
  private static List<byte[]> of(InputStream in) throws IOException {
    Deque<byte[]> lines = new ArrayDeque<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] bytes = new byte[FIRST_LOOK_BYTES];
    for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
      int begin = 0;
      for (int i = 0; i < count; i++) {
        if (bytes[i] == '\n') {
          line.write(bytes, begin, i - begin);
          addLast(lines, line);
          begin = i + 1;
        }
      }
      line.write(bytes, begin, count - begin);
    }
    if (line.size() > 0) {
      addLast(lines, line);
    }
    return List.copyOf(lines);
  }

  private static void addLast(Deque<byte[]> lines, ByteArrayOutputStream line) {
    if (lines.size() == 2) {
      lines.removeFirst();
    }
    lines.addLast(line.toByteArray());
    line.reset();
  }

  /** Returns the last three, so that the first of them may lack its beginning. */
  private static List<byte[]> of(byte[] bytes) {
    Deque<byte[]> lines = new ArrayDeque<>();
    int end = bytes.length > 0 && bytes[bytes.length - 1] == '\n' ? bytes.length - 1 : bytes.length;
    while (end > 0 && lines.size() < 3) {
      int begin = end;
      while (begin > 0 && bytes[begin - 1] != '\n') {
        begin--;
      }
      lines.addFirst(Arrays.copyOfRange(bytes, begin, end));
      end = begin - 1;
    }
    return List.copyOf(lines);
  }
}
