package org.smsjmx.spring.security;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.SessionListener;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.security.web.authentication.RememberMeServices;
import org.springframework.security.web.authentication.rememberme.AbstractRememberMeServices;
import org.springframework.security.web.authentication.rememberme.PersistentTokenBasedRememberMeServices;
import org.springframework.security.web.authentication.rememberme.PersistentTokenRepository;

/**
 * Lets cookies by which users come back without a password end with their sessions, where the
 * application keeps their tokens; says so where it does not.
 */
public final class RememberMe implements SessionListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RememberMe.class);

  /** For how long an administrator waits for the store of tokens. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SessionService service;
  private final UserDetailsRegistry users;
  private final Set<PersistentTokenRepository> repositories = new CopyOnWriteArraySet<>();
  private final Subscription subscription;

  /**
   * @param service whose sessions end
   * @param users tells how a user's name is spelled
   */
  public RememberMe(SessionService service, UserDetailsRegistry users) {
    this.service = service;
    this.users = users;
    this.subscription = service.sessions().listen(this);
  }

  /** Notes by what users come back. */
  void uses(RememberMeServices services) {
    if (services instanceof PersistentTokenBasedRememberMeServices) {
      // no getter tells it
      if (new DirectFieldAccessor(services).getPropertyValue("tokenRepository")
          instanceof PersistentTokenRepository repository) {
        repositories.add(repository);
      }
      return;
    }
    if (!(services instanceof AbstractRememberMeServices)) {
      return; // no cookie of its own, as with Spring Session's
    }
    String note =
        "Remember-me cookies of this application sign users in again after a terminate: %s keeps no"
                .formatted(services.getClass().getSimpleName())
            + " tokens. With a PersistentTokenRepository they end, too.";
    LOG.warn(note);
    service.membership().note(note);
  }

  /**
   * Told of each terminate, also of a user without sessions: such a user may come back, too. Tokens
   * are gone before the terminate returns, unless their store takes long.
   */
  @Override
  public void ended(Ended event) {
    if (event.all() && !repositories.isEmpty()) {
      String user = event.user().user();
      service.execute(List.of(() -> names(user).forEach(this::forget)), PATIENCE);
    }
  }

  /**
   * Forgets those of a user whose sign-in was overtaken by a terminate: it may have made its token
   * after those before were forgotten, or its store may have saved one that was gone.
   */
  public void forgetAgain(String user) {
    if (!repositories.isEmpty()) {
      forget(user);
    }
  }

  /** The name as given, and as the user may have signed in: tokens are found by the exact name. */
  private Set<String> names(String user) {
    Set<String> names = new LinkedHashSet<>(List.of(user, user.toLowerCase(Locale.ROOT)));
    try {
      names.add(users.load(user).getUsername());
    } catch (RuntimeException e) {
      LOG.debug("the store of users does not tell how {} is spelled", user, e);
    }
    return names;
  }

  private void forget(String user) {
    for (PersistentTokenRepository repository : repositories) {
      try {
        repository.removeUserTokens(user);
      } catch (RuntimeException e) {
        LOG.error(
            "remember-me cookies of {} still sign in: their tokens were not removed", user, e);
      }
    }
  }

  @Override
  public void close() {
    subscription.close();
  }
}
