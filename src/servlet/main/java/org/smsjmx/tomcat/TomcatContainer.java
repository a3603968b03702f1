package org.smsjmx.tomcat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.reflect.Field;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Realm;
import org.apache.catalina.Session;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.JAASRealm;
import org.apache.catalina.util.SessionConfig;
import org.smsjmx.servlet.Container;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry;

/** Tomcat: its realm tells the roles of a user without a password. */
public final class TomcatContainer implements Container, UserRegistry {

  private final Context context;

  /**
   * Finds Tomcat's own view of an application.
   *
   * @param facade what the application sees of its context
   * @throws ReflectiveOperationException if this version of Tomcat hides it in another way
   */
  public TomcatContainer(ServletContext facade) throws ReflectiveOperationException {
    this.context = (Context) hidden(hidden(facade));
  }

  /** Facade and context of an application each hide the next one in a field of this name. */
  private static Object hidden(Object facade) throws ReflectiveOperationException {
    Field field = facade.getClass().getDeclaredField("context");
    field.setAccessible(true);
    return field.get(facade);
  }

  /** Who signs in by a form is noted in the session. */
  @Override
  public boolean knowsUser(HttpServletRequest request, HttpSession session) {
    try {
      Session known = context.getManager().findSession(session.getId());
      return !HttpServletRequest.FORM_AUTH.equals(request.getAuthType())
          || (known != null && known.getPrincipal() != null);
    } catch (IOException | IllegalStateException e) {
      return false; // it has ended
    }
  }

  /** What {@code context.xml} says of the cookie goes before what the application says. */
  @Override
  public Cookie forgettingCookie(ServletContext application) {
    String path = SessionConfig.getSessionCookiePath(context);
    String domain = context.getSessionCookieDomain();
    return Container.forgettingCookie(
        SessionConfig.getSessionCookieName(context),
        path.isEmpty() ? "/" : path,
        domain != null ? domain : application.getSessionCookieConfig().getDomain(),
        application.getSessionCookieConfig().isSecure());
  }

  @Override
  public UserRegistry registry() {
    return this;
  }

  @Override
  public Credential read(String user) {
    Realm realm = context.getRealm();
    if (realm == null || realm instanceof JAASRealm) {
      throw new RegistryUnavailableException(
          "Tomcat's realm does not tell roles without a password; give the application a service "
              + UserRegistry.class.getName());
    }
    Principal principal = realm.authenticate(user);
    if (principal == null) {
      throw new UnknownUserException(user);
    }
    if (!(principal instanceof GenericPrincipal known)) {
      throw new NoCredentialException(
          "Tomcat's realm does not tell the roles of a " + principal.getClass().getName());
    }
    List<String> roles = Stream.of(known.getRoles()).distinct().sorted().toList();
    return new Credential(user, roles, Map.of());
  }
}
