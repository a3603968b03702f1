package org.smsjmx.servlet.it;

import org.smsjmx.servlet.fixture.Tomcat;

final class Tomcat11LibraryIT extends TomcatLibraryContract {

  @Override
  Tomcat tomcat() {
    return Tomcat.version11();
  }
}
