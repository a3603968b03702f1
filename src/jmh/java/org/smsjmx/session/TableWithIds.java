package org.smsjmx.session;

import java.time.InstantSource;
import java.util.function.Supplier;

/** Makes the session table with ids from outside, so that making them can be measured apart. */
public final class TableWithIds {

  private TableWithIds() {}

  public static SessionTable make(Supplier<SessionId> ids) {
    return new InMemorySessionTable(
        SessionTimeouts.DEFAULT, RefreshRules.DEFAULT, InstantSource.system(), ids, Layout.DEFAULT);
  }
}
