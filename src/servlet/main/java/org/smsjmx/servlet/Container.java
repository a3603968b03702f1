package org.smsjmx.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;
import org.smsjmx.log.Logs;
import org.smsjmx.session.UserRegistry;

/** What one kind of container can beside the Servlet API. */
public interface Container {

  /** A container of which nothing is known. */
  Container ANY = new Container() {};

  /**
   * Hooks in, once the container has set up what belongs to the application and before it passes
   * requests to it.
   *
   * @param application what is to be managed
   */
  default void start(WebApplication application) {}

  /** Undoes what {@link #start} did, as the application ends. */
  default void stop() {}

  /** Returns what tells a user's roles without a password, null if the container does not. */
  default @Nullable UserRegistry registry() {
    return null;
  }

  /**
   * Tells when the user of a request began to sign in, where the container lets nobody hear of it
   * before it has checked the password.
   *
   * @return the epoch, null if the container does not tell it
   */
  default @Nullable Long begun(HttpServletRequest request) {
    return null;
  }

  /**
   * Lets what the container itself holds of the user in its session follow one of the table.
   *
   * @return whether it does; if not the application sees the roles of a refresh, and constraints of
   *     {@code web.xml} do not
   */
  default boolean follow(HttpSession session, LiveSession followed) {
    return false;
  }

  /**
   * Returns whether a session still has the user of its request signed in, as far as the container
   * tells: the application may have cleared it, or gone on in another one.
   */
  default boolean knowsUser(HttpServletRequest request, HttpSession session) {
    return true;
  }

  /** Returns what the user of a request follows, also if the container's session has just ended. */
  default @Nullable LiveSession followed(HttpServletRequest request) {
    return null;
  }

  /**
   * Notes a request that may become a WebSocket connection, where the container does not close it
   * with the session.
   */
  default void opensWebSocket(HttpServletRequest request, LiveSession session) {}

  /**
   * Closes the WebSocket connections of sessions that have ended, where the container does not do
   * so.
   *
   * @param user principal name of a user who has no session in the application any more
   */
  default void closeWebSockets(String user) {}

  /** Returns a cookie that makes a client forget its session. */
  default Cookie forgettingCookie(ServletContext context) {
    SessionCookieConfig config = context.getSessionCookieConfig();
    String path = context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    return forgettingCookie(
        config.getName() == null ? "JSESSIONID" : config.getName(),
        config.getPath() == null ? path : config.getPath(),
        config.getDomain(),
        config.isSecure());
  }

  /** A browser refuses a cookie with a prefix that promises what the cookie does not have. */
  static Cookie forgettingCookie(
      String name, String path, @Nullable String domain, boolean secure) {
    Cookie cookie = new Cookie(name, "");
    cookie.setPath(path);
    if (domain != null) {
      cookie.setDomain(domain);
    }
    cookie.setSecure(secure || name.startsWith("__"));
    cookie.setMaxAge(0);
    return cookie;
  }

  /** Returns the container in which an application starts. */
  static Container of(ServletContext context) {
    String facade = context.getClass().getName();
    ClassLoader ours = Container.class.getClassLoader();
    if (facade.startsWith("org.apache.catalina.")) {
      return make("org.smsjmx.tomcat.TomcatContainer", ours, context);
    }
    if (facade.startsWith("org.eclipse.jetty.")) {
      ClassLoader both =
          new HiddenClasses(ours, "org.smsjmx.jetty.", context, "org.eclipse.jetty.");
      return make("org.smsjmx.jetty.JettyContainer", both, context);
    }
    return ANY;
  }

  /** By name, since its class needs those of the container. */
  private static Container make(String type, ClassLoader loader, ServletContext context) {
    try {
      return Class.forName(type, true, loader)
          .asSubclass(Container.class)
          .getConstructor(ServletContext.class)
          .newInstance(context);
    } catch (ReflectiveOperationException | LinkageError e) {
      Throwable reason = e instanceof InvocationTargetException ? e.getCause() : e;
      Logs.of(Container.class)
          .warn("{} is not known well enough: {}", context.getServerInfo(), String.valueOf(reason));
      return ANY;
    }
  }
}
