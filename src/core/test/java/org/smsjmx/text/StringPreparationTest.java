package org.smsjmx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.StringPrep;
import com.ibm.icu.text.StringPrepParseException;
import com.ibm.icu.util.VersionInfo;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Named by the paragraphs of RFC 4518. */
final class StringPreparationTest {

  private static final Normalizer2 NFD = Normalizer2.getNFDInstance();
  private static final Normalizer2 NFKD = Normalizer2.getNFKDInstance();
  private static final Normalizer2 NFKC = Normalizer2.getNFKCInstance();

  static Stream<Arguments> matching() {
    return Stream.of(
        arguments("2.2: letter case", "MIKE", "mike"),
        arguments("2.2: full folding", "Stra\u00DFe", "STRASSE"),
        arguments("2.2: capital sharp s", "Stra\u1E9Ee", "strasse"),
        arguments("2.2: final sigma", "\u039F\u03A3", "\u03BF\u03C2"),
        arguments("2.2: long s", "\u017Fales", "Sales"),
        arguments("2.2: Kelvin sign", "\u212Aim", "kim"),
        arguments("2.2: I with dot above", "\u0130smail", "i\u0307smail"),
        arguments("2.2: Cherokee, which folds to capitals", "\uAB70", "\u13A0"),
        arguments("2.2: Deseret, beyond 16 bits", "\uD801\uDC00", "\uD801\uDC28"),
        arguments("2.2: soft hyphen", "mi\u00ADke", "mike"),
        arguments("2.2: Mongolian todo soft hyphen", "mi\u1806ke", "mike"),
        arguments("2.2: combining grapheme joiner", "mi\u034Fke", "mike"),
        arguments("2.2: variation selector", "mike\uFE0F", "mike"),
        arguments("2.2: variation selector 17", "mike\uDB40\uDD00", "mike"),
        arguments("2.2: object replacement character", "mi\uFFFCke", "mike"),
        arguments("2.2: zero width space", "mi\u200Bke", "mike"),
        arguments("2.2: zero width joiner", "mi\u200Dke", "mike"),
        arguments("2.2: byte order mark", "\uFEFFmike", "mike"),
        arguments("2.2: right-to-left override", "mi\u202Eke", "mike"),
        arguments("2.2: isolate, younger than the standard", "mi\u2066ke", "mike"),
        arguments("2.2: tag", "mike\uDB40\uDC41", "mike"),
        arguments("2.2: control characters", "mi\u0000ke\u007F", "mike"),
        arguments("2.2: control characters beyond ASCII", "\u00E9\u0000\u0084", "\u00E9"),
        arguments("2.2: tab, line feed and next line", "Mary\t\n\u0085Jones", "mary jones"),
        arguments("2.2: no-break space", "Mary\u00A0Jones", "mary jones"),
        arguments("2.2: ideographic space", "Mary\u3000Jones", "mary jones"),
        arguments("2.3: composed and decomposed", "Jos\u00E9", "Jose\u0301"),
        arguments("2.3: marks in another order", "e\u0323\u0302", "e\u0302\u0323"),
        arguments("2.3: marks around what becomes nothing", "e\u0302\u034F\u0323", "\u1EC7"),
        arguments("2.3: compatible forms", "\uFF2D\uFF49\uFF4B\uFF45", "mike"),
        arguments("2.3: ligature", "o\uFB03ce", "office"),
        arguments("2.3: mathematical letters", "\uD835\uDC74ike", "mike"),
        arguments("2.3: circled digit", "mike\u2460", "mike1"),
        arguments("2.3: Angstrom sign", "\u212Bsa", "\u00E5sa"),
        arguments("2.3: Hangul in parts", "\u1100\u1161\u11A8", "\uAC01"),
        arguments("2.3: Hangul of compatible parts", "\u3131\u314F", "\uAC00"),
        arguments("2.3: half of a syllable", "\uAC00\u11A8", "\uAC01"),
        arguments("2.3: folded before it is composed", "\u1FB4", "\u03AC\u03B9"),
        arguments("2.3: iota subscript before the accent", "\u03B1\u0345\u0301", "\u1FB4"),
        arguments("2.3: iota subscript before a mark that is two", "\u0345\u0F73", "\u0F73\u0345"),
        arguments("2.3: iota subscript before a halfwidth mark", "\u0345\uFF9E", "\u0345\u3099"),
        arguments("2.6.1: around", "  mike ", "mike"),
        arguments("2.6.1: inside", "Mary   Jones", "Mary Jones"),
        arguments("2.6.1: of several kinds", "Mary \u00A0\t Jones\u2003", "Mary Jones"),
        arguments("2.6.1: with what becomes nothing between", "Mary \u200B Jones", "Mary Jones"),
        arguments("2.6.1: blanks alone", "  \u3000", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("matching")
  void stringsThatMatchHaveOneForm(String paragraph, String one, String other) {
    assertThat(StringPreparation.prepare(one)).isEqualTo(StringPreparation.prepare(other));
  }

  static Stream<Arguments> different() {
    return Stream.of(
        arguments("2.2: dotless i has no partner", "m\u0131ke", "mike"),
        arguments("2.2: dotless i and capital I", "m\u0131ke", "MIKE"),
        arguments("2.2: I with dot above is not i", "\u0130smail", "ismail"),
        arguments("2.3: accents count", "Jos\u00E9", "jose"),
        arguments("2.3: another script", "\u043Cike", "mike"),
        arguments("2.6.1: a blank with a mark is no blank", "a \u0301b", "a\u0301b"),
        arguments("2.6.1: nor are two of them one", "a  \u0301b", "a \u0301b"),
        arguments("2.6.1: one blank and none", "Mary Jones", "MaryJones"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("different")
  void stringsThatDoNotMatchHaveTwo(String paragraph, String one, String other) {
    assertThat(StringPreparation.prepare(one)).isNotEqualTo(StringPreparation.prepare(other));
  }

  /** 2.4. */
  @ParameterizedTest
  @ValueSource(
      ints = {0x378, 0xE000, 0xF0000, 0x10FFFD, 0xFDD0, 0xFFFE, 0x1FFFF, 0xD800, 0xDFFF, 0xFFFD})
  void aProhibitedCodePointIsRefusedAndMatchesItselfAlone(int c) {
    String text = "Mike" + Character.toString(c);
    assertThatExceptionOfType(StringPreparation.ProhibitedException.class)
        .isThrownBy(() -> StringPreparation.prepare(text))
        .withMessageContaining("U+%04X".formatted(c));
    assertThat(StringPreparation.prepareOrKeep(text)).isEqualTo(text);
  }

  @Test
  void everyCodePointIsPreparedAsIcuDoes() {
    UnicodeFile.codePoints()
        .forEach(
            c -> {
              String letter = Character.toString(c);
              if (UnicodeTable.isProhibited(c) != UnicodeFile.isProhibited(c)) {
                throw new AssertionError("%04X".formatted(c));
              }
              if (!UnicodeFile.isProhibited(c)) {
                requireAsIcu(letter);
                requireAsIcu("a" + letter + "\u0301\u0345 x");
              }
            });
  }

  private static void requireAsIcu(String text) {
    String prepared = StringPreparation.prepare(text);
    if (!prepared.equals(byIcu(text)) || !StringPreparation.prepare(prepared).equals(prepared)) {
      throw new AssertionError(
          "%s becomes %s, and by ICU %s".formatted(hex(text), hex(prepared), hex(byIcu(text))));
    }
  }

  @Test
  void randomStringsArePreparedAsIcuDoes() {
    int[] hard =
        ("aIi\u0131\u0130 \u00A0\u00A8\u00DF\u0149\u01F0\u0300\u0301\u0302\u0307\u0308\u0323\u0327"
                + "\u0345\u034F\u0390\u03B1\u03B9\u03C9\u0439\u05B4\u0591\u0653\u0915\u093C\u0E33"
                + "\u0F71\u0F72\u0F73\u1100\u1161\u11A8\uAC00\u1E9B\u1EA0\u1F80\u1FB3\u1FB7\u200D"
                + "\u2126\u3099\u304B\uFB1D\uFB2A\uFDFA\uFE0F\uFF76\uD834\uDD5E\uD835\uDC00\uD804"
                + "\uDC99\uD804\uDCBA*")
            .codePoints()
            .toArray();
    Random random = new Random(42);
    int[] all =
        UnicodeFile.codePoints()
            .filter(c -> !UnicodeFile.isProhibited(c) && !isMarkInCompatibleFormOnly(c))
            .toArray();
    for (int i = 0; i < 300_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        int[] some = random.nextInt(6) == 0 ? all : hard;
        text.appendCodePoint(some[random.nextInt(some.length)]);
      }
      requireAsIcu(text.toString());
    }
  }

  /**
   * Behind an iota subscript D146 takes halfwidth sound marks for letters, and not their compatible
   * forms, so that equivalent strings would not match.
   */
  private static boolean isMarkInCompatibleFormOnly(int c) {
    String letter = Character.toString(c);
    return UCharacter.getCombiningClass(NFD.normalize(letter).codePointAt(0)) == 0
        && UCharacter.getCombiningClass(NFKD.normalize(letter).codePointAt(0)) != 0;
  }

  /** Says how a string is prepared in the words of the standards, by what ICU has for them. */
  private static String byIcu(String text) {
    StringBuilder mapped = new StringBuilder();
    text.codePoints()
        .filter(c -> !UnicodeFile.becomesNothing(c))
        .map(c -> UnicodeFile.becomesBlank(c) ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    // The Unicode Standard, 3.13, D146
    String once = NFKD.normalize(UCharacter.foldCase(NFD.normalize(mapped), true));
    return spaced(NFKC.normalize(UCharacter.foldCase(once, true)));
  }

  /** 2.6.1. */
  private static String spaced(String text) {
    StringBuilder spaced = new StringBuilder();
    int[] codePoints = (text + " ").codePoints().toArray();
    for (int i = 0; i < codePoints.length - 1; i++) {
      boolean marked = UnicodeFile.isMark(codePoints[i + 1]);
      spaced.appendCodePoint(codePoints[i] == ' ' && !marked ? '\n' : codePoints[i]);
    }
    return spaced.toString().replaceAll("^\n+|\n+$", "").replaceAll("\n+", " ");
  }

  /**
   * ICU has the tables of the standard's own time, too (RFC 3454, A.1 and B.2). Since then Unicode
   * has corrected five ideographs (Corrigendum 4), and given small partners to letters without one.
   */
  @Test
  void whatTheStandardKnowsIsPreparedAsItSays() {
    StringPrep standard = StringPrep.getInstance(StringPrep.RFC4518_LDAP_CI);
    Set<String> others = new TreeSet<>();
    UnicodeFile.codePoints()
        .filter(c -> !UnicodeFile.isProhibited(c))
        .filter(c -> UCharacter.getAge(c).compareTo(VersionInfo.getInstance(3, 2)) <= 0)
        .forEach(
            c -> {
              String letter = Character.toString(c);
              try {
                String expected = spaced(standard.prepare(letter, StringPrep.DEFAULT));
                if (!expected.equals(StringPreparation.prepare(letter))) {
                  others.add("%04X".formatted(c));
                }
              } catch (StringPrepParseException e) {
                others.add("%04X refused".formatted(c));
              }
            });
    Set<String> since = new TreeSet<>(Set.of("2F868", "2F874", "2F91F", "2F95F", "2F9BF"));
    since.addAll(Set.of("04C0", "2132", "2183")); // palochka, turned F, reversed C
    IntStream.rangeClosed(0x10A0, 0x10C5).forEach(c -> since.add("%04X".formatted(c))); // Georgian
    assertThat(others).isEqualTo(since);
  }

  /** The JDK's tables are of Unicode 13 in Java 17: they know neither letter. */
  @Test
  void aLetterThatIsYoungerThanTheRuntimeHasItsCase() {
    assertThat(StringPreparation.prepare("\uA7DA")).isEqualTo("\uA7DB");
  }

  @Test
  void veryManyMarksAreOrderedInReasonableTime() {
    int many = 200_000;
    String above = "\u0301".repeat(many);
    String below = "\u0323".repeat(many);
    assertThat(StringPreparation.prepare("x" + above + below)).isEqualTo("x" + below + above);
    assertThat(StringPreparation.prepare("\uFDFA".repeat(many))).hasSize(18 * many);
    assertThat(StringPreparation.prepare("x" + "\u200B".repeat(many))).isEqualTo("x");
    assertThat(StringPreparation.prepare("x" + "\u0345".repeat(many)))
        .isEqualTo("x" + "\u03B9".repeat(many));
  }

  @Test
  void aTextInItsFormIsReturnedAsItIs() {
    for (String text : new String[] {"", "dlucas", "mary jones", "a", "o'neil+test@example.com"}) {
      assertThat(StringPreparation.prepare(text)).isSameAs(text);
    }
  }

  private static String hex(String text) {
    return Arrays.toString(text.codePoints().mapToObj("%04X"::formatted).toArray(String[]::new));
  }
}
