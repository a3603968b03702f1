package org.smsjmx.spring.it;

import org.smsjmx.spring.fixture.Boot;

final class Boot4OidcIT extends OidcContract {

  @Override
  Boot boot() {
    return Boot.V4_1;
  }

  @Override
  String factor(String name) {
    return "FACTOR_" + name + ", ";
  }
}
