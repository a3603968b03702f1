package org.smsjmx.text;

/** What can be shown in a line of text, such as a message or a line of the audit. */
public final class Showable {

  private Showable() {}

  /**
   * Returns whether a character can be shown in a line of text: it is no control character, line
   * separator, text direction mark or half a surrogate pair.
   *
   * @param c code point
   */
  public static boolean isShowable(int c) {
    if (c >= ' ' && c <= '~') {
      return true; // nearly all are
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.FORMAT -> !isDirectionMark(c);
      default -> true;
    };
  }

  /**
   * Returns a text of unknown origin in a form that can stand in a message: in one line, not too
   * long, what is not showable as its code point.
   *
   * @param text any text
   * @param maximumLength length in UTF-16 units of what is returned; the rest is left out
   */
  public static String shown(String text, int maximumLength) {
    StringBuilder shown = new StringBuilder();
    int next = 0;
    while (next < text.length() && shown.length() < maximumLength) {
      int c = text.codePointAt(next);
      next += Character.charCount(c);
      if (isShowable(c)) {
        shown.appendCodePoint(c);
      } else {
        shown.append("\\u%04X".formatted(c));
      }
    }
    return next < text.length() ? shown + "..." : shown.toString();
  }

  /** They make a name look like another one. */
  private static boolean isDirectionMark(int c) {
    return c == 0x061C
        || (c >= 0x200E && c <= 0x200F)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
