package org.smsjmx.spring.it;

import org.smsjmx.spring.fixture.Boot;

final class Boot4HostileIT extends HostileBootContract {

  @Override
  Boot boot() {
    return Boot.V4_1;
  }
}
