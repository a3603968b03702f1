package org.smsjmx.jetty;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.security.AbstractLoginService;
import org.eclipse.jetty.security.AuthenticationState;
import org.eclipse.jetty.security.Authenticator;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.RolePrincipal;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.UserPrincipal;
import org.eclipse.jetty.security.authentication.LoginAuthenticator;
import org.eclipse.jetty.security.authentication.SessionAuthentication;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;
import org.smsjmx.servlet.Container;
import org.smsjmx.servlet.WebApplication;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry;

/**
 * Jetty 12: users sign in through a {@link LiveLogins}, its login service tells roles without a
 * password, and its WebSockets are closed with the session.
 */
public final class JettyContainer implements Container, UserRegistry {

  private static final Logger LOG = Logs.of(JettyContainer.class);

  private final ServletContext context;

  /* Set once, as the application starts. */
  private volatile @Nullable LoginService logins;
  private volatile @Nullable LoginAuthenticator authenticator;

  /**
   * Takes the context of an application.
   *
   * @param context what the application sees of it
   */
  public JettyContainer(ServletContext context) {
    this.context = context;
  }

  /**
   * The security handler has started, and gives its authenticator a login service. What is put in
   * there is the application's own, whereas a login service may serve the whole server.
   */
  @Override
  public void start(WebApplication application) {
    SecurityHandler security = SecurityHandler.getCurrentSecurityHandler();
    if (security == null) {
      return;
    }
    logins = security.getLoginService();
    Authenticator authenticating = security.getAuthenticator();
    if (authenticating instanceof LoginAuthenticator known && known.getLoginService() != null) {
      known.setLoginService(new LiveLogins(known.getLoginService(), application));
      authenticator = known;
    } else if (security.getLoginService() != null) {
      LOG.warn(
          "users of {} sign in by a {}: constraints of web.xml do not follow a refresh",
          context.getContextPath(),
          authenticating.getClass().getName());
    }
  }

  @Override
  public void stop() {
    LoginAuthenticator known = authenticator;
    if (known != null && known.getLoginService() instanceof LiveLogins ours) {
      known.setLoginService(ours.usual());
    }
  }

  // --- sessions ---

  @Override
  public @Nullable Long begun(HttpServletRequest request, HttpSession session, String user) {
    LiveIdentity identity =
        request.getAttribute(LiveLogins.IDENTITY) instanceof LiveIdentity now
            ? now
            : identity(session);
    return identity == null || !user.equals(identity.getUserPrincipal().getName())
        ? null
        : identity.begun();
  }

  @Override
  public boolean follow(HttpSession session, Supplier<@Nullable Set<String>> roles) {
    LiveIdentity identity = identity(session);
    if (identity == null) {
      return false;
    }
    identity.follow(roles);
    return true;
  }

  /** Returns whom the session holds, null if it is nobody, or has ended. */
  private static @Nullable LiveIdentity identity(HttpSession session) {
    try {
      return session.getAttribute(SessionAuthentication.AUTHENTICATED_ATTRIBUTE)
                  instanceof AuthenticationState.Succeeded known
              && known.getUserIdentity() instanceof LiveIdentity live
          ? live
          : null;
    } catch (IllegalStateException e) {
      return null;
    }
  }

  @Override
  public void closeWebSockets(String user) {
    Object sockets = context.getAttribute("jakarta.websocket.server.ServerContainer");
    if (sockets != null) {
      WebSockets.close(sockets, user);
    }
  }

  // --- roles ---

  @Override
  public UserRegistry registry() {
    return this;
  }

  @Override
  public Credential read(String user) {
    if (!(logins instanceof AbstractLoginService known)) {
      throw new RegistryUnavailableException(
          "Jetty's login service does not tell roles without a password; give the application a"
              + " service "
              + UserRegistry.class.getName());
    }
    UserPrincipal principal = (UserPrincipal) ask(known, "loadUserInfo", String.class, user);
    if (principal == null) {
      throw new UnknownUserException(user);
    }
    List<?> roles = (List<?>) ask(known, "loadRoleInfo", UserPrincipal.class, principal);
    return new Credential(
        user,
        roles == null
            ? List.of()
            : roles.stream()
                .map(role -> ((RolePrincipal) role).getName())
                .distinct()
                .sorted()
                .toList(),
        Map.of());
  }

  /** Login services tell it to nobody but those who extend them. */
  private static @Nullable Object ask(
      AbstractLoginService logins, String what, Class<?> type, Object about) {
    try {
      Method method = AbstractLoginService.class.getDeclaredMethod(what, type);
      method.setAccessible(true);
      return method.invoke(logins, about);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new RegistryUnavailableException("Jetty's login service does not answer: " + e);
    }
  }
}
