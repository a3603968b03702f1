package org.smsjmx.spring.actuate;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTotals;
import org.springframework.util.ClassUtils;

/**
 * Health of the sessions: down while the table does not work. That the user registry failed when it
 * was last asked is a detail: sessions live on without it, and it is asked again with the next
 * refresh only, until when nobody knows better.
 *
 * <p>Boot 4 has the same types as Boot 3 in another package. So that one jar does for both, they
 * are reached by their names.
 */
public final class SmsHealth implements InvocationHandler {

  private static final String BOOT_4 = "org.springframework.boot.health.contributor";
  private static final String BOOT_3 = "org.springframework.boot.actuate.health";

  private final SessionService service;
  private final Class<?> health;

  private SmsHealth(SessionService service, Class<?> health) {
    this.service = service;
    this.health = health;
  }

  /**
   * Returns the type of a health indicator.
   *
   * @param loader the application's class loader
   * @return null if the application has no Actuator
   */
  public static @Nullable Class<?> indicatorType(ClassLoader loader) {
    for (String home : new String[] {BOOT_4, BOOT_3}) {
      if (ClassUtils.isPresent(home + ".HealthIndicator", loader)) {
        return ClassUtils.resolveClassName(home + ".HealthIndicator", loader);
      }
    }
    return null;
  }

  /**
   * Makes a health indicator, of the type that the application has.
   *
   * @param service the application's sessions
   * @throws IllegalStateException if the application has no Actuator
   */
  public static Object indicator(SessionService service) {
    ClassLoader loader = SmsHealth.class.getClassLoader();
    Class<?> type = indicatorType(loader);
    if (type == null) {
      throw new IllegalStateException("there is no HealthIndicator of Spring Boot");
    }
    Class<?> health = ClassUtils.resolveClassName(type.getPackageName() + ".Health", loader);
    return Proxy.newProxyInstance(loader, new Class<?>[] {type}, new SmsHealth(service, health));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
      throws Throwable {
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, given);
    }
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> given != null && proxy == given[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> "health of " + service.server();
      };
    }
    return health();
  }

  private Object health() throws ReflectiveOperationException {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("server", service.server());
    details.put("realm", service.realm());
    String wrong = count(details);
    String failure = service.sessions().registryState().failure();
    if (failure != null) {
      details.put("registry", failure);
    }
    Object builder = health.getMethod(wrong == null ? "up" : "down").invoke(null);
    Class<?> type = builder.getClass();
    type.getMethod("withDetails", Map.class).invoke(builder, details);
    return type.getMethod("build").invoke(builder);
  }

  /** Adds the number of sessions, or why it is not known, which is returned. */
  private @Nullable String count(Map<String, Object> details) {
    SessionTable.Health table = service.sessions().health();
    String wrong = table.available() ? null : table.reason();
    if (wrong == null) {
      try {
        long live = service.sessions().total().sessions();
        if (live != SessionTotals.UNKNOWN) {
          details.put("sessions", live);
        }
      } catch (RuntimeException e) {
        wrong = String.valueOf(e.getMessage());
      }
    }
    if (wrong != null) {
      details.put("reason", wrong);
    }
    return wrong;
  }
}
