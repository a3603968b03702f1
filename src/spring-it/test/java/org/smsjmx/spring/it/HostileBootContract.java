package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import org.smsjmx.servlet.fixture.HeldSignIn;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;
import org.smsjmx.spring.fixture.FickleUsers;
import org.smsjmx.spring.fixture.Http;
import org.smsjmx.spring.fixture.Impersonation;
import org.smsjmx.spring.fixture.OddRules;
import org.smsjmx.spring.fixture.OddSignIns;
import org.smsjmx.spring.fixture.OwnRegistry;
import org.smsjmx.spring.fixture.OwnTokens;

/** What holds in applications that do what few applications do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileBootContract {

  private BootApplication shop;

  /** Returns the version of Spring Boot. */
  abstract Boot boot();

  @BeforeAll
  void start() {
    shop =
        new BootApplication(boot())
            .configuration(OddSignIns.class, OddSignIns.Pages.class)
            .configuration(
                FickleUsers.class, FickleUsers.Store.class, name(FickleUsers.class, "$1"))
            .configurer(Impersonation.class)
            .property("shop.remember-me", "persistent")
            .start();
  }

  private static Class<?> name(Class<?> outer, String inner) {
    try {
      return Class.forName(outer.getName() + inner);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  void stop() {
    shop.close();
  }

  @BeforeEach
  void nobodyIsSignedIn() {
    Stream.of("dlucas", "johnq", "Mary Jones").forEach(server()::terminateAllSessions);
    assertThat(server().number("SessionCount")).isZero();
  }

  private Administrator.Server server() {
    return shop.server();
  }

  private Browser signedIn(String user) {
    Browser browser = shop.browser();
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
  void passwordThatWasProvedInAnotherThreadBeforeTheTerminateIsRefused() {
    Browser browser = shop.browser();
    CompletableFuture<Page> shown;
    try (HeldSignIn held = shop.hold("dlucas")) {
      shown = browser.begin("/public/sign-in-later?user=dlucas");
      held.awaitHeld();

      assertThat(server().terminateAllSessions("dlucas")).isZero();
    }

    shown.join();
    assertSignedOut(browser);
    assertThat(server().number("SessionCount")).isZero();
    assertThat(browser.get("/public/sign-in-later?user=dlucas").body()).isEqualTo("done");
    assertSignedIn(browser.get("/me"), "dlucas");
    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
  }

  @Test
  void cookieThatAnErrorPageReadBeforeTheTerminateIsRefused() {
    Browser browser = shop.browser();
    browser.signIn("dlucas", "remember-me", "on");
    browser.restart();
    CompletableFuture<Page> shown;
    try (HeldSignIn held = shop.hold("dlucas")) {
      shown = browser.begin("/x//y"); // refused before anybody asks who it is
      held.awaitHeld();

      assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
    }

    shown.join();
    assertSignedOut(browser);
    assertThat(server().number("SessionCount")).isZero();
  }

  @Test
  void requestBesideTheOneThatSignsInDoesNotLetATerminatedUserIn() {
    Browser browser = shop.browser();
    browser.get("/login"); // has a session
    CompletableFuture<Page> first;
    try (HeldSignIn page = shop.hold("page of dlucas")) {
      first = browser.begin("/public/sign-in-first?user=dlucas");
      page.awaitHeld();
      assertThat(server().terminateAllSessions("dlucas")).isZero();

      assertSignedOut(browser);
    }
    first.join();
    assertSignedOut(browser);
  }

  @Test
  void contextsOfAnotherNameInTheSessionAreSaidNotToBeManaged() {
    try (BootApplication odd = odd("ownKey").start()) {
      assertThat(odd.server().notes()).singleElement().asString().contains("are not managed");
      signedIn(odd, "dlucas");
      assertThat(odd.server().terminateAllSessions("dlucas")).isZero();
    }
    assertThat(server().notes()).isEmpty();
  }

  @Test
  void administratorWhoWasTerminatedDoesNotComeBackFromAnotherUser() {
    Browser browser = signedIn("Mary Jones");
    assertSignedIn(browser.get("/become?username=johnq"), "johnq");
    assertThat(server().sessionsOf("johnq")).isEqualTo(1);
    assertThat(server().number("SessionCount")).isEqualTo(1);

    server().terminateAllSessions("Mary Jones");

    browser.get("/back");
    assertSignedOut(browser);
  }

  @Test
  void userComesBackFromAnotherOneWithTheAuthoritiesOfARefresh() {
    shop.roles("johnq", "USER", "ADMIN");
    Browser browser = signedIn("johnq");
    assertSignedIn(browser.get("/become?username=dlucas"), "dlucas");
    shop.roles("johnq", "USER");
    server().refreshAllSessions("johnq");

    Page back = browser.get("/back");

    assertSignedIn(back, "johnq");
    assertThat(back.text("roles")).isEqualTo("USER");
    assertThat(server().sessionsOf("johnq")).isEqualTo(1);
    assertThat(server().number("SessionCount")).isEqualTo(1);
  }

  @Test
  void userOfAnImpersonationIsTerminated() {
    Browser browser = signedIn("Mary Jones");
    assertSignedIn(browser.get("/become?username=johnq"), "johnq");

    assertThat(server().terminateAllSessions("johnq")).isEqualTo(1);

    assertSignedOut(browser);
    assertThat(server().number("SessionCount")).isZero();
  }

  @Test
  void requestIsRefusedAsLongAsTheStoreOfUsersFailsAfterARefresh() throws IOException {
    Browser browser = signedIn("dlucas");
    shop.roles("dlucas", "USER", "ADMIN");
    assertThat(server().refreshAllSessions("dlucas")).isEqualTo(1);
    Path down = Files.createFile(shop.base().resolve("down"));
    try {
      assertThat(browser.get("/me").status()).isEqualTo(503);
      assertThat(browser.get("/public/hello").status()).isEqualTo(503);
    } finally {
      Files.delete(down);
    }
    assertThat(browser.get("/me").text("roles")).isEqualTo("USER, ADMIN");
    shop.roles("dlucas", "USER");
  }

  @Test
  void signOutWhileAuthoritiesAreReadAnewIsNotUndone() {
    Browser browser = signedIn("dlucas");
    assertThat(server().refreshAllSessions("dlucas")).isEqualTo(1);
    CompletableFuture<Page> slow;
    try (HeldSignIn held = shop.hold("reading dlucas")) {
      slow = browser.begin("/me");
      held.awaitHeld();

      assertThat(browser.get("/public/sign-out").body()).isEqualTo("done");
    }

    assertSignedIn(slow.join(), "dlucas");
    assertSignedOut(browser);
    assertThat(server().number("SessionCount")).isZero();
  }

  private BootApplication odd(String rule) {
    return new BootApplication(boot())
        .configuration(OddSignIns.class, OddSignIns.Pages.class)
        .configurer(OddRules.class, name(OddRules.class, "$Rule"))
        .property("odd", rule);
  }

  private static Browser signedIn(BootApplication application, String user) {
    Browser browser = application.browser();
    assertSignedIn(browser.signIn(user), user);
    return browser;
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrateSession", "newSession", "sameId"})
  void sessionsAreCountedWhateverProtectsThemFromFixation(String protection) {
    try (BootApplication odd = odd(protection).start()) {
      Browser browser = signedIn(odd, "johnq");
      browser.signInAt("/login", "dlucas");
      assertSignedIn(browser.get("/me"), "dlucas");
      assertThat(odd.server().number("SessionCount")).isEqualTo(1);
      browser.signInAt("/login", "johnq");
      assertThat(odd.server().sessionsOf("johnq")).isEqualTo(1);
      CompletableFuture<Page> shown;
      try (HeldSignIn held = odd.hold("dlucas")) {
        shown = browser.beginToSignIn("/login", "dlucas");
        held.awaitHeld();

        assertThat(odd.server().terminateAllSessions("dlucas")).isZero();
      }

      assertThat(shown.join().title()).isEqualTo("Sign in");
      assertThat(odd.server().sessionsOf("dlucas")).isZero();
      assertSignedIn(browser.signIn("dlucas"), "dlucas");
      assertThat(odd.server().terminateAllSessions("dlucas")).isEqualTo(1);
      assertSignedOut(browser);
      assertThat(odd.server().number("SessionCount")).isZero();
    }
  }

  @Test
  void sessionThatStaysAfterASignOutIsNotCounted() {
    try (BootApplication odd = odd("sessionStays").start()) {
      Browser browser = signedIn(odd, "dlucas");
      String cookies = browser.cookies();

      browser.submit(browser.get("/me"), "/logout");

      assertThat(browser.cookies()).isEqualTo(cookies);
      assertThat(odd.server().number("SessionCount")).isZero();
      assertSignedIn(browser.signIn("dlucas"), "dlucas");
      assertThat(odd.server().terminateAllSessions("dlucas")).isEqualTo(1);
      assertSignedOut(browser);
      assertThat(odd.log()).doesNotContain(" ERROR ");
    }
  }

  @Test
  void applicationWithoutSessionsHasNone() {
    try (BootApplication odd = odd("stateless").start()) {
      assertThat(odd.browser().basic("/me", "dlucas").text("user")).isEqualTo("dlucas");

      assertThat(odd.server().number("SessionCount")).isZero();
      assertThat(odd.server().terminateAllSessions("dlucas")).isZero();
      assertThat(odd.browser().basic("/me", "dlucas").text("user")).isEqualTo("dlucas");
      assertThat(odd.log()).doesNotContain(" ERROR ");
    }
  }

  @Test
  void applicationThatSavesContextsAtTheEndOfRequestsIsManaged() {
    try (BootApplication odd = odd("savesLate").start()) {
      Browser browser = signedIn(odd, "dlucas");
      assertThat(odd.server().terminateAllSessions("dlucas")).isEqualTo(1);
      assertSignedOut(browser);
      CompletableFuture<Page> shown;
      try (HeldSignIn held = odd.hold("dlucas")) {
        shown = browser.beginToSignIn("dlucas");
        held.awaitHeld();

        assertThat(odd.server().terminateAllSessions("dlucas")).isZero();
      }
      shown.join();
      assertSignedOut(browser);
      assertSignedIn(browser.signIn("dlucas"), "dlucas");
      odd.roles("dlucas", "USER", "ADMIN");
      assertThat(odd.server().refreshAllSessions("dlucas")).isEqualTo(1);
      assertThat(browser.get("/me").text("roles")).isEqualTo("USER, ADMIN");
    }
  }

  @Test
  void filterStandsBeforeSpringSecurityWhereverThatStands() {
    try (BootApplication odd = odd("").property("spring.security.filter.order", "-200").start()) {
      Browser browser = odd.browser();
      CompletableFuture<Page> first;
      browser.get("/login");
      Browser other = signedIn(odd, "dlucas");
      CompletableFuture<Page> slow = other.begin("/slow");
      await().until(() -> odd.browser().get("/public/waiting").text("waiting").equals("1"));
      CompletableFuture<Page> shown;
      try (HeldSignIn held = odd.hold("dlucas")) {
        shown = browser.beginToSignIn("dlucas");
        held.awaitHeld();

        assertThat(odd.server().terminateAllSessions("dlucas")).isEqualTo(1);
      }
      assertThat(shown.join().title()).isEqualTo("Sign in");
      odd.browser().get("/public/hurry");
      assertThat(slow.join().status()).isEqualTo(200);
    }
  }

  @Test
  void userNamesThatNoOperationCanNameAreLeftAlone() {
    try (BootApplication odd = odd("").start()) {
      for (String name : List.of("%2A", "x".repeat(300), "a%01b", "a%0Ab", "%20")) {
        Browser browser = odd.browser();
        assertThat(browser.get("/public/sign-in-as?user=" + name).body()).isEqualTo("done");
        assertThat(browser.get("/me").title()).as(name).isEqualTo("My page");
      }
      assertThat(odd.log()).doesNotContain(" ERROR ");
      Browser upper = odd.browser();
      upper.get("/public/sign-in-as?user=DLucas");
      Browser lower = signedIn(odd, "dlucas");
      assertThat(odd.server().terminateAllSessions("dLUCAS")).isEqualTo(2);
      assertSignedOut(upper);
      assertSignedOut(lower);
      assertThat(odd.server().number("UnmanagedSessions")).isPositive();
    }
  }

  @Test
  void requestIsRefusedAlsoWhereOnlyItsPageAsksForTheUser() throws IOException {
    try (BootApplication odd =
        odd("")
            .configuration(
                FickleUsers.class, FickleUsers.Store.class, name(FickleUsers.class, "$1"))
            .start()) {
      Browser browser = signedIn(odd, "dlucas");
      assertThat(odd.server().refreshAllSessions("dlucas")).isEqualTo(1);
      Path down = Files.createFile(odd.base().resolve("down"));
      assertThat(browser.get("/public/hello").status()).isEqualTo(503);
      assertThat(browser.get("/me").status()).isEqualTo(503);
      Files.delete(down);
      assertThat(browser.get("/public/hello").text("user")).isEqualTo("dlucas");
    }
  }

  @Test
  void authoritiesOfARefreshAreThoseOfTheApplicationsOwnRegistry() {
    try (BootApplication odd = odd("").configuration(OwnRegistry.class).start()) {
      Browser browser = signedIn(odd, "dlucas");

      assertThat(odd.server().refreshAllSessions("dlucas")).isEqualTo(1);

      assertThat(browser.get("/me").text("roles")).isEqualTo("ADMIN");
    }
  }

  @Test
  void requestIsRefusedWhereTheApplicationCannotRebuildItsAuthentication() {
    try (BootApplication odd =
        odd("")
            .configuration(OwnRegistry.class, name(OwnRegistry.class, "$1"))
            .property("failing", "true")
            .start()) {
      Browser browser = signedIn(odd, "dlucas");

      assertThat(odd.server().refreshAllSessions("dlucas")).isEqualTo(1);

      assertThat(browser.get("/me").status()).isEqualTo(503);
    }
  }

  @Test
  void cookieDoesNotOutliveTheTerminateOvertakingItInAnyStore() {
    try (BootApplication odd =
        odd("")
            .configuration(OwnTokens.class, OwnTokens.Store.class)
            .property("shop.remember-me", "own")
            .start()) {
      Browser browser = odd.browser();
      browser.signIn("dlucas", "remember-me", "on");
      browser.restart();
      String before = browser.cookies();
      CompletableFuture<String> head;
      try (HeldSignIn held = odd.hold("token of dlucas")) {
        head = CompletableFuture.supplyAsync(() -> browser.raw("/me"));
        held.awaitHeld();

        assertThat(odd.server().terminateAllSessions("dlucas")).isEqualTo(1);
      }
      // somebody who keeps the cookie that is taken back in the same answer
      String kept =
          head.join()
              .lines()
              .filter(line -> line.matches("(?i)set-cookie: remember-me=[^;]+;.*"))
              .map(line -> line.replaceFirst("(?i)set-cookie: (remember-me=[^;]+);.*", "$1"))
              .findFirst()
              .orElseThrow();
      assertThat(kept).isNotEqualTo(before);
      assertThat(Http.nobody(odd).get("/me", "Cookie", kept).body()).doesNotContain("My page");
    }
  }

  @Test
  void rememberedUserIsForgottenBeforeTheFirstRequestOfALazyApplication() {
    try (BootApplication odd =
        odd("")
            .property("shop.remember-me", "persistent")
            .property("spring.main.lazy-initialization", "true")
            .property("spring.datasource.url", "jdbc:h2:file:./users")
            .property("spring.sql.init.mode", "always")
            .property("spring.sql.init.continue-on-error", "true")
            .start()) {
      Browser browser = odd.browser();
      browser.signIn("dlucas", "remember-me", "on");
      browser.restart();
      odd.stop();
      odd.start();

      assertThat(odd.server().terminateAllSessions("dlucas")).isZero();

      browser.moveTo(odd.address());
      assertSignedOut(browser);
    }
  }

  private static long number(BootApplication application, String attribute) {
    return application.server().number(attribute);
  }

  private static long counted(BootApplication application) {
    return number(application, "SignedInTotal")
        - number(application, "SignedOutTotal")
        - number(application, "TerminatedTotal")
        - number(application, "ExpiredTotal");
  }

  @Test
  void nobodyIsLeftOfManySignInsThatRaceWithTerminates() throws Exception {
    long terminated = number(shop, "TerminatedTotal");
    long answered = 0;
    ExecutorService users = Executors.newFixedThreadPool(16);
    try {
      for (int round = 0; round < 4; round++) {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        Queue<Browser> browsers = new ConcurrentLinkedQueue<>();
        List<Future<?>> all =
            Stream.generate(() -> users.submit(() -> signInAgainAndAgain(goesOn, browsers)))
                .limit(16)
                .collect(Collectors.toList());
        for (int i = 0; i < 20 || browsers.size() < 60; i++) {
          answered += server().terminateAllSessions("dlucas");
        }
        goesOn.set(false);
        for (Future<?> each : all) {
          each.get();
        }
        answered += server().terminateAllSessions("dlucas");

        assertThat(server().sessionsOf("dlucas")).isZero();
        for (Browser browser : browsers) {
          assertSignedOut(browser);
          browser.restart();
          assertSignedOut(browser);
        }
      }
    } finally {
      users.shutdownNow();
    }
    assertThat(number(shop, "TerminatedTotal") - terminated).isEqualTo(answered);
    assertThat(number(shop, "SessionCount")).as("live").isZero();
    assertThat(counted(shop)).as("counted").isZero();
  }

  private void signInAgainAndAgain(AtomicBoolean goesOn, Queue<Browser> browsers) {
    while (goesOn.get()) {
      Browser browser = shop.browser();
      Page form = browser.get("/login");
      if (goesOn.get()) {
        browsers.add(browser);
        browser.submit(
            form, "/login", "username", "dlucas", "password", "demo", "remember-me", "on");
      }
    }
  }

  @Test
  void eachRequestAfterARefreshHasItsAuthoritiesWhateverElseIsInFlight() throws Exception {
    List<Browser> browsers = Stream.generate(() -> signedIn("johnq")).limit(6).toList();
    ExecutorService windows = Executors.newFixedThreadPool(12);
    AtomicBoolean goesOn = new AtomicBoolean(true);
    List<Future<?>> all = new ArrayList<>();
    for (Browser browser : browsers) {
      for (String path : List.of("/me", "/public/save")) {
        all.add(
            windows.submit(
                () -> {
                  while (goesOn.get()) {
                    browser.get(path);
                  }
                }));
      }
    }
    try {
      for (int round = 0; round < 16; round++) {
        boolean may = round % 2 == 0;
        shop.roles("johnq", may ? new String[] {"USER", "ADMIN"} : new String[] {"USER"});
        assertThat(server().refreshAllSessions("johnq")).isEqualTo(6);
        for (Browser browser : browsers) {
          assertThat(browser.get("/me").text("roles")).isEqualTo(may ? "USER, ADMIN" : "USER");
        }
      }
    } finally {
      goesOn.set(false);
      for (Future<?> each : all) {
        each.get();
      }
      windows.shutdown();
      shop.roles("johnq", "USER");
    }
    assertThat(counted(shop)).isEqualTo(number(shop, "SessionCount"));
  }
}
