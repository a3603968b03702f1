package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Browser.Page;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;
import org.smsjmx.spring.fixture.Extra;
import org.smsjmx.spring.fixture.IdentityProvider;
import org.smsjmx.spring.fixture.ProviderShop;
import org.smsjmx.spring.fixture.ProviderSignIn;
import org.smsjmx.spring.fixture.ProviderUsers;
import org.smsjmx.spring.fixture.ProviderUsersRegistry;

/** Users who sign in by OpenID Connect, at a provider, in any version of Spring Boot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OidcContract {

  private static final String KIND = "OAuth2AuthenticationToken";
  private static final String OF_PROVIDER = "OIDC_USER, SCOPE_openid, SCOPE_profile";

  private final IdentityProvider provider = new IdentityProvider();
  private BootApplication shop;

  /** Returns the version of Spring Boot. */
  abstract Boot boot();

  /** Returns an authority that says how a user has signed in, where Spring Security gives such. */
  abstract String factor(String name);

  @BeforeAll
  void start() {
    shop = application().start();
  }

  @AfterAll
  void stop() {
    shop.close();
    provider.close();
  }

  @BeforeEach
  void nobodyIsSignedIn() {
    provider.signOut();
    Stream.of("dlucas", "johnq", "paula").forEach(server()::terminateAllSessions);
    assertThat(server().number("SessionCount")).isZero();
  }

  /** The example, with users of the provider beside those of its form. */
  private BootApplication application() {
    return provider.usedPlainlyBy(
        new BootApplication(boot()).with(Extra.OAUTH2_CLIENT).configurer(ProviderSignIn.class));
  }

  /** An application all of whose users are the provider's. */
  private BootApplication providerShop() {
    return provider.usedBy(
        new BootApplication(boot()).with(Extra.OAUTH2_CLIENT).startedBy(ProviderShop.class));
  }

  private Administrator.Server server() {
    return shop.server();
  }

  private Browser signedIn(String user) {
    return signedIn(shop, user);
  }

  private Browser signedIn(BootApplication application, String user) {
    return signedInBy(IdentityProvider.OPENID, application, user);
  }

  private Browser signedInBy(String registration, BootApplication application, String user) {
    provider.signIn(user);
    Browser browser = application.browser();
    assertSignedIn(browser.get("/oauth2/authorization/" + registration), user);
    return browser;
  }

  private static void assertSignedIn(Page page, String user) {
    assertThat(page.title()).isEqualTo("My page");
    assertThat(page.text("user")).isEqualTo(user);
    assertThat(page.text("type")).isEqualTo(KIND);
  }

  private static void assertSignedOut(Browser browser) {
    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
  }

  @Test
  void listShowsTheProviderItsNameOfTheUserAndItsSession() {
    String sid = provider.signIn("dlucas");
    assertSignedIn(
        shop.browser().get("/oauth2/authorization/" + IdentityProvider.OPENID), "dlucas");

    assertThat(server().number("SessionCount")).isEqualTo(1);
    assertThat(server().list("dlucas"))
        .singleElement()
        .satisfies(
            session -> {
              assertThat(session.get("user")).isEqualTo("dlucas");
              assertThat(session.get("authenticationType")).isEqualTo(KIND);
              assertThat(session.get("issuer")).isEqualTo(provider.issuer());
              assertThat(session.get("subject")).isEqualTo(IdentityProvider.subject("dlucas"));
              assertThat(session.get("sid")).isEqualTo(sid);
              assertThat((String[]) session.get("groups"))
                  .containsExactly("OIDC_USER", "SCOPE_openid", "SCOPE_profile");
            });
  }

  @Test
  void terminateEndsTheSessionInTheApplicationAndNotTheProviders() {
    Browser browser = signedIn("dlucas");
    Browser other = signedIn("paula");

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);

    assertSignedOut(browser);
    assertSignedIn(other.get("/me"), "paula");
    provider.signIn("dlucas");
    assertSignedIn(browser.get("/oauth2/authorization/" + IdentityProvider.OPENID), "dlucas");
    assertThat(server().sessionsOf("dlucas")).isEqualTo(1);
  }

  @Test
  void signInThatWaitsForTheProviderAcrossATerminateIsRefused() {
    provider.signIn("dlucas");
    Browser browser = shop.browser();
    CompletableFuture<Page> shown;
    try (IdentityProvider.HeldToken held = provider.holdToken()) {
      shown = browser.begin("/oauth2/authorization/" + IdentityProvider.OPENID);
      held.awaitHeld();

      assertThat(server().terminateAllSessions("dlucas")).isZero();
    }

    assertThat(shown.join().title()).isEqualTo("Sign in");
    assertThat(shown.join().text("problem")).isNotEmpty();
    assertSignedOut(browser);
    assertThat(server().number("SessionCount")).isZero();
    assertSignedIn(browser.get("/oauth2/authorization/" + IdentityProvider.OPENID), "dlucas");
  }

  @Test
  void signInThatWaitsForTheProviderAcrossTheTerminateOfAnotherUserIsAccepted() {
    signedIn("paula");
    provider.signIn("dlucas");
    CompletableFuture<Page> shown;
    try (IdentityProvider.HeldToken held = provider.holdToken()) {
      shown = shop.browser().begin("/oauth2/authorization/" + IdentityProvider.OPENID);
      held.awaitHeld();

      assertThat(server().terminateAllSessions("paula")).isEqualTo(1);
    }

    assertSignedIn(shown.join(), "dlucas");
  }

  /** The application's own store knows the first of them. */
  @ParameterizedTest
  @ValueSource(strings = {"dlucas", "paula"})
  void refreshSaysHowTheUserHasSignedInAndTheSessionGoesOn(String user) {
    Browser browser = signedIn(user);
    String cookies = browser.cookies();

    assertThatThrownBy(() -> server().refreshAllSessions(user))
        .hasStackTraceContaining("1 session signed in by " + KIND)
        .hasStackTraceContaining("sessions keep theirs");

    assertSignedIn(browser.get("/me"), user);
    assertThat(browser.get("/me").text("authorities")).isEqualTo(OF_PROVIDER);
    assertThat(browser.cookies()).isEqualTo(cookies);
    assertThat(server().terminateAllSessions(user)).isEqualTo(1);
    assertSignedOut(browser);
  }

  /** The application's own store knows the first of them. */
  @ParameterizedTest
  @ValueSource(strings = {"dlucas", "paula"})
  void signInThatWaitsForTheProviderAcrossARefreshIsAccepted(String user) {
    provider.signIn(user);
    CompletableFuture<Page> shown;
    signedIn(user);
    try (IdentityProvider.HeldToken held = provider.holdToken()) {
      shown = shop.browser().begin("/oauth2/authorization/" + IdentityProvider.OPENID);
      held.awaitHeld();

      assertThatThrownBy(() -> server().refreshAllSessions(user)).hasStackTraceContaining(KIND);
    }

    assertSignedIn(shown.join(), user);
    assertThat(server().sessionsOf(user)).isEqualTo(2);
  }

  @Test
  void refreshOfOneSessionSaysHowItsUserHasSignedIn() {
    Browser browser = signedIn("dlucas");
    String id = (String) server().list("dlucas").get(0).get("id");

    assertThatThrownBy(() -> server().refreshSession(id))
        .hasStackTraceContaining("1 session signed in by " + KIND);

    assertSignedIn(browser.get("/me"), "dlucas");
  }

  @Test
  void refreshOfAUserWhoHasSignedInBothWaysReachesTheOtherAndReportsThisOne() {
    Browser atProvider = signedIn("johnq");
    Browser byForm = shop.browser();
    byForm.signIn("johnq");
    try {
      shop.roles("johnq", "USER", "ADMIN");

      CompositeData report = server().refreshAllSessionsWithReport("johnq");

      assertThat(report.get("sessions")).isEqualTo(1);
      assertThat(report.get("kept")).isEqualTo(1);
      assertThat((String[]) report.get("keptKinds")).containsExactly(KIND);
      assertThat((String[]) report.get("groupsAdded")).containsExactly("ROLE_ADMIN");
      assertThat(byForm.get("/me").text("authorities"))
          .isEqualTo(factor("PASSWORD") + "ROLE_ADMIN, ROLE_USER");
      assertSignedIn(atProvider.get("/me"), "johnq");
      assertThat(atProvider.get("/me").text("authorities")).isEqualTo(OF_PROVIDER);
      assertThat(server().refreshAllSessions("johnq")).isEqualTo(1);
    } finally {
      shop.roles("johnq", "USER");
    }
    assertThat(server().terminateAllSessions("johnq")).isEqualTo(2);
    assertSignedOut(atProvider);
    assertSignedOut(byForm);
  }

  @Test
  void userOfTheFormWhoSignsInAtTheProviderInTheSameSessionIsTheProvidersFromThenOn() {
    Browser browser = shop.browser();
    browser.signIn("dlucas");
    String sid = provider.signIn("dlucas");

    assertSignedIn(browser.get("/oauth2/authorization/" + IdentityProvider.OPENID), "dlucas");

    assertThat(server().list("dlucas"))
        .singleElement()
        .satisfies(session -> assertThat(session.get("sid")).isEqualTo(sid));
    assertThatThrownBy(() -> server().refreshAllSessions("dlucas"))
        .hasStackTraceContaining("1 session signed in by " + KIND);
    assertSignedIn(browser.get("/me"), "dlucas");
    assertThat(server().number("SessionCount")).isEqualTo(1);
    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
    assertSignedOut(browser);
  }

  @Test
  void userOfTheProviderWhoSignsInByTheFormInTheSameSessionIsRefreshed() {
    Browser browser = signedIn("johnq");
    browser.signInAt("/login", "johnq");
    try {
      shop.roles("johnq", "USER", "ADMIN");

      assertThat(server().refreshAllSessions("johnq")).isEqualTo(1);

      assertThat(browser.get("/me").text("roles")).isEqualTo("USER, ADMIN");
      assertThat(server().list("johnq"))
          .singleElement()
          .satisfies(session -> assertThat(session.get("sid")).isEqualTo(""));
    } finally {
      shop.roles("johnq", "USER");
    }
  }

  @Test
  void userOfAPlainProviderIsManagedToo() {
    Browser browser = signedInBy(IdentityProvider.PLAIN, shop, "paula");
    assertThat(server().list("paula"))
        .singleElement()
        .satisfies(
            session -> {
              assertThat(session.get("authenticationType")).isEqualTo(KIND);
              assertThat(session.get("issuer")).isEqualTo("");
            });
    assertThatThrownBy(() -> server().refreshAllSessions("paula"))
        .hasStackTraceContaining("1 session signed in by " + KIND);
    assertSignedIn(browser.get("/me"), "paula");

    assertThat(server().terminateAllSessions("paula")).isEqualTo(1);

    assertSignedOut(browser);
  }

  @Test
  void refresherOfTheApplicationGivesRunningSessionsTheirNewAuthorities() {
    try (BootApplication refreshes = application().configuration(ProviderUsers.class).start()) {
      Browser browser = signedIn(refreshes, "dlucas");
      Browser byForm = refreshes.browser();
      byForm.signIn("dlucas");
      String cookies = browser.cookies();
      assertThat(browser.status("/admin")).isEqualTo(403);
      refreshes.roles("dlucas", "USER", "ADMIN");

      CompositeData report = refreshes.server().refreshAllSessionsWithReport("dlucas");

      assertThat(report.get("sessions")).isEqualTo(2);
      assertThat(report.get("kept")).isEqualTo(0);
      Page me = browser.get("/me");
      assertSignedIn(me, "dlucas");
      assertThat(me.text("authorities")).isEqualTo("ROLE_ADMIN, ROLE_USER");
      assertThat(browser.get("/admin").title()).isEqualTo("For administrators");
      assertThat(byForm.get("/admin").title()).isEqualTo("For administrators");
      assertThat(browser.cookies()).isEqualTo(cookies);
      assertThat(refreshes.server().list("dlucas"))
          .allSatisfy(
              session ->
                  assertThat((String[]) session.get("groups"))
                      .containsExactly("ROLE_ADMIN", "ROLE_USER"));

      refreshes.roles("dlucas", "USER");
      String id = (String) refreshes.server().list("dlucas").get(0).get("id");
      assertThat(refreshes.server().refreshSession(id)).isEqualTo(1);
      assertThat(browser.status("/admin")).isEqualTo(403);
      assertThat(byForm.get("/admin").title()).isEqualTo("For administrators");

      // Spring Security gives a factor to users of plain providers only
      Browser plain = signedInBy(IdentityProvider.PLAIN, refreshes, "johnq");
      assertThat(plain.get("/me").text("authorities"))
          .isEqualTo(factor("AUTHORIZATION_CODE") + "OAUTH2_USER, SCOPE_profile");
      assertThat(refreshes.server().refreshAllSessions("johnq")).isEqualTo(1);
      assertThat(plain.get("/me").text("authorities"))
          .isEqualTo(factor("AUTHORIZATION_CODE") + "ROLE_USER");

      // of whom the application's store knows nothing
      Browser unknown = signedIn(refreshes, "paula");
      assertThatThrownBy(() -> refreshes.server().refreshAllSessions("paula"))
          .hasStackTraceContaining("no user paula");
      assertSignedIn(unknown.get("/me"), "paula");

      assertThat(refreshes.server().terminateAllSessions("dlucas")).isEqualTo(2);
      assertSignedOut(browser);
      assertThat(refreshes.log()).doesNotContain(" WARN ", " ERROR ");
    }
  }

  @Test
  void signInThatWaitsForTheProviderAcrossARefreshHasWhatThatBrought() {
    try (BootApplication refreshes = application().configuration(ProviderUsers.class).start()) {
      provider.signIn("dlucas");
      CompletableFuture<Page> shown;
      try (IdentityProvider.HeldToken held = provider.holdToken()) {
        shown = refreshes.browser().begin("/oauth2/authorization/" + IdentityProvider.OPENID);
        held.awaitHeld();

        assertThat(refreshes.server().refreshAllSessions("dlucas")).isZero();
      }
      assertSignedIn(shown.join(), "dlucas");
      assertThat(shown.join().text("authorities")).isEqualTo("ROLE_USER");

      provider.signIn("paula");
      try (IdentityProvider.HeldToken held = provider.holdToken()) {
        shown = refreshes.browser().begin("/oauth2/authorization/" + IdentityProvider.OPENID);
        held.awaitHeld();

        assertThatThrownBy(() -> refreshes.server().refreshAllSessions("paula"))
            .hasStackTraceContaining("no user paula");
      }
      assertSignedIn(shown.join(), "paula");
      assertThat(shown.join().text("authorities")).isEqualTo(OF_PROVIDER);
    }
  }

  @Test
  void sessionsThatAreInADatabaseAreManagedToo() {
    try (BootApplication stores = application().with(Extra.SESSION_JDBC).start()) {
      String sid = provider.signIn("johnq");
      Browser browser = stores.browser();
      assertSignedIn(browser.get("/oauth2/authorization/" + IdentityProvider.OPENID), "johnq");
      assertThat(stores.server().list("johnq"))
          .singleElement()
          .satisfies(
              session -> {
                assertThat(session.get("issuer")).isEqualTo(provider.issuer());
                assertThat(session.get("sid")).isEqualTo(sid);
              });
      assertThatThrownBy(() -> stores.server().refreshAllSessions("johnq"))
          .hasStackTraceContaining("1 session signed in by " + KIND);
      Browser byForm = stores.browser();
      byForm.signIn("johnq");
      stores.roles("johnq", "USER", "ADMIN");

      CompositeData report = stores.server().refreshAllSessionsWithReport("johnq");

      assertThat(report.get("sessions")).isEqualTo(1);
      assertThat(report.get("kept")).isEqualTo(1);
      assertThat((String[]) report.get("keptKinds")).containsExactly(KIND);
      assertThat(byForm.get("/me").text("roles")).isEqualTo("USER, ADMIN");
      assertThat(browser.get("/me").text("authorities")).isEqualTo(OF_PROVIDER);
      assertThat(stores.server().terminateAllSessions("johnq")).isEqualTo(2);
      assertSignedOut(browser);
      assertSignedOut(byForm);
    }
  }

  @Test
  void applicationThatKnowsNoPasswordsIsManagedToo() {
    try (BootApplication shared = providerShop().start()) {
      Browser browser = signedIn(shared, "dlucas");
      assertThat(shared.server().number("SessionCount")).isEqualTo(1);

      assertThatThrownBy(() -> shared.server().refreshAllSessions("dlucas"))
          .hasStackTraceContaining("1 session signed in by " + KIND)
          .hasStackTraceContaining("sessions keep theirs");
      assertThatThrownBy(() -> shared.server().refreshAllSessions("johnq"))
          .hasStackTraceContaining("the application has no single bean of type UserDetailsService");
      assertSignedIn(browser.get("/me"), "dlucas");

      assertThat(shared.server().terminateAllSessions("dlucas")).isEqualTo(1);

      provider.signOut();
      assertThat(browser.get("/me").title()).isEqualTo("Provider");
      assertThat(shared.log()).doesNotContain(" WARN ", " ERROR ");
    }
  }

  @Test
  void applicationThatKnowsNoPasswordsRefreshesByItsOwnRegistryAndRefresher() {
    try (BootApplication refreshes =
        providerShop()
            .configuration(ProviderUsers.class)
            .configuration(ProviderUsersRegistry.class)
            .start()) {
      Browser browser = signedIn(refreshes, "dlucas");
      String cookies = browser.cookies();

      assertThat(refreshes.server().refreshAllSessions("dlucas")).isEqualTo(1);

      Page me = browser.get("/me");
      assertSignedIn(me, "dlucas");
      assertThat(me.text("authorities")).isEqualTo("ROLE_USER");
      assertThat(browser.cookies()).isEqualTo(cookies);
    }
  }
}
