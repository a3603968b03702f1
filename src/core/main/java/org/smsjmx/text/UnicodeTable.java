package org.smsjmx.text;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * What {@link StringPreparation} needs to know of each code point, in one version of Unicode
 * whatever the runtime's is: names compare alike on every Java, and after an update of it. A table
 * in {@code unicode.txt}, read when a text that is not ASCII is first prepared.
 *
 * <p>The file has sections, each with lines of code points in hexadecimal, ascending:
 *
 * <ul>
 *   <li>{@code prohibited}, {@code mark}: ranges;
 *   <li>{@code class}: ranges and their canonical combining class (decimal);
 *   <li>{@code map}: ranges and what each code point in them becomes: nothing, a blank, or its
 *       letters folded and decomposed. In a range of several what stands there is for the first,
 *       and goes up by one with each;
 *   <li>{@code compose}: two code points that have a form together, and that.
 * </ul>
 */
final class UnicodeTable {

  /** The version of Unicode. */
  static final String VERSION = "17.0";

  private static final String FILE = "unicode.txt";
  private static final int HEXADECIMAL = 16;

  /* Syllables of Hangul, which are composed by computation (Unicode 3.12). */
  private static final int FIRST_SYLLABLE = 0xAC00;
  private static final int FIRST_LEADING = 0x1100;
  private static final int FIRST_VOWEL = 0x1161;
  private static final int BEFORE_FIRST_TRAILING = 0x11A7;
  private static final int LEADINGS = 19;
  private static final int VOWELS = 21;
  private static final int TRAILINGS = 28;

  private static final UnicodeTable TABLE = read();

  private final Ranges prohibited = new Ranges();
  private final Ranges marks = new Ranges();
  private final Ranges classes = new Ranges();

  /** Code points that become another one, and by how much that is greater. */
  private final Ranges shifted = new Ranges();

  /** Code points that become none or several, and where these stand in {@link #spelling}. */
  private final Ranges spelled = new Ranges();

  private final StringBuilder spelling = new StringBuilder();

  /** Both code points and their composite, in the order of the former. */
  private final Ranges composites = new Ranges();

  private UnicodeTable() {}

  /** Returns whether a code point may not stand in what is compared (RFC 4518, 2.4). */
  static boolean isProhibited(int c) {
    return TABLE.prohibited.find(c) >= 0;
  }

  /** Returns whether a code point is a combining mark (RFC 4518, appendix A). */
  static boolean isMark(int c) {
    return TABLE.marks.find(c) >= 0;
  }

  /** Returns the canonical combining class of a code point, 0 for one that begins a letter. */
  static int combiningClass(int c) {
    int at = TABLE.classes.find(c);
    return at < 0 ? 0 : TABLE.classes.value(at);
  }

  /** Appends what a code point becomes: nothing, itself or others. */
  static void appendMapped(int c, StringBuilder mapped) {
    int at = TABLE.spelled.find(c);
    if (at >= 0) {
      int place = TABLE.spelled.value(at);
      int end = place + 1 + TABLE.spelling.charAt(place);
      mapped.append(TABLE.spelling, place + 1, end);
      return;
    }
    at = TABLE.shifted.find(c);
    mapped.appendCodePoint(at < 0 ? c : c + TABLE.shifted.value(at));
  }

  /** Returns the code point that two compose to, 0 if they do not. */
  static int composed(int first, int second) {
    int leading = first - FIRST_LEADING;
    int vowel = second - FIRST_VOWEL;
    if (leading >= 0 && leading < LEADINGS && vowel >= 0 && vowel < VOWELS) {
      return FIRST_SYLLABLE + (leading * VOWELS + vowel) * TRAILINGS;
    }
    int syllable = first - FIRST_SYLLABLE;
    int trailing = second - BEFORE_FIRST_TRAILING;
    if (syllable >= 0
        && syllable < LEADINGS * VOWELS * TRAILINGS
        && syllable % TRAILINGS == 0
        && trailing > 0
        && trailing < TRAILINGS) {
      return first + trailing;
    }
    int at = TABLE.composites.find(pair(first, second));
    return at < 0 ? 0 : TABLE.composites.value(at);
  }

  private static long pair(int first, int second) {
    return (long) first << Integer.SIZE | second;
  }

  private static UnicodeTable read() {
    UnicodeTable table = new UnicodeTable();
    try (InputStream file =
            Objects.requireNonNull(UnicodeTable.class.getResourceAsStream(FILE), FILE);
        BufferedReader lines = new BufferedReader(new InputStreamReader(file, US_ASCII))) {
      String section = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("[")) {
          section = line;
        } else if (!line.startsWith("#")) {
          table.add(section, line.split(" "));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }

  private void add(String section, String[] fields) {
    if (section.equals("[compose]")) {
      long pair = pair(codePoint(fields[0]), codePoint(fields[1]));
      composites.add(pair, pair, codePoint(fields[2]));
      return;
    }
    int dash = fields[0].indexOf('-');
    int first = codePoint(dash < 0 ? fields[0] : fields[0].substring(0, dash));
    int last = dash < 0 ? first : codePoint(fields[0].substring(dash + 1));
    switch (section) {
      case "[prohibited]" -> prohibited.add(first, last, 1);
      case "[mark]" -> marks.add(first, last, 1);
      case "[class]" -> classes.add(first, last, Integer.parseInt(fields[1]));
      default -> {
        if (fields.length == 2) {
          shifted.add(first, last, codePoint(fields[1]) - first);
        } else {
          spelled.add(first, last, spell(fields));
        }
      }
    }
  }

  /** Adds what stands behind the first field; returns where. */
  private int spell(String[] fields) {
    int place = spelling.length();
    spelling.append('\0');
    for (int i = 1; i < fields.length; i++) {
      spelling.appendCodePoint(codePoint(fields[i]));
    }
    spelling.setCharAt(place, (char) (spelling.length() - place - 1));
    return place;
  }

  private static int codePoint(String field) {
    return Integer.parseInt(field, HEXADECIMAL);
  }

  /** Values of ranges, which are added in their order. */
  private static final class Ranges {

    private static final int FEW = 64;

    private long[] firsts = new long[FEW];
    private long[] lasts = new long[FEW];
    private int[] values = new int[FEW];
    private int size;

    void add(long first, long last, int value) {
      if (size == firsts.length) {
        firsts = Arrays.copyOf(firsts, 2 * size);
        lasts = Arrays.copyOf(lasts, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
      }
      firsts[size] = first;
      lasts[size] = last;
      values[size++] = value;
    }

    /** Returns the place of the range that holds a key, less than 0 if there is none. */
    int find(long key) {
      int at = Arrays.binarySearch(firsts, 0, size, key);
      int begunBefore = at >= 0 ? at : -at - 2;
      return begunBefore >= 0 && key <= lasts[begunBefore] ? begunBefore : -1;
    }

    int value(int at) {
      return values[at];
    }
  }
}
