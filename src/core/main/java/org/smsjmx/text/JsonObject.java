package org.smsjmx.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object in one line, as {@link Json} writes it: members by name; numbers are {@code
 * Long} where they are whole, else {@code Double}.
 */
public final class JsonObject {

  /** Deeper ones are none of ours. */
  private static final int DEEPEST = 8;

  private static final int HEX = 16;
  private static final int HEX_DIGITS = 4;

  private final String text;
  private int at;

  private JsonObject(String text) {
    this.text = text;
  }

  /** Returns the members of an object, null if the text is none. */
  public static @Nullable Map<String, @Nullable Object> parse(String text) {
    JsonObject json = new JsonObject(text);
    try {
      Map<String, @Nullable Object> members = json.object(1);
      json.skipBlanks();
      return json.at == text.length() ? members : null;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private Map<String, @Nullable Object> object(int depth) {
    expect('{');
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (isNext('}')) {
      return members;
    }
    do {
      skipBlanks();
      String name = string();
      expect(':');
      members.put(name, value(depth));
    } while (isNext(','));
    expect('}');
    return members;
  }

  private List<@Nullable Object> array(int depth) {
    expect('[');
    List<@Nullable Object> elements = new ArrayList<>();
    if (isNext(']')) {
      return elements;
    }
    do {
      elements.add(value(depth));
    } while (isNext(','));
    expect(']');
    return elements;
  }

  private @Nullable Object value(int depth) {
    skipBlanks();
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("too deep");
    }
    return switch (text.charAt(at)) {
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw new IllegalArgumentException("no JSON");
    }
    at += word.length();
    return value;
  }

  private Number number() {
    int begin = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(begin, at);
    try {
      return Long.valueOf(number);
    } catch (NumberFormatException e) {
      return Double.valueOf(number);
    }
  }

  private String string() {
    expect('"');
    int end = at;
    while (text.charAt(end) != '"' && text.charAt(end) != '\\') {
      end++;
    }
    if (text.charAt(end) == '"') { // nearly all are without escapes
      String plain = text.substring(at, end);
      at = end + 1;
      return plain;
    }
    StringBuilder read = new StringBuilder();
    while (text.charAt(at) != '"') {
      char c = text.charAt(at++);
      read.append(c == '\\' ? escaped() : c);
    }
    at++;
    return read.toString();
  }

  private char escaped() {
    char c = text.charAt(at++);
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        String hex = text.substring(at, at + HEX_DIGITS);
        at += HEX_DIGITS;
        yield (char) Integer.parseInt(hex, HEX);
      }
      default -> c;
    };
  }

  private boolean isNext(char c) {
    skipBlanks();
    if (text.charAt(at) != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char c) {
    if (!isNext(c)) {
      throw new IllegalArgumentException("no JSON");
    }
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }
}
