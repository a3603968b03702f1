package org.smsjmx.spring;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.application.ApplicationName;
import org.smsjmx.application.SessionService;
import org.smsjmx.servlet.WebApplication;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.spring.security.AuthenticationRefresher;
import org.smsjmx.spring.security.HttpSessionBinding;
import org.smsjmx.spring.security.Refreshers;
import org.smsjmx.spring.security.RememberMe;
import org.smsjmx.spring.security.RequestFilter;
import org.smsjmx.spring.security.SessionBinding;
import org.smsjmx.spring.security.UserDetailsRefresher;
import org.smsjmx.spring.security.UserDetailsRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Makes the sessions manageable in which Spring Security signs users in: those of a servlet
 * application, unless {@code sms.enabled} says no.
 */
@AutoConfiguration(afterName = "org.smsjmx.spring.SpringSessionAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({SecurityFilterChain.class, HttpSecurity.class})
@ConditionalOnBooleanProperty(name = "sms.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SmsProperties.class)
public class SmsAutoConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(SmsAutoConfiguration.class);

  /** The order of a filter; in both versions of Boot Spring Security stands at -100. */
  static final String BEFORE_SPRING_SECURITY = "#{${spring.security.filter.order:-100} - 10}";

  /** What an application is called that does not say so. */
  private static final String APPLICATION = "application";

  /** Made by Spring. */
  public SmsAutoConfiguration() {}

  /** A registry of the application's own goes before it. */
  @Bean
  @Fallback
  UserDetailsRegistry smsUserDetails(ObjectProvider<UserDetailsService> users) {
    return new UserDetailsRegistry(users::getIfUnique);
  }

  @Bean
  @ConditionalOnMissingBean
  SessionService smsSessionService(
      SmsProperties properties,
      Environment environment,
      ObjectProvider<SessionTable> table,
      ObjectProvider<UserRegistry> registry,
      UserDetailsRegistry users) {
    String name = environment.getProperty("spring.application.name", APPLICATION);
    String instance = ApplicationName.allowed(given(properties.getInstance(), name));
    String realm = ApplicationName.allowed(given(properties.getRealm(), name));
    UserRegistry known = registry.getIfUnique(() -> users);
    SessionTable kept = table.getIfUnique();
    SessionService service =
        kept == null
            ? SessionService.open(instance, realm, known, environment::getProperty)
            : SessionService.open(instance, realm, kept, known, environment::getProperty);
    LOG.info("sessions are those of server {} in realm {}", service.server(), service.realm());
    return service;
  }

  private static String given(@Nullable String set, String otherwise) {
    return set == null || set.isBlank() ? otherwise : set;
  }

  @Bean
  RememberMe smsRememberMe(SessionService service, UserDetailsRegistry users) {
    return new RememberMe(service, users);
  }

  @Bean
  Refreshers smsRefreshers(
      ObjectProvider<AuthenticationRefresher> own,
      ObjectProvider<UserRegistry> registry,
      UserDetailsRegistry users) {
    boolean tellsAuthorities = registry.getIfUnique(() -> users) == users;
    return new Refreshers(
        own.orderedStream().toList(), new UserDetailsRefresher(users, tellsAuthorities));
  }

  /** Sessions that the container keeps in this JVM. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(SessionBinding.class)
  static class HttpSessions {

    @Bean
    WebApplication smsWebApplication(
        ServletContext context, SessionService service, Refreshers refreshers) {
      WebApplication application =
          WebApplication.ofFramework(
              context, service, session -> HttpSessionBinding.credential(session, refreshers));
      application.start();
      return application;
    }

    @Bean
    HttpSessionBinding smsHttpSessionBinding(WebApplication application, Refreshers refreshers) {
      return new HttpSessionBinding(application, refreshers);
    }

    @Bean
    FilterRegistrationBean<RequestFilter> smsRequestFilter(
        WebApplication application,
        HttpSessionBinding binding,
        RememberMe rememberMe,
        @Value(BEFORE_SPRING_SECURITY) int order) {
      return registration(application, binding, rememberMe, order);
    }

    static FilterRegistrationBean<RequestFilter> registration(
        WebApplication application, HttpSessionBinding binding, RememberMe rememberMe, int order) {
      FilterRegistrationBean<RequestFilter> registration =
          new FilterRegistrationBean<>(new RequestFilter(application, binding, rememberMe));
      registration.setName("sms-jmx");
      registration.setOrder(order);
      registration.setAsyncSupported(true);
      registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
      return registration;
    }
  }
}
