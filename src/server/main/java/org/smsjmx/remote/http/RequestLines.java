package org.smsjmx.remote.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * What a client sends, its lines as RFC 9112 has them and no other way: they end in CR LF, hold no
 * control characters and are not folded. The library takes more than that, and takes the end of the
 * stream for the end of a head.
 */
final class RequestLines extends SessionInputBufferImpl {

  /** Of a head, of the line that begins a chunk, and of the trailer fields. */
  static final int MAXIMUM_BYTES = 16 << 10;

  private static final int BUFFERED_BYTES = 4 << 10;

  /** The library would take +5, and sizes that no body may have. */
  private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,7})[ \t]*(?:;.*)?");

  private int left = MAXIMUM_BYTES;
  private boolean chunked;

  RequestLines() {
    super(BUFFERED_BYTES);
  }

  void beginHead() {
    left = MAXIMUM_BYTES;
    chunked = false;
  }

  void beginChunks() {
    chunked = true;
  }

  @Override
  public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
    for (int c = read(in); c != '\r'; c = read(in)) {
      if (c < 0 && left == MAXIMUM_BYTES) {
        return -1;
      }
      boolean folded = line.isEmpty() && (c == ' ' || c == '\t');
      if (folded || (c < ' ' && c != '\t') || c == 0x7f) {
        throw malformed();
      }
      if (--left <= 0) {
        throw new Refusal(
            431, "Request line and headers are longer than %d bytes.".formatted(MAXIMUM_BYTES));
      }
      line.append((char) c);
    }
    if (read(in) != '\n') {
      throw malformed();
    }
    if (chunked && !line.isEmpty()) {
      requireChunk(line);
    }
    return line.length();
  }

  private void requireChunk(CharArrayBuffer line) throws Refusal {
    Matcher chunk = CHUNK.matcher(line);
    if (!chunk.matches()) {
      throw malformed();
    }
    left = MAXIMUM_BYTES;
    chunked = Integer.parseInt(chunk.group(1), 16) > 0; // else trailer fields follow
  }

  private static Refusal malformed() {
    return new Refusal(400, "A line of the request is not as HTTP has it.");
  }
}
