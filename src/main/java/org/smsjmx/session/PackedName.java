package org.smsjmx.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A folded user name in 16 bytes that stand where they are compared, so that nothing else need be
 * fetched from memory. Names of more than {@value #LENGTH} characters, or others than Latin-1, only
 * begin in it. Packed names stand in the order of the names, as far as they tell them apart.
 *
 * @param high the first eight characters
 * @param low the next seven, and in the lowest byte whether there is more
 */
record PackedName(long high, long low) implements Comparable<PackedName> {

  private static final int LENGTH = 15;
  private static final int HIGH_LENGTH = Long.BYTES;
  private static final int GREATEST = 0xFF;

  /** Returns the packed form of a name that has no character 0. */
  static PackedName of(String folded) {
    int packed = 0;
    while (packed < Math.min(folded.length(), LENGTH) && folded.charAt(packed) <= GREATEST) {
      packed++;
    }
    boolean more = packed < folded.length();
    // greater than all that could stand there
    int rest = more ? GREATEST : 0;
    long high = 0;
    for (int i = 0; i < HIGH_LENGTH; i++) {
      high = high << Byte.SIZE | (i < packed ? folded.charAt(i) : rest);
    }
    long low = 0;
    for (int i = HIGH_LENGTH; i < LENGTH; i++) {
      low = low << Byte.SIZE | (i < packed ? folded.charAt(i) : rest);
    }
    return new PackedName(high, low << Byte.SIZE | (more ? 1 : 0));
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
    return (byte) (eight >>> Byte.SIZE * (HIGH_LENGTH - 1 - i % HIGH_LENGTH));
  }

  @Override
  public int compareTo(PackedName other) {
    return high == other.high
        ? Long.compareUnsigned(low, other.low)
        : Long.compareUnsigned(high, other.high);
  }
}
