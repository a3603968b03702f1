package org.smsjmx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LineTest {

  static Stream<Arguments> lines() {
    return Stream.of(
        arguments("server list", List.of("server", "list")),
        arguments("  server \t list  ", List.of("server", "list")),
        arguments("", List.of()),
        arguments(" \t ", List.of()),
        arguments("a \"Mary Jones\" b", List.of("a", "Mary Jones", "b")),
        arguments("a “Mary Jones” b", List.of("a", "Mary Jones", "b")),
        arguments("a “Mary Jones\" b", List.of("a", "Mary Jones", "b")),
        arguments("a \"\" b", List.of("a", "", "b")),
        arguments("a\"b c\"d", List.of("ab cd")),
        arguments("O'Brien 'Mary Jones'", List.of("O'Brien", "'Mary", "Jones'")),
        arguments("DOMAIN\\dlucas", List.of("DOMAIN\\dlucas")),
        arguments("server\u00a0list\u2003\ufeff", List.of("server", "list")),
        arguments("\"Mary\u00a0Jones\"", List.of("Mary\u00a0Jones")),
        arguments("server list\r", List.of("server", "list")),
        arguments("pdadmin> server list", List.of("server", "list")),
        arguments("pdadmin sec_master> server list", List.of("server", "list")),
        arguments("  pdadmin local>server list", List.of("server", "list")),
        arguments("pdadmin a b> c", List.of("pdadmin", "a", "b>", "c")),
        arguments("pdadminx> c", List.of("pdadminx>", "c")));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void aLineIsSplitIntoWords(String line, List<String> words) throws Failure {
    assertThat(Line.words(line)).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a \"b c", "\"", "a \"b\" \"", "“"})
  void aQuoteThatIsNotClosedIsAnError(String line) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> Line.words(line))
        .withMessageContaining("not closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-realm",
        "--realm",
        "\u2013realm",
        "\u2014realm",
        "\u2212realm",
        "\u2010realm",
        "\u2011realm",
        "\u2012realm",
        "\u2015realm"
      })
  void everyDashMarksAnOption(String word) {
    assertThat(Line.isMarked(word)).isTrue();
    assertThat(Line.withoutMark(word)).isEqualTo("realm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "--", "\u2013", "\u2014"})
  void dashesAloneEndTheOptions(String word) {
    assertThat(Line.isMarked(word)).isTrue();
    assertThat(Line.withoutMark(word)).isEmpty();
  }

  @Test
  void whatAShellSplitAtBlanksInCurlyQuotesIsPutTogether() throws Failure {
    assertThat(Line.rejoined(List.of("a", "“Mary", "Jones”", "b")))
        .containsExactly("a", "Mary Jones", "b");
    assertThat(Line.rejoined(List.of("“Mary”"))).containsExactly("Mary");
    assertThat(Line.rejoined(List.of("“", "Mary", "”"))).containsExactly(" Mary ");
    assertThat(Line.rejoined(List.of("\"Mary", "Jones\"")))
        .as("straight quotes are the shell's own affair")
        .containsExactly("\"Mary", "Jones\"");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> Line.rejoined(List.of("“Mary", "Jones")));
  }

  @Test
  void aBackslashAtTheEndContinuesTheLine() throws Exception {
    Lines lines = lines("server \\\n task\\  \r\n s1 \\\r\nhelp\n\nserver list");
    assertThat(lines.next()).isEqualTo("server  task s1 help");
    assertThat(lines.number()).isEqualTo(1);
    assertThat(lines.next()).isEmpty();
    assertThat(lines.number()).isEqualTo(5);
    assertThat(lines.next()).isEqualTo("server list");
    assertThat(lines.number()).isEqualTo(6);
    assertThat(lines.next()).isNull();
  }

  @Test
  void aBackslashInTheLastLineIsAnError() throws Exception {
    Lines lines = lines("server list\nserver \\\n");
    assertThat(lines.next()).isEqualTo("server list");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(lines::next)
        .withMessageContaining("backslash");
    assertThat(lines.number()).isEqualTo(2);
    assertThat(lines.next()).isNull();
  }

  @Test
  void aLineThatIsNotUtf8IsAnErrorAndTheNextIsRead() throws IOException, Failure {
    byte[] windows = "terminate \u00e9\nserver list\n".getBytes(StandardCharsets.ISO_8859_1);
    Lines lines = new Lines(new ByteArrayInputStream(windows));
    assertThatExceptionOfType(Failure.class).isThrownBy(lines::next).withMessageContaining("UTF-8");
    assertThat(lines.next()).isEqualTo("server list");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "# server list", "  # x", "\ufeff", "pdadmin> "})
  void linesWithoutACommandAreEmpty(String line) {
    assertThat(Line.isEmpty(line)).isTrue();
  }

  private static Lines lines(String text) {
    return new Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
