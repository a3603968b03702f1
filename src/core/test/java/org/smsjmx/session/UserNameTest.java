package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class UserNameTest {

  static Stream<Arguments> allowed() {
    return Stream.of(
        arguments("plain", "dlucas"),
        arguments("one character", "x"),
        arguments("blank inside", "Mary Jones"),
        arguments("no-break space inside", "Mary\u00A0Jones"),
        arguments("punctuation", "o'neil+test@example.com,\"x\"\\/?=%;:<>|&"),
        arguments("umlauts", "J\u00F6rg M\u00FC\u00DF"),
        arguments("combining mark", "Jo\u0308rg"),
        arguments("right-to-left letters", "\u05D3\u05D5\u05D3"),
        arguments("supplementary character", "\uD835\uDC9C\uD83D\uDE00"),
        arguments("zero width joiner", "a\u200Db"),
        arguments("256 characters", "x".repeat(256)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allowed")
  void aNameThatMayBeUsedIsReturnedUnchanged(String what, String name) {
    assertThat(UserName.require(name)).isSameAs(name);
    assertThat(new UserInRealm(name, "ibm.com").user()).isSameAs(name);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("empty", "", "blank"),
        arguments("blank", "   ", "blank"),
        arguments("tab", "\t", "blank"),
        arguments("no-break space alone", "\u00A0", "blank"),
        arguments("leading blank", " dlucas", "blank"),
        arguments("trailing blank", "dlucas ", "blank"),
        arguments("leading no-break space", "\u00A0dlucas", "blank"),
        arguments("trailing no-break space", "dlucas\u00A0", "blank"),
        arguments("trailing narrow no-break space", "dlucas\u202F", "blank"),
        arguments("leading ideographic space", "\u3000dlucas", "blank"),
        arguments("257 characters", "x".repeat(257), "256"),
        arguments("129 supplementary characters", "\uD83D\uDE00".repeat(129), "256"),
        arguments("star", "*", "*"),
        arguments("star inside", "d*lucas", "*"),
        arguments("null character", "a\0b", "U+0000"),
        arguments("line feed", "a\nb", "U+000A"),
        arguments("carriage return", "a\rb", "U+000D"),
        arguments("tab inside", "a\tb", "U+0009"),
        arguments("escape", "a\u001B[31mb", "U+001B"),
        arguments("delete", "a\u007Fb", "U+007F"),
        arguments("next line", "a\u0085b", "U+0085"),
        arguments("line separator", "a\u2028b", "U+2028"),
        arguments("paragraph separator", "a\u2029b", "U+2029"),
        arguments("arabic letter mark", "a\u061Cb", "U+061C"),
        arguments("left-to-right mark", "a\u200Eb", "U+200E"),
        arguments("right-to-left mark", "a\u200Fb", "U+200F"),
        arguments("left-to-right embedding", "a\u202Ab", "U+202A"),
        arguments("right-to-left override", "a\u202Eb", "U+202E"),
        arguments("left-to-right isolate", "a\u2066b", "U+2066"),
        arguments("pop isolate", "a\u2069b", "U+2069"),
        arguments("high half of a pair", "a\uD83D", "U+D83D"),
        arguments("low half of a pair", "\uDE00b", "U+DE00"),
        arguments("pair the wrong way round", "a\uDE00\uD83Db", "U+DE00"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void aNameThatMayNotBeUsedIsRefused(String what, String name, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UserName.require(name))
        .withMessageStartingWith("user must ")
        .withMessageContaining(message);
    assertThatIllegalArgumentException().isThrownBy(() -> new UserInRealm(name, "ibm.com"));
  }

  @Test
  void aRefusalShowsNoHiddenCharacters() {
    refused()
        .forEach(
            each ->
                assertThatIllegalArgumentException()
                    .isThrownBy(() -> UserName.require((String) each.get()[1]))
                    .satisfies(
                        e ->
                            assertThat(e.getMessage())
                                .doesNotContainPattern("[\\p{Cc}\\p{Cs}\u2028\u2029\\p{Cf}]")));
  }
}
