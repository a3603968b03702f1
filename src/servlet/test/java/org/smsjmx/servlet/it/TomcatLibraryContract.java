package org.smsjmx.servlet.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Application;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.Tomcat;

/** What Tomcat alone has: valves, versions of an application, its manager. */
abstract class TomcatLibraryContract extends LibraryContract {

  private final Application single = Application.named("single").realm("single.example.com");
  private final Application sign = Application.named("sign").realm("sign.example.com");
  private final Application version1 = Application.named("versions##1");
  private final Application version2 = Application.named("versions##2");

  /** Returns it, not started. */
  abstract Tomcat tomcat();

  @Override
  Container container() {
    return tomcat()
        .singleSignOn()
        .manager()
        .deploy(single)
        .deploy(sign)
        .deploy(version1)
        .deploy(version2);
  }

  @Override
  Application shop(Application plain) {
    return plain.valve("org.smsjmx.tomcat.PrincipalValve");
  }

  @Override
  boolean knowsStoredSessions() {
    return true;
  }

  @Test
  void endOfASessionEndsTheSingleSignOn() {
    Browser browser = running().browser(single);
    assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");
    Browser there = browser.at(running(), sign);
    assertThat(there.get("/me").text("user")).isEqualTo("dlucas");
    Administrator administrator = running().administrator();

    assertThat(administrator.server("single").terminateAllSessions("dlucas")).isEqualTo(1);

    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
    assertThat(there.get("/me").title()).isEqualTo("Sign in");
    assertThat(administrator.server("sign").number("SessionCount")).isZero();
  }

  @Test
  void bothVersionsOfAnApplicationStart() {
    Browser browser = running().browser(version2);
    assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");

    assertThat(running().administrator().serverOf("versions").terminateAllSessions("dlucas"))
        .isEqualTo(1);

    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
  }

  @Test
  void managerOfTomcatWorks() {
    Browser browser = running().browser(Application.named("manager"));

    assertThat(browser.status("/text/list")).isEqualTo(401);
    assertThat(browser.basic("/text/list", "tomcat").body()).contains("/shop:running");
  }
}
