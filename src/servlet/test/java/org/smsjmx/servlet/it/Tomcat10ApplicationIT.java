package org.smsjmx.servlet.it;

import org.junit.jupiter.api.Tag;
import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.Tomcat;

@Tag("containers")
final class Tomcat10ApplicationIT extends ApplicationContract {

  @Override
  Container container() {
    return Tomcat.version10();
  }
}
