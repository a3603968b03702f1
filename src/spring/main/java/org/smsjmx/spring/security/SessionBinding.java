package org.smsjmx.spring.security;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;

/**
 * Binds the HTTP sessions in which Spring Security has signed users in to sessions of the table.
 * Where the HTTP sessions are decides how: in this JVM, or in a store of Spring Session.
 */
public interface SessionBinding {

  /**
   * Validates what a request has loaded from its HTTP session.
   *
   * @param context what was loaded, with an authentication
   * @param request which has an HTTP session
   * @return the same context; another one with fresh authorities, where a refresh came in between;
   *     an empty one if the session has ended
   */
  SecurityContext validate(SecurityContext context, HttpServletRequest request);

  /**
   * Enters a user who was signed in to the HTTP session of a request, in which the context stands
   * by now. The same user in the same session is entered once.
   *
   * @param user who was signed in
   * @throws org.springframework.security.web.authentication.session.SessionAuthenticationException
   *     if the user's sessions were ended since the sign-in began: it has to begin again; or if the
   *     user is kept out or has as many sessions as allowed, so that this would be in vain
   */
  void enter(Authentication user, HttpServletRequest request);

  /** Lets a user leave whom the application has signed out without ending the HTTP session. */
  void leave(HttpServletRequest request);
}
