package org.smsjmx.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.ObjectName;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.spring.security.HttpSessionBinding;
import org.smsjmx.spring.security.SessionBinding;
import org.smsjmx.spring.session.NotIndexed;
import org.smsjmx.spring.session.NotManagedBinding;
import org.smsjmx.spring.session.SpringSessionBinding;
import org.smsjmx.spring.session.SpringSessionTable;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.SaveMode;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;
import org.springframework.transaction.PlatformTransactionManager;

class SpringSessionAutoConfigurationTest {

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  SmsAutoConfiguration.class, SpringSessionAutoConfiguration.class))
          .withPropertyValues("spring.application.name=shop");

  @Configuration
  static class Database {

    @Bean
    DataSource dataSource() {
      JdbcDataSource database = new JdbcDataSource();
      database.setUrl("jdbc:h2:mem:conditions");
      return database;
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource database) {
      return new DataSourceTransactionManager(database);
    }
  }

  @Configuration
  @EnableJdbcHttpSession
  static class Jdbc extends Database {}

  @Configuration
  @EnableSpringHttpSession
  static class InMemory {

    @Bean
    MapSessionRepository sessionRepository() {
      return new MapSessionRepository(new ConcurrentHashMap<>());
    }
  }

  private static String[] notes(SessionService service) throws Exception {
    return (String[])
        ManagementFactory.getPlatformMBeanServer()
            .getAttribute(new ObjectName("sms:type=Server,name=" + service.server()), "Notes");
  }

  @Test
  void sessionsOfAnIndexedStoreAreManagedThere() {
    runner
        .withUserConfiguration(Jdbc.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context)
                  .getBean(SessionBinding.class)
                  .isInstanceOf(SpringSessionBinding.class);
              assertThat(context)
                  .getBean(SessionTable.class)
                  .isInstanceOf(SpringSessionTable.class);
              assertThat(notes(context.getBean(SessionService.class))).isEmpty();
            });
  }

  @Configuration
  @EnableJdbcHttpSession(saveMode = SaveMode.ALWAYS)
  static class SavesAlways extends Database {}

  @Test
  void saveModeByWhichARequestUndoesARefreshIsSaid() {
    runner
        .withUserConfiguration(SavesAlways.class)
        .run(
            context ->
                assertThat(notes(context.getBean(SessionService.class)))
                    .singleElement()
                    .asString()
                    .contains("save mode ALWAYS"));
  }

  @Test
  void theRepositoryIsStillOfItsClass() {
    runner
        .withUserConfiguration(Jdbc.class)
        .run(context -> assertThat(context).hasSingleBean(JdbcIndexedSessionRepository.class));
  }

  @Test
  void clockSkewMayBeSetUpToAMinute() {
    runner
        .withUserConfiguration(Jdbc.class)
        .withPropertyValues("sms.session.clock-skew=61s")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("clock-skew must be PT0S..PT1M: PT1M1S"));
  }

  @Test
  void sessionsOfAStoreWithoutAnIndexAreNotManagedAndThatIsSaid() {
    runner
        .withUserConfiguration(InMemory.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).hasSingleBean(SessionRepository.class);
              assertThat(context).doesNotHaveBean(FindByIndexNameSessionRepository.class);
              assertThat(context)
                  .getBean(SessionBinding.class)
                  .isInstanceOf(NotManagedBinding.class);
              SessionService service = context.getBean(SessionService.class);
              assertThat(notes(service))
                  .singleElement()
                  .asString()
                  .contains("not managed", "MapSessionRepository");
              assertThatThrownBy(
                      () -> service.sessions().terminateAll(new UserInRealm("dlucas", "shop")))
                  .isInstanceOf(SessionTable.UnavailableException.class)
                  .hasMessageStartingWith("sessions are not managed");
            });
  }

  @Test
  void whatToSetForRedisIsSaid() {
    RedisSessionRepository repository = new RedisSessionRepository(new RedisTemplate<>());

    assertThat(NotIndexed.reason(repository))
        .endsWith("set spring.session.redis.repository-type=indexed");
  }

  @Test
  void sessionsAreThoseOfTheContainerWithoutSpringSession() {
    runner
        .withClassLoader(new FilteredClassLoader(FindByIndexNameSessionRepository.class))
        .run(
            context ->
                assertThat(context)
                    .getBean(SessionBinding.class)
                    .isInstanceOf(HttpSessionBinding.class));
    runner.run(
        context ->
            assertThat(context)
                .getBean(SessionBinding.class)
                .isInstanceOf(HttpSessionBinding.class));
  }

  @Test
  void propertyThatSwitchesItOff() {
    runner
        .withUserConfiguration(Jdbc.class)
        .withPropertyValues("sms.enabled=false")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(SessionTable.class);
            });
  }
}
