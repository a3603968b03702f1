package org.smsjmx.spring;

import org.smsjmx.application.SessionService;
import org.smsjmx.spring.actuate.SmsEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code sms} of Actuator, where the application exposes it. */
@AutoConfiguration(afterName = "org.smsjmx.spring.SmsAutoConfiguration")
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(endpoint = SmsEndpoint.class)
@ConditionalOnBean(SessionService.class)
public final class SmsEndpointAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  SmsEndpoint smsEndpoint(SessionService service) {
    return new SmsEndpoint(service);
  }
}
