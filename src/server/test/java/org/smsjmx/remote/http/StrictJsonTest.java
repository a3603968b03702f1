package org.smsjmx.remote.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes for JSON. */
final class StrictJsonTest {

  private static Refusal refusal(String json) {
    return catchThrowableOfType(Refusal.class, () -> StrictJson.require(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " [ 1 , -2.5e+10 , 0 , -0.1E-3 , true , false , null , \"\" ] \n",
        "{\"a\":{\"b\":[{\"c\":\"\\u00f6\\n\\\"\\\\\\/\"}]},\"b\":\"ö \uD83D\uDE00 \u2028\"}",
        "\"text\"",
        "3"
      })
  void jsonPasses(String json) {
    assertThatCode(() -> StrictJson.require(json)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1",
        "[1 2]",
        "[\"a\" \"b\"]",
        "[1,]",
        "[,1]",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "[01]",
        "[+1]",
        "[1.]",
        "[.5]",
        "[1e]",
        "[0x1]",
        "[NaN]",
        "[-]",
        "nul",
        "TRUE",
        "[1]]",
        "{} {}",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "[1]//",
        "\uFEFF[]",
        "\u00a0[]",
        "\"\\u\uff11\uff12\uff13\uff14\""
      })
  void whatIsNotJsonIsRefused(String json) {
    assertThat(refusal(json).status()).isEqualTo(400);
  }

  @Test
  void aMemberThatStandsTwiceIsRefused() {
    assertThat(refusal("{\"type\":\"version\",\"type\":\"exec\"}").reason()).contains("twice");
    assertThat(refusal("{\"t\\ta\":1,\"\\u0074\\u0009a\":2}").reason()).contains("twice");
    assertThat(refusal("{\"a\":{\"b\":1},\"c\":{\"b\":1}}")).isNull();
  }

  @Test
  void boundsAreNamed() {
    int depth = StrictJson.MAXIMUM_DEPTH;
    int digits = StrictJson.LONGEST_NUMBER;
    int length = StrictJson.LONGEST_TEXT;

    assertThat(refusal("[".repeat(depth) + "]".repeat(depth))).isNull();
    assertThat(refusal("[".repeat(500_000)).reason()).contains(String.valueOf(depth));
    assertThat(refusal("1".repeat(digits))).isNull();
    assertThat(refusal("1".repeat(digits + 1)).reason()).contains(String.valueOf(digits));
    assertThat(refusal("1e999")).isNull();
    assertThat(refusal("1e9999").reason()).contains("exponent");
    assertThat(refusal("\"" + "x".repeat(length - 1) + "\"")).isNull();
    assertThat(refusal("\"" + "x".repeat(length) + "\"").reason()).contains(String.valueOf(length));
  }
}
