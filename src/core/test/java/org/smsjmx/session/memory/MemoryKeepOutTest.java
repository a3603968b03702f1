package org.smsjmx.session.memory;

import org.junit.jupiter.api.Timeout;
import org.smsjmx.session.KeepOutContract;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.TimeSource;

@Timeout(60)
final class MemoryKeepOutTest extends KeepOutContract {

  @Override
  protected InMemorySessionTable newTable(SessionTimeouts timeouts, TimeSource clock) {
    return TableWithLayout.table(timeouts, clock, Layout.DEFAULT);
  }
}
