package org.smsjmx.spring.security;

import java.util.Collection;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** Spring Security 7: types that build their like say so. */
final class BuilderRebuilder extends Rebuilder {

  /** A type that inherits the method would become the one that it inherits it from. */
  @Override
  boolean supports(Authentication former) {
    try {
      return former.getClass().getMethod("toBuilder").getDeclaringClass() == former.getClass();
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  @Override
  Authentication like(
      Authentication former, Object principal, Collection<GrantedAuthority> authorities) {
    return former.toBuilder()
        .principal(principal)
        .authorities(
            before -> {
              before.clear();
              before.addAll(authorities);
            })
        .build();
  }
}
