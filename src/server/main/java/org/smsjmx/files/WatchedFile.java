package org.smsjmx.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file's content, read again when the file has changed. A content that cannot be read is logged
 * once, and the last good one stays.
 *
 * @param <T> what the content is turned into
 */
public final class WatchedFile<T> {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);

  /** Two writes within this time may leave the same stamp; coarser than file systems' clocks. */
  private static final long STAMP_MILLIS = 100;

  private final Path file;
  private final Parser<T> parser;
  private final InstantSource clock;
  private final long restNanos;
  private volatile Content<T> content;

  /** When the file was last looked at; a race of several threads costs a look. */
  private volatile long lookedAtNanos = System.nanoTime();

  /**
   * Reads the file for the first time.
   *
   * @param file which
   * @param rest how long a look at the file is good for, 0 = each time it is looked at anew
   * @param parser makes a value of it
   * @throws IOException if it cannot be read, or says what is wrong with its content and in which
   *     line
   */
  public WatchedFile(Path file, Duration rest, Parser<T> parser) throws IOException {
    this(file, rest, parser, InstantSource.system());
  }

  /** With a clock that tells how old a modification time is. */
  WatchedFile(Path file, Duration rest, Parser<T> parser, InstantSource clock) throws IOException {
    this.file = file;
    this.restNanos = rest.toNanos();
    this.parser = parser;
    this.clock = clock;
    Stamp stamp = stamp();
    if (stamp.equals(Stamp.MISSING)) {
      throw new IOException(Unreadable.reason(file));
    }
    this.content = new Content<>(stamp, parse(), null);
  }

  /** Returns the content that the file has now, or had within the rest, or the last good one. */
  public T current() {
    Content<T> seen = content;
    if (restNanos > 0) {
      long nanos = System.nanoTime();
      if (nanos - lookedAtNanos < restNanos) {
        return seen.value;
      }
      lookedAtNanos = nanos;
    }
    return seen.stamp.proves(stamp()) ? seen.value : reread();
  }

  private synchronized T reread() {
    Stamp now = stamp();
    if (!content.stamp.proves(now)) {
      content = parsed(now);
    }
    return content.value;
  }

  private Content<T> parsed(Stamp now) {
    try {
      if (!Files.isRegularFile(file)) { // a pipe would hold up its reader for ever
        throw new IOException(Unreadable.reason(file));
      }
      return new Content<>(now, parse(), null);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (!content.stamp.isThatOf(now)) {
        LOG.warn("{}; the last good content stays in use", reason);
      }
      Failure before = content.failure;
      return new Content<>(
          now,
          content.value,
          before == null
              ? new Failure(clock.instant(), System.nanoTime(), reason)
              : new Failure(before.since, before.sinceNanos, reason));
    }
  }

  /** Returns why the file could not be read at the last look; null if it could. */
  public @Nullable Failure failure() {
    return content.failure;
  }

  /**
   * A file that cannot be read, so that an older content is in use.
   *
   * @param since when that was first seen
   * @param sinceNanos the same by {@link System#nanoTime}, which nobody sets
   * @param reason why it could not be read last
   */
  public record Failure(Instant since, long sinceNanos, String reason) {

    /** Returns for how long that is so. */
    public Duration lasting() {
      return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }
  }

  private T parse() throws IOException {
    if (Files.isDirectory(file)) { // which can be opened, but not read
      throw new IOException(Unreadable.reason(file));
    }
    return parser.parse(file);
  }

  private Stamp stamp() {
    try {
      return Stamp.of(file, clock);
    } catch (IOException e) {
      return Stamp.MISSING;
    }
  }

  /**
   * Reads a file.
   *
   * @param <T> what it makes of it
   */
  public interface Parser<T> {

    /**
     * Reads the file.
     *
     * @throws IOException if it cannot; the message names file, line and rule
     */
    T parse(Path file) throws IOException;
  }

  private record Content<T>(Stamp stamp, T value, @Nullable Failure failure) {}

  private record Stamp(FileTime modified, long size, @Nullable Object key, boolean settled) {

    /** Stands for any reason why there is none; never settled, so the file is tried each time. */
    static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null, false);

    static Stamp of(Path file, InstantSource clock) throws IOException {
      BasicFileAttributes read = Files.readAttributes(file, BasicFileAttributes.class);
      // a time ahead is not that of the last write either
      long age = clock.millis() - read.lastModifiedTime().toMillis();
      boolean settled = Math.abs(age) > STAMP_MILLIS;
      return new Stamp(read.lastModifiedTime(), read.size(), read.fileKey(), settled);
    }

    /** Returns whether a content read under this stamp is still that of the file. */
    boolean proves(Stamp now) {
      return settled && isThatOf(now);
    }

    boolean isThatOf(Stamp now) {
      return modified.equals(now.modified)
          && size == now.size
          && (key == null || key.equals(now.key));
    }
  }
}
