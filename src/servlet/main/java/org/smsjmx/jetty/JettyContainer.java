package org.smsjmx.jetty;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.security.AbstractLoginService;
import org.eclipse.jetty.security.AuthenticationState;
import org.eclipse.jetty.security.Authenticator;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.RolePrincipal;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.UserPrincipal;
import org.eclipse.jetty.security.authentication.LoginAuthenticator;
import org.eclipse.jetty.security.authentication.SessionAuthentication;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.ClassMatcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;
import org.smsjmx.servlet.Container;
import org.smsjmx.servlet.LiveSession;
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
  private volatile @Nullable WebSockets sockets;

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
    readStoredSessions();
    followWebSockets(application);
    SecurityHandler security = SecurityHandler.getCurrentSecurityHandler();
    if (security == null) {
      return;
    }
    logins = security.getLoginService();
    Authenticator authenticating = security.getAuthenticator();
    if (authenticating instanceof LoginAuthenticator known && known.getLoginService() != null) {
      known.setLoginService(new LiveLogins(known.getLoginService(), application));
      authenticator = known;
    } else if (logins != null && !(authenticating instanceof Authenticator.NoOp)) {
      LOG.warn(
          "users of {} sign in by a {}: constraints of web.xml do not follow a refresh",
          context.getContextPath(),
          authenticating.getClass().getName());
    }
  }

  /**
   * Jetty reads what applications store in sessions with their class loader or that of the server,
   * neither of which has jars for all applications of one kind, unless their classes are said to be
   * the same for all.
   */
  private void readStoredSessions() {
    if (Container.class.getClassLoader() == context.getClassLoader()) {
      return; // the jar belongs to the application
    }
    try {
      ContextHandler handler = ContextHandler.getCurrentContextHandler();
      handler
          .getClass()
          .getMethod("addProtectedClassMatcher", ClassMatcher.class)
          .invoke(handler, new ClassMatcher("org.smsjmx."));
    } catch (ReflectiveOperationException e) {
      LOG.debug("the application has no class loader of its own", e);
    }
  }

  private void followWebSockets(WebApplication application) {
    Object container = context.getAttribute("jakarta.websocket.server.ServerContainer");
    if (container == null) {
      return;
    }
    try {
      WebSockets found = new WebSockets(container);
      application.eachSecond(found::closeEnded);
      sockets = found;
    } catch (NoSuchMethodException e) {
      LOG.warn("WebSockets of {} do not close with a session: {}", context.getContextPath(), e);
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
  public @Nullable Long begun(HttpServletRequest request) {
    LiveIdentity identity = identity(request);
    return identity == null ? null : identity.begun();
  }

  @Override
  public @Nullable LiveSession followed(HttpServletRequest request) {
    LiveIdentity identity = identity(request);
    return identity == null ? null : identity.followed();
  }

  /** Who signs in by a form is noted in the session. */
  @Override
  public boolean knowsUser(HttpServletRequest request, HttpSession session) {
    try {
      return !HttpServletRequest.FORM_AUTH.equals(request.getAuthType())
          || session.getAttribute(SessionAuthentication.AUTHENTICATED_ATTRIBUTE) != null;
    } catch (IllegalStateException e) {
      return false; // it has ended
    }
  }

  private static @Nullable LiveIdentity identity(HttpServletRequest request) {
    return identity(request.getAttribute(Request.AuthenticationState.class.getName()));
  }

  @Override
  public boolean follow(HttpSession session, LiveSession followed) {
    LiveIdentity identity = identity(session);
    if (identity != null) {
      identity.follow(followed);
    }
    return identity != null;
  }

  private static @Nullable LiveIdentity identity(HttpSession session) {
    try {
      return identity(session.getAttribute(SessionAuthentication.AUTHENTICATED_ATTRIBUTE));
    } catch (IllegalStateException e) {
      return null; // it has ended, or the user of a stored session is not known any more
    }
  }

  private static @Nullable LiveIdentity identity(@Nullable Object state) {
    return state instanceof AuthenticationState.Succeeded known
            && known.getUserIdentity() instanceof LiveIdentity live
        ? live
        : null;
  }

  // --- WebSockets ---

  @Override
  public void opensWebSocket(HttpServletRequest request, LiveSession session) {
    WebSockets known = sockets;
    if (known != null) {
      known.opens(request, session);
    }
  }

  @Override
  public void closeWebSockets(String user) {
    WebSockets known = sockets;
    if (known != null) {
      known.closeEnded();
      known.close(user);
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
