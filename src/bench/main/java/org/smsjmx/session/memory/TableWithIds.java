package org.smsjmx.session;

import java.time.InstantSource;
import java.util.function.Supplier;

/** Makes the session table with ids from outside, so that making them can be measured apart. */
public final class TableWithIds {

  private TableWithIds() {}

  /**
   * Makes one.
   *
   * @param ids random bits for each id
   */
  public static SessionTable make(Supplier<SessionId> ids) {
    return new InMemorySessionTable(
        SessionTimeouts.DEFAULT,
        RefreshRules.DEFAULT,
        InstantSource.system(),
        slot -> {
          SessionId bits = ids.get();
          return SessionId.of(bits.high(), bits.low(), slot);
        },
        Layout.DEFAULT);
  }
}
