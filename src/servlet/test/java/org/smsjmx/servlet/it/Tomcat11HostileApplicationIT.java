package org.smsjmx.servlet.it;

import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.Tomcat;

final class Tomcat11HostileApplicationIT extends HostileApplicationContract {

  @Override
  Container container() {
    return Tomcat.version11();
  }
}
