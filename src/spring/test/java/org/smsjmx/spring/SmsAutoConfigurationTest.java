package org.smsjmx.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;
import org.smsjmx.spring.security.AuthenticationRefresher;
import org.smsjmx.spring.security.Refreshers;
import org.smsjmx.spring.security.RequestFilter;
import org.smsjmx.spring.security.SessionBinding;
import org.smsjmx.spring.security.UserDetailsRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

class SmsAutoConfigurationTest {

  private static final MBeanServer MBEANS = ManagementFactory.getPlatformMBeanServer();

  private final AutoConfigurations configuration =
      AutoConfigurations.of(SmsAutoConfiguration.class);

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(configuration)
          .withPropertyValues("spring.application.name=shop");

  private static Set<ObjectName> servers() throws Exception {
    return MBEANS.queryNames(new ObjectName("sms:type=Server,name=shop*"), null);
  }

  private static Object attribute(String name) throws Exception {
    return MBEANS.getAttribute(servers().iterator().next(), name);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertThat(servers()).isEmpty();
  }

  @Test
  void servletApplicationWithSecurityIsAServer() {
    runner.run(
        context -> {
          assertThat(context).hasSingleBean(SessionService.class);
          assertThat(context).hasSingleBean(SessionBinding.class);
          assertThat(servers()).hasSize(1);
          assertThat((String[]) attribute("Realms")).containsExactly("shop");
        });
  }

  @Test
  void requestsPassTheFilterBeforeThoseOfSpringSecurity() {
    runner.run(
        context -> {
          FilterRegistrationBean<?> filter = context.getBean(FilterRegistrationBean.class);
          assertThat(filter.getFilter()).isInstanceOf(RequestFilter.class);
          assertThat(filter.getOrder()).isLessThan(-100); // SecurityFilterProperties
        });
  }

  @Test
  void nameAndRealmMayBeSet() {
    runner
        .withPropertyValues("sms.instance=shop-two", "sms.realm=shop.example.com")
        .run(
            context -> {
              assertThat((String) attribute("ServerName")).startsWith("shop-two-");
              assertThat((String[]) attribute("Realms")).containsExactly("shop.example.com");
            });
  }

  @Test
  void namesThatNoServerMayHaveAreWrittenOut() {
    runner
        .withPropertyValues("spring.application.name=shop of J\u00f6rg", "sms.realm= ")
        .run(
            context ->
                assertThat((String[]) attribute("Realms")).containsExactly("shop_20of_20J_c3b6rg"));
  }

  @Test
  void secondApplicationOfTheNameGetsANumber() {
    runner.run(
        first ->
            runner.run(
                second -> {
                  assertThat(servers()).hasSize(2);
                  assertThat(second.getBean(SessionService.class).server()).startsWith("shop.2-");
                }));
  }

  @Test
  void propertyThatSwitchesItOff() {
    runner
        .withPropertyValues("sms.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(SessionService.class));
  }

  @Test
  void needsSpringSecurity() {
    runner
        .withClassLoader(new FilteredClassLoader(SecurityFilterChain.class))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(SessionService.class);
            });
  }

  @Test
  void needsAServletApplication() {
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(configuration)
        .run(SmsAutoConfigurationTest::assertNotManaged);
    new ApplicationContextRunner()
        .withConfiguration(configuration)
        .run(SmsAutoConfigurationTest::assertNotManaged);
  }

  private static void assertNotManaged(ConfigurableApplicationContext context) {
    assertThat(context.getBeansOfType(SessionService.class)).isEmpty();
  }

  @Test
  void serviceOfTheApplicationGoesBefore() {
    runner
        .withBean(SessionService.class, TestService::open)
        .run(
            context -> {
              assertThat(context).hasSingleBean(SessionService.class);
              assertThat(context.getBean(SessionService.class).server()).startsWith("spring-");
            });
  }

  @Test
  void tableOfTheApplicationHoldsTheSessions() {
    InMemorySessionTable table =
        new InMemorySessionTable(SessionTimeouts.DEFAULT, InstantSource.system());
    runner
        .withBean(InMemorySessionTable.class, () -> table)
        .run(
            context ->
                assertThat(context.getBean(SessionService.class).sessions().timeouts())
                    .isEqualTo(SessionTimeouts.DEFAULT));
  }

  @Test
  void registryOfTheApplicationGoesBeforeItsUserDetailsService() {
    UserRegistry own = user -> new Credential(user, List.of("own"), Map.of());
    runner
        .withBean(UserRegistry.class, () -> own)
        .withBean(UserDetailsService.class, InMemoryUserDetailsManager::new)
        .run(
            context -> {
              Sessions sessions = context.getBean(SessionService.class).sessions();
              SessionId id = sessions.signIn(new UserInRealm("dlucas", "shop"), "shop");
              assertThat(sessions.find(id).credential().groups()).containsExactly("own");
            });
  }

  @Test
  void severalStoresOfUsersAreNone() {
    runner
        .withBean("one", UserDetailsService.class, InMemoryUserDetailsManager::new)
        .withBean("two", UserDetailsService.class, InMemoryUserDetailsManager::new)
        .run(
            context ->
                assertThatExceptionOfType(UserRegistry.NoCredentialException.class)
                    .isThrownBy(() -> context.getBean(UserDetailsRegistry.class).read("dlucas")));
  }

  @Test
  void refresherOfTheApplicationGoesBeforeTheUsualOne() {
    Authentication fresh = new TestingAuthenticationToken("dlucas", null, "ROLE_FRESH");
    AuthenticationRefresher own =
        new AuthenticationRefresher() {
          @Override
          public boolean supports(Authentication authentication) {
            return authentication instanceof TestingAuthenticationToken;
          }

          @Override
          public Authentication refresh(Authentication former, Collection<String> authorities) {
            return fresh;
          }
        };
    runner
        .withBean(AuthenticationRefresher.class, () -> own)
        .withBean(
            UserDetailsService.class,
            () -> new InMemoryUserDetailsManager(User.withUsername("dlucas").password("").build()))
        .run(
            context -> {
              Refreshers refreshers = context.getBean(Refreshers.class);
              Authentication former = new TestingAuthenticationToken("dlucas", null);
              assertThat(refreshers.supports(former)).isTrue();
              assertThat(refreshers.refresh(former, List.of())).isSameAs(fresh);
            });
  }

  @Test
  void bindingOfTheApplicationGoesBeforeThatOfTheContainersSessions() {
    SessionBinding own =
        new SessionBinding() {
          @Override
          public SecurityContext validate(SecurityContext context, HttpServletRequest request) {
            return context;
          }

          @Override
          public void enter(Authentication user, HttpServletRequest request) {}

          @Override
          public void leave(HttpServletRequest request) {}
        };
    runner
        .withBean(SessionBinding.class, () -> own)
        .run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
  }
}
