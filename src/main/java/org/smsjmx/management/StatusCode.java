package org.smsjmx.management;

/**
 * Message ids of the original product with their status codes: component base plus message number.
 */
public enum StatusCode {
  HPDMG0754W(0x14c012f2, "The entry was not found."),
  CTGSI0303E(0x38c5812f, "The client is not authorized for the operation."),
  CTGSI0307E(0x38c58133, "The server takes no part in it."),
  CTGSI0312W(0x38c58138, "The session was not found."),
  CTGSI0313E(0x38c58139, "A parameter value is not valid."),
  HPDIA0200W(0x132120c8, "Authentication failed.");

  private final int status;
  private final String text;

  StatusCode(int status, String text) {
    this.status = status;
    this.text = text;
  }

  /** Returns the code in hexadecimal, as {@code 0x14c012f2}. */
  public String status() {
    return "0x%08x".formatted(status);
  }

  /** Returns id, text, detail and status in one line, as the command line prints it. */
  public String message(String detail) {
    return "%s   %s %s (status %s)".formatted(name(), text, detail, status());
  }
}
