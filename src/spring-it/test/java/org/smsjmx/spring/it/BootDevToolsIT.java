package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;

/** What becomes of sessions and their server where DevTools restarts the application. */
final class BootDevToolsIT {

  @ParameterizedTest
  @EnumSource
  void restartsLeaveOneServerAndSessionsThatCanBeRefreshedAndEnded(Boot boot) {
    try (BootApplication shop = new BootApplication(boot).developed().start()) {
      String server = shop.administrator().servers().get(0);
      Browser browser = shop.browser();
      assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");

      for (int restart = 1; restart <= 2; restart++) {
        shop.change();

        browser.moveTo(shop.address());
        assertThat(browser.get("/me").text("user")).isEqualTo("dlucas");
        assertThat(shop.administrator().servers()).containsExactly(server);
        assertThat(shop.server().sessionsOf("dlucas")).isEqualTo(1);
      }
      assertThat(shop.administrator().instancesOf("org.smsjmx.application.SessionService"))
          .isEqualTo(1);
      assertThat(shop.administrator().threads())
          .filteredOn(thread -> thread.matches("sms-jmx [^ ]+"))
          .hasSize(1);
      assertThat(shop.server().refreshAllSessions("dlucas")).isEqualTo(1);
      assertThat(shop.server().terminateAllSessions("dlucas")).isEqualTo(1);
      assertThat(browser.get("/me").title()).isEqualTo("Sign in");
    }
  }
}
