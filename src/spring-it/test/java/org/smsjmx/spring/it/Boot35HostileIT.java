package org.smsjmx.spring.it;

import org.smsjmx.spring.fixture.Boot;

final class Boot35HostileIT extends HostileBootContract {

  @Override
  Boot boot() {
    return Boot.V3_5;
  }
}
