package org.smsjmx.session.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A folded user name in 16 bytes that stand where they are compared, so that nothing else need be
 * fetched from memory. Names of more than {@value #LENGTH} characters, or others than Latin-1, only
 * begin in it. Packed names stand in the order of the names, as far as they tell them apart.
 *
 * @param high the first eight characters
 * @param low the next seven, and in the lowest byte whether there is more: 0 if not
 */
record PackedName(long high, long low) implements Comparable<PackedName> {

  private static final int LENGTH = 15;
  private static final int HIGH_LENGTH = Long.BYTES;
  private static final int GREATEST = 0xFF;

  /** Returns the packed form of a name that has no character 0. */
  static PackedName of(String folded) {
    int length = folded.length();
    int packed = 0;
    long high = 0;
    while (packed < Math.min(length, HIGH_LENGTH) && folded.charAt(packed) <= GREATEST) {
      high |= (long) folded.charAt(packed) << shift(packed++);
    }
    long low = 0;
    if (packed == HIGH_LENGTH) {
      while (packed < Math.min(length, LENGTH) && folded.charAt(packed) <= GREATEST) {
        low |= (long) folded.charAt(packed) << shift(packed++);
      }
    }
    return packed == length
        ? new PackedName(high, low)
        : new PackedName(high | restAfter(packed), low | restAfter(packed - HIGH_LENGTH));
  }

  /** Returns the place of a character among its eight. */
  private static int shift(int i) {
    return Byte.SIZE * (HIGH_LENGTH - 1 - i % HIGH_LENGTH);
  }

  /** Returns what fills up eight characters, greater than all that could stand there. */
  private static long restAfter(int packed) {
    return packed >= HIGH_LENGTH ? 0 : -1L >>> (Byte.SIZE * Math.max(0, packed));
  }

  /** Returns whether this is the whole name. */
  boolean isWhole() {
    return (low & GREATEST) == 0;
  }

  /** Returns the name, as far as it is in it. */
  String text() {
    byte[] text = new byte[LENGTH];
    int length = 0;
    while (length < LENGTH && at(length) != 0) {
      text[length] = at(length);
      length++;
    }
    return new String(text, 0, length, ISO_8859_1);
  }

  private byte at(int i) {
    long eight = i < HIGH_LENGTH ? high : low;
    return (byte) (eight >>> shift(i));
  }

  @Override
  public int compareTo(PackedName other) {
    return high == other.high
        ? Long.compareUnsigned(low, other.low)
        : Long.compareUnsigned(high, other.high);
  }
}
