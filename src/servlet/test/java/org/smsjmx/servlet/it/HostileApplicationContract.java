package org.smsjmx.servlet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Application;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.servlet.fixture.Browser.Page;
import org.smsjmx.servlet.fixture.Container;
import org.smsjmx.servlet.fixture.FailingInitializer;
import org.smsjmx.servlet.fixture.HostileServlet;

/** Applications that treat their sessions as the adapter would not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileApplicationContract {

  private static final String REALM = "shop.example.com";
  private static final int ENOUGH_TIMES = 20;

  private Application shop;
  private Container container;
  private Administrator administrator;

  /** Returns the container, not started. */
  abstract Container container();

  @BeforeAll
  void start() {
    container = container();
    shop =
        Application.named("shop")
            .with(Container.jars())
            .with(container.jarOfClasses(HostileServlet.class, HostileServlet.BadListener.class))
            .realm(REALM);
    container.deploy(shop).start();
    administrator = container.administrator();
  }

  @AfterAll
  void stop() {
    container.close();
  }

  @BeforeEach
  void nobodyIsSignedIn() {
    Stream.of("dlucas", "johnq", "Mary Jones").forEach(server()::terminateAllSessions);
    assertThat(server().number("SessionCount")).isZero();
  }

  @Test
  void applicationThatDoesNotStartLeavesNothing() {
    for (String how : List.of("error", "exception", "listener")) {
      Application broken =
          Application.named("broken-" + how)
              .with(Container.jars())
              .with(container.jarOf(ServletContainerInitializer.class, FailingInitializer.class))
              .parameter("fails.by", how);
      container.deploy(broken);
      await()
          .atMost(Container.PATIENCE)
          .until(() -> container.log().contains("no start by " + how));

      container.undeploy(broken);

      await()
          .untilAsserted(
              () -> {
                assertThat(administrator.servers()).noneMatch(name -> name.contains("broken"));
                assertThat(administrator.threads())
                    .noneMatch(name -> name.startsWith("sms-jmx") && name.contains("broken"));
              });
    }
  }

  private Administrator.Server server() {
    return administrator.server("shop");
  }

  private Browser signedIn(String user) {
    Browser browser = container.browser(shop);
    assertThat(browser.signIn(user).text("user")).isEqualTo(user);
    return browser;
  }

  private static void assertSignedIn(Browser browser, String user) {
    assertThat(browser.get("/me").text("user")).isEqualTo(user);
  }

  private static void assertSignedOut(Browser browser) {
    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
  }

  /** Jetty notes the user in an attribute, too, so that clearing them is a sign-out there. */
  @Test
  void sessionWhoseAttributesAreClearedCanBeEndedIfItsUserIsStillSignedIn() {
    Browser browser = signedIn("dlucas");

    assertThat(browser.get("/hostile?do=clear").text("user")).isEqualTo("dlucas");

    long counted = server().number("SessionCount");
    assertThat(browser.get("/me").title()).isEqualTo(counted == 1 ? "My page" : "Sign in");
    browser.get("/hostile?do=clear");
    assertThat(server().terminateAllSessions("dlucas")).isEqualTo((int) counted);
    assertSignedOut(browser);
  }

  @Test
  void streamOfASessionWhoseAttributesAreClearedGoesOnUntilTheSessionEnds() {
    CompletableFuture<Void> stream = signedIn("dlucas").events("/hostile?do=clearAndStream");
    CompletableFuture<Void> other = signedIn("johnq").events("/hostile?do=clearAndStream");

    if (server().terminateAllSessions("dlucas") == 1) {
      await().until(stream::isDone);
    }
    assertThat(other).isNotDone();
  }

  @Test
  void streamEndsThatBeganAfterDispatches() {
    CompletableFuture<Void> stream = signedIn("dlucas").events("/hostile?do=dispatchAndStream");
    CompletableFuture<Void> other = signedIn("johnq").events("/hostile?do=dispatchAndStream");

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);

    await().until(stream::isDone);
    assertThat(other).isNotDone();
  }

  @Test
  void sessionsThatHaveEndedLeaveNothing() {
    for (int i = 0; i < ENOUGH_TIMES; i++) {
      Browser browser = container.browser(shop);
      browser.signInByApplication("dlucas");
      browser.get("/public/sign-out");
      container.browser(shop).signInByApplication("johnq");
      container.browser(shop).signInByApplication("Mary Jones").text("user");
    }
    assertThat(server().terminateAllSessions("johnq")).isEqualTo(ENOUGH_TIMES);
    assertThat(server().terminateAllSessions("Mary Jones")).isEqualTo(ENOUGH_TIMES);

    await()
        .atMost(Container.PATIENCE)
        .until(() -> administrator.instancesOf("org.smsjmx.servlet.BoundSession") < ENOUGH_TIMES);
  }

  @Test
  void sessionWhoseContentIsCopiedIntoAnotherOneCanBeEnded() {
    Browser browser = signedIn("dlucas");

    assertThat(browser.get("/hostile?do=copy").text("user")).isEqualTo("dlucas");

    assertThat(server().number("SessionCount")).isEqualTo(1);
    assertSignedIn(browser, "dlucas");
    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
    assertSignedOut(browser);
  }

  @Test
  void sessionThatIsLeftForAnotherOneIsNotCounted() {
    Browser browser = signedIn("dlucas");

    browser.get("/hostile?do=leave");

    assertThat(server().number("SessionCount")).isZero();
    assertSignedOut(browser);
    assertThat(server().number("SessionCount")).isZero();
  }

  @Test
  void userWhoLogsOutAndKeepsTheSessionIsNotCounted() {
    Browser browser = signedIn("dlucas");

    assertThat(browser.get("/hostile?do=logout").text("user")).isEqualTo("null");

    assertThat(server().number("SessionCount")).isZero();
    assertSignedOut(browser);
    assertThat(browser.signIn("johnq").text("user")).isEqualTo("johnq");
    assertThat(server().number("SessionCount")).isEqualTo(1);
  }

  @Test
  void userWhoLogsOutLeavesNoRolesBehindThatARefreshBrought() {
    Browser browser = signedIn("dlucas");
    server().refreshAllSessions("dlucas");
    assertThat(browser.get("/me").text("roles")).isEqualTo("user");

    assertThat(browser.get("/hostile?do=logout").text("roles")).isEmpty();
  }

  @Test
  void firstRequestsOfASessionAtOnceAreOneSession() {
    for (int i = 0; i < ENOUGH_TIMES; i++) {
      Browser browser = container.browser(shop);
      browser.signInOnly("dlucas");

      List<CompletableFuture<Page>> pages =
          Stream.generate(() -> browser.begin("/me")).limit(16).toList();

      assertThat(pages).allSatisfy(page -> assertThat(page.join().title()).isEqualTo("My page"));
      assertSignedIn(browser, "dlucas");
      assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
    }
  }

  @Test
  void manyRequestsAtOnceFailInNoWayWhenTheirSessionEnds() throws InterruptedException {
    Queue<Page> pages = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < ENOUGH_TIMES; i++) {
      Browser browser = signedIn("dlucas");
      ExecutorService threads = Executors.newFixedThreadPool(16);
      for (int n = 0; n < 64; n++) {
        threads.execute(() -> pages.add(browser.get("/public/hello")));
      }
      await().until(() -> !pages.isEmpty());

      assertThat(server().terminateAllSessions("dlucas")).isEqualTo(1);
      assertSignedOut(browser);

      threads.shutdown();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(pages.stream().collect(Collectors.groupingBy(Page::status, Collectors.counting())))
        .containsOnlyKeys(200);
  }

  @Test
  void requestInFlightWhoseIdStandsInTheAddressLeadsToNoEndlessRedirect() {
    Browser browser = signedIn("dlucas");
    CompletableFuture<Page> slow = browser.begin("/slow");
    Browser anybody = container.browser(shop);
    await().until(() -> anybody.get("/public/waiting").text("waiting").equals("1"));
    server().terminateAllSessions("dlucas");
    String id = browser.cookies().replaceFirst(".*JSESSIONID=\"?([^;\"]*).*", "$1");

    Page page = anybody.get("/public/hello;jsessionid=" + id);
    anybody.get("/public/hurry");

    assertThat(page.text("user")).isEqualTo("nobody");
    assertThat(slow.join().status()).isEqualTo(200);
  }

  @Test
  void redirectLeadsToNoOtherHost() {
    Browser browser = signedIn("dlucas");
    CompletableFuture<Page> slow = browser.begin("/slow");
    Browser anybody = container.browser(shop);
    await().until(() -> anybody.get("/public/waiting").text("waiting").equals("1"));
    server().terminateAllSessions("dlucas");

    String answer = browser.raw("//evil.example/../shop/me");
    anybody.get("/public/hurry");

    assertThat(answer).doesNotContainPattern("(?im)^location: (http:)?//evil");
    assertThat(answer).doesNotContainPattern("(?i)path=[^;\\n]*evil");
    assertThat(slow.join().status()).isEqualTo(200);
  }

  @Test
  void listenerThatFailsKeepsNoOtherSessionAlive() {
    Browser first = signedIn("dlucas");
    first.get("/hostile?do=atEnd&then=throw");
    Browser second = signedIn("dlucas");
    second.get("/hostile?do=atEnd&then=fail");
    List<CompletableFuture<Void>> streams =
        Stream.generate(() -> signedIn("dlucas").events()).limit(3).toList();

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(5);

    await().until(() -> streams.stream().allMatch(CompletableFuture::isDone));
    assertSignedOut(first);
    assertSignedOut(second);
  }

  @Test
  void listenerThatFailsFailsNoRequestInFlight() {
    Browser browser = signedIn("dlucas");
    browser.get("/hostile?do=atEnd&then=throw");
    CompletableFuture<Page> slow = browser.begin("/slow");
    Browser anybody = container.browser(shop);
    await().until(() -> anybody.get("/public/waiting").text("waiting").equals("1"));

    server().terminateAllSessions("dlucas");
    anybody.get("/public/hurry");

    assertThat(slow.join().status()).isEqualTo(200);
    assertSignedOut(browser);
  }

  @Test
  void listenerThatHangsKeepsNoOtherSessionAlive() {
    Browser browser = signedIn("dlucas");
    browser.get("/hostile?do=atEnd&then=hang");
    CompletableFuture<Void> stream = signedIn("dlucas").events();
    CompletableFuture<Integer> socket = signedIn("dlucas").socket();
    CompletableFuture<Integer> other = signedIn("johnq").socket();

    assertThat(server().terminateAllSessions("dlucas")).isEqualTo(3);
    assertThat(server().terminateAllSessions("johnq")).isEqualTo(1);

    await().until(() -> stream.isDone() && socket.isDone() && other.isDone());
    signedIn("Mary Jones").get("/idle?seconds=1");
    await().until(() -> server().number("SessionCount") == 0);
    container.browser(shop).get("/public/hostile?do=release");
  }
}
