package org.smsjmx.servlet.it;

import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.Tomcat;

final class Tomcat11ApplicationIT extends ApplicationContract {

  @Override
  Container container() {
    return Tomcat.version11();
  }
}
