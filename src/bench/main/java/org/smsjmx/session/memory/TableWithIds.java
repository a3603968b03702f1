package org.smsjmx.session.memory;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;

/** Makes the session table with ids from outside, so that making them can be measured apart. */
public final class TableWithIds {

  private TableWithIds() {}

  /**
   * Makes an empty table with ids from outside.
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
          return SlotArena.idIn(slot, bits.high(), bits.low());
        },
        Layout.DEFAULT);
  }
}
