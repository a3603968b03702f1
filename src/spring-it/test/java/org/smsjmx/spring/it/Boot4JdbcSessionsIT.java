package org.smsjmx.spring.it;

import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;
import org.smsjmx.spring.fixture.Extra;

final class Boot4JdbcSessionsIT extends SharedSessionsContract {

  @Override
  Boot boot() {
    return Boot.V4_1;
  }

  @Override
  BootApplication stored(BootApplication application) {
    return application.with(Extra.SESSION_JDBC);
  }
}
