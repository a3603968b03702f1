package org.smsjmx.spring.it;

import org.smsjmx.spring.fixture.Boot;

final class Boot35ApplicationIT extends BootApplicationContract {

  @Override
  Boot boot() {
    return Boot.V3_5;
  }

  @Override
  String factors() {
    return "";
  }
}
