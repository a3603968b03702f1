package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Browser.Page;
import org.smsjmx.servlet.fixture.HeldSignIn;
import org.smsjmx.servlet.it.SessionsContract;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;
import org.smsjmx.spring.fixture.OneSessionEach;

/**
 * What users and administrators see of a Spring Boot application that has the starter as its
 * dependency, in any version.
 */
abstract class BootApplicationContract extends SessionsContract {

  private BootApplication shop;

  /** Returns the version of Spring Boot. */
  abstract Boot boot();

  /** Returns the authorities that Spring Security gives beside those of roles. */
  abstract String factors();

  @BeforeAll
  void start() {
    shop = application().start();
  }

  @AfterAll
  void stop() {
    shop.close();
  }

  private BootApplication application() {
    return new BootApplication(boot());
  }

  @Override
  protected Administrator.Server server() {
    return shop.server();
  }

  @Override
  protected Browser browser() {
    return shop.browser();
  }

  @Override
  protected HeldSignIn hold(String user) {
    return shop.hold(user);
  }

  @Override
  protected void signOut(Browser browser) {
    browser.submit(browser.get("/me"), "/logout");
  }

  @Override
  protected void signInByApplication(Browser browser, String user) {
    assertThat(browser.signInOnlyAt("/public/sign-in", user)).isEqualTo(302);
  }

  @Override
  protected void assertRefused(Page page) {
    super.assertRefused(page);
    assertThat(page.text("problem")).isNotEmpty();
  }

  private static Browser remembered(BootApplication application, String user) {
    Browser browser = application.browser();
    assertSignedIn(browser.signIn(user, "remember-me", "on"), user);
    browser.restart();
    Page page = browser.get("/me");
    assertSignedIn(page, user);
    assertThat(page.text("type")).isEqualTo("RememberMeAuthenticationToken");
    return browser;
  }

  @Test
  void realmAndNameAreThoseOfTheApplication() {
    assertThat(server().realm()).isEqualTo("shop.example.com");
    assertThat(shop.administrator().servers()).hasSize(1);
    assertThat(server().notes()).isEmpty();
  }

  @Test
  void formSentAfterTheEndChangesNothing() {
    Browser browser = shop.browser();
    Page admin = browser.signInAt("/admin", "Mary Jones");
    Browser user = signedIn("dlucas");

    server().terminateAllSessions("Mary Jones");

    Page answer = browser.submit(admin, "/admin/roles", "user", "dlucas", "roles", "ADMIN");
    assertThat(answer.title()).isNotEqualTo("For administrators");
    server().refreshAllSessions("dlucas");
    assertThat(user.get("/me").text("roles")).isEqualTo("USER");
  }

  @Test
  void sessionInWhichTheSameUserSignsInAgainCountsOnce() {
    Browser browser = signedIn("dlucas");

    browser.signInAt("/login", "dlucas");
    browser.signInAt("/public/sign-in", "dlucas");

    assertSignedIn(browser.get("/me"), "dlucas");
    assertThat(server().number("SessionCount")).isEqualTo(1);
    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
    assertSignedOut(browser);
  }

  @Test
  void sessionInWhichAnotherUserSignsInByTheFormCountsForThatOneOnly() {
    Browser browser = signedIn("dlucas");

    browser.signInAt("/login", "johnq");
    assertSignedIn(browser.get("/me"), "johnq");

    assertThat(server().number("SessionCount")).isEqualTo(1);
    assertThat(server().terminateAllSessions("dlucas")).isZero();
    assertSignedIn(browser.get("/me"), "johnq");
    assertThat(server().terminateAllSessions("johnq")).isEqualTo(1);
    assertSignedOut(browser);
  }

  @Test
  void passwordThatTheApplicationProvedBeforeTheTerminateMakesNoSession() {
    Browser browser = shop.browser();
    CompletableFuture<Page> shown;
    try (HeldSignIn held = shop.hold("dlucas")) {
      shown = browser.beginToSignIn("/public/sign-in", "dlucas");
      held.awaitHeld();

      assertThat(server().terminateAllSessions("dlucas")).isZero();
    }

    assertThat(shown.join().title()).isEqualTo("Sign in");
    assertSignedOut(browser);
    assertThat(server().number("SessionCount")).isZero();
  }

  @Test
  void requestInFlightDoesNotUndoARefresh() {
    Browser browser = signedIn("johnq");
    CompletableFuture<Page> slow = inFlight(browser, shop.browser());
    try {
      shop.roles("johnq", "USER", "ADMIN");
      assertThat(server().refreshAllSessions("johnq")).isEqualTo(1);
      assertThat(browser.get("/me").text("roles")).isEqualTo("USER, ADMIN");

      shop.browser().get("/public/hurry");

      assertThat(slow.join().status()).isEqualTo(200);
      assertThat(browser.get("/me").text("roles")).isEqualTo("USER, ADMIN");
    } finally {
      shop.roles("johnq", "USER");
    }
  }

  @Test
  void refreshGivesRunningSessionsTheirNewAuthorities() {
    Browser browser = signedIn("dlucas");
    String cookies = browser.cookies();
    assertThat(browser.status("/admin")).isEqualTo(403);
    try {
      shop.roles("dlucas", "USER", "ADMIN");
      assertThat(browser.status("/admin")).isEqualTo(403);

      assertThat(server().refreshAllSessions("dlucas")).isEqualTo(1);

      assertThat(browser.get("/admin").title()).isEqualTo("For administrators");
      Page me = browser.get("/me");
      assertThat(me.text("roles")).isEqualTo("USER, ADMIN");
      assertThat(me.text("authorities")).isEqualTo(factors() + "ROLE_ADMIN, ROLE_USER");
      assertThat(me.text("principal")).isEqualTo("ROLE_ADMIN, ROLE_USER");
      assertThat(me.text("type")).isEqualTo("UsernamePasswordAuthenticationToken");
      assertThat(browser.cookies()).isEqualTo(cookies);
    } finally {
      shop.roles("dlucas", "USER");
    }
    assertThat(server().refreshAllSessions("dlucas")).isEqualTo(1);
    assertThat(browser.status("/admin")).isEqualTo(403);
    assertThat(browser.get("/me").text("authorities")).isEqualTo(factors() + "ROLE_USER");
    assertThat(browser.get("/me").text("principal")).isEqualTo("ROLE_USER");
  }

  @Test
  void refreshOfOneUserChangesNobodyElse() {
    Browser browser = signedIn("johnq");
    signedIn("dlucas");
    try {
      shop.roles("johnq", "USER", "ADMIN");

      assertThat(server().refreshAllSessions("dlucas")).isEqualTo(1);

      assertThat(browser.get("/me").text("roles")).isEqualTo("USER");
    } finally {
      shop.roles("johnq", "USER");
    }
  }

  @Test
  void refreshedSessionCanBeEnded() {
    Browser browser = signedIn("dlucas");
    assertThat(server().refreshAllSessions("dlucas")).isEqualTo(1);
    assertSignedIn(browser.get("/me"), "dlucas");

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);

    assertSignedOut(browser);
  }

  @Test
  void reportOfARefreshTellsWhatHasChanged() {
    signedIn("dlucas");
    try {
      shop.roles("dlucas", "USER", "ADMIN");

      var report = server().refreshAllSessionsWithReport("dlucas");

      assertThat(report.get("sessions")).isEqualTo(1);
      assertThat(report.get("kept")).isEqualTo(0);
      assertThat((String[]) report.get("groupsAdded")).containsExactly("ROLE_ADMIN");
    } finally {
      shop.roles("dlucas", "USER");
    }
  }

  @Test
  void signInAcrossARefreshHasTheNewAuthorities() {
    CompletableFuture<Page> shown;
    try (HeldSignIn held = shop.hold("johnq")) {
      shown = shop.browser().beginToSignIn("johnq");
      held.awaitHeld();
      shop.roles("johnq", "USER", "ADMIN");

      assertThat(server().refreshAllSessions("johnq")).isZero();
    }
    try {
      assertSignedIn(shown.join(), "johnq");
      assertThat(shown.join().text("roles")).isEqualTo("USER, ADMIN");
      assertThat(shown.join().text("authorities")).isEqualTo(factors() + "ROLE_ADMIN, ROLE_USER");
    } finally {
      shop.roles("johnq", "USER");
    }
  }

  @Test
  void signInAcrossARefreshDoesNotSeeWhatItsUserMayNotSeeAnyMore() {
    shop.roles("johnq", "USER", "ADMIN");
    CompletableFuture<Page> shown;
    try (HeldSignIn held = shop.hold("johnq")) {
      shown = shop.browser().beginToSignIn("/admin", "johnq");
      held.awaitHeld();
      shop.roles("johnq", "USER");

      assertThat(server().refreshAllSessions("johnq")).isZero();
    }

    assertThat(shown.join().status()).isEqualTo(403);
  }

  @Test
  void eachCallIsAuditedOnce() {
    signedIn("dlucas");

    server().terminateAllSessionsWithReason("dlucas", "ticket 4711");

    await()
        .untilAsserted(
            () ->
                assertThat(shop.log().lines().filter(line -> line.contains("ticket 4711")))
                    .singleElement()
                    .asString()
                    .contains(
                        "\"operation\":\"terminateAllSessionsWithReason\"",
                        "\"user\":\"dlucas\"",
                        "\"sessions\":1"));
  }

  @Test
  void signedCookiesOfRememberMeSignInAgainAndThatIsSaid() {
    try (BootApplication remembers = application().property("shop.remember-me", "signed").start()) {
      Browser browser = remembered(remembers, "dlucas");

      assertThat(remembers.server().terminateAllSessions("dlucas")).isEqualTo(2);

      assertSignedIn(browser.get("/me"), "dlucas");
      assertThat(remembers.server().sessionsOf("dlucas")).isEqualTo(1);
      assertThat(remembers.server().notes())
          .singleElement()
          .asString()
          .contains("Remember-me", "PersistentTokenRepository");
      assertThat((String[]) remembers.server().refreshAllSessionsWithReport("dlucas").get("notes"))
          .containsExactlyElementsOf(remembers.server().notes());
      assertThat(remembers.log().lines().filter(line -> line.contains(" WARN ")))
          .singleElement()
          .asString()
          .contains(remembers.server().notes().get(0));
    }
  }

  @Test
  void storedSessionsCanBeEndedBeforeTheirFirstRequest() {
    try (BootApplication stores =
        application()
            .property("server.servlet.session.persistent", "true")
            .property("server.servlet.session.store-dir", "sessions")
            .start()) {
      Browser browser = signedIn(stores.browser(), "Mary Jones");
      Browser other = signedIn(stores.browser(), "dlucas");

      stores.stop();
      stores.start();

      assertThat(stores.server().sessionsOf("Mary Jones")).isEqualTo(1);
      assertThat(stores.server().terminateAllSessions("Mary Jones")).isEqualTo(1);
      browser.moveTo(stores.address());
      other.moveTo(stores.address());
      assertSignedOut(browser);
      assertSignedIn(other.get("/me"), "dlucas");
      stores.roles("dlucas", "USER", "ADMIN");
      assertThat(stores.server().refreshAllSessions("dlucas")).isEqualTo(1);
      assertThat(other.get("/me").text("authorities"))
          .isEqualTo(factors() + "ROLE_ADMIN, ROLE_USER");
      assertThat(stores.server().terminateAllSessions("dlucas")).isEqualTo(1);
      assertSignedOut(other);
      assertThat(stores.log()).doesNotContain(" WARN ", " ERROR ");
    }
  }

  @Test
  void applicationThatAllowsOneSessionEachLetsAUserInAgainWhoseSessionWasEnded() {
    try (BootApplication limits =
        application()
            .configurer(OneSessionEach.class)
            .configuration(OneSessionEach.Publisher.class)
            .start()) {
      Browser first = signedIn(limits.browser(), "dlucas");
      Browser second = limits.browser();
      assertThat(second.signIn("dlucas").title()).isEqualTo("Sign in");
      assertThat(limits.server().number("SessionCount")).isEqualTo(1);

      assertThat(limits.server().terminateAllSessions("dlucas")).isEqualTo(1);

      assertSignedOut(first);
      assertSignedIn(second.signIn("dlucas"), "dlucas");
      assertThat(limits.server().number("SessionCount")).isEqualTo(1);
      // a sign-in that was refused leaves no entry in the application's own registry
      CompletableFuture<Page> shown;
      try (HeldSignIn held = limits.hold("johnq")) {
        shown = limits.browser().beginToSignIn("johnq");
        held.awaitHeld();
        assertThat(limits.server().terminateAllSessions("johnq")).isZero();
      }
      assertThat(shown.join().title()).isEqualTo("Sign in");
      signedIn(limits.browser(), "johnq");
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void requestsInVirtualThreadsEndNormally() {
    try (BootApplication virtual =
        application().property("spring.threads.virtual.enabled", "true").start()) {
      Browser browser = signedIn(virtual.browser(), "dlucas");
      CompletableFuture<Page> slow = inFlight(browser, virtual.browser());
      CompletableFuture<Void> stream = signedIn(virtual.browser(), "dlucas").events();
      CompletableFuture<Integer> socket = signedIn(virtual.browser(), "dlucas").socket();

      assertThat(virtual.server().terminateAllSessions("dlucas")).isEqualTo(3);

      await().until(stream::isDone);
      await().until(socket::isDone);
      virtual.browser().get("/public/hurry");
      assertThat(slow.join().status()).isEqualTo(200);
      assertSignedOut(browser);
      assertThat(virtual.server().number("SessionCount")).isZero();
    }
  }

  @Test
  void applicationBelowAPathIsManagedToo() {
    try (BootApplication below =
        application().property("server.servlet.context-path", "/shop").start()) {
      Browser browser = signedIn(below.browser(), "dlucas");
      CompletableFuture<Page> slow = inFlight(browser, below.browser());

      assertThat(below.server().terminateAllSessions("dlucas")).isEqualTo(1);

      assertSignedOut(browser);
      assertSignedIn(browser.signIn("dlucas"), "dlucas");
      below.browser().get("/public/hurry");
      assertThat(slow.join().status()).isEqualTo(200);
      assertSignedIn(browser.get("/me"), "dlucas");
    }
  }

  @Test
  void applicationThatSwitchesItOffIsAsWithout() {
    try (BootApplication plain = application().property("sms.enabled", "false").start()) {
      signedIn(plain.browser(), "dlucas");

      assertThat(plain.administrator().ours()).isEmpty();
    }
  }

  /** Remember-me whose tokens the application keeps in its database. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  final class PersistentTokens {

    private BootApplication remembers;

    @BeforeAll
    void start() {
      remembers = application().property("shop.remember-me", "persistent").start();
    }

    @AfterAll
    void stop() {
      remembers.close();
    }

    @BeforeEach
    void nobodyIsRemembered() {
      Stream.of("dlucas", "johnq").forEach(remembers.server()::terminateAllSessions);
      assertThat(remembers.server().number("SessionCount")).isZero();
    }

    @Test
    void endWithTheSessionsOfTheirUser() {
      Browser browser = remembered(remembers, "dlucas");
      Browser other = remembered(remembers, "johnq");

      // before and after its restart
      assertThat(remembers.server().terminateAllSessions("dlucas")).isEqualTo(2);

      assertSignedOut(browser);
      browser.restart();
      assertSignedOut(browser);
      other.restart();
      assertSignedIn(other.get("/me"), "johnq");
      assertThat(remembers.server().notes()).isEmpty();
    }

    @Test
    void endAlsoWhereTheUserHasNoSession() {
      Browser browser = remembers.browser();
      browser.signIn("Mary Jones", "remember-me", "on");
      browser.get("/idle?seconds=1");
      browser.restart();
      await().until(() -> remembers.server().sessionsOf("Mary Jones") == 0);

      assertThat(remembers.server().terminateAllSessions("MARY JONES")).isZero();

      assertSignedOut(browser);
    }

    @Test
    void doNotSignInWhenReadBeforeTheTerminate() {
      Browser browser = remembered(remembers, "dlucas");
      browser.restart();
      CompletableFuture<Page> shown;
      try (HeldSignIn held = remembers.hold("dlucas")) {
        shown = browser.begin("/me");
        held.awaitHeld();

        assertThat(remembers.server().terminateAllSessions("dlucas")).isEqualTo(2);
      }

      assertThat(shown.join().title()).isEqualTo("Sign in");
      assertSignedOut(browser);
      browser.restart();
      assertSignedOut(browser);
      assertThat(remembers.server().sessionsOf("dlucas")).isZero();
    }

    @Test
    void areNotMadeForASignInThatATerminateOvertook() {
      Browser browser = remembers.browser();
      CompletableFuture<Page> shown;
      try (HeldSignIn held = remembers.hold("dlucas")) {
        shown = browser.beginToSignIn("/me", "dlucas", "remember-me", "on");
        held.awaitHeld();

        assertThat(remembers.server().terminateAllSessions("dlucas")).isZero();
      }

      assertThat(shown.join().title()).isEqualTo("Sign in");
      browser.restart();
      assertSignedOut(browser);
    }

    @Test
    void signInWithNewAuthoritiesAfterARefresh() {
      Browser browser = remembered(remembers, "johnq");
      // Spring Security asks remembered users for their password before it refuses them
      assertThat(browser.get("/admin").title()).isEqualTo("Sign in");
      try {
        remembers.roles("johnq", "USER", "ADMIN");

        assertThat(remembers.server().refreshAllSessions("johnq")).isEqualTo(2);

        assertThat(browser.get("/admin").title()).isEqualTo("For administrators");
        Page me = browser.get("/me");
        assertThat(me.text("roles")).isEqualTo("USER, ADMIN");
        assertThat(me.text("principal")).isEqualTo("ROLE_ADMIN, ROLE_USER");
        assertThat(me.text("type")).isEqualTo("RememberMeAuthenticationToken");
      } finally {
        remembers.roles("johnq", "USER");
      }
    }
  }
}
