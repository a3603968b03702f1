package org.smsjmx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.management.JMException;
import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.smsjmx.management.SmsNames;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.spring.jwt.TerminatedTokenValidator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

class SmsJwtAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(SmsJwtAutoConfiguration.class))
          .withBean(SessionService.class, TestService::open);

  /** Takes validators as the configuration of Boot's decoder does. */
  @Configuration(proxyBeanMethods = false)
  static class Decoder {

    @Bean
    Validators validators(ObjectProvider<OAuth2TokenValidator<Jwt>> additional) {
      return new Validators(additional.orderedStream().toList());
    }
  }

  record Validators(List<OAuth2TokenValidator<Jwt>> all) {}

  @Test
  void isOffUnlessSwitchedOn() {
    runner.run(context -> assertThat(context).doesNotHaveBean(TerminatedTokenValidator.class));
    runner
        .withPropertyValues("sms.jwt.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(TerminatedTokenValidator.class));
  }

  @Test
  void switchedOnItReachesTheDecoderOfBoot() {
    runner
        .withUserConfiguration(Decoder.class)
        .withPropertyValues("sms.jwt.enabled=true", "sms.jwt.user-claim=preferred_username")
        .run(
            context -> {
              SessionService service = context.getBean(SessionService.class);
              Jwt token =
                  Jwt.withTokenValue("t")
                      .header("alg", "none")
                      .claim("preferred_username", "dlucas")
                      .issuedAt(Instant.now().minusSeconds(5))
                      .build();
              OAuth2TokenValidator<Jwt> validator = context.getBean(Validators.class).all().get(0);
              assertThat(validator.validate(token).hasErrors()).isFalse();

              service.sessions().terminateAll(new UserInRealm("dlucas", service.realm()));

              assertThat(validator.validate(token).hasErrors()).isTrue();
            });
  }

  @Test
  void aResourceServerWithoutTheCheckIsNoted() {
    runner
        .withBean(JwtDecoder.class, () -> token -> null)
        .run(
            context ->
                assertThat(notes(context.getBean(SessionService.class)))
                    .singleElement()
                    .asString()
                    .contains("With sms.jwt.enabled=true they are refused"));
    runner.run(context -> assertThat(notes(context.getBean(SessionService.class))).isEmpty());
    runner
        .withBean(JwtDecoder.class, () -> token -> null)
        .withPropertyValues("sms.jwt.enabled=true")
        .run(context -> assertThat(notes(context.getBean(SessionService.class))).isEmpty());
  }

  private static String[] notes(SessionService service) throws JMException {
    return (String[])
        ManagementFactory.getPlatformMBeanServer()
            .getAttribute(SmsNames.server(service.server()), "Notes");
  }

  @Test
  void defaultsAreADayTheSubjectAndNoSkew() {
    runner
        .withPropertyValues("sms.jwt.enabled=true")
        .run(
            context ->
                assertThat(context.getBean(SmsJwtProperties.class))
                    .isEqualTo(
                        new SmsJwtProperties(true, Duration.ofDays(1), "sub", Duration.ZERO)));
  }

  @Test
  void needsSessionsToBeManaged() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SmsJwtAutoConfiguration.class))
        .withPropertyValues("sms.jwt.enabled=true")
        .run(context -> assertThat(context).doesNotHaveBean(TerminatedTokenValidator.class));
  }

  @Test
  void needsTokensOfSpring() {
    runner
        .withPropertyValues("sms.jwt.enabled=true")
        .withClassLoader(new FilteredClassLoader(JwtDecoder.class))
        .run(
            context ->
                assertThat(context).hasNotFailed().doesNotHaveBean("terminatedTokenValidator"));
  }

  @Test
  void standsBackForAValidatorOfTheApplication() {
    runner
        .withPropertyValues("sms.jwt.enabled=true")
        .withBean(
            "own",
            TerminatedTokenValidator.class,
            () ->
                new TerminatedTokenValidator(
                    TestService.open(), "uid", Duration.ofHours(1), Duration.ZERO))
        .run(context -> assertThat(context).hasSingleBean(TerminatedTokenValidator.class));
  }

  @Test
  void anAgeOfZeroStopsTheApplicationAndNamesTheProperty() {
    runner
        .withPropertyValues("sms.jwt.enabled=true", "sms.jwt.max-token-age=0s")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("sms.jwt.max-token-age must be above zero"));
  }
}
