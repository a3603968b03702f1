package org.smsjmx.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request of a user with the roles that a refresh brought. */
final class RefreshedRequest extends HttpServletRequestWrapper {

  /** What stands for all users who have signed in. */
  private static final String ANYBODY = "**";

  private final String user;
  private final Set<String> roles;

  RefreshedRequest(HttpServletRequest request, String user, Set<String> roles) {
    super(request);
    this.user = user;
    this.roles = roles;
  }

  /**
   * Asks the roles; names that a servlet's {@code security-role-ref} gives them are unknown. The
   * application may sign the user out, or another one in, during the request.
   */
  @Override
  public boolean isUserInRole(@Nullable String role) {
    Principal now = getUserPrincipal();
    if (role == null || now == null || !user.equals(now.getName()) || ANYBODY.equals(role)) {
      return super.isUserInRole(role);
    }
    return roles.contains(role);
  }
}
