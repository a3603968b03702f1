package org.smsjmx.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.smsjmx.spring.actuate.SmsMetrics;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SmsMetricsAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(SmsMetricsAutoConfiguration.class));

  private final ApplicationContextRunner managed =
      runner.withBean(SessionService.class, TestService::open);

  @Test
  void metersWhereThereIsARegistry() {
    managed
        .withBean(SimpleMeterRegistry.class)
        .run(context -> assertThat(context).hasSingleBean(SmsMetrics.class));
  }

  @Test
  void needsARegistry() {
    managed.run(context -> assertThat(context).doesNotHaveBean(SmsMetrics.class));
  }

  @Test
  void needsSessionsToBeManaged() {
    runner
        .withBean(SimpleMeterRegistry.class)
        .run(context -> assertThat(context).doesNotHaveBean(SmsMetrics.class));
  }

  @Test
  void needsMicrometer() {
    managed
        .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("smsMetrics"));
  }
}
