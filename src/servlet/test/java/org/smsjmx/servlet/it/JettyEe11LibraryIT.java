package org.smsjmx.servlet.it;

import org.junit.jupiter.api.Tag;
import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.Jetty;

@Tag("containers")
final class JettyEe11LibraryIT extends JettyLibraryContract {

  @Override
  Container container() {
    return Jetty.ee11();
  }
}
