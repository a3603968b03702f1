package org.smsjmx.session;

/**
 * A session's id: 128 bits, of which 96 are random, so that nobody can guess it; the others say in
 * which slot of the table it stands. {@link SessionKeys} gives it a text form.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record SessionId(long high, long low) {

  /** Returns one that stands in a slot, made of random bits. */
  static SessionId of(long high, long low, int slot) {
    return new SessionId(high, low << Integer.SIZE | Integer.toUnsignedLong(slot));
  }

  /** Returns the number of the slot in which it stands. */
  int slot() {
    return slot(low);
  }

  /** Returns the number of the slot that the last 64 bits of an id say. */
  static int slot(long low) {
    return (int) low;
  }
}
