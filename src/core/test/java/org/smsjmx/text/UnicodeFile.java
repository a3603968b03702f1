package org.smsjmx.text;

import static java.util.stream.Collectors.joining;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.util.VersionInfo;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Makes the table of {@link UnicodeTable} from ICU's properties of single code points. */
final class UnicodeFile {

  private static final Normalizer2 NFC = Normalizer2.getNFCInstance();
  private static final Normalizer2 NFD = Normalizer2.getNFDInstance();
  private static final Normalizer2 NFKD = Normalizer2.getNFKDInstance();

  private static final int IOTA_SUBSCRIPT = 0x345;
  private static final int REPLACEMENT_CHARACTER = 0xFFFD;

  private UnicodeFile() {}

  /** Returns the file's content. */
  static String content() {
    StringBuilder file = new StringBuilder();
    file.append("# Unicode %s. Made by UnicodeTableTest: do not edit.\n".formatted(version()));
    ranges(file, "prohibited", UnicodeFile::isProhibited);
    ranges(file, "mark", UnicodeFile::isMark);
    file.append("[class]\n");
    runs(
        file,
        c -> UCharacter.getCombiningClass(c) == 0 ? null : "" + UCharacter.getCombiningClass(c));
    file.append("[map]\n");
    map(file);
    file.append("[compose]\n");
    Map<Long, String> composites = new TreeMap<>();
    codePoints().filter(c -> !isHangul(c)).forEach(c -> compose(composites, c));
    composites.values().forEach(file::append);
    return file.toString();
  }

  /** Returns ICU's version of Unicode. */
  static String version() {
    VersionInfo version = UCharacter.getUnicodeVersion();
    return version.getMajor() + "." + version.getMinor();
  }

  static IntStream codePoints() {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT);
  }

  /** RFC 4518, 2.4, where tables of RFC 3454 are those of an older Unicode. */
  static boolean isProhibited(int c) {
    int type = UCharacter.getType(c);
    return type == UCharacterCategory.UNASSIGNED // non-characters too
        || type == UCharacterCategory.PRIVATE_USE
        || type == UCharacterCategory.SURROGATE
        || c == REPLACEMENT_CHARACTER;
  }

  static boolean isMark(int c) {
    int type = UCharacter.getType(c);
    return type == UCharacterCategory.NON_SPACING_MARK
        || type == UCharacterCategory.COMBINING_SPACING_MARK
        || type == UCharacterCategory.ENCLOSING_MARK;
  }

  /** RFC 4518, 2.2: what becomes nothing. */
  static boolean becomesNothing(int c) {
    int type = UCharacter.getType(c);
    return c == 0xAD
        || c == 0x1806
        || c == 0x34F
        || UCharacter.hasBinaryProperty(c, UProperty.VARIATION_SELECTOR)
        || c == 0xFFFC
        || ((type == UCharacterCategory.CONTROL || type == UCharacterCategory.FORMAT)
            && !becomesBlank(c))
        || c == 0x200B;
  }

  /** RFC 4518, 2.2: what becomes a blank. */
  static boolean becomesBlank(int c) {
    int type = UCharacter.getType(c);
    return (c >= '\t' && c <= '\r')
        || c == 0x85
        || type == UCharacterCategory.SPACE_SEPARATOR
        || type == UCharacterCategory.LINE_SEPARATOR
        || type == UCharacterCategory.PARAGRAPH_SEPARATOR;
  }

  private static boolean isHangul(int c) {
    return c >= 0xAC00 && c <= 0xD7A3;
  }

  /**
   * Returns what a code point becomes, but for iota subscripts, which fold when marks are in order.
   */
  private static String mapped(int c) {
    if (becomesNothing(c)) {
      return "";
    }
    if (becomesBlank(c)) {
      return " ";
    }
    if (isHangul(c) || isProhibited(c)) {
      return Character.toString(c);
    }
    String before;
    String after = NFD.normalize(Character.toString(c));
    do {
      before = after;
      after = NFKD.normalize(folded(before));
    } while (!before.equals(after));
    return after;
  }

  private static String folded(String text) {
    return text.codePoints()
        .mapToObj(
            c ->
                c == IOTA_SUBSCRIPT
                    ? Character.toString(c)
                    : UCharacter.foldCase(Character.toString(c), true))
        .collect(joining());
  }

  private static void ranges(StringBuilder file, String section, IntPredicate in) {
    file.append("[%s]\n".formatted(section));
    runs(file, c -> in.test(c) ? "" : null);
  }

  /**
   * Writes code points with what they have; those that follow each other and have the same once.
   */
  private static void runs(StringBuilder file, IntFunction<String> value) {
    int from = 0;
    while (from <= Character.MAX_CODE_POINT) {
      String first = value.apply(from);
      int to = from + 1;
      while (to <= Character.MAX_CODE_POINT
          && (first == null ? value.apply(to) == null : first.equals(value.apply(to)))) {
        to++;
      }
      if (first != null) {
        line(file, from, to - 1, first);
      }
      from = to;
    }
  }

  private static void map(StringBuilder file) {
    int from = 0;
    while (from <= Character.MAX_CODE_POINT) {
      String first = mapped(from);
      int to = from + 1;
      if (!first.equals(Character.toString(from))) {
        while (continues(from, first, to)) {
          to++;
        }
        line(
            file,
            from,
            to - 1,
            first.codePoints().mapToObj(UnicodeFile::hex).collect(joining(" ")));
      }
      from = to;
    }
  }

  private static boolean continues(int from, String first, int c) {
    if (c > Character.MAX_CODE_POINT) {
      return false;
    }
    String mapped = mapped(c);
    return first.isEmpty()
        ? mapped.isEmpty()
        : first.codePointCount(0, first.length()) == 1
            && mapped.equals(Character.toString(first.codePointAt(0) + c - from));
  }

  private static void line(StringBuilder file, int from, int to, String value) {
    file.append(hex(from));
    if (to > from) {
      file.append('-').append(hex(to));
    }
    file.append(value.isEmpty() ? "" : " " + value).append('\n');
  }

  private static void compose(Map<Long, String> composites, int c) {
    String parts = NFC.getRawDecomposition(c);
    if (parts != null && parts.codePointCount(0, parts.length()) == 2) {
      int first = parts.codePointAt(0);
      int second = parts.codePointBefore(parts.length());
      if (NFC.composePair(first, second) == c) {
        composites.put(
            (long) first << Integer.SIZE | second,
            "%s %s %s\n".formatted(hex(first), hex(second), hex(c)));
      }
    }
  }

  private static String hex(int c) {
    return "%04X".formatted(c);
  }
}
