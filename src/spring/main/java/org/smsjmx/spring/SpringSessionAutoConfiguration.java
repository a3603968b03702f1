package org.smsjmx.spring;

import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.spring.security.Refreshers;
import org.smsjmx.spring.security.RememberMe;
import org.smsjmx.spring.security.UserDetailsRegistry;
import org.smsjmx.spring.session.CheckedRepository;
import org.smsjmx.spring.session.NotIndexed;
import org.smsjmx.spring.session.NotManagedBinding;
import org.smsjmx.spring.session.SpringSessionBinding;
import org.smsjmx.spring.session.SpringSessionTable;
import org.smsjmx.spring.session.StoredSessionFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * Manages the sessions that Spring Session keeps in a store, where the store finds sessions by the
 * user's name.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.session.SessionAutoConfiguration",
      "org.springframework.boot.session.autoconfigure.SessionAutoConfiguration",
      "org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration",
      "org.springframework.boot.session.data.redis.autoconfigure.SessionDataRedisAutoConfiguration"
    })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({
  FindByIndexNameSessionRepository.class,
  SecurityFilterChain.class,
  HttpSecurity.class
})
@ConditionalOnBooleanProperty(name = "sms.enabled", matchIfMissing = true)
public class SpringSessionAutoConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(SpringSessionAutoConfiguration.class);

  /** Made by Spring. */
  public SpringSessionAutoConfiguration() {}

  private static void say(String limit, SessionService service) {
    LOG.warn(limit);
    service.membership().note(limit);
  }

  /** A repository whose sessions are found by the user's name. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnSingleCandidate(FindByIndexNameSessionRepository.class)
  @EnableConfigurationProperties(SpringSessionProperties.class)
  static class Indexed {

    @Bean
    static CheckedRepository smsCheckedRepository(
        ObjectProvider<SpringSessionTable<?>> table, ObjectProvider<RememberMe> rememberMe) {
      return new CheckedRepository(
          table::getIfAvailable, user -> rememberMe.ifAvailable(each -> each.forgetAgain(user)));
    }

    @Bean
    SpringSessionTable<? extends Session> smsSpringSessionTable(
        FindByIndexNameSessionRepository<? extends Session> repository,
        Refreshers refreshers,
        ObjectProvider<UserRegistry> registry,
        UserDetailsRegistry users,
        SpringSessionProperties properties) {
      return new SpringSessionTable<>(
          repository,
          refreshers,
          () -> registry.getIfUnique(() -> users),
          InstantSource.system(),
          properties.clockSkew());
    }

    @Bean
    SpringSessionBinding smsSpringSessionBinding(
        SpringSessionTable<? extends Session> table, SessionService service) {
      table.limits().forEach(limit -> say(limit, service));
      return new SpringSessionBinding(table, service.server(), service.realm());
    }

    /** Between Spring Session, which is far ahead, and Spring Security. */
    @Bean
    FilterRegistrationBean<StoredSessionFilter> smsStoredSessionFilter(
        SpringSessionTable<? extends Session> table,
        SpringSessionBinding binding,
        SessionService service,
        @Value(SmsAutoConfiguration.BEFORE_SPRING_SECURITY) int order) {
      StoredSessionFilter filter = new StoredSessionFilter(table, binding);
      service.eachSecond(filter::completeEnded);
      table.listen(filter);
      FilterRegistrationBean<StoredSessionFilter> registration =
          new FilterRegistrationBean<>(filter);
      registration.setName("sms-jmx");
      registration.setOrder(order);
      registration.setAsyncSupported(true);
      registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
      return registration;
    }
  }

  /** Any other repository. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnSingleCandidate(SessionRepository.class)
  @ConditionalOnMissingBean(FindByIndexNameSessionRepository.class)
  static class Others {

    @Bean
    NotManagedBinding smsSpringSessionBinding() {
      return new NotManagedBinding();
    }

    @Bean
    SmartInitializingSingleton smsSessionsAreNotManaged(
        SessionRepository<? extends Session> repository, SessionService service) {
      return () -> say(NotIndexed.reason(repository), service);
    }

    @Bean
    SessionTable smsSpringSessionTable(
        SessionRepository<? extends Session> repository,
        Refreshers refreshers,
        UserDetailsRegistry users) {
      return new SpringSessionTable<>(
          new NotIndexed<>(repository),
          refreshers,
          () -> users,
          InstantSource.system(),
          Duration.ZERO);
    }
  }
}
