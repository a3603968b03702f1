package org.smsjmx.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/**
 * The file of an audit. Lines are appended by one write to the operating system; a write that fails
 * half-way is taken back, unless somebody else has written meanwhile. What becomes of the file from
 * outside is noticed by its inode and size. A new file begins with each day of UTC, and when it is
 * full; {@link AuditArchive} keeps the former ones.
 *
 * <p>Used by one thread, but for {@link #isIntact}, which reads {@code state}, an immutable
 * snapshot.
 */
public final class AuditFile implements AuditSink {

  private static final Logger LOG = Logs.of(AuditFile.class);

  private static final String READ_ONLY = "readOnly";

  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);

  private final Settings settings;
  private final InstantSource clock;
  private final AuditArchive archive;
  private @Nullable FileChannel channel;
  private volatile State state = State.NONE;

  /** Whether the next line must begin with a line end, since the last one has none. */
  private boolean torn;

  /** The lines that were written last. */
  private ByteBuffer latest = ByteBuffer.allocate(0);

  /** Whether {@link #open} made the file. */
  private boolean made;

  /** Whether a line was written; until then no other file is touched. */
  private boolean used;

  private boolean closed;

  /**
   * Which file, and what becomes of it.
   *
   * @param file where lines are appended; former files stand beside it
   * @param sync whether lines are on the disk, not only with the operating system, before their
   *     threads go on
   * @param fileSize from how many bytes on a new file is begun
   * @param retention how old former files may get
   * @param totalSize how many bytes all files may take; the oldest former ones are removed first
   * @param group whose members may read the files, null for nobody but their owner
   * @param logged whether lines go to the logger {@code sms.audit} too, if that is on
   */
  public record Settings(
      Path file,
      boolean sync,
      long fileSize,
      Duration retention,
      long totalSize,
      @Nullable GroupPrincipal group,
      boolean logged) {

    /** Returns the defaults: a new file from 100 MB on, kept for 400 days, 20 GB in all. */
    public static Settings of(Path file) {
      return new Settings(file, false, 100L << 20, Duration.ofDays(400), 20L << 30, null, false);
    }
  }

  /** What the file was when it was written to last. */
  private record State(
      @Nullable Object key, @Nullable UserPrincipal owner, long size, LocalDate day) {

    static final State NONE = new State(null, null, 0, LocalDate.EPOCH);

    State withSize(long bytes) {
      return new State(key, owner, bytes, day);
    }
  }

  AuditFile(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.archive = new AuditArchive(settings, clock);
  }

  @Override
  public List<byte[]> open() throws IOException {
    made = attributes() == null;
    openChannel();
    List<byte[]> last = LastLines.of(settings.file);
    return last.isEmpty() ? archive.lastLines() : last;
  }

  private void openChannel() throws IOException {
    Path file = settings.file;
    BasicFileAttributes before = attributes();
    if (before != null && !before.isRegularFile()) {
      throw new IOException(file + ": is no regular file");
    }
    FileChannel opened = FileChannel.open(file, OPTIONS, FileAccess.ofNewFile());
    try {
      if (before == null && settings.sync) {
        FileAccess.syncDirectory(file);
      }
      BasicFileAttributes now = attributes();
      if (now == null) {
        throw new NoSuchFileException(file + ": was removed at once");
      }
      UserPrincipal owner = now instanceof PosixFileAttributes posix ? posix.owner() : null;
      if (state.owner != null && !state.owner.equals(owner)) {
        throw new IOException("%s: belongs to %s, not to %s".formatted(file, owner, state.owner));
      }
      if (used) {
        FileAccess.admit(settings.group, file);
      }
      torn = !endsWithALine(now.size());
      LocalDate day = before == null ? today() : day(now.lastModifiedTime().toInstant());
      state = new State(now.fileKey(), owner, now.size(), day);
      latest = ByteBuffer.allocate(0);
      closeChannel();
      channel = opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private @Nullable BasicFileAttributes attributes() throws IOException {
    try {
      return Files.readAttributes(settings.file, FileAccess.ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private boolean endsWithALine(long size) throws IOException {
    if (size == 0) {
      return true;
    }
    try (FileChannel written = FileChannel.open(settings.file, FileAccess.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return written.read(last, size - 1) == 1 && last.get(0) == '\n';
    }
  }

  private LocalDate today() {
    return day(clock.instant());
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  @Override
  public @Nullable Change inspect() throws IOException {
    if (closed) {
      throw new IOException("it is closed");
    }
    if (channel == null) {
      openChannel();
      return new Change("missing", true);
    }
    BasicFileAttributes now = attributes();
    Change change = change(now);
    if (change != null && !change.linesLost() && !standsByItself()) {
      change = new Change(change.event(), true);
    }
    if (change != null && change.event().equals(READ_ONLY)) {
      archive.rotate(state.day);
    }
    if (change != null && change.linesLost()) {
      openChannel();
    } else if (change != null && now != null) {
      torn = !endsWithALine(now.size());
      state = state.withSize(now.size());
    }
    return change;
  }

  private @Nullable Change change(@Nullable BasicFileAttributes now) {
    State written = state;
    if (now == null) {
      return new Change("missing", true);
    }
    if (!Objects.equals(now.fileKey(), written.key)) {
      return new Change("replaced", true);
    }
    if (now.size() < written.size) {
      return new Change("truncated", true);
    }
    if (FileAccess.isReadOnly(now)) {
      return new Change(READ_ONLY, true);
    }
    return now.size() > written.size ? new Change("grown", false) : null;
  }

  /** Returns whether the lines that were written last stand where they should, by themselves. */
  private boolean standsByItself() throws IOException {
    try (FileChannel written = FileChannel.open(settings.file, FileAccess.READ)) {
      ByteBuffer found = ByteBuffer.allocate(latest.limit());
      long from = state.size - latest.limit();
      while (found.hasRemaining() && written.read(found, from + found.position()) >= 0) {
        // goes on until the end
      }
      return found.flip().equals(latest.rewind());
    }
  }

  @Override
  public boolean isIntact() {
    try {
      // while another thread writes, a file that has grown is no sign
      Change change = state.equals(State.NONE) ? null : change(attributes());
      return change == null || !change.linesLost();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void append(List<ChainedLine> lines) throws IOException {
    if (state.size > 0 && (state.size >= settings.fileSize || !state.day.equals(today()))) {
      begin();
    }
    FileChannel out = Objects.requireNonNull(channel, "inspected before");
    ByteBuffer bytes = bytes(lines);
    long before = state.size;
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      if (settings.sync) {
        out.force(false);
      }
    } catch (IOException e) {
      takeBack(out, before, bytes.position());
      throw e;
    }
    if (!used) {
      used = true;
      FileAccess.admit(settings.group, settings.file);
      archive.tidyUp();
    }
    torn = false;
    latest = bytes;
    state = state.withSize(before + bytes.limit());
  }

  private ByteBuffer bytes(List<ChainedLine> lines) {
    int length = torn ? 1 : 0;
    for (ChainedLine line : lines) {
      length += line.utf8().length + 1;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (torn) {
      bytes.put((byte) '\n');
    }
    for (ChainedLine line : lines) {
      bytes.put(line.utf8()).put((byte) '\n');
    }
    return bytes.flip();
  }

  /** Cuts off what was written of the lines, unless the file does not end with just that. */
  private void takeBack(FileChannel out, long before, int written) throws IOException {
    if (written > 0 && out.size() == before + written) {
      out.truncate(before);
    }
  }

  /** Begins a new file; where that fails, lines go on in the old one. */
  private void begin() throws IOException {
    try {
      archive.rotate(state.day);
    } catch (IOException e) {
      LOG.warn("no new audit file could be begun: {}", e.getMessage());
      return;
    }
    closeChannel();
    openChannel();
    archive.tidyUp();
  }

  private void closeChannel() throws IOException {
    FileChannel old = channel;
    channel = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    archive.close();
    closeChannel();
    if (made && !used) {
      Files.deleteIfExists(settings.file);
    }
  }
}
