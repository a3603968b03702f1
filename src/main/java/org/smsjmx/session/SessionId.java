package org.smsjmx.session;

/**
 * A session's id: 128 bits that nobody can guess. {@link SessionKeys} gives it a text form.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record SessionId(long high, long low) {

  @Override
  public int hashCode() {
    return hash(high, low);
  }

  /** Returns the hash code of the id of these bits. */
  static int hash(long high, long low) {
    return (int) (high ^ low);
  }
}
