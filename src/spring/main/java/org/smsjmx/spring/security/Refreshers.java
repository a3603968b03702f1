package org.smsjmx.spring.security;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/** Those of an application, and the usual one after them. */
public final class Refreshers {

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
   */
  public Authentication refresh(Authentication former, Collection<String> authorities) {
    AuthenticationRefresher refresher = of(former);
    return refresher == null ? former : refresher.refresh(former, authorities);
  }

  private @Nullable AuthenticationRefresher of(Authentication authentication) {
    return all.stream().filter(each -> each.supports(authentication)).findFirst().orElse(null);
  }
}
