package org.smsjmx.text;

import java.util.Arrays;

/**
 * Prepares strings for comparison as directories do (RFC 4518), for {@code caseIgnoreMatch} (RFC
 * 4517, 4.2.11): two strings match when their prepared forms are equal. Letter case, compatible and
 * decomposed forms of letters, needless blanks and characters without a shape are gone then.
 *
 * <p>The tables are those of {@link UnicodeTable#VERSION}, where the standard has Unicode 3.2: what
 * both know compares alike. Where full case folding and normalization meet, the order is that of
 * the Unicode standard (definition D146), so that canonically equivalent strings always match.
 */
public final class StringPreparation {

  /** No character before this one is a mark or composes with another. */
  private static final int FIRST_MARK = 0x300;

  private static final int FIRST_BEYOND_ASCII = 0x80;

  /**
   * COMBINING GREEK YPOGEGRAMMENI. A mark, the last of all in canonical order, that folds to a
   * letter, iota: marks which stand behind it go before that letter.
   */
  private static final char IOTA_SUBSCRIPT = '\u0345';

  private static final char IOTA = '\u03B9';

  /* What orders marks: combining class, then place; the mark itself is in the lowest bits. */
  private static final int CLASS_SHIFT = 53;
  private static final int PLACE_SHIFT = 21;
  private static final int CODE_POINT = (1 << PLACE_SHIFT) - 1;

  private StringPreparation() {}

  /** Says that a string holds a code point that is prohibited in what is compared. */
  public static final class ProhibitedException extends IllegalArgumentException {
    ProhibitedException(int codePoint) {
      super(
          "names must not hold U+%04X: for private use, or no character of Unicode %s (RFC 4518, 2.4)"
              .formatted(codePoint, UnicodeTable.VERSION));
    }
  }

  /**
   * Returns the form under which a string is compared. Where the standard puts one blank around it
   * and doubles those inside (2.6.1), there is none around and one inside, which compares alike.
   *
   * @param text any text
   * @return maybe the text itself; empty if nothing in it has a shape
   * @throws ProhibitedException if a code point is prohibited (2.4): unassigned, for private use,
   *     no character, half a surrogate pair, or the replacement character
   */
  public static String prepare(String text) {
    if (text.isEmpty()) {
      return text;
    }
    boolean ascii = true;
    boolean plain = true;
    char before = ' ';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      ascii &= c < FIRST_BEYOND_ASCII;
      plain &= c >= ' ' && c <= '~' && (c != ' ' || before != ' ');
      before = c;
    }
    return plain && before != ' '
        ? Ascii.lowerCase(text)
        : withoutNeedlessBlanks(ascii ? mappedAscii(text) : normalized(text));
  }

  /**
   * Returns the form under which a string is compared where it may hold anything: one with a
   * prohibited code point matches itself alone.
   *
   * @param text any text
   */
  public static String prepareOrKeep(String text) {
    try {
      return prepare(text);
    } catch (ProhibitedException e) {
      return text;
    }
  }

  /** Maps (2.2); ASCII is normalized (2.3) then. */
  private static int[] mappedAscii(String text) {
    return Ascii.lowerCase(text)
        .chars()
        .map(c -> c >= '\t' && c <= '\r' ? ' ' : c)
        .filter(c -> c >= ' ' && c <= '~')
        .toArray();
  }

  /** Maps (2.2), normalizes to NFKC (2.3), and refuses what is prohibited (2.4). */
  private static int[] normalized(String text) {
    StringBuilder mapped = new StringBuilder(2 * text.length());
    int iotas = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (UnicodeTable.isProhibited(c)) {
        throw new ProhibitedException(c);
      }
      int from = mapped.length();
      UnicodeTable.appendMapped(c, mapped);
      if (mapped.length() == from) {
        continue; // mapped to nothing, before marks are put in order
      }
      if (iotas > 0 && combiningClass(mapped.codePointAt(from)) == 0) {
        mapped.insert(from, String.valueOf(IOTA).repeat(iotas));
        iotas = 0;
      }
      if (mapped.charAt(mapped.length() - 1) == IOTA_SUBSCRIPT) {
        mapped.setLength(mapped.length() - 1);
        iotas++;
      }
    }
    mapped.append(String.valueOf(IOTA).repeat(iotas));
    int[] codePoints = mapped.codePoints().toArray();
    putMarksInOrder(codePoints);
    return composed(codePoints);
  }

  /** Brings marks behind a letter into canonical order; any number of them. */
  private static void putMarksInOrder(int[] codePoints) {
    int from = 0;
    while (from < codePoints.length) {
      int to = from;
      while (to < codePoints.length && combiningClass(codePoints[to]) != 0) {
        to++;
      }
      if (to - from > 1) {
        long[] marks = new long[to - from];
        for (int i = 0; i < marks.length; i++) {
          int c = codePoints[from + i];
          marks[i] = (long) combiningClass(c) << CLASS_SHIFT | (long) i << PLACE_SHIFT | c;
        }
        Arrays.sort(marks);
        for (int i = 0; i < marks.length; i++) {
          codePoints[from + i] = (int) marks[i] & CODE_POINT;
        }
      }
      from = to + 1;
    }
  }

  /** Composes letters and marks that have a form together (UAX 15, D117). */
  private static int[] composed(int[] codePoints) {
    int length = 0;
    int starter = -1;
    int classBefore = 0;
    for (int c : codePoints) {
      int combiningClass = combiningClass(c);
      boolean blocked = starter < 0 || (classBefore != 0 && classBefore >= combiningClass);
      int composite = blocked || c < FIRST_MARK ? 0 : UnicodeTable.composed(codePoints[starter], c);
      if (composite != 0) {
        codePoints[starter] = composite;
        continue;
      }
      if (combiningClass == 0) {
        starter = length;
      }
      classBefore = combiningClass;
      codePoints[length++] = c;
    }
    return Arrays.copyOf(codePoints, length);
  }

  /** Leaves out blanks that mean nothing (2.6.1); one that carries a mark is none. */
  private static String withoutNeedlessBlanks(int[] codePoints) {
    StringBuilder prepared = new StringBuilder(codePoints.length);
    boolean blank = false;
    for (int i = 0; i < codePoints.length; i++) {
      int c = codePoints[i];
      boolean isBlank = c == ' ' && !(i + 1 < codePoints.length && isMark(codePoints[i + 1]));
      if (!isBlank) {
        if (blank && prepared.length() > 0) {
          prepared.append(' ');
        }
        prepared.appendCodePoint(c);
      }
      blank = isBlank;
    }
    return prepared.toString();
  }

  private static int combiningClass(int c) {
    return c < FIRST_MARK ? 0 : UnicodeTable.combiningClass(c);
  }

  private static boolean isMark(int c) {
    return c >= FIRST_MARK && UnicodeTable.isMark(c);
  }
}
