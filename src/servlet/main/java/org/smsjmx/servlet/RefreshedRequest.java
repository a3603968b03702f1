package org.smsjmx.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Set;

/** A request of a user with the roles that a refresh brought. */
final class RefreshedRequest extends HttpServletRequestWrapper {

  private final Set<String> roles;

  RefreshedRequest(HttpServletRequest request, Set<String> roles) {
    super(request);
    this.roles = roles;
  }

  /** Asks the roles; names that a servlet's {@code security-role-ref} gives them are unknown. */
  @Override
  public boolean isUserInRole(String role) {
    return roles.contains(role);
  }
}
