package org.smsjmx.management;

import org.jspecify.annotations.Nullable;

/**
 * Message ids of the original product with their status codes: component base plus message number.
 */
public enum StatusCode {
  HPDMG0754W(0x14c012f2, "The entry was not found."),
  CTGSI0302W(0x38c5812e, "The client is not registered with the session store."),
  CTGSI0303E(0x38c5812f, "The client is not authorized for the operation."),
  CTGSI0304W(0x38c58130, "The user has as many sessions as allowed."),
  CTGSI0306E(0x38c58132, "The replica set does not exist."),
  CTGSI0307E(0x38c58133, "The server takes no part in it."),
  CTGSI0309W(0x38c58135, "The client's version of the session is out of date."),
  CTGSI0312W(0x38c58138, "The session was not found."),
  CTGSI0313E(0x38c58139, "A parameter value is not valid."),
  HPDMS4047E(0x14c52fcf, "A login is required."),
  HPDIA0200W(0x132120c8, "Authentication failed."),
  DPWAP0059E(0x3898f03b, "There is no server of that name."),
  DPWAP0105E(0x3898f069, "The configuration does not support the command.");

  private final int status;
  private final String text;

  StatusCode(int status, String text) {
    this.status = status;
    this.text = text;
  }

  /** Returns the code of a status, null if it is not one of these. */
  public static @Nullable StatusCode of(long status) {
    for (StatusCode code : values()) {
      if (code.status == status) {
        return code;
      }
    }
    return null;
  }

  /** Returns the code of an id, null if it is not one of these. */
  static @Nullable StatusCode named(@Nullable String id) {
    for (StatusCode code : values()) {
      if (code.name().equals(id)) {
        return code;
      }
    }
    return null;
  }

  /** Returns what it means, as a sentence. */
  public String text() {
    return text;
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
