package org.smsjmx.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command with what the user filled in.
 *
 * @param command which one
 * @param values those given, without repeated ones
 * @param rest repeated values
 * @param options those given
 */
record Request(
    Command command, Map<Parameter, String> values, List<String> rest, List<Option> options) {

  /** Returns a value that the syntax demands. */
  String value(Parameter parameter) {
    String value = values.get(parameter);
    if (value == null) {
      throw new IllegalStateException(parameter + " is missing");
    }
    return value;
  }

  @Nullable String optional(Parameter parameter) {
    return values.get(parameter);
  }

  boolean has(Option option) {
    return options.contains(option);
  }
}
