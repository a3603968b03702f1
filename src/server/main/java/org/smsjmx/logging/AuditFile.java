package org.smsjmx.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Marker;
import org.smsjmx.management.Audit;

/**
 * The rolling file for the audit. Where logback's own appender would leave out lines for a while
 * after a failure, this one throws an {@link UncheckedIOException} at whoever logs, tries again at
 * the next line, and leaves no half line in the file.
 */
public final class AuditFile extends RollingFileAppender<ILoggingEvent> {

  /** Lines that the next one brings into the file, in one write. */
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

  private long length;

  @Override
  public void openFile(String name) throws IOException {
    File file = new File(name);
    FileOutputStream out = new FileOutputStream(file, true);
    setOutputStream(out);
    if (endsWithinALine(file)) {
      out.write('\n');
    }
    length = file.length();
  }

  /** Returns whether the process that wrote the file ended in the middle of a line. */
  private static boolean endsWithinALine(File file) throws IOException {
    try (RandomAccessFile written = new RandomAccessFile(file, "r")) {
      written.seek(Math.max(0, written.length() - 1));
      int last = written.read();
      return last != '\n' && last != -1;
    }
  }

  /** Logs, without catching what goes wrong. */
  @Override
  public void doAppend(ILoggingEvent event) {
    if (!isStarted()) {
      start();
    }
    if (!isStarted()) {
      throw new UncheckedIOException(new IOException("the audit file could not be opened"));
    }
    append(event);
  }

  @Override
  protected void writeOut(ILoggingEvent event) {
    byte[] line = getEncoder().encode(event);
    streamWriteLock.lock();
    try {
      batch.writeBytes(line);
      List<Marker> markers = event.getMarkerList();
      if (markers == null || !markers.contains(Audit.MORE_FOLLOW)) {
        byte[] lines = batch.toByteArray();
        batch.reset();
        write(lines);
        length += lines.length;
        updateByteCount(lines);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } finally {
      streamWriteLock.unlock();
    }
  }

  private void write(byte[] lines) throws IOException {
    OutputStream out = getOutputStream();
    if (out == null) {
      openFile(getFile());
      out = getOutputStream();
    }
    try {
      out.write(lines);
    } catch (IOException e) {
      cut();
      throw e;
    }
  }

  /** Takes away what was written of the lines. */
  private void cut() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(getFile(), "rw")) {
      file.setLength(length);
    }
  }
}
