package org.smsjmx.text;

import java.util.List;
import java.util.regex.Pattern;

/** A text in which {@code *} stands for any text. */
public final class Wildcard {

  private static final Pattern STAR = Pattern.compile("\\*");

  private final String pattern;
  private final List<String> parts;

  /**
   * Reads a pattern.
   *
   * @param pattern text with any number of {@code *}, also none
   */
  public Wildcard(String pattern) {
    this.pattern = pattern;
    this.parts = List.of(STAR.split(pattern, -1));
  }

  /** Returns whether only one text can match. */
  public boolean isLiteral() {
    return parts.size() == 1;
  }

  /** Returns whether a text matches; takes time linear in its length for each part. */
  public boolean matches(String text) {
    if (isLiteral()) {
      return text.equals(pattern);
    }
    String first = parts.get(0);
    String last = parts.get(parts.size() - 1);
    int end = text.length() - last.length();
    if (!text.startsWith(first) || !text.endsWith(last) || end < first.length()) {
      return false;
    }
    int from = first.length();
    for (String part : parts.subList(1, parts.size() - 1)) {
      int at = text.indexOf(part, from);
      if (at < 0 || at + part.length() > end) {
        return false;
      }
      from = at + part.length();
    }
    return true;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
