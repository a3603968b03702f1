package org.smsjmx.remote.http;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;

/** The body of a request, which notes its end. What is malformed is a {@link Refusal}. */
abstract class RequestBody extends InputStream {

  private final InputStream in;
  private boolean begun;
  private boolean atEnd;

  /**
   * @param in the library's; never closed, which would read it to its end
   * @param empty whether none is announced
   */
  RequestBody(InputStream in, boolean empty) {
    this.in = in;
    this.atEnd = empty;
  }

  /** Is called before the first byte is read; a client may wait to be asked for it. */
  abstract void begin() throws IOException;

  /** Returns whether all of it was read. */
  boolean isAtEnd() {
    return atEnd;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (atEnd) {
      return -1;
    }
    if (!begun) {
      begun = true;
      begin();
    }
    try {
      int count = in.read(bytes, offset, length);
      atEnd = count < 0;
      return count;
    } catch (ConnectionClosedException
        | MalformedChunkCodingException
        | MessageConstraintException e) {
      throw new Refusal(400, "The body ends too early, or is not chunked as it should be.");
    }
  }
}
