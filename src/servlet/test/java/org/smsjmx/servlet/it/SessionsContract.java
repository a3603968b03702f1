package org.smsjmx.servlet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Browser.Page;
import org.smsjmx.servlet.fixture.HeldSignIn;

/**
 * What users and administrators see of an application whose sessions are managed, whatever it is
 * made with and runs in.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SessionsContract {

  /** Returns the server's MBean of the application. */
  protected abstract Administrator.Server server();

  /** Returns a new browser in front of the application. */
  protected abstract Browser browser();

  /** Holds sign-ins of a user after the password has been checked. */
  protected abstract HeldSignIn hold(String user);

  /** Signs out by the application's own button. */
  protected abstract void signOut(Browser browser);

  /** Signs in past the form of container or framework, also to a session that has a user. */
  protected abstract void signInByApplication(Browser browser, String user);

  /** What a user sees whose sign-in is refused. */
  protected void assertRefused(Page page) {
    assertThat(page.title()).isEqualTo("Sign in");
  }

  @BeforeEach
  void nobodyIsSignedIn() {
    Stream.of("dlucas", "johnq", "Mary Jones").forEach(server()::terminateAllSessions);
    assertThat(server().number("SessionCount")).isZero();
  }

  protected final Browser signedIn(String user) {
    return signedIn(browser(), user);
  }

  protected static Browser signedIn(Browser browser, String user) {
    assertSignedIn(browser.signIn(user), user);
    return browser;
  }

  protected static void assertSignedIn(Page page, String user) {
    assertThat(page.title()).isEqualTo("My page");
    assertThat(page.text("user")).isEqualTo(user);
  }

  protected static void assertSignedOut(Browser browser) {
    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
  }

  /** Begins a request that goes on until another browser hurries it. */
  protected static CompletableFuture<Page> inFlight(Browser browser, Browser anybody) {
    CompletableFuture<Page> slow = browser.begin("/slow");
    await().until(() -> anybody.get("/public/waiting").text("waiting").equals("1"));
    return slow;
  }

  @Test
  void terminateEndsAllSessionsOfTheUserAndOfNobodyElse() {
    List<Browser> eleven = Stream.generate(() -> signedIn("dlucas")).limit(11).toList();
    Browser other = signedIn("johnq");

    assertThat(server().number("SessionCount")).isEqualTo(12);
    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(11);
    assertThat(server().terminateAllSessions("dlucas")).isZero();

    eleven.forEach(SessionsContract::assertSignedOut);
    assertSignedIn(other.get("/me"), "johnq");
    assertThat(server().number("SessionCount")).isEqualTo(1);
  }

  @Test
  void sessionStaysDeadHoweverSoonItsNextRequestComes() {
    for (int i = 0; i < 50; i++) {
      Browser browser = signedIn("dlucas");

      assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);

      assertSignedOut(browser);
    }
    assertThat(server().number("SessionCount")).isZero();
  }

  @Test
  void userWhoseSessionWasEndedSeesPublicPagesAsAnybody() {
    Browser browser = signedIn("dlucas");
    assertThat(browser.get("/public/hello").text("user")).isEqualTo("dlucas");

    server().terminateAllSessions("dlucas");

    Page hello = browser.get("/public/hello");
    assertThat(hello.status()).isEqualTo(200);
    assertThat(hello.text("user")).isEqualTo("nobody");
  }

  @Test
  void userWhoseSessionWasEndedCanSignInAgain() {
    Browser browser = signedIn("dlucas");

    server().terminateAllSessions("dlucas");

    assertSignedIn(browser.signIn("dlucas"), "dlucas");
    assertThat(server().sessionsOf("dlucas")).isEqualTo(1);
  }

  @Test
  void userNamesCompareIgnoringCase() {
    Browser browser = signedIn("Mary Jones");

    assertThat(server().terminateAllSessions("MARY JONES")).isEqualTo(1);

    assertSignedOut(browser);
  }

  @Test
  void signOutEndsTheSession() {
    Browser browser = signedIn("dlucas");

    signOut(browser);

    assertThat(server().number("SessionCount")).isZero();
    assertThat(server().terminateAllSessions("dlucas")).isZero();
  }

  @Test
  void signInByTheApplicationCountsBeforeTheNextRequest() {
    Browser browser = browser();
    signInByApplication(browser, "dlucas");

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);

    assertSignedOut(browser);
  }

  @Test
  void sessionThatChangesItsUserCountsForTheNewOneOnly() {
    Browser browser = signedIn("dlucas");

    signInByApplication(browser, "johnq");
    assertSignedIn(browser.get("/me"), "johnq");

    assertThat(server().number("SessionCount")).isEqualTo(1);
    assertThat(server().terminateAllSessions("dlucas")).isZero();
    assertSignedIn(browser.get("/me"), "johnq");
    assertThat(server().terminateAllSessions("johnq")).isEqualTo(1);
    assertSignedOut(browser);
  }

  @Test
  void userWhoHasSentTheFormAndSeenNoPageYetIsSignedOut() {
    Browser browser = browser();
    assertThat(browser.signInOnly("dlucas")).isBetween(302, 303);

    server().terminateAllSessions("dlucas");

    assertSignedOut(browser);
  }

  @Test
  void passwordThatWasProvedBeforeTheTerminateIsRefused() {
    Browser browser = browser();
    CompletableFuture<Page> shown;
    try (HeldSignIn held = hold("dlucas")) {
      shown = browser.beginToSignIn("dlucas");
      held.awaitHeld();

      assertThat(server().terminateAllSessions("dlucas")).isZero();
    }

    assertRefused(shown.join());
    assertSignedOut(browser);
    assertThat(server().number("SessionCount")).isZero();
    assertSignedIn(browser.signIn("dlucas"), "dlucas");
  }

  @Test
  void passwordThatIsCheckedAcrossTheTerminateOfAnotherUserIsAccepted() {
    CompletableFuture<Page> shown;
    signedIn("johnq");
    try (HeldSignIn held = hold("dlucas")) {
      shown = browser().beginToSignIn("dlucas");
      held.awaitHeld();

      assertThat(server().terminateAllSessions("johnq")).isEqualTo(1);
    }

    assertSignedIn(shown.join(), "dlucas");
  }

  @Test
  void requestInFlightEndsNormallyAndItsSessionWithIt() {
    Browser browser = signedIn("dlucas");
    CompletableFuture<Page> slow = inFlight(browser, browser());

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
    browser().get("/public/hurry");

    assertThat(slow.join().status()).isEqualTo(200);
    assertThat(slow.join().text("user")).isEqualTo("dlucas");
    assertSignedOut(browser);
  }

  @Test
  void userMaySignInAgainWhileARequestIsStillInFlight() {
    Browser browser = signedIn("dlucas");
    CompletableFuture<Page> slow = inFlight(browser, browser());

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
    assertSignedOut(browser);
    assertSignedIn(browser.signIn("dlucas"), "dlucas");
    browser().get("/public/hurry");

    assertThat(slow.join().status()).isEqualTo(200);
    assertSignedIn(browser.get("/me"), "dlucas");
  }

  @Test
  void eventStreamEnds() {
    CompletableFuture<Void> stream = signedIn("dlucas").events();
    CompletableFuture<Void> other = signedIn("johnq").events();

    server().terminateAllSessions("dlucas");

    await().until(stream::isDone);
    assertThat(other).isNotDone();
  }

  @Test
  void webSocketIsClosedForViolationOfPolicy() {
    CompletableFuture<Integer> socket = signedIn("dlucas").socket();
    CompletableFuture<Integer> other = signedIn("johnq").socket();

    server().terminateAllSessions("dlucas");

    await().until(socket::isDone);
    assertThat(socket).isCompletedWithValue(1008);
    assertThat(other).isNotDone();
  }

  @Test
  void webSocketOfAnotherSessionOfTheUserStaysOpen() {
    Browser browser = signedIn("dlucas");
    CompletableFuture<Integer> socket = browser.socket();
    CompletableFuture<Integer> other = signedIn("dlucas").socket();

    signOut(browser);

    await().until(socket::isDone);
    assertThat(socket).isCompletedWithValue(1008);
    assertThat(other).isNotDone();
  }

  @Test
  void whatTheApplicationKeepsInTheSessionIsGivenBack() {
    Browser browser = signedIn("dlucas");
    int before = Integer.parseInt(browser.get("/me").text("baskets"));

    server().terminateAllSessions("dlucas");

    Browser anybody = browser();
    await()
        .until(() -> Integer.parseInt(anybody.get("/public/hello").text("baskets")) == before + 1);
  }

  @Test
  void sessionThatWasIdleForTooLongIsNotCounted() {
    signedIn("dlucas").get("/idle?seconds=1");
    long expired = server().number("ExpiredTotal");

    await().until(() -> server().number("SessionCount") == 0);

    assertThat(server().number("ExpiredTotal")).isEqualTo(expired + 1);
    assertThat(server().terminateAllSessions("dlucas")).isZero();
  }
}
