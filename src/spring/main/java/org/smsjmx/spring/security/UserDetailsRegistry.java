package org.smsjmx.spring.security;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** The application's own store of users as the user registry: a user's groups are authorities. */
public final class UserDetailsRegistry implements UserRegistry {

  private static final Logger LOG = LoggerFactory.getLogger(UserDetailsRegistry.class);

  private final Supplier<@Nullable UserDetailsService> users;

  /**
   * Reads nothing yet.
   *
   * @param users gives the store when it is first asked, null if the application has none
   */
  public UserDetailsRegistry(Supplier<@Nullable UserDetailsService> users) {
    this.users = users;
  }

  @Override
  public Credential read(String user) {
    UserDetails known = load(user);
    String unusable =
        !known.isEnabled()
            ? "disabled"
            : !known.isAccountNonLocked()
                ? "locked"
                : !known.isAccountNonExpired() ? "expired" : null;
    if (unusable != null) {
      throw new NoCredentialException("the account is " + unusable);
    }
    return credential(known.getUsername(), known.getAuthorities());
  }

  /**
   * Returns what the application says of a user.
   *
   * @throws UnknownUserException if it knows no such user
   * @throws NoCredentialException if it has no store of users
   * @throws RegistryUnavailableException if its store fails
   */
  UserDetails load(String user) {
    try {
      return ask(user);
    } catch (UnknownUserException | NoCredentialException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("the application's UserDetailsService failed", e);
      throw new RegistryUnavailableException(
          "the application's UserDetailsService failed with " + e.getClass().getSimpleName());
    }
  }

  /**
   * Asks the application, whose store may not be ready yet.
   *
   * @throws UnknownUserException if it knows no such user
   * @throws NoCredentialException if it has no store of users
   * @throws RuntimeException of the store, if that fails
   */
  UserDetails ask(String user) {
    UserDetailsService service = users.get();
    if (service == null) {
      throw new NoCredentialException(
          "the application has no single bean of type UserDetailsService");
    }
    try {
      UserDetails known = service.loadUserByUsername(user);
      if (known == null) {
        throw new UnknownUserException(user);
      }
      return known;
    } catch (UsernameNotFoundException e) {
      throw new UnknownUserException(user);
    }
  }

  /** Returns the credential of a user with some authorities; those of factors are no groups. */
  static Credential credential(
      String principal, Collection<? extends GrantedAuthority> authorities) {
    List<String> groups =
        authorities.stream()
            .filter(authority -> !Kept.isKept(authority))
            .map(GrantedAuthority::getAuthority)
            .filter(Objects::nonNull)
            .distinct()
            .sorted()
            .toList();
    return new Credential(principal, groups, Map.of());
  }
}
