package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;
import org.smsjmx.spring.fixture.Extra;
import org.smsjmx.spring.fixture.Http;
import org.smsjmx.spring.fixture.Issuer;
import org.smsjmx.spring.fixture.TokenRules;

/** What a resource server does with tokens of terminated users, in any version of Spring Boot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TokenContract {

  private final Issuer issuer = new Issuer();
  private BootApplication shop;

  /** Returns the version of Spring Boot. */
  abstract Boot boot();

  @BeforeAll
  void start() {
    shop = application().property("sms.jwt.enabled", "true").start();
  }

  @AfterAll
  void stop() {
    shop.close();
  }

  private BootApplication application() {
    return issuer.trustedBy(
        new BootApplication(boot())
            .with(Extra.RESOURCE_SERVER)
            .configuration(TokenRules.class, TokenRules.Api.class));
  }

  private HttpResponse<String> ask(String token) {
    return ask(shop, token);
  }

  private static HttpResponse<String> ask(BootApplication application, String token) {
    return Http.bearer(application, token).get("/api/me");
  }

  @Test
  void tokenFromBeforeTheTerminateGets401AndALaterOneNot() {
    String before = issuer.token("dlucas", Instant.now());
    String other = issuer.token("johnq", Instant.now());
    assertThat(ask(before).body()).isEqualTo("dlucas");

    assertThat(shop.server().terminateAllSessions("DLucas")).isZero();

    HttpResponse<String> refused = ask(before);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("invalid_token", "issued before the sessions of its user were terminated");
    assertThat(ask(other).body()).isEqualTo("johnq");
    await()
        .atMost(BootApplication.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ask(issuer.token("dlucas", Instant.now())).body()).isEqualTo("dlucas"));
    assertThat(ask(before).statusCode()).isEqualTo(401);
  }

  @Test
  void oneTerminateEndsSessionsAndTokens() {
    Browser browser = shop.browser();
    browser.signIn("Mary Jones");
    String token = issuer.token("Mary Jones", Instant.now());
    assertThat(ask(token).statusCode()).isEqualTo(200);

    assertThat(shop.server().terminateAllSessions("Mary Jones")).isEqualTo(1);

    assertThat(ask(token).statusCode()).isEqualTo(401);
    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
  }

  @Test
  void tokensThatDoNotSayWhenTheyWereIssuedAreRefusedToATerminatedUser() {
    String token = issuer.tokenWithoutIssue("peter");
    assertThat(ask(token).statusCode()).isEqualTo(200);

    shop.server().terminateAllSessions("peter");

    assertThat(ask(token).statusCode()).isEqualTo(401);
    assertThat(ask(issuer.tokenWithoutIssue("paula")).statusCode()).isEqualTo(200);
  }

  @Test
  void hostileTokensNeverFailTheServer() {
    long now = Instant.now().getEpochSecond();
    shop.server().terminateAllSessions("mallory");

    assertThat(ask(issuer.signed("{\"iat\":%d}".formatted(now))).statusCode()).isBetween(200, 499);
    assertThat(ask(issuer.signed("{\"sub\":[\"mallory\"],\"iat\":%d}".formatted(now))).statusCode())
        .isBetween(200, 499);
    assertThat(ask(issuer.token("m".repeat(5_000), Instant.now())).statusCode()).isEqualTo(200);
    assertThat(ask(issuer.token("mallory", Instant.now().plusSeconds(300))).statusCode())
        .isEqualTo(401);
    assertThat(ask(issuer.signed("{\"sub\":\"mallory\",\"iat\":\"soon\"}")).statusCode())
        .isEqualTo(401);
    assertThat(ask(issuer.signed("{\"sub\":\"mallory\",\"iat\":1e300}")).statusCode())
        .isEqualTo(401);
  }

  @Test
  void tokenOlderThanTokensMayBeIsRefused() {
    long now = Instant.now().getEpochSecond();
    String old = "{\"sub\":\"dlucas\",\"iat\":%d,\"exp\":%d}".formatted(now - 86_500, now + 600);

    assertThat(ask(issuer.signed(old)).statusCode()).isEqualTo(401);
  }

  @Test
  void withoutTheSettingTokensAreLeftAloneWhichIsNoted() {
    try (BootApplication plain = application().start()) {
      String token = issuer.token("dlucas", Instant.now());

      plain.server().terminateAllSessions("dlucas");

      assertThat(ask(plain, token).body()).isEqualTo("dlucas");
      assertThat(plain.server().notes()).singleElement().asString().contains("Tokens (JWT)");
      assertThat(shop.server().notes()).isEmpty();
    }
  }
}
