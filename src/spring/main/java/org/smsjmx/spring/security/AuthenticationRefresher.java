package org.smsjmx.spring.security;

import java.util.Collection;
import org.springframework.security.core.Authentication;

/**
 * Rebuilds authentications for {@code refreshAllSessions}. An application that has kinds of its own
 * declares a bean of this type; what no bean supports is rebuilt from the application's {@code
 * UserDetailsService}, where that gives the same kind.
 */
public interface AuthenticationRefresher {

  /**
   * Returns whether an authentication can be rebuilt. Asked at sign-in; where it cannot, a refresh
   * leaves the session as it is, and counts it as kept.
   *
   * @param authentication of a user who is signed in
   */
  boolean supports(Authentication authentication);

  /**
   * Returns an authentication with the authorities that the user has now, of the same type, with
   * the same name, details and factors.
   *
   * @param former what {@link #supports} accepted
   * @param authorities names of those that the user registry told at the refresh
   * @throws RuntimeException if the user's authorities cannot be told now; the request that asks is
   *     answered with 503
   */
  Authentication refresh(Authentication former, Collection<String> authorities);
}
