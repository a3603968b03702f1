package org.smsjmx.remote.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The body of a request, by its length or in chunks. What is malformed is a {@link Refusal}. */
abstract class RequestBody extends InputStream {

  private static final String NOT_CHUNKED = "The body is not chunked as it should be.";

  /**
   * Returns the body that a head announces.
   *
   * @throws Refusal if what it says of the body is malformed or contradicts itself
   */
  static RequestBody of(RequestHead head, InputStream in) throws Refusal {
    List<String> lengths = head.headers().getOrDefault("Content-Length", List.of());
    List<String> codings = head.headers().getOrDefault("Transfer-Encoding", List.of());
    if (!codings.isEmpty()) {
      if (!lengths.isEmpty() || codings.size() > 1 || head.minorVersion() == 0) {
        throw new Refusal(400, "Where the body ends is said in two ways.");
      }
      if (!codings.get(0).equalsIgnoreCase("chunked")) {
        throw new Refusal(501, "No transfer encoding but chunked is understood.");
      }
      return new Chunked(in);
    }
    if (lengths.isEmpty()) {
      return new Fixed(in, 0);
    }
    String length = lengths.get(0);
    if (lengths.size() > 1 || !length.matches("\\d{1,18}")) {
      throw new Refusal(400, "The length of the body is no number.");
    }
    return new Fixed(in, Long.parseLong(length));
  }

  /** Returns whether all of it was read. */
  abstract boolean isAtEnd();

  @Override
  public abstract int read(byte[] bytes, int offset, int length) throws IOException;

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  private static final class Fixed extends RequestBody {

    private final InputStream in;
    private long left;

    Fixed(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    boolean isAtEnd() {
      return left == 0;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new Refusal(400, "The body ends too early.");
      }
      left -= count;
      return count;
    }
  }

  private static final class Chunked extends RequestBody {

    /** Sizes of chunks, and trailer fields, which nobody needs. */
    private static final int LONGEST_SIZE = 7;

    private final InputStream in;
    private int left;
    private boolean first = true;
    private boolean atEnd;

    Chunked(InputStream in) {
      this.in = in;
    }

    @Override
    boolean isAtEnd() {
      return atEnd;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0 && !atEnd) {
        beginChunk();
      }
      if (atEnd) {
        return -1;
      }
      int count = in.read(bytes, offset, Math.min(length, left));
      if (count < 0) {
        throw notChunked();
      }
      left -= count;
      return count;
    }

    private void beginChunk() throws IOException {
      RequestHead.Lines lines = new RequestHead.Lines(in);
      if (!first && line(lines).length > 0) {
        throw notChunked();
      }
      first = false;
      String size = new String(line(lines), StandardCharsets.ISO_8859_1);
      int extension = size.indexOf(';');
      String digits = (extension < 0 ? size : size.substring(0, extension)).strip();
      if (digits.length() > LONGEST_SIZE || !digits.matches("[0-9a-fA-F]+")) {
        throw notChunked();
      }
      left = Integer.parseInt(digits, 16);
      if (left == 0) {
        while (line(lines).length > 0) {
          // a trailer field is read and dropped
        }
        atEnd = true;
      }
    }

    private static byte[] line(RequestHead.Lines lines) throws IOException {
      byte[] line = lines.next();
      if (line == null) {
        throw notChunked();
      }
      return line;
    }

    private static Refusal notChunked() {
      return new Refusal(400, NOT_CHUNKED);
    }
  }
}
