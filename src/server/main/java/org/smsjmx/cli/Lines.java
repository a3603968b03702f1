package org.smsjmx.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads command lines from a stream of UTF-8 text; lines that continue are put together. */
final class Lines {

  private final InputStream in;
  private int read;
  private int number;

  Lines(InputStream in) {
    this.in = in;
  }

  /** Returns the number of the line with which the last one that was read begins. */
  int number() {
    return number;
  }

  /**
   * Reads the next one.
   *
   * @return a command line, null at the end of the stream
   * @throws Failure if the line cannot be read as text, or lacks its continuation; the next can be
   *     read then
   */
  @Nullable String next() throws IOException, Failure {
    byte[] bytes = nextBytes();
    number = read;
    if (bytes == null) {
      return null;
    }
    StringBuilder line = new StringBuilder();
    boolean text = true;
    while (true) {
      String part = decoded(bytes);
      text &= part != null;
      String readable = part == null ? new String(bytes, StandardCharsets.ISO_8859_1) : part;
      if (!Line.continues(readable)) {
        line.append(readable);
        break;
      }
      line.append(Line.withoutBackslash(readable));
      bytes = nextBytes();
      if (bytes == null) {
        throw new Failure("The line ends with a backslash, but no line follows.");
      }
    }
    if (!text) {
      throw new Failure("The line is not UTF-8.");
    }
    return line.toString();
  }

  private static @Nullable String decoded(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private byte @Nullable [] nextBytes() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    read++;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = first; next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toByteArray();
  }
}
