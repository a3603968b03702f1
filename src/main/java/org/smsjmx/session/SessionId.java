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
    return (int) (high ^ low);
  }
}
