package org.smsjmx.management;

import org.smsjmx.text.Showable;

/** Says why an operation was not done. Stays inside: clients get a {@code java.*} exception. */
final class RefusedException extends RuntimeException {

  private static final int SHOWN_LENGTH = 256;

  private final StatusCode code;
  private final String detail;

  RefusedException(StatusCode code, String detail) {
    super(code.message(detail));
    this.code = code;
    this.detail = detail;
  }

  StatusCode code() {
    return code;
  }

  /** Returns what the message says beside the code. */
  String detail() {
    return detail;
  }

  /** Returns a client's text in a form that can stand in a message: in one line, not too long. */
  static String shown(String text) {
    return Showable.shown(text, SHOWN_LENGTH);
  }
}
