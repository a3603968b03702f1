package org.smsjmx.spring.security;

import java.util.Collection;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.CredentialsContainer;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.util.ClassUtils;

/** Makes an authentication like another one, with other authorities. */
abstract sealed class Rebuilder permits BuilderRebuilder, ConstructorRebuilder {

  /** Returns the one for the version of Spring Security that the application has. */
  static Rebuilder ofThisVersion() {
    return ClassUtils.hasMethod(Authentication.class, "toBuilder")
        ? new BuilderRebuilder()
        : new ConstructorRebuilder();
  }

  /** Returns whether the type of an authentication stays when it is rebuilt. */
  abstract boolean supports(Authentication former);

  /**
   * Returns an authentication of the same type, with the same details.
   *
   * @param principal the new one
   * @param authorities the new ones
   */
  final Authentication rebuild(
      Authentication former, Object principal, Collection<GrantedAuthority> authorities) {
    if (principal instanceof CredentialsContainer secret && former.getCredentials() == null) {
      secret.eraseCredentials(); // as was done at sign-in
    }
    return like(former, principal, authorities);
  }

  abstract Authentication like(
      Authentication former, Object principal, Collection<GrantedAuthority> authorities);
}
