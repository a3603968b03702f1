package org.smsjmx.cli;

import org.jspecify.annotations.Nullable;

/** What stands for itself in no command: the values that a user fills in. */
enum Parameter {
  SERVER("server_name-host_name", "Name of the server, exactly as server list prints it"),
  USER("user_name", "User name, letter case ignored; in double quotes if it holds blanks"),
  USERS_FILE("file_of_users", "File of user names, one a line, in UTF-8; # begins a comment"),
  REALM("realm_name", "Session realm, as realm list prints it"),
  REASON("reason", "Why, such as the number of a ticket; it goes into the audit"),
  PATTERN("pattern", "User name; * stands for any text"),
  MAXIMUM_RETURN("maximum_return", "Print at most so many sessions; all are counted"),
  SELECTION(
      "selection",
      "Which sessions: conditions joined by commas, such as user=dlucas,older=PT8H or"
          + " everyone=yes,server=NAME,idle=PT30M"),
  DURATION("duration", "How long, ISO-8601: PT10M, PT8H, P1D; at most P7D"),
  LIMIT(
      "limit",
      "unset: nothing is said here; unlimited; n: a further sign-in is refused; displace, or"
          + " displace:n: the oldest session ends"),
  TOKEN("token", "What -preview printed"),
  SESSION_ID("session_id", "Session id, as session list prints it"),
  REPLICA_SET("replica_set_name", "Replica set, as replica set list prints it"),
  TRACE_LEVEL("level", "0, 1, 2 or 3; 3 tells most"),
  TASK("task", "Words of a task, such as: sms session list"),
  TOPIC("topic", "Words of a command, such as: server list"),
  ANCHOR("number:hash", "A value that AuditHead of sms:type=Service once had"),
  ACCOUNT("account", "Account that called, local for a process of the same user"),
  SINCE("since", "A time such as 2026-11-30T00:00:00Z, or how long ago: P7D, PT8H"),
  FILE("file", "File of the audit, plain or compressed; the order does not matter"),
  ERROR_CODE("error_code", "Status code, decimal, or hexadecimal after 0x"),
  ADMIN("admin_id", "Account of an administrator"),
  PASSWORD(
      "password",
      "Its password, which other users of this machine can see in the process list: better leave"
          + " it out, to be asked for it, or set SMS_ADMIN_PASSWORD");

  private final String label;
  private final String text;

  Parameter(String label, String text) {
    this.label = label;
    this.text = text;
  }

  String label() {
    return label;
  }

  String text() {
    return text;
  }

  /** Returns the name as syntax shows it. */
  @Override
  public String toString() {
    return "<" + label + ">";
  }

  static @Nullable Parameter labelled(String label) {
    for (Parameter parameter : values()) {
      if (parameter.label.equals(label)) {
        return parameter;
      }
    }
    return null;
  }
}
