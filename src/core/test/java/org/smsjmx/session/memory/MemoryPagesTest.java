package org.smsjmx.session.memory;

import org.junit.jupiter.api.Timeout;
import org.smsjmx.session.PagesContract;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.TimeSource;

@Timeout(60)
final class MemoryPagesTest extends PagesContract {

  @Override
  protected InMemorySessionTable newTable(SessionTimeouts timeouts, TimeSource clock) {
    return TableWithLayout.table(timeouts, clock, Layout.DEFAULT);
  }
}
