package org.smsjmx.spring.security;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.application.SessionService;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.SecurityContextConfigurer;
import org.springframework.security.web.authentication.RememberMeServices;
import org.springframework.security.web.context.DelegatingSecurityContextRepository;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;

/**
 * Found by Spring Security, and applied to each of the application's filter chains: puts the table
 * before what keeps the chain's contexts.
 */
public final class SmsConfigurer extends AbstractHttpConfigurer<SmsConfigurer, HttpSecurity> {

  private static final Logger LOG = LoggerFactory.getLogger(SmsConfigurer.class);

  private static final String OWN_KEY =
      "A filter chain keeps its contexts under a name of its own in the HTTP session"
          + " (setSpringSecurityContextKey): users who sign in there are not managed.";

  /** Made by Spring Security. */
  public SmsConfigurer() {}

  /** The application has said by now where its contexts are, and no filter has asked yet. */
  @Override
  @SuppressWarnings("unchecked")
  public void init(HttpSecurity http) {
    SessionBinding binding =
        http.getSharedObject(ApplicationContext.class)
            .getBeanProvider(SessionBinding.class)
            .getIfAvailable();
    SecurityContextConfigurer<HttpSecurity> contexts =
        http.getConfigurer(SecurityContextConfigurer.class);
    if (binding == null || contexts == null) {
      return;
    }
    SecurityContextRepository usual = http.getSharedObject(SecurityContextRepository.class);
    if (usual != null && hasOwnKey(usual)) {
      http.getSharedObject(ApplicationContext.class)
          .getBean(SessionService.class)
          .membership()
          .note(OWN_KEY);
      LOG.warn(OWN_KEY);
    }
    contexts.securityContextRepository(
        new SmsSecurityContextRepository(
            usual != null
                ? usual
                : new DelegatingSecurityContextRepository(
                    new RequestAttributeSecurityContextRepository(),
                    new HttpSessionSecurityContextRepository()),
            binding));
  }

  /** No getter tells under which name the session holds its context. */
  private static boolean hasOwnKey(SecurityContextRepository repository) {
    DirectFieldAccessor fields = new DirectFieldAccessor(repository);
    if (repository instanceof DelegatingSecurityContextRepository) {
      return fields.getPropertyValue("delegates") instanceof List<?> delegates
          && delegates.stream()
              .anyMatch(each -> each instanceof SecurityContextRepository one && hasOwnKey(one));
    }
    return repository instanceof HttpSessionSecurityContextRepository
        && !HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY.equals(
            fields.getPropertyValue("springSecurityContextKey"));
  }

  /** All other parts are set up by now, and tell what they use. */
  @Override
  public void configure(HttpSecurity http) {
    RememberMe rememberMe =
        http.getSharedObject(ApplicationContext.class)
            .getBeanProvider(RememberMe.class)
            .getIfAvailable();
    RememberMeServices services = http.getSharedObject(RememberMeServices.class);
    if (rememberMe != null && services != null) {
      rememberMe.uses(services);
    }
  }
}
