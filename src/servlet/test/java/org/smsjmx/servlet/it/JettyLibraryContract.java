package org.smsjmx.servlet.it;

import org.smsjmx.servlet.fixture.Application;

/** Jetty needs no settings, and reads stored sessions as they are asked for. */
abstract class JettyLibraryContract extends LibraryContract {

  @Override
  Application shop(Application plain) {
    return plain;
  }

  @Override
  boolean knowsStoredSessions() {
    return false;
  }
}
