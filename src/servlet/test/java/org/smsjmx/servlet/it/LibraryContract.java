package org.smsjmx.servlet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Application;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.HeldSignIn;

/**
 * What users and administrators see of plain applications in a container that has the jars in its
 * library, in any container.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LibraryContract {

  static final String REALM = "shop.example.com";

  private final Application shop = shop(Application.named("shop").realm(REALM));
  private final Application root = Application.named("ROOT");

  private Container container;

  /** Returns the container, not started. */
  abstract Container container();

  /** Returns the application with what makes constraints follow a refresh. */
  abstract Application shop(Application plain);

  /** Whether the container reads stored sessions at its start, not each when it is asked for. */
  abstract boolean knowsStoredSessions();

  @BeforeAll
  void start() {
    container = container().library(Container.jars()).deploy(shop).deploy(root).start();
  }

  @AfterAll
  void stop() {
    container.close();
  }

  Container running() {
    return container;
  }

  Administrator.Server server() {
    return container.administrator().server("shop");
  }

  private Browser signedIn(Application application, String user) {
    Browser browser = container.browser(application);
    assertThat(browser.signIn(user).text("user")).isEqualTo(user);
    return browser;
  }

  @Test
  void terminateEndsSessionsOfItsRealmOnly() {
    Browser browser = signedIn(shop, "dlucas");
    Browser inRoot = signedIn(root, "dlucas");

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);

    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
    assertThat(inRoot.get("/me").text("user")).isEqualTo("dlucas");
    assertThat(container.administrator().server("ROOT").realm()).isEqualTo("ROOT");
    assertThat(container.administrator().server("ROOT").terminateAllSessions("dlucas"))
        .isEqualTo(1);
  }

  @Test
  void constraintsFollowARefresh() {
    Browser browser = signedIn(shop, "johnq");
    assertThat(browser.status("/admin")).isEqualTo(403);
    String cookies = browser.cookies();

    container.setRoles(shop, "johnq", "user,admin");
    assertThat(server().refreshAllSessions("johnq")).isEqualTo(1);

    assertThat(browser.get("/admin").text("roles")).isEqualTo("user, admin");
    assertThat(browser.cookies()).isEqualTo(cookies);

    container.setRoles(shop, "johnq", "user");
    assertThat(server().refreshAllSessions("johnq")).isEqualTo(1);
    assertThat(browser.status("/admin")).isEqualTo(403);
    server().terminateAllSessions("johnq");
  }

  @Test
  void signInAcrossARefreshDoesNotSeeWhatItsUserMayNotSeeAnyMore() {
    container.setRoles(shop, "johnq", "user,admin");
    CompletableFuture<Browser.Page> shown;
    try (HeldSignIn held = new HeldSignIn(container, "johnq")) {
      shown = container.browser(shop).beginToSignIn("/admin", "johnq");
      held.awaitHeld();
      container.roles("johnq", "user");
      container.setRoles(shop, "dlucas", "user,admin"); // then it has read both

      assertThat(server().refreshAllSessions("johnq")).isZero();
    }

    assertThat(shown.join().status()).isEqualTo(403);
    container.setRoles(shop, "dlucas", "user");
    server().terminateAllSessions("johnq");
  }

  @Test
  void storedSessionsCanBeEndedBeforeTheirFirstRequest() {
    Browser browser = signedIn(shop, "Mary Jones");
    Browser other = signedIn(shop, "dlucas");

    container.stop();
    container.start();

    long stored = knowsStoredSessions() ? 1 : 0;
    assertThat(server().sessionsOf("Mary Jones")).isEqualTo(stored);
    assertThat(server().terminateAllSessions("Mary Jones")).isEqualTo((int) stored);
    browser.moveTo(container, shop);
    other.moveTo(container, shop);
    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
    assertThat(other.get("/me").text("user")).isEqualTo("dlucas");
    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
  }
}
