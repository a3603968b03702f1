package org.smsjmx.jetty;

import java.security.Principal;
import java.util.function.Function;
import javax.security.auth.Subject;
import org.eclipse.jetty.security.IdentityService;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Session;
import org.jspecify.annotations.Nullable;
import org.smsjmx.servlet.WebApplication;

/**
 * Stands in front of the login service of an application: notes where each sign-in begins, which is
 * before the password is checked, and makes the identity live.
 */
final class LiveLogins implements LoginService {

  private final LoginService usual;
  private final WebApplication application;

  LiveLogins(LoginService usual, WebApplication application) {
    this.usual = usual;
    this.application = application;
  }

  LoginService usual() {
    return usual;
  }

  @Override
  public String getName() {
    return usual.getName();
  }

  /** Without a request Jetty signs in the user of a stored session again. */
  @Override
  public @Nullable UserIdentity login(
      String user,
      Object credentials,
      @Nullable Request request,
      Function<Boolean, Session> session) {
    long begun = request == null ? application.startEpoch() : application.beginSignIn();
    return live(usual.login(user, credentials, request, session), begun);
  }

  @Override
  public @Nullable UserIdentity getUserIdentity(
      Subject subject, Principal principal, boolean create) {
    long begun = application.beginSignIn();
    return live(usual.getUserIdentity(subject, principal, create), begun);
  }

  private static @Nullable LiveIdentity live(@Nullable UserIdentity identity, long begun) {
    return identity == null ? null : new LiveIdentity(identity, begun);
  }

  @Override
  public boolean validate(UserIdentity user) {
    return usual.validate(usual(user));
  }

  @Override
  public void logout(UserIdentity user) {
    usual.logout(usual(user));
  }

  private static UserIdentity usual(UserIdentity user) {
    return user instanceof LiveIdentity live ? live.usual() : user;
  }

  @Override
  public IdentityService getIdentityService() {
    return usual.getIdentityService();
  }

  @Override
  public void setIdentityService(IdentityService service) {
    usual.setIdentityService(service);
  }
}
