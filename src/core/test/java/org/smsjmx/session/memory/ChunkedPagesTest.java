package org.smsjmx.session.memory;

import org.junit.jupiter.api.Timeout;
import org.smsjmx.session.PagesContract;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.TimeSource;

/** The third session of a user and all further are in chunks. */
@Timeout(60)
final class ChunkedPagesTest extends PagesContract {

  @Override
  protected InMemorySessionTable newTable(SessionTimeouts timeouts, TimeSource clock) {
    return TableWithLayout.table(timeouts, clock, new Layout(64, 1, 2, 3));
  }
}
