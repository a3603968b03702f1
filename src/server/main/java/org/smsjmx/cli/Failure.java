package org.smsjmx.cli;

import java.util.List;
import org.smsjmx.management.StatusCode;

/** Why a command was not done, as the user reads it. */
final class Failure extends Exception {

  private final List<String> advice;

  /**
   * @param message what is wrong, in one line
   * @param advice lines that say how to do it right
   */
  Failure(String message, List<String> advice) {
    super(message, null, false, false);
    this.advice = List.copyOf(advice);
  }

  Failure(String message) {
    this(message, List.of());
  }

  Failure(StatusCode code, String detail) {
    this(code.message(detail));
  }

  List<String> advice() {
    return advice;
  }

  String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
