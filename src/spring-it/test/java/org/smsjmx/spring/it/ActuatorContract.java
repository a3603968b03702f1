package org.smsjmx.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smsjmx.servlet.fixture.Administrator;
import org.smsjmx.servlet.fixture.Browser;
import org.smsjmx.spring.fixture.Boot;
import org.smsjmx.spring.fixture.BootApplication;
import org.smsjmx.spring.fixture.Extra;
import org.smsjmx.spring.fixture.Http;
import org.smsjmx.spring.fixture.MonitoringRules;
import org.smsjmx.spring.fixture.RememberedMonitoring;

/** What an application with Actuator shows and does, in any version of Spring Boot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ActuatorContract {

  private BootApplication shop;
  private Http mary;
  private Http nobody;

  /** Returns the version of Spring Boot. */
  abstract Boot boot();

  @BeforeAll
  void start() {
    shop = application().start();
    mary = Http.basic(shop, "Mary Jones");
    nobody = Http.nobody(shop);
  }

  @AfterAll
  void stop() {
    shop.close();
  }

  @BeforeEach
  void nobodyIsSignedIn() {
    Stream.of("dlucas", "johnq").forEach(server()::terminateAllSessions);
  }

  private BootApplication application() {
    return new BootApplication(boot())
        .with(Extra.ACTUATOR)
        .configuration(MonitoringRules.class)
        .property("management.endpoints.web.exposure.include", "health,metrics,sms")
        .property("management.endpoint.health.show-details", "always");
  }

  private Administrator.Server server() {
    return shop.server();
  }

  private Browser signedIn(String user) {
    Browser browser = shop.browser();
    assertThat(browser.signIn(user).text("user")).isEqualTo(user);
    return browser;
  }

  private String lastAudit(String operation) {
    return shop.log()
        .lines()
        .filter(line -> line.contains("\"operation\":\"" + operation + "\""))
        .reduce((one, next) -> next)
        .orElseThrow();
  }

  @Test
  void endpointShowsTheServerAndItsTotals() {
    signedIn("dlucas");

    HttpResponse<String> shown = mary.get("/actuator/sms");

    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.body())
        .contains("\"server\":\"shop-", "\"realm\":\"shop.example.com\"", "\"notes\":[]")
        .containsPattern("\"totals\":\\{[^}]*\"sessions\":1[,}]");
  }

  @Test
  void endpointListsSessionsOfAUser() {
    signedIn("dlucas");
    signedIn("dlucas");

    HttpResponse<String> listed = mary.get("/actuator/sms/DLUCAS?maximum=1");

    assertThat(listed.statusCode()).isEqualTo(200);
    assertThat(listed.body())
        .contains("\"matched\":2", "\"user\":\"dlucas\"", "\"groups\":[\"ROLE_USER\"]")
        .containsOnlyOnce("\"createdAt\"");
  }

  @Test
  void deleteSignsTheUserOutAndIsRecordedAsTheCallers() {
    Browser browser = signedIn("dlucas");
    signedIn("dlucas");
    Browser other = signedIn("johnq");

    HttpResponse<String> ended = mary.delete("/actuator/sms/dlucas?reason=ticket%204711");

    assertThat(ended.statusCode()).isEqualTo(200);
    assertThat(ended.body()).isEqualTo("{\"sessions\":2}");
    assertThat(browser.get("/me").title()).isEqualTo("Sign in");
    assertThat(other.get("/me").text("user")).isEqualTo("johnq");
    assertThat(mary.delete("/actuator/sms/dlucas").body()).isEqualTo("{\"sessions\":0}");
    assertThat(shop.log())
        .contains(
            "\"caller\":\"Mary Jones\",\"address\":\"127.0.0.1\",\"door\":\"actuator\"",
            "\"user\":\"dlucas\",\"realm\":\"shop.example.com\",\"reason\":\"ticket 4711\"");
  }

  @Test
  void postRefreshesTheUser() {
    Browser browser = signedIn("dlucas");
    assertThat(browser.get("/admin").status()).isEqualTo(403);
    shop.roles("dlucas", "USER", "ADMIN");
    try {
      HttpResponse<String> refreshed =
          mary.post("/actuator/sms/dlucas", "{\"reason\":\"promoted\"}");

      assertThat(refreshed.statusCode()).isEqualTo(200);
      assertThat(refreshed.body())
          .contains("\"sessions\":1", "\"changed\":1", "\"groupsAdded\":[\"ROLE_ADMIN\"]");
      assertThat(browser.get("/admin").status()).isEqualTo(200);
      assertThat(mary.post("/actuator/sms/dlucas", "{}").statusCode()).isEqualTo(200);
    } finally {
      shop.roles("dlucas", "USER");
    }
  }

  @Test
  void errorsAreMessagesAndNoStackTraces() {
    HttpResponse<String> unknown = mary.post("/actuator/sms/nosuchuser", "{}");
    HttpResponse<String> pattern = mary.delete("/actuator/sms/d*");
    HttpResponse<String> number = mary.get("/actuator/sms/dlucas?maximum=many");
    HttpResponse<String> reason =
        mary.post("/actuator/sms/dlucas", "{\"reason\":\"" + "x".repeat(81) + "\"}");

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).startsWith("{\"id\":\"HPDMG0754W\",\"message\":\"HPDMG0754W   ");
    assertThat(pattern.statusCode()).isEqualTo(400);
    assertThat(pattern.body()).startsWith("{\"id\":\"CTGSI0313E\"");
    assertThat(number.statusCode()).isEqualTo(400);
    assertThat(reason.statusCode()).isEqualTo(400);
    assertThat(Stream.of(unknown, pattern, number, reason).map(HttpResponse::body))
        .noneMatch(body -> body.contains("\tat ") || body.contains("Exception"));
  }

  @Test
  void nobodyIsLetInByTheApplicationsOwnRules() {
    assertThat(nobody.get("/actuator/sms").statusCode()).isEqualTo(401);
    assertThat(nobody.delete("/actuator/sms/dlucas").statusCode()).isEqualTo(401);
  }

  @Test
  void nobodyWhomTheRulesLetInMayOnlyRead() {
    Browser browser = signedIn("johnq");

    assertThat(nobody.get("/actuator/sms/johnq").body()).contains("\"matched\":1");
    HttpResponse<String> denied = nobody.delete("/actuator/sms/johnq");

    assertThat(denied.statusCode()).isEqualTo(403);
    assertThat(denied.body()).startsWith("{\"id\":\"CTGSI0303E\"");
    assertThat(browser.get("/me").text("user")).isEqualTo("johnq");
    assertThat(lastAudit("terminateAllSessionsWithReason"))
        .contains("\"caller\":\"anonymous\"", "\"door\":\"actuator\"", "CTGSI0303E");
  }

  @Test
  void healthNamesServerAndSessions() {
    signedIn("dlucas");

    assertThat(nobody.get("/actuator/health").body())
        .contains("\"sms\":{")
        .containsPattern(
            "\"server\":\"shop-[^\"]+\",\"realm\":\"shop.example.com\",\"sessions\":1");
    assertThat(nobody.get("/actuator/health/sms").body()).contains("\"status\":\"UP\"");
  }

  @Test
  void metersCountSessionsAndOperations() {
    signedIn("dlucas");
    signedIn("dlucas");
    double before = meter("sms.operations?tag=operation:terminateAllSessions&tag=outcome:done");
    assertThat(meter("sms.sessions?tag=realm:shop.example.com")).isEqualTo(2);

    server().terminateAllSessions("dlucas");

    assertThat(meter("sms.sessions")).isZero();
    assertThat(meter("sms.operations?tag=operation:terminateAllSessions&tag=outcome:done"))
        .isEqualTo(before + 1);
    assertThat(meter("sms.sessions.ended?tag=by:administrator")).isGreaterThanOrEqualTo(2);
    assertThat(meter("sms.sessions.begun")).isGreaterThanOrEqualTo(2);
    assertThat(meter("sms.credentials.refreshed")).isNotNegative();
  }

  @Test
  void sessionsAtAPortOfActuatorsOwnAreManagedToo() {
    try (BootApplication apart =
        new BootApplication(boot())
            .with(Extra.ACTUATOR)
            .configuration(RememberedMonitoring.class)
            .property("management.endpoints.web.exposure.include", "sms")
            .property("management.server.port", "0")
            .start()) {
      Browser browser = new Browser(apart.managementAddress());
      assertThat(browser.basic("/actuator/sms", "dlucas").status()).isEqualTo(200);

      assertThat(apart.server().terminateAllSessions("dlucas")).isEqualTo(1);

      assertThat(browser.status("/actuator/sms")).isEqualTo(401);
      assertThat(browser.basic("/actuator/sms", "dlucas").status()).isEqualTo(200);
      assertThat(browser.status("/actuator/sms")).isEqualTo(200);
      assertThat(apart.server().number("SessionCount")).isEqualTo(1);
    }
  }

  @Test
  void applicationThatIsProcessedAheadOfTimeIsManagedAsAnyOther() {
    try (BootApplication processed = application().processedAheadOfTime().start()) {
      Browser browser = processed.browser();
      assertThat(browser.signIn("dlucas").text("user")).isEqualTo("dlucas");
      Http http = Http.basic(processed, "Mary Jones");

      assertThat(processed.log()).contains("Starting AOT-processed Shop");
      assertThat(http.get("/actuator/health/sms").body()).contains("\"sessions\":1");
      assertThat(http.get("/actuator/metrics/sms.sessions").body()).contains("\"value\":1.0");
      assertThat(http.delete("/actuator/sms/dlucas").body()).isEqualTo("{\"sessions\":1}");
      assertThat(browser.get("/me").title()).isEqualTo("Sign in");
    }
  }

  private double meter(String query) {
    HttpResponse<String> meter = mary.get("/actuator/metrics/" + query);
    assertThat(meter.statusCode()).as(meter.body()).isEqualTo(200);
    return Double.parseDouble(meter.body().replaceFirst("(?s).*\"value\":([0-9.E]+)[,}].*", "$1"));
  }
}
