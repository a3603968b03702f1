package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CredentialTest {

  /** Texts at which lengths take more room, and such as cannot be written in UTF-8. */
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "\0",
          "\u0080",
          "M\u00FC\u00DF",
          "\uD83D",
          "\uDE00x",
          "\u4E00",
          "x".repeat(63),
          "y".repeat(64),
          "\u4E00".repeat(32),
          "\u00FF".repeat(8_191),
          "z".repeat(8_192));

  @Test
  void saysWhatItWasMadeOf() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      String principal = text(random);
      List<String> groups = texts(random);
      Map<String, List<String>> attributes = new HashMap<>();
      for (int n = random.nextInt(5); n > 0; n--) {
        attributes.put(text(random), texts(random));
      }

      Credential credential = new Credential(principal, groups, attributes);

      assertThat(credential.principal()).isEqualTo(principal);
      assertThat(credential.groups()).isEqualTo(groups);
      assertThat(credential.attributes()).isEqualTo(attributes);
      assertThat(credential)
          .isEqualTo(new Credential(principal, groups, new HashMap<>(attributes)))
          .hasSameHashCodeAs(new Credential(principal, groups, new HashMap<>(attributes)));
    }
  }

  private static String text(Random random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private static List<String> texts(Random random) {
    return random.ints(random.nextInt(4), 0, TEXTS.size()).mapToObj(TEXTS::get).toList();
  }

  @Test
  void thoseThatSayAnotherThingAreNotEqual() {
    Map<String, List<String>> none = Map.of();
    assertThat(
            List.of(
                new Credential("a", List.of("b"), none),
                new Credential("b", List.of("a"), none),
                new Credential("ab", List.of(), none),
                new Credential("a", List.of("b", ""), none),
                new Credential("a", List.of("", "b"), none),
                new Credential("a", List.of(), Map.of("b", List.of())),
                new Credential("a", List.of(), Map.of("b", List.of(""))),
                new Credential("a", List.of(), Map.of("B", List.of(""))),
                new Credential("a", List.of(), Map.of("", List.of("b")))))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatItWasMadeOfMayChangeLater() {
    List<String> groups = new ArrayList<>(List.of("employees"));
    List<String> values = new ArrayList<>(List.of("5"));
    Map<String, List<String>> attributes = new HashMap<>(Map.of("level", values));
    Credential credential = new Credential("dlucas", groups, attributes);

    groups.add("managers");
    values.add("6");
    attributes.clear();

    assertThat(credential.groups()).containsExactly("employees");
    assertThat(credential.attributes()).isEqualTo(Map.of("level", List.of("5")));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> credential.groups().add("managers"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> credential.attributes().remove("level"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> credential.attributes().get("level").add("6"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail", "MAIL", "Mail"})
  void namesThatDifferInLetterCaseOnlyAreRefused(String name) {
    Map<String, List<String>> attributes = new HashMap<>(Map.of("mAIL", List.of()));
    attributes.put(name, List.of());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Credential("dlucas", List.of(), attributes))
        .withMessageStartingWith("attributes must differ in more than letter case: [")
        .withMessageContaining(name);
  }

  @Test
  @SuppressWarnings("NullAway")
  void nothingMayBeNull() {
    List<String> withNull = Arrays.asList("a", null);
    Map<String, List<String>> nullName = new HashMap<>();
    nullName.put(null, List.of());
    Map<String, List<String>> nullValues = new HashMap<>();
    nullValues.put("a", null);

    assertThatNullPointerException().isThrownBy(() -> new Credential(null, List.of(), Map.of()));
    assertThatNullPointerException().isThrownBy(() -> new Credential("a", null, Map.of()));
    assertThatNullPointerException().isThrownBy(() -> new Credential("a", withNull, Map.of()));
    assertThatNullPointerException().isThrownBy(() -> new Credential("a", List.of(), null));
    assertThatNullPointerException().isThrownBy(() -> new Credential("a", List.of(), nullName));
    assertThatNullPointerException().isThrownBy(() -> new Credential("a", List.of(), nullValues));
  }

  @Test
  void isShownWithItsParts() {
    assertThat(new Credential("dlucas", List.of("a", "b"), Map.of("level", List.of("5"))))
        .hasToString("Credential[principal=dlucas, groups=[a, b], attributes={level=[5]}]");
  }
}
