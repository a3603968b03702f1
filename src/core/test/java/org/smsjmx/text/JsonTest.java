package org.smsjmx.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jolokia.json.parser.JSONParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

  @Test
  void valuesAreWrittenAsJsonHasThem() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "a");
    map.put("number", 1L);
    map.put("fraction", 0.5);
    map.put("truth", true);
    map.put("nothing", null);
    map.put("list", Arrays.asList("b", 2, null, List.of()));
    map.put("map", Map.of());
    map.put("else", new StringBuilder("c\""));
    assertThat(Json.of(map))
        .isEqualTo(
            "{\"text\":\"a\",\"number\":1,\"fraction\":0.5,\"truth\":true,\"nothing\":null,"
                + "\"list\":[\"b\",2,null,[]],\"map\":{},\"else\":\"c\\\"\"}");
  }

  @Test
  void anObjectIsWrittenMemberByMember() {
    assertThat(Json.object().member("a", 1).member("b\n", List.of("c")).end())
        .isEqualTo("{\"a\":1,\"b\\u000a\":[\"c\"]}");
    assertThat(Json.object().end()).isEqualTo("{}");
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of("plain ~", "plain ~"),
        Arguments.of("\"\\/", "\\\"\\\\/"),
        Arguments.of("\u0000\u0001\b\t\n\f\r\u001F", escaped(0, 1, 8, 9, 10, 12, 13, 31)),
        Arguments.of("line one\r\nline two", "line one\\u000d\\u000aline two"),
        Arguments.of("\u007F\u0085\u2028", "\u007F\u0085\u2028"),
        Arguments.of("J\u00F6rg \u4E00 \uD83D\uDE00", "J\u00F6rg \u4E00 \uD83D\uDE00"),
        Arguments.of("\uD83D", "\\ud83d"),
        Arguments.of("\uDE00", "\\ude00"),
        Arguments.of("a\uD83Db", "a\\ud83db"),
        Arguments.of("a\uDE00b", "a\\ude00b"),
        Arguments.of("\uDE00\uD83D", "\\ude00\\ud83d"),
        Arguments.of("\uD83D\uD83D\uDE00", "\\ud83d\uD83D\uDE00"),
        Arguments.of("\uD83D\uDE00\uDE00", "\uD83D\uDE00\\ude00"));
  }

  private static String escaped(int... characters) {
    StringBuilder escaped = new StringBuilder();
    for (int c : characters) {
      escaped.append("\\u%04x".formatted(c));
    }
    return escaped.toString();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void controlCharactersQuotesAndLoneSurrogatesAreEscaped(String text, String written) {
    assertThat(Json.of(text)).isEqualTo('"' + written + '"');
    assertThat(Json.of(Map.of(text, List.of(text))))
        .isEqualTo("{\"" + written + "\":[\"" + written + "\"]}");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void numbersThatJsonCannotWriteAreNull(double number) {
    assertThat(Json.of(List.of(number, (float) number, 1.5f))).isEqualTo("[null,null,1.5]");
  }

  /** A text with a lone surrogate could not be written as UTF-8, so all can be read back. */
  @Test
  void anyTextIsReadBackAsItWas() throws Exception {
    Random random = new Random(42);
    int[] characters = {0, 9, 10, 31, 32, '"', '\\', '/', 'a', 0x7F, 0xE9, 0x2028, 0xD83D, 0xDE00};
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(8); length > 0; length--) {
        text.append((char) characters[random.nextInt(characters.length)]);
      }
      texts.add(text.toString());
    }
    assertThat(new JSONParser().parse(Json.of(texts))).isEqualTo(texts);
  }
}
