package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Browser.Page;
import org.smsjmx.servlet.fixture.HeldSignIn;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;
import org.smsjmx.spring.fixture.Database;

/**
 * Two nodes of an application, each in a JVM of its own, whose sessions Spring Session keeps in a
 * store: an operation at one holds at both.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedSessionsContract {

  private Database database;
  private BootApplication one;
  private BootApplication other;

  abstract Boot boot();

  /** Lets an application have its sessions in the store. */
  abstract BootApplication stored(BootApplication application);

  @BeforeAll
  void start() throws Exception {
    database = new Database();
    one = node();
    other = node();
    one.start();
    other.start();
  }

  /** Returns a further node, not started. */
  final BootApplication node() {
    return stored(database.in(new BootApplication(boot())))
        // they share a clock
        .property("sms.session.clock-skew", "0s")
        .property("shop.remember-me", "persistent");
  }

  @AfterAll
  void stop() {
    Stream.of(one, other).filter(node -> node != null).forEach(BootApplication::close);
    database.close();
  }

  @BeforeEach
  void nobodyIsSignedIn() {
    Stream.of("dlucas", "johnq", "Mary Jones").forEach(one.server()::terminateAllSessions);
  }

  private static Browser signedIn(BootApplication node, String user) {
    Browser browser = node.browser();
    assertSignedIn(browser.signIn(user), user);
    return browser;
  }

  private static void assertSignedIn(Page page, String user) {
    assertThat(page.title()).isEqualTo("My page");
    assertThat(page.text("user")).isEqualTo(user);
  }

  private static void assertSignedOut(Browser browser) {
    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
  }

  @Test
  void terminateEndsTheSessionsOfAllNodes() {
    List<Browser> eleven =
        IntStream.range(0, 11).mapToObj(i -> signedIn(i % 2 == 0 ? one : other, "dlucas")).toList();
    Browser johnq = signedIn(other, "johnq");
    assertThat(one.server().sessionsOf("dlucas")).isEqualTo(11);
    assertThat(other.server().sessionsOf("dlucas")).isEqualTo(11);

    assertThat(one.server().terminateAllSessions("dlucas")).isEqualTo(11);
    assertThat(one.server().terminateAllSessions("dlucas")).isZero();
    assertThat(other.server().terminateAllSessions("dlucas")).isZero();

    eleven.forEach(browser -> browser.moveTo(other.address()));
    eleven.forEach(SharedSessionsContract::assertSignedOut);
    assertSignedIn(johnq.get("/me"), "johnq");
    assertThat(eleven.get(0).get("/public/hello").text("user")).isEqualTo("nobody");
  }

  @Test
  void terminatesAtTwoNodesCountEachSessionOnce() {
    for (int round = 0; round < 5; round++) {
      IntStream.range(0, 6).forEach(i -> signedIn(i % 2 == 0 ? one : other, "dlucas"));

      CompletableFuture<Integer> there =
          CompletableFuture.supplyAsync(() -> other.server().terminateAllSessions("dlucas"));
      int here = one.server().terminateAllSessions("dlucas");

      assertThat(here + there.join()).isEqualTo(6);
    }
  }

  @Test
  void sessionOfOneNodeGoesOnAtTheOther() {
    Browser browser = signedIn(one, "dlucas");

    browser.moveTo(other.address());

    assertSignedIn(browser.get("/me"), "dlucas");
    browser.submit(browser.get("/me"), "/logout");
    assertThat(one.server().sessionsOf("dlucas")).isZero();
    assertThat(one.server().terminateAllSessions("dlucas")).isZero();
  }

  @Test
  void requestInFlightEndsNormallyAndRevivesNoSession() {
    Browser browser = signedIn(other, "dlucas");
    CompletableFuture<Page> slow = inFlight(other, browser);

    assertThat(one.server().terminateAllSessions("dlucas")).isEqualTo(1);
    other.browser().get("/public/hurry");

    assertThat(slow.join().status()).isEqualTo(200);
    assertThat(slow.join().text("user")).isEqualTo("dlucas");
    assertSignedOut(browser);
    assertThat(one.server().sessionsOf("dlucas")).isZero();
  }

  @Test
  void requestInFlightDoesNotUndoARefresh() {
    Browser browser = signedIn(other, "dlucas");
    CompletableFuture<Page> slow = inFlight(other, browser);
    try {
      one.roles("dlucas", "USER", "ADMIN");
      assertThat(one.server().refreshAllSessions("dlucas")).isEqualTo(1);

      other.browser().get("/public/hurry");

      assertThat(slow.join().status()).isEqualTo(200);
      assertThat(browser.get("/me").text("roles")).isEqualTo("USER, ADMIN");
    } finally {
      one.roles("dlucas", "USER");
    }
  }

  private static CompletableFuture<Page> inFlight(BootApplication node, Browser browser) {
    CompletableFuture<Page> slow = browser.begin("/slow");
    Browser anybody = node.browser();
    await().until(() -> anybody.get("/public/waiting").text("waiting").equals("1"));
    return slow;
  }

  @Test
  void passwordThatWasProvedBeforeATerminateAtTheOtherNodeIsRefused() {
    Browser browser = other.browser();
    CompletableFuture<Page> shown;
    try (HeldSignIn held = other.hold("dlucas")) {
      shown = browser.beginToSignIn("dlucas");
      held.awaitHeld();

      assertThat(one.server().terminateAllSessions("dlucas")).isZero();
    }

    assertThat(shown.join().title()).isEqualTo("Sign in");
    assertSignedOut(browser);
    assertThat(one.server().sessionsOf("dlucas")).isZero();
    assertSignedIn(browser.signIn("dlucas"), "dlucas");
  }

  @Test
  void passwordThatWasProvedBeforeTheTerminateOfAnotherUserIsAccepted() {
    CompletableFuture<Page> shown;
    try (HeldSignIn held = other.hold("dlucas")) {
      shown = other.browser().beginToSignIn("dlucas");
      held.awaitHeld();
      one.server().terminateAllSessions("johnq");
      other.server().terminateAllSessions("johnq");
    }

    assertSignedIn(shown.join(), "dlucas");
  }

  @Test
  void signInThatARefreshAtTheOtherNodeOvertakesHasTheNewAuthorities() {
    Browser browser = other.browser();
    try {
      CompletableFuture<Page> shown;
      try (HeldSignIn held = other.hold("dlucas")) {
        shown = browser.beginToSignIn("dlucas");
        held.awaitHeld();
        one.roles("dlucas", "USER", "ADMIN");

        assertThat(one.server().refreshAllSessions("dlucas")).isZero();
      }

      assertThat(shown.join().status()).isEqualTo(200);
      assertThat(browser.get("/me").text("roles")).isEqualTo("USER, ADMIN");
      assertThat(browser.status("/admin")).isEqualTo(200);
    } finally {
      one.roles("dlucas", "USER");
    }
  }

  @Test
  void refreshGivesTheSessionsOfAllNodesTheirNewAuthorities() {
    Browser first = signedIn(one, "dlucas");
    Browser second = signedIn(other, "dlucas");
    String cookies = second.cookies();
    assertThat(second.status("/admin")).isEqualTo(403);
    try {
      one.roles("dlucas", "USER", "ADMIN");

      assertThat(one.server().refreshAllSessions("dlucas")).isEqualTo(2);

      assertThat(first.get("/admin").title()).isEqualTo("For administrators");
      assertThat(second.get("/admin").title()).isEqualTo("For administrators");
      Page me = second.get("/me");
      assertThat(me.text("roles")).isEqualTo("USER, ADMIN");
      assertThat(me.text("principal")).isEqualTo("ROLE_ADMIN, ROLE_USER");
      assertThat(me.text("type")).isEqualTo("UsernamePasswordAuthenticationToken");
      assertThat(second.cookies()).isEqualTo(cookies);
    } finally {
      one.roles("dlucas", "USER");
    }
    assertThat(other.server().refreshAllSessions("dlucas")).isEqualTo(2);
    assertThat(first.status("/admin")).isEqualTo(403);
  }

  @Test
  void eventStreamAtTheOtherNodeEnds() {
    CompletableFuture<Void> stream = signedIn(other, "dlucas").events();
    CompletableFuture<Void> johnq = signedIn(other, "johnq").events();

    assertThat(one.server().terminateAllSessions("dlucas")).isEqualTo(1);

    await().until(stream::isDone);
    assertThat(johnq).isNotDone();
  }

  @Test
  void rememberedUserHasToSignInAgainAtTheOtherNode() {
    Browser browser = other.browser();
    assertSignedIn(browser.signIn("dlucas", "remember-me", "on"), "dlucas");
    browser.restart();
    assertSignedIn(browser.get("/me"), "dlucas");

    assertThat(one.server().terminateAllSessions("dlucas")).isEqualTo(2);

    browser.restart();
    assertSignedOut(browser);
  }

  @Test
  void sessionInWhichTheSameUserSignsInAgainCountsOnce() {
    Browser browser = signedIn(one, "dlucas");

    browser.signInAt("/login", "dlucas");
    browser.signInAt("/public/sign-in", "dlucas");

    assertSignedIn(browser.get("/me"), "dlucas");
    assertThat(other.server().terminateAllSessions("dlucas")).isEqualTo(1);
    assertSignedOut(browser);
  }

  @Test
  void sessionThatChangesItsUserCountsForTheNewOneOnly() {
    Browser browser = signedIn(one, "dlucas");

    browser.signInAt("/public/sign-in", "johnq");
    assertSignedIn(browser.get("/me"), "johnq");

    assertThat(other.server().terminateAllSessions("dlucas")).isZero();
    assertSignedIn(browser.get("/me"), "johnq");
    assertThat(other.server().terminateAllSessions("johnq")).isEqualTo(1);
    assertSignedOut(browser);
  }

  @Test
  void passwordThatTheApplicationProvedBeforeTheTerminateMakesNoSession() {
    Browser browser = other.browser();
    CompletableFuture<Page> shown;
    try (HeldSignIn held = other.hold("dlucas")) {
      shown = browser.beginToSignIn("/public/sign-in", "dlucas");
      held.awaitHeld();

      assertThat(one.server().terminateAllSessions("dlucas")).isZero();
    }

    assertThat(shown.join().title()).isEqualTo("Sign in");
    assertSignedOut(browser);
    assertThat(one.server().sessionsOf("dlucas")).isZero();
  }

  @Test
  void numberOfSessionsIsNotKnown() {
    long begun = one.server().number("SignedInTotal");
    long ended = one.server().number("TerminatedTotal");
    signedIn(one, "dlucas");
    signedIn(other, "dlucas");

    one.server().terminateAllSessions("dlucas");

    assertThat(one.server().number("SessionCount")).isEqualTo(-1);
    assertThat(one.server().number("SignedInTotal")).isEqualTo(begun + 1);
    assertThat(one.server().number("TerminatedTotal")).isEqualTo(ended + 2);
  }
}
