package org.smsjmx.text;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists, texts, numbers and truth values as JSON, in one line; anything else as the
 * text that it turns itself into, and numbers that JSON cannot write as null.
 */
public final class Json {

  private static final char FIRST_PRINTABLE = ' ';

  /** A line of the audit is shorter as a rule. */
  private static final int USUAL_LENGTH = 512;

  private final StringBuilder written = new StringBuilder(USUAL_LENGTH);

  private Json() {}

  /** Begins an object. */
  public static Json object() {
    Json json = new Json();
    json.written.append('{');
    return json;
  }

  /** Adds a member to the object; the caller sees to it that names differ. */
  public Json member(String name, @Nullable Object value) {
    if (written.length() > 1) {
      written.append(',');
    }
    writeText(name);
    written.append(':');
    write(value);
    return this;
  }

  /** Ends the object and returns its text. */
  public String end() {
    return written.append('}').toString();
  }

  /** Returns the JSON text of a value. */
  public static String of(@Nullable Object data) {
    Json json = new Json();
    json.write(data);
    return json.written.toString();
  }

  private void write(@Nullable Object data) {
    if (data instanceof String text) {
      writeText(text);
    } else if (data instanceof Double || data instanceof Float) {
      double number = ((Number) data).doubleValue();
      written.append(Double.isFinite(number) ? data : null);
    } else if (data == null || data instanceof Number || data instanceof Boolean) {
      written.append(data);
    } else if (data instanceof Map<?, ?> map) {
      char before = '{';
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        written.append(before);
        writeText(String.valueOf(entry.getKey()));
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
    } else {
      writeText(data.toString());
    }
  }

  private void writeText(String text) {
    written.append('"');
    int next = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!standsForItself(text, i)) {
        written.append(text, next, i);
        writeEscaped(text.charAt(i));
        next = i + 1;
      }
    }
    if (next == 0) {
      written.append(text);
    } else {
      written.append(text, next, text.length());
    }
    written.append('"');
  }

  private static boolean standsForItself(String text, int at) {
    char c = text.charAt(at);
    return c >= FIRST_PRINTABLE && c != '"' && c != '\\' && !isLoneSurrogate(text, at);
  }

  private static boolean isLoneSurrogate(String text, int at) {
    char c = text.charAt(at);
    if (!Character.isSurrogate(c)) {
      return false;
    }
    int other = Character.isHighSurrogate(c) ? at + 1 : at - 1;
    return other < 0
        || other == text.length()
        || !Character.isSurrogatePair(
            text.charAt(Math.min(at, other)), text.charAt(Math.max(at, other)));
  }

  private void writeEscaped(char c) {
    written.append('\\');
    if (c == '"' || c == '\\') {
      written.append(c);
    } else {
      String hex = Integer.toHexString(c);
      written.append('u').append("0".repeat(4 - hex.length())).append(hex);
    }
  }
}
