package org.smsjmx.servlet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Application;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Browser.Page;
import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.FileRegistry;
import org.smsjmx.servlet.fixture.HeldSignIn;

/**
 * What users and administrators see of applications that have the jars in their WEB-INF/lib, in any
 * container.
 */
abstract class ApplicationContract extends SessionsContract {

  private static final String REALM = "shop.example.com";
  private static final String LONG_NAME = "x".repeat(300);

  private final Application shop = withJars("shop").realm(REALM);
  private final Application outlet = withJars("outlet").realm(REALM);
  private final Application basic = withJars("basic").realm("basic.example.com").basic();

  private Container container;
  private Administrator administrator;

  /** Returns the container, not started. */
  abstract Container container();

  static Application withJars(String name) {
    return Application.named(name).with(Container.jars());
  }

  @BeforeAll
  void start() {
    container = container();
    container.roles("*", "user");
    container.roles(LONG_NAME, "user");
    container.deploy(shop).deploy(outlet).deploy(basic).start();
    administrator = container.administrator();
  }

  @AfterAll
  void stop() {
    container.close();
  }

  @Override
  protected Administrator.Server server() {
    return administrator.server("shop");
  }

  @Override
  protected Browser browser() {
    return container.browser(shop);
  }

  @Override
  protected HeldSignIn hold(String user) {
    return new HeldSignIn(container, user);
  }

  @Override
  protected void signOut(Browser browser) {
    browser.get("/public/sign-out");
  }

  @Override
  protected void signInByApplication(Browser browser, String user) {
    assertThat(browser.signInByApplication(user).text("user")).isEqualTo(user);
  }

  @Test
  void formSentAfterTheEndLeadsToSignIn() {
    Browser browser = signedIn("dlucas");

    server().terminateAllSessions("dlucas");

    assertThat(browser.post("/me", "amount", "1").title()).isEqualTo("Sign in");
  }

  @Test
  void signInByTheApplicationCounts() {
    Browser browser = browser();
    browser.signInByApplication("dlucas");
    assertSignedIn(browser.get("/me"), "dlucas");

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);

    assertSignedOut(browser);
  }

  /** Jetty signs such a user in, with a session that did not exist before. */
  @Test
  void userWhoHasSentTheFormUnaskedIsSignedOut() {
    Browser browser = browser();
    browser.signInUnasked("dlucas");

    server().terminateAllSessions("dlucas");

    assertSignedOut(browser);
  }

  @Test
  void passwordOfHttpBasicThatWasProvedBeforeTheTerminateMakesNoSession() {
    CompletableFuture<Page> shown;
    try (HeldSignIn held = hold("dlucas")) {
      shown = container.browser(basic).beginBasic("/idle?seconds=600", "dlucas");
      held.awaitHeld();

      assertThat(administrator.server("basic").terminateAllSessions("dlucas")).isZero();
    }

    assertThat(shown.join().status()).isEqualTo(200);
    assertThat(administrator.server("basic").number("SessionCount")).isZero();
  }

  @Test
  void refreshGivesRunningSessionsTheirNewRoles() {
    Browser browser = signedIn("dlucas");
    String cookies = browser.cookies();
    try {
      container.setRoles(shop, "dlucas", "user,admin");
      assertThat(browser.get("/me").text("roles")).isEqualTo("user");

      assertThat(server().refreshAllSessions("dlucas")).isEqualTo(1);

      assertThat(browser.get("/me").text("roles")).isEqualTo("user, admin");
      assertThat(browser.cookies()).isEqualTo(cookies);
    } finally {
      container.setRoles(shop, "dlucas", "user");
    }
    assertThat(server().refreshAllSessions("dlucas")).isEqualTo(1);
    assertThat(browser.get("/me").text("roles")).isEqualTo("user");
  }

  @Test
  void signInAcrossARefreshHasTheNewRoles() {
    CompletableFuture<Page> shown;
    try (HeldSignIn held = hold("johnq")) {
      shown = browser().beginToSignIn("johnq");
      held.awaitHeld();
      container.roles("johnq", "user,admin");
      container.setRoles(shop, "Mary Jones", "user");

      assertThat(server().refreshAllSessions("johnq")).isZero();
    }
    try {
      assertThat(shown.join().text("roles")).isEqualTo("user, admin");
    } finally {
      container.roles("johnq", "user");
      container.setRoles(shop, "Mary Jones", "user,admin");
    }
  }

  @Test
  void registryOfTheApplicationTellsTheRoles() {
    FileRegistry.write(container, "dlucas", "user");
    Application catalog =
        withJars("catalog").with(FileRegistry.jar(container)).realm("catalog.example.com");
    container.deploy(catalog);
    awaitDeployed(catalog);
    Browser browser = container.browser(catalog);
    assertThat(browser.signIn("dlucas").text("roles")).isEqualTo("user");

    FileRegistry.write(container, "dlucas", "user,admin");
    assertThat(administrator.server("catalog").refreshAllSessions("dlucas")).isEqualTo(1);

    assertThat(browser.get("/me").text("roles")).isEqualTo("user, admin");
    assertThat(administrator.server("catalog").terminateAllSessions("dlucas")).isEqualTo(1);
    container.undeploy(catalog);
  }

  @Test
  void userWhoIsKeptOutIsToldSoAndNotAskedAgain() {
    Browser browser = signedIn("dlucas");
    CompositeData outcome = server().terminateAndKeepOut("dlucas", "PT10M");
    try {
      assertThat(outcome.get("ended")).isEqualTo(1L);
      assertThat(outcome.get("state")).isEqualTo("DONE_NOT_DURABLE");
      assertSignedOut(browser);
      Page refused = browser.signIn("dlucas");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("an administrator keeps the user out");
      assertThat(browser.get("/me").title()).isEqualTo("Sign in");
      assertThat(server().sessionsOf("dlucas")).isZero();
      signedIn("johnq");
    } finally {
      assertThat(server().letIn("dlucas")).isTrue();
    }
    assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");
  }

  /** The browser sends the password with each request: the page is shown, and leaves nothing. */
  @Test
  void passwordOfHttpBasicOfAUserWhoIsKeptOutMakesNoSession() {
    administrator.server("basic").terminateAndKeepOut("dlucas", "PT10M");
    try {
      Browser browser = container.browser(basic);
      browser.basic("/idle?seconds=600", "dlucas");
      browser.basic("/idle?seconds=600", "dlucas");
      assertThat(administrator.server("basic").number("SessionCount")).isZero();
    } finally {
      administrator.server("basic").letIn("dlucas");
    }
  }

  @Test
  void userHasAsManySessionsAsTheRegistrySays() {
    FileRegistry.write(container, "dlucas", "user", "1");
    Application catalog =
        withJars("catalog").with(FileRegistry.jar(container)).realm("catalog.example.com");
    container.deploy(catalog);
    awaitDeployed(catalog);
    Browser first = container.browser(catalog);
    assertThat(first.signIn("dlucas").text("user")).isEqualTo("dlucas");
    Browser second = container.browser(catalog);
    Page refused = second.signIn("dlucas");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("as many sessions as allowed");

    FileRegistry.write(container, "dlucas", "user", "displace");
    assertThat(second.signIn("dlucas").text("user")).isEqualTo("dlucas");
    assertThat(first.get("/me").title()).isEqualTo("Sign in");
    assertThat(administrator.server("catalog").number("DisplacedTotal")).isEqualTo(1);
    assertThat(administrator.server("catalog").terminateAllSessions("dlucas")).isEqualTo(1);
    container.undeploy(catalog);
  }

  /** Waits until the container knows them. */
  @Test
  void twoApplicationsOfARealmAreReachedByOneCall() {
    Browser here = signedIn("dlucas");
    Browser there = container.browser(outlet);
    there.signIn("dlucas");

    assertThat(administrator.server("outlet").number("SessionCount")).isEqualTo(1);
    assertThat(server().sessionsOf("dlucas")).isEqualTo(2);
    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(2);

    assertSignedOut(here);
    assertSignedOut(there);
  }

  @Test
  void eachCallIsAuditedOnceThoughNobodyConfiguredALog() {
    signedIn("dlucas");
    container.browser(outlet).signIn("dlucas");

    server().terminateAllSessionsWithReason("dlucas", "ticket 4711");

    await()
        .untilAsserted(
            () ->
                assertThat(container.console().lines().filter(line -> line.contains("ticket 4711")))
                    .singleElement()
                    .asString()
                    .contains(
                        "\"operation\":\"terminateAllSessionsWithReason\"",
                        "\"user\":\"dlucas\"",
                        "\"sessions\":2"));
  }

  @Test
  void namesThatTheTableRefusesFailNoRequest() {
    long unmanaged = server().number("UnmanagedSessions");
    List<Browser> browsers = new ArrayList<>();
    for (String user : List.of("*", LONG_NAME)) {
      browsers.add(signedIn(user));
    }

    assertThat(server().number("UnmanagedSessions")).isEqualTo(unmanaged + 2);
    assertThat(server().number("SessionCount")).isZero();
    browsers.forEach(browser -> assertThat(browser.get("/me").status()).isEqualTo(200));
    browsers.forEach(browser -> browser.get("/public/sign-out"));
    assertThat(server().number("UnmanagedSessions")).isEqualTo(unmanaged);
  }

  @Test
  void httpBasicSignsInAnew() {
    Browser browser = container.browser(basic);
    Administrator.Server server = administrator.server("basic");
    // the container makes no session for it, but the application does
    assertSignedIn(browser.basic("/me", "dlucas"), "dlucas");
    assertThat(server.number("SessionCount")).isZero();
    browser.basic("/idle?seconds=600", "dlucas");
    assertSignedIn(browser.basic("/me", "dlucas"), "dlucas");
    assertThat(server.number("SessionCount")).isEqualTo(1);

    assertThat(server.terminateAllSessions("dlucas")).isEqualTo(1);

    assertSignedIn(browser.basic("/me", "dlucas"), "dlucas");
    assertThat(server.number("SessionCount")).isZero();
    assertThat(container.console()).containsOnlyOnce("sign in by BASIC");
  }

  @Test
  void applicationWhosePathIsNoServerNameStartsAnyway() {
    assumeThat(System.getProperty("sun.jnu.encoding")).as("of file names").isEqualTo("UTF-8");
    Application umlaut = withJars("ü").realm("umlaut.example.com");
    container.deploy(umlaut);
    awaitDeployed(umlaut);

    // Tomcat does not find its form below such a path
    Browser browser = container.browser(umlaut);
    browser.signInByApplication("dlucas");
    assertSignedIn(browser.get("/me"), "dlucas");
    assertThat(administrator.serverOf("umlaut.example.com").terminateAllSessions("dlucas"))
        .isEqualTo(1);
    assertSignedOut(browser);

    container.undeploy(umlaut);
  }

  @Test
  void applicationWhoseNameIsTakenStartsAnyway() {
    Application second =
        withJars("second").realm("second.example.com").parameter("sms.instance", "shop");
    container.deploy(second);
    awaitDeployed(second);

    Browser browser = container.browser(second);
    assertSignedIn(browser.signIn("dlucas"), "dlucas");
    assertThat(server().realm()).isEqualTo(REALM);

    container.undeploy(second);
    assertThat(server().realm()).isEqualTo(REALM);
  }

  @Test
  void undeployingLeavesNothing() {
    String loaders = container.loaderOfApplications();
    long before = administrator.instancesOf(loaders);
    List<String> names = administrator.ours();

    for (int i = 0; i < 10; i++) {
      comeAndGo();
    }

    // Jetty lets go of an application once the last connection to it is closed and others have come
    await()
        .atMost(Container.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(browser().status("/public/hello")).isEqualTo(200);
              assertThat(administrator.instancesOf(loaders)).isLessThanOrEqualTo(before);
            });
    assertThat(administrator.ours()).isEqualTo(names);
    assertThat(administrator.threads().stream().filter(name -> name.contains("passing"))).isEmpty();
  }

  private void comeAndGo() {
    Application passing = withJars("passing").realm("passing.example.com");
    container.deploy(passing);
    awaitDeployed(passing);
    Browser browser = container.browser(passing);
    assertSignedIn(browser.signIn("dlucas"), "dlucas");
    Browser other = container.browser(passing);
    assertSignedIn(other.signIn("johnq"), "johnq");
    assertThat(administrator.server("passing").terminateAllSessions("dlucas")).isEqualTo(1);
    assertSignedOut(browser);
    container.undeploy(passing);
  }

  private void awaitDeployed(Application application) {
    await("deployed " + application.name())
        .atMost(Container.PATIENCE)
        .until(() -> container.browser(application).status("/public/hello") == 200);
  }
}
