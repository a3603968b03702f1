package org.smsjmx.spring.security;

import java.lang.reflect.Constructor;
import java.util.Collection;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** Spring Security 6: some types are known. */
final class ConstructorRebuilder extends Rebuilder {

  @Override
  boolean supports(Authentication former) {
    Class<?> type = former.getClass();
    return type == UsernamePasswordAuthenticationToken.class
        || type == PreAuthenticatedAuthenticationToken.class
        || type == RememberMeAuthenticationToken.class;
  }

  @Override
  Authentication like(
      Authentication former, Object principal, Collection<GrantedAuthority> authorities) {
    AbstractAuthenticationToken fresh =
        former instanceof RememberMeAuthenticationToken remembered
            ? remembered(remembered.getKeyHash(), principal, authorities)
            : former instanceof PreAuthenticatedAuthenticationToken
                ? new PreAuthenticatedAuthenticationToken(
                    principal, former.getCredentials(), authorities)
                : UsernamePasswordAuthenticationToken.authenticated(
                    principal, former.getCredentials(), authorities);
    fresh.setDetails(former.getDetails());
    return fresh;
  }

  /** It is made from a key, of which the former one has the hash only; as Jackson reads it. */
  private static RememberMeAuthenticationToken remembered(
      int keyHash, Object principal, Collection<GrantedAuthority> authorities) {
    try {
      Constructor<RememberMeAuthenticationToken> constructor =
          RememberMeAuthenticationToken.class.getDeclaredConstructor(
              Integer.class, Object.class, Collection.class);
      constructor.setAccessible(true);
      return constructor.newInstance(keyHash, principal, authorities);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Spring Security makes no such token", e);
    }
  }
}
