package org.smsjmx.audit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.audit.FormerFiles.Former;
import org.smsjmx.log.Logs;
import org.smsjmx.text.JsonObject;

/**
 * Looks for lines in the files of an audit, newest first, while they are written. A file that is
 * not compressed is read from its end; of one that is, the last lines that match are kept. So a
 * search takes no more memory than what it returns, and a few blocks; and no more time than it was
 * given. Searches wait for each other.
 */
public final class AuditSearch {

  private static final Logger LOG = Logs.of(AuditSearch.class);

  private static final int BLOCK = 1 << 16;

  /** Longer ones are none of ours. */
  private static final int LONGEST_LINE = 1 << 20;

  private static final int LINES_BETWEEN_LOOKS = 256;
  private static final int ATTEMPTS = 10;

  private final Path file;
  private final FormerFiles formers;

  /**
   * Reads nothing yet.
   *
   * @param file the file that is written
   */
  public AuditSearch(Path file) {
    this.file = file;
    this.formers = new FormerFiles(file);
  }

  /**
   * What a search found.
   *
   * @param lines the members of each line, newest first
   * @param complete whether these are all that match
   */
  public record Found(List<Map<String, @Nullable Object>> lines, boolean complete) {

    public Found {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Looks for lines. What is no line of an audit is left out.
   *
   * @param wanted which
   * @param since from when on
   * @param maximum how many to return at most, 1 or more
   * @param patience for how long; then it returns what it has found in the files that it has read
   * @throws IOException if a file cannot be read
   */
  public synchronized Found newestFirst(
      Predicate<Map<String, @Nullable Object>> wanted,
      Instant since,
      int maximum,
      Duration patience)
      throws IOException {
    Search search = new Search(wanted, since, maximum, System.nanoTime() + patience.toNanos());
    String first = since.toString();
    try (Snapshot files = snapshot()) {
      if (files.current != null) {
        search.fromTheEnd(files.current);
      }
      for (int i = files.formers.size() - 1; i >= 0 && !search.isOver(); i--) {
        Former former = files.formers.get(i);
        if (former.day().compareTo(first) < 0 && !first.startsWith(former.day())) {
          break;
        }
        search.in(former);
      }
    }
    return new Found(search.found, search.complete);
  }

  /** The files at one moment; the one that is written is open, since it may become a former one. */
  private record Snapshot(@Nullable FileChannel current, List<Former> formers)
      implements AutoCloseable {

    @Override
    public void close() throws IOException {
      if (current != null) {
        current.close();
      }
    }
  }

  /** A listing beside a change of names may miss a file, or the newest lines: it is repeated. */
  private Snapshot snapshot() throws IOException {
    List<Former> before = whole();
    for (int i = 1; ; i++) {
      Snapshot taken = new Snapshot(open(file), before);
      List<Former> after;
      try {
        after = whole();
      } catch (IOException | RuntimeException e) {
        taken.close();
        throw e;
      }
      if (after.equals(before) || i == ATTEMPTS) {
        return taken;
      }
      taken.close();
      before = after;
    }
  }

  private List<Former> whole() throws IOException {
    return formers.list().stream().filter(former -> !former.part()).toList();
  }

  private static @Nullable FileChannel open(Path plain) throws IOException {
    try {
      return FileChannel.open(plain, FileAccess.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** What is looked for, and what was found. */
  private static final class Search {

    private final Predicate<Map<String, @Nullable Object>> wanted;
    private final Instant since;
    private final int maximum;
    private final long endNanos;
    private final List<Map<String, @Nullable Object>> found = new ArrayList<>();

    /** Lines may stand in two files, if one was taken away while they were written. */
    private final Set<String> numbers = new HashSet<>();

    private boolean complete = true;
    private int untilLook = LINES_BETWEEN_LOOKS;

    Search(
        Predicate<Map<String, @Nullable Object>> wanted,
        Instant since,
        int maximum,
        long endNanos) {
      this.wanted = wanted;
      this.since = since;
      this.maximum = maximum;
      this.endNanos = endNanos;
    }

    boolean isOver() {
      return !complete;
    }

    private boolean isLate() {
      if (--untilLook > 0) {
        return false;
      }
      return isTimeOver();
    }

    private boolean isTimeOver() {
      untilLook = LINES_BETWEEN_LOOKS;
      return System.nanoTime() - endNanos > 0;
    }

    void in(Former former) throws IOException {
      try {
        if (former.compressed()) {
          compressed(former.file());
          return;
        }
        try (FileChannel plain = open(former.file())) {
          if (plain != null) {
            fromTheEnd(plain);
          } else {
            compressed(former.file().resolveSibling(former.file().getFileName() + ".gz"));
          }
        }
      } catch (NoSuchFileException e) {
        // too old meanwhile, and removed
      }
    }

    /** Returns the members of a line that is looked for, null if it is another one. */
    private @Nullable Map<String, @Nullable Object> match(String line) {
      Map<String, @Nullable Object> members = JsonObject.parse(line);
      return members != null
              && members.get("time") instanceof String time
              && !isBefore(time, since)
              && wanted.test(members)
          ? members
          : null;
    }

    private static boolean isBefore(String time, Instant since) {
      try {
        return Instant.parse(time).isBefore(since);
      } catch (DateTimeException e) {
        return true;
      }
    }

    private static String number(Map<String, @Nullable Object> line) {
      return line.get("run") + " " + line.get("number");
    }

    private void add(Map<String, @Nullable Object> line) {
      if (!numbers.add(number(line))) {
        return;
      }
      if (found.size() == maximum) {
        complete = false;
      } else {
        found.add(line);
      }
    }

    /** Reads blocks from the end on; the beginning of a line may be in another block. */
    void fromTheEnd(FileChannel plain) throws IOException {
      byte[] rest = {};
      long end = plain.size();
      while (end > 0 && complete) {
        int length = (int) Math.min(BLOCK, end);
        byte[] bytes = read(plain, end - length, length, rest);
        end -= length;
        int lineEnd = bytes.length;
        for (int i = bytes.length - 1; i >= 0 && complete; i--) {
          if (bytes[i] == '\n') {
            take(bytes, i + 1, lineEnd);
            lineEnd = i;
          }
        }
        if (lineEnd == bytes.length && isTimeOver()) {
          complete = false; // no line ends in this block: take() did not look
        }
        rest = new byte[lineEnd > LONGEST_LINE ? 0 : lineEnd];
        System.arraycopy(bytes, 0, rest, 0, rest.length);
      }
      if (complete) {
        take(rest, 0, rest.length);
      }
    }

    private static byte[] read(FileChannel plain, long from, int length, byte[] rest)
        throws IOException {
      ByteBuffer block = ByteBuffer.allocate(length + rest.length);
      block.limit(length);
      while (block.hasRemaining() && plain.read(block, from + block.position()) >= 0) {
        // goes on until the block is full
      }
      block.limit(block.capacity()).position(length);
      block.put(rest);
      return block.array();
    }

    private void take(byte[] bytes, int from, int to) {
      if (isLate()) {
        complete = false;
      } else if (to > from) {
        Map<String, @Nullable Object> line =
            match(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        if (line != null) {
          add(line);
        }
      }
    }

    /** Keeps the last lines that match, one more than may be returned; all or nothing in time. */
    private void compressed(Path gz) throws IOException {
      Deque<Map<String, @Nullable Object>> last = new ArrayDeque<>();
      try (InputStream in = new GZIPInputStream(Files.newInputStream(gz), BLOCK)) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] bytes = new byte[BLOCK];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
          int begin = 0;
          for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
              line.write(bytes, begin, i - begin);
              begin = i + 1;
              keep(line, last);
              if (isLate()) {
                complete = false;
                return;
              }
            }
          }
          if (begin == 0 && isTimeOver()) { // a line need not end, in what inflates to a lot
            complete = false;
            return;
          }
          if (line.size() <= LONGEST_LINE) {
            line.write(bytes, begin, count - begin);
          }
        }
        keep(line, last);
      } catch (EOFException | ZipException e) {
        LOG.warn("{} is not whole: {}", gz, e.getMessage());
      }
      List<Map<String, @Nullable Object>> newestFirst = new ArrayList<>(last);
      Collections.reverse(newestFirst);
      newestFirst.forEach(this::add);
    }

    private void keep(ByteArrayOutputStream line, Deque<Map<String, @Nullable Object>> last) {
      Map<String, @Nullable Object> matching = match(line.toString(StandardCharsets.UTF_8));
      line.reset();
      if (matching != null && !numbers.contains(number(matching))) {
        last.add(matching);
        if (last.size() > maximum - found.size() + 1) {
          last.remove();
        }
      }
    }
  }
}
