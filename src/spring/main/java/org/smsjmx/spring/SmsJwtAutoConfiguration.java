package org.smsjmx.spring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.application.SessionService;
import org.smsjmx.spring.jwt.TerminatedTokenValidator;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * Refuses tokens of terminated users where {@code sms.jwt.enabled} says so. Boot adds the validator
 * to the decoder that it makes; an application with a decoder of its own adds it there.
 */
@AutoConfiguration(afterName = "org.smsjmx.spring.SmsAutoConfiguration")
@ConditionalOnClass(JwtDecoder.class)
@ConditionalOnBean(SessionService.class)
public final class SmsJwtAutoConfiguration {

  /** The check is on. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty("sms.jwt.enabled")
  @EnableConfigurationProperties(SmsJwtProperties.class)
  static class Checked {

    @Bean
    @ConditionalOnMissingBean
    TerminatedTokenValidator terminatedTokenValidator(
        SessionService service, SmsJwtProperties properties) {
      return new TerminatedTokenValidator(
          service, properties.userClaim(), properties.maxTokenAge(), properties.clockSkew());
    }
  }

  /** The check is off, which administrators of a resource server ought to know. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(
      name = "sms.jwt.enabled",
      havingValue = false,
      matchIfMissing = true)
  @ConditionalOnMissingBean(TerminatedTokenValidator.class)
  static class Unchecked {

    private static final Logger LOG = LoggerFactory.getLogger(SmsJwtAutoConfiguration.class);

    private static final String NOTE =
        "Tokens (JWT) that this application accepts stay valid after a terminate, until they expire."
            + " With sms.jwt.enabled=true they are refused.";

    @Bean
    SmartInitializingSingleton smsTokensNote(SessionService service, ListableBeanFactory beans) {
      return () -> {
        if (beans.getBeanNamesForType(JwtDecoder.class, true, false).length > 0) {
          LOG.warn(NOTE);
          service.membership().note(NOTE);
        }
      };
    }
  }
}
