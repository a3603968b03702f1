package org.smsjmx.servlet.it;

import org.junit.jupiter.api.Tag;
import org.smsjmx.servlet.fixture.Tomcat;

@Tag("containers")
final class Tomcat11LibraryIT extends TomcatLibraryContract {

  @Override
  Tomcat tomcat() {
    return Tomcat.version11();
  }
}
