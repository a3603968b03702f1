package org.smsjmx.spring.security;

import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;

/**
 * Stands in an HTTP session whose user has become another one without a password, and may come back
 * likewise: as if signed in when he left, so that an operation since then holds for him.
 *
 * @param user who may come back
 * @param since the epoch in which he left
 * @param run of the server, to which the epoch belongs; after another one nobody comes back
 */
record WayBack(String user, long since, String run) implements Serializable {

  private static final long serialVersionUID = 1;

  private static final String ATTRIBUTE = "org.smsjmx.wayBack";

  /** Returns that of a session, null if there is none. */
  static @Nullable WayBack of(HttpSession session) {
    return session.getAttribute(ATTRIBUTE) instanceof WayBack known ? known : null;
  }

  /** Returns the one of whom a user has become another, null if the user is signed in himself. */
  static @Nullable String former(Authentication user) {
    for (GrantedAuthority authority : user.getAuthorities()) {
      if (authority instanceof SwitchUserGrantedAuthority switched) {
        return String.valueOf(switched.getSource().getName());
      }
    }
    return null;
  }

  void putInto(HttpSession session) {
    session.setAttribute(ATTRIBUTE, this);
  }

  static void close(HttpSession session) {
    session.removeAttribute(ATTRIBUTE);
  }
}
