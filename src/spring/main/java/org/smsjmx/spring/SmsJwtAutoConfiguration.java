package org.smsjmx.spring;

import org.smsjmx.application.SessionService;
import org.smsjmx.spring.jwt.TerminatedTokenValidator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Refuses tokens of terminated users where {@code sms.jwt.enabled} says so. Boot adds the validator
 * to the decoder that it makes; an application with a decoder of its own adds it there.
 */
@AutoConfiguration(afterName = "org.smsjmx.spring.SmsAutoConfiguration")
@ConditionalOnClass(Jwt.class)
@ConditionalOnBean(SessionService.class)
@ConditionalOnProperty("sms.jwt.enabled")
@EnableConfigurationProperties(SmsJwtProperties.class)
public final class SmsJwtAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  TerminatedTokenValidator terminatedTokenValidator(
      SessionService service, SmsJwtProperties properties) {
    return new TerminatedTokenValidator(
        service, properties.userClaim(), properties.maxTokenAge(), properties.clockSkew());
  }
}
