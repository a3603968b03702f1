package org.smsjmx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionLimitTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unset",
        "unlimited",
        "1",
        "1000000",
        "displace",
        "displace:2",
        "displace:1000000"
      })
  void aLimitIsWrittenAsItIsRead(String text) {
    assertThat(SessionLimit.parse(text)).hasToString(text);
  }

  @Test
  void displaceIsForOneSessionAndLetterCaseDoesNotMatter() {
    assertThat(SessionLimit.parse("DISPLACE:1")).isEqualTo(SessionLimit.parse("displace"));
    assertThat(SessionLimit.parse("displace").maximum()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "0",
        "01",
        "-1",
        "+1",
        "1.5",
        "1000001",
        "99999999999",
        "displace:",
        "displace:0",
        "displace: 2",
        "two",
        "unlimited ",
        "1\u0000",
        "\u0661"
      })
  void aWrongLimitIsNamed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SessionLimit.parse(text))
        .withMessageContaining("max-concurrent-web-sessions must be unset, unlimited, 1..1000000")
        .withMessageNotContaining("\u0000");
  }
}
