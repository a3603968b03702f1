package org.smsjmx.spring;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.session.memory.InMemorySessionTable;

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

  /**
   * Opens a service whose table says that it does not work.
   *
   * @param reason why
   * @param known whether the table knows it; else its calls fail
   */
  public static SessionService openBroken(String reason, boolean known) {
    SessionTable works =
        new InMemorySessionTable(
            new SessionTimeouts(Duration.ZERO, Duration.ZERO), InstantSource.system());
    SessionTable broken =
        (SessionTable)
            Proxy.newProxyInstance(
                SessionTable.class.getClassLoader(),
                new Class<?>[] {SessionTable.class},
                (proxy, method, arguments) -> {
                  if (known && method.getName().equals("health")) {
                    return new SessionTable.Health(false, reason);
                  }
                  if (method.getName().equals("totals")) {
                    throw new SessionTable.UnavailableException(reason, false);
                  }
                  return method.invoke(works, arguments);
                });
    return SessionService.open("spring", "shop", broken, TestService::read, name -> null);
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
