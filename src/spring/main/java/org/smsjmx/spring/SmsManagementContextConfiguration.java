package org.smsjmx.spring;

import org.smsjmx.servlet.WebApplication;
import org.smsjmx.spring.security.HttpSessionBinding;
import org.smsjmx.spring.security.RememberMe;
import org.smsjmx.spring.security.RequestFilter;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Where Actuator has a port of its own, it has a server of its own, and Spring Security signs users
 * in there too.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnBean(HttpSessionBinding.class)
final class SmsManagementContextConfiguration {

  @Bean
  FilterRegistrationBean<RequestFilter> smsManagementRequestFilter(
      WebApplication application,
      HttpSessionBinding binding,
      RememberMe rememberMe,
      @Value(SmsAutoConfiguration.BEFORE_SPRING_SECURITY) int order) {
    return SmsAutoConfiguration.HttpSessions.registration(application, binding, rememberMe, order);
  }
}
