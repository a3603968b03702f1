package org.smsjmx.spring.it;

import org.smsjmx.spring.fixture.Boot;

final class Boot4ApplicationIT extends BootApplicationContract {

  @Override
  Boot boot() {
    return Boot.V4_1;
  }

  @Override
  String factors() {
    return "FACTOR_PASSWORD, ";
  }
}
