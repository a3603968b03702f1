package org.smsjmx.servlet;

import jakarta.servlet.ServletContext;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;
import org.smsjmx.log.Logs;
import org.smsjmx.session.UserRegistry;

/** What one kind of container can beside the Servlet API. */
public interface Container {

  /** A container of which nothing is known. */
  Container ANY = application -> {};

  /**
   * Hooks in, while the application starts.
   *
   * @param application what is to be managed
   */
  void start(WebApplication application);

  /** Returns what tells a user's roles without a password, null if the container does not. */
  default @Nullable UserRegistry registry() {
    return null;
  }

  /**
   * Closes the WebSocket connections of a user whose sessions in the application have all ended,
   * where the container does not do so when a session ends.
   *
   * @param user principal name
   */
  default void closeWebSockets(String user) {}

  /** Returns the container in which an application starts. */
  static Container of(ServletContext context) {
    String facade = context.getClass().getName();
    if (facade.startsWith("org.apache.catalina.")) {
      return make("org.smsjmx.tomcat.TomcatContainer", context);
    }
    if (facade.startsWith("org.eclipse.jetty.")) {
      return make("org.smsjmx.jetty.JettyContainer", context);
    }
    return ANY;
  }

  /** By name, since its class needs those of the container. */
  private static Container make(String type, ServletContext context) {
    try {
      return Class.forName(type, true, Container.class.getClassLoader())
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
