package org.smsjmx.spring;

import io.micrometer.core.instrument.MeterRegistry;
import org.smsjmx.application.SessionService;
import org.smsjmx.spring.actuate.SmsMetrics;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters of the sessions, where the application has a registry of Micrometer. */
@AutoConfiguration(
    afterName = {
      "org.smsjmx.spring.SmsAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure"
          + ".CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.metrics"
          + ".CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({SessionService.class, MeterRegistry.class})
public final class SmsMetricsAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  SmsMetrics smsMetrics(SessionService service) {
    return new SmsMetrics(service);
  }
}
