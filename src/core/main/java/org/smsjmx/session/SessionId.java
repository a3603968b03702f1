package org.smsjmx.session;

import java.nio.ByteBuffer;

/**
 * A session's id: 128 bits, of which so many are random that it cannot be guessed. What they say is
 * known only to the table that made it. {@link SessionKeys} gives it a text form.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record SessionId(long high, long low) {

  /** Length of {@link #toBytes}. */
  public static final int BYTES = 2 * Long.BYTES;

  /**
   * Returns an id from its bytes.
   *
   * @param bytes what {@link #toBytes} gave
   * @throws IllegalArgumentException if they are not {@value #BYTES}
   */
  public static SessionId of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "session id must have %d bytes: %d".formatted(BYTES, bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new SessionId(buffer.getLong(), buffer.getLong());
  }

  /** Returns the id's {@value #BYTES} bytes. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }
}
