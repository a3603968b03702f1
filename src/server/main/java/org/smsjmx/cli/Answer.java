package org.smsjmx.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command answers.
 *
 * @param lines for people
 * @param data the same for programs, as {@link org.smsjmx.text.Json} writes it
 */
record Answer(List<String> lines, @Nullable Object data) {

  /** An answer without words: what was asked for is done. */
  static final Answer NOTHING = new Answer(List.of(), Map.of());

  static Answer names(List<String> names) {
    return new Answer(names, names);
  }

  static Answer sentence(String sentence, Object data) {
    return new Answer(List.of(sentence), data);
  }
}
