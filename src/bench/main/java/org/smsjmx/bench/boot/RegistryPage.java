package org.smsjmx.bench.boot;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.SessionManagementConfigurer;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What an application's author writes to end sessions by Spring Security's own registry: the
 * registry has to be kept, and told of sessions that end; and a page for administrators ends those
 * of a user.
 */
@RestController
public final class RegistryPage {

  /** The page that is posted to. */
  public static final String END = "/admin/end-sessions";

  private final SessionRegistry registry;

  /**
   * @param registry knows the sessions
   */
  public RegistryPage(SessionRegistry registry) {
    this.registry = registry;
  }

  @PostMapping(END)
  String end(@RequestParam("user") String user) {
    List<SessionInformation> sessions =
        registry.getAllPrincipals().stream()
            .filter(known -> known instanceof UserDetails one && one.getUsername().equals(user))
            .flatMap(known -> registry.getAllSessions(known, false).stream())
            .toList();
    sessions.forEach(SessionInformation::expireNow);
    return String.valueOf(sessions.size());
  }

  /** What the registry is kept by. */
  @Configuration(proxyBeanMethods = false)
  public static class Rules {

    /** Made by Spring. */
    public Rules() {}

    @Bean
    SessionRegistry registry() {
      return new SessionRegistryImpl();
    }

    @Bean
    HttpSessionEventPublisher publisher() {
      return new HttpSessionEventPublisher();
    }

    @Bean
    Customizer<SessionManagementConfigurer<HttpSecurity>> kept(SessionRegistry registry) {
      return sessions -> sessions.maximumSessions(-1).sessionRegistry(registry);
    }
  }
}
