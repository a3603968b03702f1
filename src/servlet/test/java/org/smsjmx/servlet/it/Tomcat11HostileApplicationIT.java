package org.smsjmx.servlet.it;

import org.junit.jupiter.api.Tag;
import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.Tomcat;

@Tag("containers")
final class Tomcat11HostileApplicationIT extends HostileApplicationContract {

  @Override
  Container container() {
    return Tomcat.version11();
  }
}
