package org.smsjmx.servlet;

import jakarta.servlet.ServletContext;
import java.util.ServiceLoader;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry;

/** Finds what tells the roles of an application's users. */
final class Registries {

  private Registries() {}

  /** The application's own registry, else the container's, else one that says there is none. */
  static UserRegistry of(ServletContext context, Container container) {
    UserRegistry own =
        ServiceLoader.load(UserRegistry.class, context.getClassLoader()).findFirst().orElse(null);
    if (own != null) {
      return own;
    }
    UserRegistry known = container.registry();
    return known != null ? known : Registries::none;
  }

  private static Credential none(String user) {
    throw new UserRegistry.RegistryUnavailableException(
        "the application has no user registry: its container does not tell roles without a"
            + " password, and no service org.smsjmx.session.UserRegistry was found");
  }
}
