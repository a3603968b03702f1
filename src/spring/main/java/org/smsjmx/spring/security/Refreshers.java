package org.smsjmx.spring.security;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.session.UserRegistry.RegistryUnavailableException;
import org.springframework.security.core.Authentication;

/** Those of an application, and the usual one after them. */
public final class Refreshers {

  private static final Logger LOG = LoggerFactory.getLogger(Refreshers.class);

  private final List<AuthenticationRefresher> all;

  /**
   * @param own of the application, in its order
   * @param usual asked last
   */
  public Refreshers(List<AuthenticationRefresher> own, AuthenticationRefresher usual) {
    this.all = new ArrayList<>(own);
    all.add(usual);
  }

  /** Returns whether an authentication can be rebuilt. */
  public boolean supports(Authentication authentication) {
    return of(authentication) != null;
  }

  /**
   * Returns an authentication rebuilt.
   *
   * @param former one that {@link #supports} accepts; any other is returned as it is
   * @param authorities names of those that the user registry told
   * @throws RegistryUnavailableException if they cannot be told now
   */
  public Authentication refresh(Authentication former, Collection<String> authorities) {
    AuthenticationRefresher refresher = of(former);
    try {
      return refresher == null ? former : refresher.refresh(former, authorities);
    } catch (RegistryUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("an authentication was not rebuilt", e);
      throw new RegistryUnavailableException(
          "the application's AuthenticationRefresher failed with " + e.getClass().getSimpleName());
    }
  }

  private @Nullable AuthenticationRefresher of(Authentication authentication) {
    return all.stream().filter(each -> each.supports(authentication)).findFirst().orElse(null);
  }
}
