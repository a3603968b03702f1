package org.smsjmx.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.spring.actuate.SmsHealth;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class SmsHealthAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(SmsHealthAutoConfiguration.class));

  private final ApplicationContextRunner managed =
      runner.withBean(SessionService.class, TestService::open);

  /** Asks as Boot 4 does, and for details, as the endpoint does where it may show them. */
  private static String health(ApplicationContext context) throws ReflectiveOperationException {
    HealthIndicator indicator = context.getBean(HealthIndicator.class);
    return HealthIndicator.class
        .getMethod("health", boolean.class)
        .invoke(indicator, true)
        .toString();
  }

  @Test
  void isUpWithServerRealmAndSessions() {
    managed.run(
        context -> {
          SessionService service = context.getBean(SessionService.class);
          service.sessions().signIn(new UserInRealm("dlucas", "shop"), service.server(), 3);

          assertThat(health(context))
              .isEqualTo("UP {server=%s, realm=shop, sessions=3}".formatted(service.server()));
        });
  }

  @Test
  void detailsAreLeftOutWhereTheyMayNotBeShown() {
    managed.run(
        context -> {
          HealthIndicator indicator = context.getBean(HealthIndicator.class);

          assertThat(
                  HealthIndicator.class.getMethod("health", boolean.class).invoke(indicator, false))
              .hasToString("UP {}");
        });
  }

  @Test
  void bootFindsItByItsTypeUnderTheNameSms() {
    managed.run(
        context ->
            assertThat(context.getBeansOfType(HealthContributor.class))
                .containsOnlyKeys("smsHealthIndicator"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTableThatDoesNotWorkIsDownWithItsReason(boolean known) {
    runner
        .withBean(SessionService.class, () -> TestService.openBroken("the store is gone", known))
        .run(
            context ->
                assertThat(health(context))
                    .startsWith("DOWN {server=")
                    .endsWith(", realm=shop, reason=the store is gone}"));
  }

  @Test
  void aRegistryThatFailedIsADetailUntilItAnswers() {
    managed.run(
        context -> {
          Sessions sessions = context.getBean(SessionService.class).sessions();
          UserInRealm user = new UserInRealm("dlucas", "shop");
          TestService.fail(true);
          try {
            assertThatThrownBy(() -> sessions.refreshAll(user)).hasMessage("it is down");
          } finally {
            TestService.fail(false);
          }
          assertThat(health(context)).startsWith("UP {").endsWith(", registry=it is down}");

          sessions.refreshAll(user);

          assertThat(health(context)).doesNotContain("registry");
        });
  }

  private static SessionService service(ApplicationContext context) {
    return context.getBean(SessionService.class);
  }

  @Test
  void itIsEqualToItselfAlone() {
    managed.run(
        context -> {
          Object indicator = context.getBean(HealthIndicator.class);
          Object other = SmsHealth.indicator(service(context));

          assertThat(Set.of(indicator, other)).hasSize(2).contains(indicator);
          assertThat(other).hasToString("health of " + service(context).server());
        });
  }

  @Test
  void canBeSwitchedOff() {
    managed
        .withPropertyValues("management.health.sms.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    managed
        .withPropertyValues("management.health.defaults.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    managed
        .withPropertyValues(
            "management.health.defaults.enabled=false", "management.health.sms.enabled=true")
        .run(context -> assertThat(context).hasSingleBean(HealthIndicator.class));
  }

  @Test
  void needsSessionsToBeManaged() {
    runner.run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
  }

  @Test
  void needsActuator() {
    managed
        .withClassLoader(new FilteredClassLoader(HealthIndicator.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("smsHealthIndicator"));
  }
}
