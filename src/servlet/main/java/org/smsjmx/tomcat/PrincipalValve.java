package org.smsjmx.tomcat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.security.Principal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.catalina.Session;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Puts the roles that a refresh brought into Tomcat's own session before it authenticates, so that
 * constraints of {@code web.xml} follow. One line in the application's {@code context.xml}, with
 * the jar in Tomcat's {@code lib}:
 *
 * <pre>{@code <Valve className="org.smsjmx.tomcat.PrincipalValve"/>}</pre>
 */
public final class PrincipalValve extends ValveBase {

  /** As the adapter says; spelt here since the adapter may be of the application's class loader. */
  private static final String ROLES = "org.smsjmx.servlet.roles";

  /** Made by Tomcat. */
  public PrincipalValve() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    Session session = request.getSessionInternal(false);
    Set<String> roles = session == null ? null : refreshed(request, session);
    if (session != null && roles != null) {
      session.setPrincipal(with(session.getPrincipal(), roles));
      request.setUserPrincipal(with(request.getUserPrincipal(), roles)); // of a single sign-on
    }
    getNext().invoke(request, response);
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Set<String> refreshed(Request request, Session session) {
    Object asked = request.getContext().getServletContext().getAttribute(ROLES);
    return asked instanceof Function<?, ?> function
        ? ((Function<Object, @Nullable Set<String>>) function).apply(session.getSession())
        : null;
  }

  /** Returns the principal with these roles; the very same one if it has them. */
  private static @Nullable Principal with(@Nullable Principal before, Set<String> roles) {
    if (before == null || roles.equals(rolesOf(before))) {
      return before;
    }
    return before instanceof GenericPrincipal known && known.getUserPrincipal() != before
        ? new GenericPrincipal(before.getName(), List.copyOf(roles), known.getUserPrincipal())
        : new GenericPrincipal(before.getName(), List.copyOf(roles));
  }

  private static @Nullable Set<String> rolesOf(Principal principal) {
    return principal instanceof GenericPrincipal known
        ? new HashSet<>(Arrays.asList(known.getRoles()))
        : null;
  }
}
