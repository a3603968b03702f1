package org.smsjmx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.smsjmx.spring.actuate.SmsEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class SmsEndpointAutoConfigurationTest {

  private static final String EXPOSED = "management.endpoints.web.exposure.include=sms";

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(SmsEndpointAutoConfiguration.class));

  private final WebApplicationContextRunner managed =
      runner.withBean(SessionService.class, TestService::open);

  @Test
  void isThereWhereItIsExposed() {
    managed
        .withPropertyValues(EXPOSED)
        .run(context -> assertThat(context).hasSingleBean(SmsEndpoint.class));
  }

  @Test
  void isNotExposedByItself() {
    managed.run(context -> assertThat(context).doesNotHaveBean(SmsEndpoint.class));
  }

  @Test
  void accessCanBeSwitchedOff() {
    managed
        .withPropertyValues(EXPOSED, "management.endpoint.sms.access=NONE")
        .run(context -> assertThat(context).doesNotHaveBean(SmsEndpoint.class));
  }

  @Test
  void needsSessionsToBeManaged() {
    runner
        .withPropertyValues(EXPOSED)
        .run(context -> assertThat(context).doesNotHaveBean(SmsEndpoint.class));
  }

  /** Imported by name, as Boot imports it: what its annotations name need not be there. */
  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(SmsEndpointAutoConfiguration.class)
  static class Imported {}

  @Test
  void needsActuator() {
    new WebApplicationContextRunner()
        .withBean(SessionService.class, TestService::open)
        .withUserConfiguration(Imported.class)
        .withPropertyValues(EXPOSED)
        .withClassLoader(
            new FilteredClassLoader(name -> name.startsWith("org.springframework.boot.actuate")))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("smsEndpoint"));
  }
}
