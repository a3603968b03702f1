package org.smsjmx.remote.http;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Checks that a text is JSON as RFC 8259 has it, and within bounds that no request needs: Jolokia's
 * parser takes more than JSON, and long numbers take the square of their length.
 */
final class StrictJson {

  static final int MAXIMUM_DEPTH = 100;
  static final int LONGEST_NUMBER = 40;
  static final int LONGEST_TEXT = 1 << 16;

  private static final int EXPONENT_DIGITS = 3;
  private static final int HEX_DIGITS = 4;
  private static final int HEX_BITS = 4;

  private final String json;
  private int at;
  private int depth;

  private StrictJson(String json) {
    this.json = json;
  }

  /**
   * Checks a text.
   *
   * @throws Refusal if it is not JSON, or out of bounds
   */
  static void require(String json) throws Refusal {
    StrictJson reader = new StrictJson(json);
    reader.skipBlanks();
    reader.value();
    reader.skipBlanks();
    if (reader.at < json.length()) {
      throw notJson();
    }
  }

  private static Refusal notJson() {
    return new Refusal(400, "The body is not JSON.");
  }

  private char next() throws Refusal {
    if (at == json.length()) {
      throw notJson();
    }
    return json.charAt(at++);
  }

  private boolean nextIs(char expected) {
    if (at < json.length() && json.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void require(char expected) throws Refusal {
    if (!nextIs(expected)) {
      throw notJson();
    }
  }

  private void skipBlanks() {
    while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  private void value() throws Refusal {
    char first = next();
    switch (first) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> text();
      case 't' -> word("rue");
      case 'f' -> word("alse");
      case 'n' -> word("ull");
      default -> {
        at--;
        number();
      }
    }
  }

  private void deeper() throws Refusal {
    if (++depth > MAXIMUM_DEPTH) {
      throw new Refusal(400, "The body is nested deeper than %d.".formatted(MAXIMUM_DEPTH));
    }
  }

  private void object() throws Refusal {
    deeper();
    Set<String> names = new HashSet<>();
    skipBlanks();
    if (!nextIs('}')) {
      do {
        skipBlanks();
        require('"');
        if (!names.add(text())) {
          throw new Refusal(400, "A member of an object stands twice in the body.");
        }
        skipBlanks();
        require(':');
        skipBlanks();
        value();
        skipBlanks();
      } while (nextIs(','));
      require('}');
    }
    depth--;
  }

  private void array() throws Refusal {
    deeper();
    skipBlanks();
    if (!nextIs(']')) {
      do {
        skipBlanks();
        value();
        skipBlanks();
      } while (nextIs(','));
      require(']');
    }
    depth--;
  }

  private void word(String rest) throws Refusal {
    if (!json.startsWith(rest, at)) {
      throw notJson();
    }
    at += rest.length();
  }

  /** Returns it as it is meant, with escapes replaced. */
  private String text() throws Refusal {
    int begin = at;
    StringBuilder meant = null;
    for (char c = next(); c != '"'; c = next()) {
      if (c < ' ') {
        throw notJson();
      }
      if (c == '\\') {
        meant = meant == null ? new StringBuilder(json.substring(begin, at - 1)) : meant;
        meant.append(escape());
      } else if (meant != null) {
        meant.append(c);
      }
    }
    if (at - begin > LONGEST_TEXT) {
      throw new Refusal(400, "A text is longer than %d characters.".formatted(LONGEST_TEXT));
    }
    return meant == null ? json.substring(begin, at - 1) : meant.toString();
  }

  private char escape() throws Refusal {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
          char digit = next();
          if (!HexFormat.isHexDigit(digit)) {
            throw notJson();
          }
          code = (code << HEX_BITS) + HexFormat.fromHexDigit(digit);
        }
        yield (char) code;
      }
      default -> throw notJson();
    };
  }

  private void number() throws Refusal {
    int begin = at;
    nextIs('-');
    if (!nextIs('0')) {
      digits();
    }
    if (nextIs('.')) {
      digits();
    }
    if (nextIs('e') || nextIs('E')) {
      if (!nextIs('+')) {
        nextIs('-');
      }
      if (digits() > EXPONENT_DIGITS) {
        throw tooLong();
      }
    }
    if (at - begin > LONGEST_NUMBER) {
      throw tooLong();
    }
  }

  private static Refusal tooLong() {
    return new Refusal(
        400,
        "A number is longer than %d characters, or its exponent than %d."
            .formatted(LONGEST_NUMBER, EXPONENT_DIGITS));
  }

  /** Returns how many there are. */
  private int digits() throws Refusal {
    int begin = at;
    while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
      at++;
    }
    if (at == begin) {
      throw notJson();
    }
    return at - begin;
  }
}
