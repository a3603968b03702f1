package org.smsjmx.management;

import org.smsjmx.session.UserName;

/** Says why an operation was not done. Stays inside: clients get a {@code java.*} exception. */
final class RefusedException extends RuntimeException {

  private static final int SHOWN_LENGTH = 256;

  private final StatusCode code;

  RefusedException(StatusCode code, String detail) {
    super(code.message(detail));
    this.code = code;
  }

  StatusCode code() {
    return code;
  }

  /** Returns a client's text in a form that can stand in a message: in one line, not too long. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(SHOWN_LENGTH)
        .forEach(
            c -> {
              if (!UserName.isShowable(c)) {
                shown.append("\\u%04X".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return text.codePointCount(0, text.length()) > SHOWN_LENGTH ? shown + "..." : shown.toString();
  }
}
