package org.smsjmx.spring.security;

import jakarta.servlet.http.HttpServletRequest;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionFacts;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.util.ClassUtils;

/** What the table is told of a user whom Spring Security has signed in. */
public final class SignedIn {

  private static final boolean OIDC =
      ClassUtils.isPresent(
          "org.springframework.security.oauth2.core.oidc.user.OidcUser",
          SignedIn.class.getClassLoader());

  private SignedIn() {}

  /**
   * Returns the credential: authorities as groups. It is fixed where it cannot be rebuilt.
   *
   * @param refreshers tells whether it can
   */
  public static Credential credential(Authentication user, Refreshers refreshers) {
    Credential credential = UserDetailsRegistry.credential(user.getName(), user.getAuthorities());
    return refreshers.supports(user)
        ? credential
        : credential.fixed(user.getClass().getSimpleName());
  }

  /** Returns what else is known of the session. */
  public static SessionFacts facts(Authentication user, HttpServletRequest request) {
    String address = request.getRemoteAddr();
    String agent = request.getHeader("User-Agent");
    String type = user.getClass().getSimpleName();
    return OIDC
        ? Oidc.facts(user, address, agent, type)
        : new SessionFacts(address, agent, type, null, null, null);
  }

  /** By itself, since it needs classes that few applications have. */
  private static final class Oidc {

    static SessionFacts facts(Authentication user, String address, String agent, String type) {
      if (!(user.getPrincipal() instanceof OidcUser known)) {
        return new SessionFacts(address, agent, type, null, null, null);
      }
      return new SessionFacts(
          address,
          agent,
          type,
          known.getIssuer() == null ? null : known.getIssuer().toString(),
          known.getSubject(),
          known.getClaimAsString("sid"));
    }
  }
}
