package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.text.StringPreparation;

final class UserNamesTest {

  private static final String REALM = "ibm.com";

  static Stream<Arguments> spellings() {
    return Stream.of(
        arguments("letter case", "dlucas", "DLucas"),
        arguments("letter case beyond ASCII", "J\u00F6rg", "J\u00D6RG"),
        arguments("composed and decomposed", "J\u00F6rg", "Jo\u0308rg"),
        arguments("sharp s", "M\u00FC\u00DF", "m\u00FCss"),
        arguments("blanks", "Mary Jones", "mary \u00A0 JONES"),
        arguments("fullwidth", "mike", "\uFF2D\uFF29\uFF2B\uFF25"),
        arguments("zero width space", "mike", "mi\u200Bke"),
        arguments("word joiner", "mike", "mike\u2060"),
        arguments("tag characters", "mike", "mike\uDB40\uDC6D"),
        arguments("variation selector", "mike\u2764", "mike\u2764\uFE0F"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void spellingsOfOneNameAreOneUserUnlessNamesAreExact(String what, String one, String other) {
    assertThat(new UserInRealm(one, REALM))
        .isEqualTo(new UserInRealm(other, REALM))
        .hasSameHashCodeAs(new UserInRealm(other, REALM));
    assertThat(new UserInRealm(other, REALM).user()).isEqualTo(other);
    assertThat(new UserPattern(other).matches(new UserInRealm(one, REALM).key())).isTrue();

    UserInRealm exact = new UserInRealm(one, REALM, UserNames.EXACT);
    assertThat(exact).isNotEqualTo(new UserInRealm(other, REALM, UserNames.EXACT));
    assertThat(new UserPattern(other, UserNames.EXACT).matches(exact.key())).isFalse();
    assertThat(new UserPattern(one, UserNames.EXACT).matches(exact.key())).isTrue();
  }

  @Test
  void aDotlessIIsAnotherUser() {
    assertThat(new UserInRealm("m\u0131ke", REALM)).isNotEqualTo(new UserInRealm("mike", REALM));
    assertThat(new UserInRealm("M\u0130KE", REALM)).isNotEqualTo(new UserInRealm("mike", REALM));
    assertThat(new UserInRealm("m\u0131ke", REALM)).isNotEqualTo(new UserInRealm("MIKE", REALM));
  }

  @Test
  void anotherRealmIsAnotherUser() {
    assertThat(new UserInRealm("mike", "ibm.com")).isNotEqualTo(new UserInRealm("mike", "IBM.com"));
    assertThat(new UserInRealm("Mike", "ibm.com")).hasToString("Mike in realm ibm.com");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("grows under NFKC", "\uFDFA".repeat(15), "256"),
        arguments("grows when it is folded", "\u00DF".repeat(129), "256"),
        arguments("shapeless alone", "\u200B", "blank"),
        arguments("shapeless and more of it", "\u200D\uFE0F\u00AD\u2060", "blank"),
        arguments("fullwidth asterisk", "mike\uFF0A", "*"),
        arguments("small asterisk", "\uFE61", "*"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void aNameIsRefusedForWhatIsComparedToo(String what, String name, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UserInRealm(name, REALM))
        .withMessageStartingWith("user must ")
        .withMessageContaining(message);
    assertThatIllegalArgumentException().isThrownBy(() -> new UserPattern(name));
    assertThat(new UserInRealm(name, REALM, UserNames.EXACT).key()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x378, 0xE000, 0xFDD0, 0xFFFD, 0x10FFFF})
  void aProhibitedCodePointIsRefusedByNumber(int c) {
    String name = "mike" + Character.toString(c);
    assertThatExceptionOfType(StringPreparation.ProhibitedException.class)
        .isThrownBy(() -> new UserInRealm(name, REALM))
        .withMessageContaining("U+%04X".formatted(c));
    assertThat(new UserInRealm(name, REALM, UserNames.EXACT).key()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " mike", "mi*ke", "mi\nke", "mi\u202Eke", "mike\uD800"})
  void whatNobodyCanReadIsRefusedWhereNamesAreExactToo(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UserInRealm(name, REALM, UserNames.EXACT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFDFA", "\u00E9", "e\u0301", "x", "\u0130"})
  void theLongestNameIsBoundedAsItIsComparedAndAsItIsTyped(String letter) {
    int most =
        UserName.MAXIMUM_LENGTH
            / Math.max(letter.length(), UserNames.DIRECTORY.form(letter).length());
    assertThat(new UserInRealm(letter.repeat(most), REALM).key().length()).isLessThanOrEqualTo(256);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UserInRealm(letter.repeat(most + 1), REALM))
        .withMessageContaining("256");
  }

  @Test
  void theFormOfAFormIsItself() {
    for (UserNames names : UserNames.values()) {
      spellings()
          .map(each -> names.form((String) each.get()[2]))
          .forEach(form -> assertThat(names.form(form)).isEqualTo(form));
    }
  }

  @Test
  void aUserMayBeComparedByAnotherRule() {
    UserInRealm user = new UserInRealm("Mike", REALM);
    assertThat(user.comparedBy(UserNames.DIRECTORY)).isSameAs(user);
    assertThat(user.comparedBy(UserNames.EXACT).key()).isEqualTo("Mike");
    assertThat(new UserPattern("Mi*").comparedBy(UserNames.EXACT).matches("mike")).isFalse();
    assertThat(user.spelled("MIKE")).isEqualTo(user);
  }
}
