package org.smsjmx.cli;

import org.jspecify.annotations.Nullable;

/** What a command takes after a mark, anywhere in its line. */
enum Option {
  REALM("realm", Parameter.REALM),
  REASON("reason", Parameter.REASON),
  FILE("file", Parameter.USERS_FILE),
  PREVIEW("preview", null),
  KEEP_OUT("keep-out", Parameter.DURATION),
  USER("user", Parameter.USER),
  ACCOUNT("account", Parameter.ACCOUNT),
  SINCE("since", Parameter.SINCE),
  ANCHOR("anchor", Parameter.ANCHOR),
  LOCAL("l", null),
  ADMIN("a", Parameter.ADMIN),
  PASSWORD("p", Parameter.PASSWORD),
  /** Every command takes it. */
  JSON("json", null);

  private final String name;
  private final @Nullable Parameter value;

  Option(String name, @Nullable Parameter value) {
    this.name = name;
    this.value = value;
  }

  /** Returns the value that follows, null if none does. */
  @Nullable Parameter value() {
    return value;
  }

  /** Returns name and mark. */
  @Override
  public String toString() {
    return "-" + name;
  }

  static @Nullable Option named(String name) {
    for (Option option : values()) {
      if (option.name.equals(name)) {
        return option;
      }
    }
    return null;
  }
}
