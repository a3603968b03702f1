package org.smsjmx.spring.security;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.smsjmx.session.UserRegistry;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.UserDetails;

/**
 * Rebuilds authentications whose principal is what the application's {@code UserDetailsService}
 * gives: the principal is read anew, everything else stays.
 */
public final class UserDetailsRefresher implements AuthenticationRefresher {

  private final UserDetailsRegistry registry;
  private final boolean tellsAuthorities;
  private final Rebuilder rebuilder = Rebuilder.ofThisVersion();

  /** Classes of what the store gives, as far as it is known. */
  private final Set<Class<?>> given = ConcurrentHashMap.newKeySet();

  /**
   * Reads nothing yet.
   *
   * @param registry the application's store of users
   * @param tellsAuthorities whether it tells their authorities, and no registry beside it does
   */
  public UserDetailsRefresher(UserDetailsRegistry registry, boolean tellsAuthorities) {
    this.registry = registry;
    this.tellsAuthorities = tellsAuthorities;
  }

  @Override
  public boolean supports(Authentication authentication) {
    return authentication.getPrincipal() instanceof UserDetails user
        && rebuilder.supports(authentication)
        && isGiven(user);
  }

  /**
   * Another provider, such as a directory, may give details of another class, which the store
   * cannot replace. Where the store fails now, a refresh will tell: stored sessions come back while
   * the application starts, before its database is ready.
   */
  private boolean isGiven(UserDetails user) {
    if (given.contains(user.getClass())) {
      return true;
    }
    try {
      given.add(registry.ask(user.getUsername()).getClass());
    } catch (UserRegistry.UnknownUserException | UserRegistry.NoCredentialException e) {
      return false;
    } catch (RuntimeException e) {
      return true;
    }
    return given.contains(user.getClass());
  }

  /** A user who was deleted since the refresh has what was told then. */
  @Override
  public Authentication refresh(Authentication former, Collection<String> authorities) {
    List<GrantedAuthority> told = AuthorityUtils.createAuthorityList(authorities);
    try {
      UserDetails fresh = registry.load(former.getName());
      return rebuilder.rebuild(
          former,
          fresh,
          Kept.and(tellsAuthorities ? fresh.getAuthorities() : told, former.getAuthorities()));
    } catch (UserRegistry.UnknownUserException | UserRegistry.NoCredentialException e) {
      return rebuilder.rebuild(
          former,
          Objects.requireNonNull(former.getPrincipal()),
          Kept.and(told, former.getAuthorities()));
    }
  }
}
