package org.smsjmx.session.memory;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionTimeouts;

/** Tables in another layout than the usual one, so that few sessions use every part of it. */
final class TableWithLayout {

  private TableWithLayout() {}

  static InMemorySessionTable table(SessionTimeouts timeouts, InstantSource clock, Layout layout) {
    return new InMemorySessionTable(
        timeouts,
        RefreshRules.DEFAULT,
        clock,
        InMemorySessionTable.randomIds(new SecureRandom()),
        layout);
  }
}
