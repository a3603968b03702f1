package org.smsjmx.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PackedNameTest {

  private static final List<String> LETTERS = List.of("a", "b", "\u00FE", "\u00FF", "\u4E00", "😀");

  @ParameterizedTest
  @CsvSource({
    "x, true",
    "dlucas, true",
    "jörg müß, true",
    "123456789012345, true",
    "ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ, true",
    "1234567890123456, false",
    "ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ, false",
    "дина, false",
    "di😀, false"
  })
  void shortLatinNamesAreWhole(String name, boolean whole) {
    assertThat(PackedName.of(name).isWhole()).isEqualTo(whole);
    if (whole) {
      assertThat(PackedName.of(name).text()).isEqualTo(name);
    }
  }

  @Test
  void packedNamesStandInTheOrderOfTheNamesAndWholeOnesTellThemApart() {
    Random random = new Random(1);
    int alike = 0;
    for (int i = 0; i < 100_000; i++) {
      String one = name(random);
      String other = name(random);
      int order = PackedName.of(one).compareTo(PackedName.of(other));
      if (order == 0 && !one.equals(other)) {
        alike++;
        assertThat(PackedName.of(one).isWhole()).as("%s and %s", one, other).isFalse();
      } else {
        assertThat(Integer.signum(order))
            .as("%s and %s", one, other)
            .isEqualTo(Integer.signum(one.compareTo(other)));
      }
    }
    assertThat(alike).isPositive();
  }

  /** Most begin alike, and are about as long as can be packed. */
  private static String name(Random random) {
    int varied = random.nextInt(4);
    int length = random.nextInt(3) == 0 ? random.nextInt(3) : 12 + random.nextInt(7);
    return IntStream.range(0, length)
        .mapToObj(i -> i < length - varied ? "a" : LETTERS.get(random.nextInt(LETTERS.size())))
        .collect(Collectors.joining());
  }
}
