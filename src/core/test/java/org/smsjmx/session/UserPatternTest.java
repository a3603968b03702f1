package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class UserPatternTest {

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "*          , dlucas    , true",
    "**         , x         , true",
    "dlucas     , DLucas    , true",
    "DLUCAS     , dlucas    , true",
    "dlucas     , dlucas2   , false",
    "d*         , dlucas    , true",
    "d*         , johnd     , false",
    "*S         , dlucas    , true",
    "*lu*       , dlucas    , true",
    "*lu*       , dulcas    , false",
    "d*s        , dlucas    , true",
    "d*d        , d         , false",
    "ab*ba      , aba       , false",
    "ab*ba      , abba      , true",
    "*ab*ab*    , xaby      , false",
    "*ab*ab*    , xabyabz   , true",
    "a*b*b      , ab        , false",
    "mary *     , Mary Jones, true",
    "m*y j*s    , Mary Jones, true",
    "*\u00D6*   , j\u00F6rg , true",
    "d.*s       , dlucas    , false",
    "?lucas     , dlucas    , false",
    "[d]*       , dlucas    , false",
    "\\Q*\\E    , dlucas    , false",
  })
  void aStarStandsForAnyText(String pattern, String user, boolean matches) {
    assertThat(new UserPattern(pattern).matches(UserNames.DIRECTORY.form(user))).isEqualTo(matches);
  }

  @Test
  void onlyAPatternWithoutStarsIsAName() {
    assertThat(new UserPattern("dlucas").isName()).isTrue();
    assertThat(new UserPattern("*").isName()).isFalse();
    assertThat(new UserPattern("dlucas*").isName()).isFalse();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("empty", ""),
        arguments("blank", "  "),
        arguments("no-break space", "\u00A0"),
        arguments("leading blank", " d*"),
        arguments("trailing blank", "*d "),
        arguments("line feed", "d*\n"),
        arguments("next line", "*\u0085*"),
        arguments("line separator", "*\u2028*"),
        arguments("right-to-left override", "*\u202E*"),
        arguments("a pair cut in half by a star", "\uD83D*\uDE00"),
        arguments("257 characters", "*".repeat(257)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void aPatternThatCouldMatchNoNameIsRefused(String what, String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> new UserPattern(pattern));
  }

  @Test
  void randomPatternsMatchAsRegularExpressionsDo() {
    Random random = new Random(42);
    int matched = 0;
    for (int i = 0; i < 200_000; i++) {
      String pattern = text(random, "aAb\u00E4\u00C4. ***", 6);
      String user = text(random, "aAb\u00E4\u00C4. ", 8);
      boolean expected =
          regex(UserNames.DIRECTORY.form(pattern))
              .matcher(UserNames.DIRECTORY.form(user))
              .matches();
      assertThat(new UserPattern(pattern).matches(UserNames.DIRECTORY.form(user)))
          .as("%s and %s", pattern, user)
          .isEqualTo(expected);
      matched += expected ? 1 : 0;
    }
    assertThat(matched).isBetween(20_000, 180_000);
  }

  private static Pattern regex(String pattern) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /** Returns a random text that neither begins nor ends with a blank. */
  private static String text(Random random, String alphabet, int maximumLength) {
    String text;
    do {
      text =
          random
              .ints(1 + random.nextInt(maximumLength), 0, alphabet.length())
              .mapToObj(at -> alphabet.substring(at, at + 1))
              .collect(Collectors.joining());
    } while (!text.equals(text.strip()) || text.isEmpty());
    return text;
  }
}
