package org.smsjmx.spring;

import java.util.List;
import java.util.Map;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.Credential;
import org.smsjmx.session.UserRegistry;

/** Sessions of an application, as the starter would open them. */
public final class TestService {

  private static volatile boolean failing;

  private TestService() {}

  /** Lets the registry fail from now on, or work. */
  public static void fail(boolean fails) {
    failing = fails;
  }

  /** Opens a service whose registry knows {@code dlucas} and {@code johnq}. */
  public static SessionService open() {
    return SessionService.open("spring", "shop", TestService::read, name -> null);
  }

  private static Credential read(String user) {
    if (failing) {
      throw new UserRegistry.RegistryUnavailableException("it is down");
    }
    if (!List.of("dlucas", "johnq").contains(user)) {
      throw new UserRegistry.UnknownUserException(user);
    }
    return new Credential(user, List.of("ROLE_USER"), Map.of());
  }
}
