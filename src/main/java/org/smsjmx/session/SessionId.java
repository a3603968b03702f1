package org.smsjmx.session;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * A session's id: 128 bits that nobody can guess, written as 22 characters of URL-safe Base64.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record SessionId(long high, long low) {

  private static final int TEXT_LENGTH = 22;

  /**
   * Reads the text form.
   *
   * @param text what {@link #toString} gave
   * @return the id
   * @throws IllegalArgumentException if the text is no session id
   */
  public static SessionId parse(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a session id: " + text);
    }
    if (text.length() != TEXT_LENGTH || bytes.length != 2 * Long.BYTES) {
      throw new IllegalArgumentException("not a session id: " + text);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new SessionId(buffer.getLong(), buffer.getLong());
  }

  @Override
  public int hashCode() {
    return (int) (high ^ low);
  }

  /** Returns the text form. */
  @Override
  public String toString() {
    byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
