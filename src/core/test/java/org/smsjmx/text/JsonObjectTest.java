package org.smsjmx.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects in one line. */
final class JsonObjectTest {

  @Test
  void whatJsonWritesIsReadAgain() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("text", "a \"b\" \\ \n\u0007\u2028 \uD83D\uDE00 J\u00F6rg");
    members.put("", "");
    members.put("number", -12L);
    members.put("share", 0.25);
    members.put("yes", true);
    members.put("no", false);
    members.put("nothing", null);
    members.put("list", Arrays.asList("a", null, 1L, List.of()));
    members.put("map", Map.of("k", Map.of()));

    assertThat(JsonObject.parse(Json.of(members))).isEqualTo(members);
    assertThat(JsonObject.parse("{}")).isEmpty();
    assertThat(JsonObject.parse(" { \"a\" : [ 1 , 2 ] , \"b\" : \"\\t\" } "))
        .isEqualTo(Map.of("a", List.of(1L, 2L), "b", "\t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "[]",
        "null",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1}x",
        "{\"a\":1,}",
        "{\"a\":tru}",
        "{\"a\":\"",
        "{\"a\":\"\\u12",
        "{\"a\":\"\\uzzzz\"}",
        "{\"a\":--1}",
        "{'a':1}",
        "{\"a\":[1,2}",
        "{\"a\":[[[[[[[[[[1]]]]]]]]]]}"
      })
  void whatIsNoObjectIsNone(String text) {
    assertThat(JsonObject.parse(text)).isNull();
  }

  @Test
  void nothingIsReadOfWhatIsVeryDeep() {
    assertThat(JsonObject.parse("{\"a\":".repeat(100_000))).isNull();
  }
}
