package org.smsjmx.jetty;

import java.util.Set;
import org.eclipse.jetty.security.DefaultIdentityService;
import org.eclipse.jetty.security.RoleDelegateUserIdentity;
import org.eclipse.jetty.security.UserIdentity;
import org.jspecify.annotations.Nullable;
import org.smsjmx.servlet.LiveSession;

/**
 * A user of Jetty, as one sign-in made it, whose roles follow the refreshes of the session that
 * holds it. Jetty itself asks it, also for the constraints of {@code web.xml}.
 */
final class LiveIdentity extends RoleDelegateUserIdentity {

  private final UserIdentity usual;
  private final long begun;

  /** Null until a session of the table is known to hold it. */
  private volatile @Nullable LiveSession followed;

  /**
   * @param usual what the login service made
   * @param begun epoch in which the sign-in began
   */
  LiveIdentity(UserIdentity usual, long begun) {
    super(usual.getSubject(), usual.getUserPrincipal(), usual);
    this.usual = usual;
    this.begun = begun;
  }

  UserIdentity usual() {
    return usual;
  }

  long begun() {
    return begun;
  }

  @Nullable LiveSession followed() {
    return followed;
  }

  void follow(LiveSession session) {
    followed = session;
  }

  @Override
  public boolean isUserInRole(@Nullable String role) {
    LiveSession session = followed;
    Set<String> roles = session == null ? null : session.roles();
    if (roles == null || role == null) {
      return usual.isUserInRole(role);
    }
    return roles.contains(role) || DefaultIdentityService.isRoleAssociated(role);
  }

  @Override
  public boolean isEstablished() {
    return !(usual instanceof RoleDelegateUserIdentity known) || known.isEstablished();
  }
}
