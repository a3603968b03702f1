package org.smsjmx.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request of a user with the roles that a refresh brought. */
final class RefreshedRequest extends HttpServletRequestWrapper {

  private final Set<String> roles;

  RefreshedRequest(HttpServletRequest request, Set<String> roles) {
    super(request);
    this.roles = roles;
  }

  /**
   * Asks the roles; names that a servlet's {@code security-role-ref} gives them are unknown. By
   * {@code **} a servlet asks for any user who has signed in.
   */
  @Override
  public boolean isUserInRole(@Nullable String role) {
    return role != null && (role.equals("**") ? super.isUserInRole(role) : roles.contains(role));
  }
}
