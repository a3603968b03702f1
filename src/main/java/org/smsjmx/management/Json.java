package org.smsjmx.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers and truth values as JSON, in one line. */
final class Json {

  private final StringBuilder written = new StringBuilder();

  private Json() {}

  static String of(@Nullable Object data) {
    Json json = new Json();
    json.write(data);
    return json.written.toString();
  }

  private void write(@Nullable Object data) {
    if (data instanceof Map<?, ?> map) {
      char before = '{';
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        written.append(before);
        write(String.valueOf(entry.getKey()));
        written.append(':');
        write(entry.getValue());
        before = ',';
      }
      written.append(before == '{' ? "{}" : "}");
    } else if (data instanceof List<?> list) {
      char before = '[';
      for (Object element : list) {
        written.append(before);
        write(element);
        before = ',';
      }
      written.append(before == '[' ? "[]" : "]");
    } else if (data instanceof String text) {
      writeText(text);
    } else {
      written.append(data);
    }
  }

  private void writeText(String text) {
    written.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        written.append('\\');
      }
      written.append(c);
    }
    written.append('"');
  }
}
