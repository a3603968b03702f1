package org.smsjmx.audit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.smsjmx.audit.FormerFiles.Former;
import org.smsjmx.log.Logs;

/**
 * The former files of an audit, {@code audit.<day>.<count>.log} and, compressed, with {@code .gz}
 * after it. A thread of its own compresses them and removes those that are too old or too many.
 * What is compressed is read again and compared before its source goes, so that a full disk or a
 * stop in the middle loses nothing; what a stop leaves is removed by the next run.
 */
final class AuditArchive {

  private static final Logger LOG = Logs.of(AuditArchive.class);

  private static final String GZ = ".gz";
  private static final int IDLE_SECONDS = 1;
  private static final int BUFFER = 1 << 16;

  private final AuditFile.Settings settings;
  private final InstantSource clock;
  private final Path directory;
  private final String base;

  /**
   * Held by a thread that lists files to find a free name, and by one that changes names: a listing
   * beside a change may miss the file under both of its names.
   */
  private final Object names = new Object();

  private final FormerFiles former;
  private final Pattern leftover;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> WritingThread.of(task, "audit-archive"));

  AuditArchive(AuditFile.Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.directory = FileAccess.directoryOf(settings.file());
    this.base = FormerFiles.baseOf(settings.file());
    this.former = new FormerFiles(settings.file());
    this.leftover =
        Pattern.compile(
            Pattern.quote(base) + "\\.(\\d{4}-\\d{2}-\\d{2})\\.(\\d+)\\.log(?:\\.gz)?\\d+\\.tmp");
    thread.allowCoreThreadTimeOut(true);
  }

  /** Returns what {@link LastLines} returns for the newest former file that has lines. */
  List<byte[]> lastLines() throws IOException {
    List<Former> formers = former.list();
    for (int i = formers.size() - 1; i >= 0; i--) {
      try {
        List<byte[]> lines =
            formers.get(i).part() ? List.of() : LastLines.of(formers.get(i).file());
        if (!lines.isEmpty()) {
          return lines;
        }
      } catch (EOFException | ZipException e) {
        LOG.warn("{} is not whole, and left out: {}", formers.get(i).file(), e.getMessage());
      }
    }
    return List.of();
  }

  /**
   * Makes the file a former one.
   *
   * @param day of its lines
   * @throws IOException if its name cannot be changed
   */
  void rotate(LocalDate day) throws IOException {
    synchronized (names) {
      long count = 0;
      for (Former known : former.list()) {
        if (known.day().equals(day.toString())) {
          count = Math.max(count, known.count() + 1);
        }
      }
      Files.move(settings.file(), directory.resolve("%s.%s.%d.log".formatted(base, day, count)));
    }
  }

  /** Compresses and removes what there is to compress and to remove, some time soon. */
  void tidyUp() {
    if (thread.getQueue().isEmpty() && !thread.isShutdown()) {
      thread.execute(this::tidy);
    }
  }

  private void tidy() {
    try {
      takeOverLeftovers();
      for (Former known : former.list()) {
        FileAccess.admit(settings.group(), known.file());
        if (known.part()) {
          Files.delete(known.file());
        } else if (!known.compressed()) {
          compress(known.file());
        }
      }
      removeOld();
    } catch (IOException | RuntimeException e) {
      if (thread.isShutdown()) {
        return; // interrupted: the next run goes on
      }
      LOG.warn("former audit files stay as they are for now: {}", e.toString());
    }
  }

  private void compress(Path source) throws IOException {
    Path target = source.resolveSibling(source.getFileName() + GZ);
    Path part = source.resolveSibling("." + target.getFileName());
    try {
      FileChannel channel =
          FileChannel.open(
              part,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              FileAccess.ofNewFile());
      try (channel;
          InputStream in = Files.newInputStream(source);
          OutputStream out = new GZIPOutputStream(Channels.newOutputStream(channel), BUFFER)) {
        in.transferTo(out);
        ((GZIPOutputStream) out).finish();
        channel.force(true);
      }
      if (!holds(part, source, false)) {
        throw new IOException(part + ": is not what was compressed");
      }
      Files.setLastModifiedTime(part, Files.getLastModifiedTime(source));
      FileAccess.admit(settings.group(), part);
      synchronized (names) {
        if (Files.exists(target) && !holds(target, source, false)) {
          throw new IOException(target + ": is there already, and other than " + source);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(source);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Returns whether a compressed file holds what the source holds, or its beginning if it may. */
  private static boolean holds(Path compressed, Path source, boolean mayBreakOff)
      throws IOException {
    byte[] read = new byte[BUFFER];
    try (InputStream right = Files.newInputStream(source);
        InputStream left = new GZIPInputStream(Files.newInputStream(compressed), BUFFER)) {
      int length;
      do {
        length = left.readNBytes(read, 0, BUFFER);
        byte[] expected = right.readNBytes(length);
        if (!Arrays.equals(expected, 0, expected.length, read, 0, length)) {
          return false;
        }
      } while (length == BUFFER);
      return mayBreakOff || right.read() < 0;
    } catch (EOFException | ZipException e) {
      return mayBreakOff;
    }
  }

  /**
   * Takes over what a stop of version 0.1.0 left while it compressed: the source under a name of
   * its own, and maybe the beginning of the compressed file.
   */
  private void takeOver(Path source, String day, String count) throws IOException {
    Path plain = directory.resolve("%s.%s.%s.log".formatted(base, day, count));
    Path compressed = plain.resolveSibling(plain.getFileName() + GZ);
    synchronized (names) {
      if (Files.exists(compressed) && holds(compressed, source, true)) {
        Files.delete(compressed);
      }
      if (!Files.exists(compressed) && !Files.exists(plain)) {
        Files.move(source, plain);
      }
    }
  }

  private void takeOverLeftovers() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.tmp")) {
      for (Path file : files) {
        Matcher name = leftover.matcher(file.getFileName().toString());
        if (name.matches()) {
          takeOver(file, name.group(1), name.group(2));
        }
      }
    }
  }

  private void removeOld() throws IOException {
    List<Former> formers = former.list();
    long total = Files.exists(settings.file()) ? Files.size(settings.file()) : 0;
    for (Former known : formers) {
      total += Files.size(known.file());
    }
    for (Former known : formers) {
      boolean old =
          Files.getLastModifiedTime(known.file())
              .toInstant()
              .isBefore(clock.instant().minus(settings.retention()));
      if (old || total > settings.totalSize()) {
        total -= Files.size(known.file());
        Files.delete(known.file());
        LOG.info(
            "{} is removed: {}",
            known.file(),
            old ? "it is older than audit.retention" : "all take more than audit.total-size");
      }
    }
  }

  /** Ends its thread; what it is about stays as it was, for the next run. */
  void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(IDLE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
