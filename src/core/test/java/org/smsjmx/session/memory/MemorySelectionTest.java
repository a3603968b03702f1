package org.smsjmx.session.memory;

import org.junit.jupiter.api.Timeout;
import org.smsjmx.session.SelectionContract;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.TimeSource;

@Timeout(60)
final class MemorySelectionTest extends SelectionContract {

  @Override
  protected InMemorySessionTable newTable(SessionTimeouts timeouts, TimeSource clock) {
    return TableWithLayout.table(timeouts, clock, Layout.DEFAULT);
  }
}
