package org.smsjmx.remote.http;

import java.io.IOException;

/** A request that is refused: the status of the answer, and the reason as the client reads it. */
final class Refusal extends IOException {

  private final int status;

  /**
   * @param status 400..599
   * @param reason one line, without anything that the client sent unescaped
   */
  Refusal(int status, String reason) {
    super(reason);
    this.status = status;
  }

  int status() {
    return status;
  }

  String reason() {
    String reason = getMessage();
    return reason == null ? "" : reason;
  }

  /** A refusal is an answer, not a fault: its stack is of no use, and costs a client nothing. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
