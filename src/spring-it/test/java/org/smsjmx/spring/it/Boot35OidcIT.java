package org.smsjmx.spring.it;

import org.smsjmx.spring.fixture.Boot;

final class Boot35OidcIT extends OidcContract {

  @Override
  Boot boot() {
    return Boot.V3_5;
  }

  @Override
  String factor(String name) {
    return "";
  }
}
