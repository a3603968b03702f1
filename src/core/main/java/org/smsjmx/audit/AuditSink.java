package org.smsjmx.audit;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where lines are written to. Used by one thread at a time, but for {@link #isIntact}. */
interface AuditSink {

  /**
   * What became of a file without us.
   *
   * @param event in a word
   * @param linesLost whether lines that were written last may be gone
   */
  record Change(String event, boolean linesLost) {}

  /**
   * Makes it ready to be written to. Until a line is written it leaves everything as it was.
   *
   * @return the lines at its end, without line ends, the last of them last; empty if it has none.
   *     The last one may be the beginning of a line; then a whole one stands before it, if there is
   *     one
   * @throws IOException if it cannot be written to
   */
  List<byte[]> open() throws IOException;

  /**
   * Makes sure that what was written is where it should be, and that the next lines will be.
   *
   * @return what has changed since it was written to or inspected last, null if nothing
   * @throws IOException if it cannot be written to any more
   */
  @Nullable Change inspect() throws IOException;

  /** Returns whether {@link #inspect} would find nothing; for any thread. */
  boolean isIntact();

  /**
   * Hands lines to the operating system, all or none.
   *
   * @throws IOException if it could not; none is there then
   */
  void append(List<ChainedLine> lines) throws IOException;

  /** Takes no more lines. */
  void close() throws IOException;
}
