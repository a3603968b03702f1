package org.smsjmx.jetty;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.security.Principal;
import java.util.Set;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/** The open WebSocket connections of an application. Jetty may be without them, hence a class. */
final class WebSockets {

  private static final Logger LOG = Logs.of(WebSockets.class);

  private WebSockets() {}

  /** Closes those of a user. */
  static void close(Object container, String user) {
    for (Object each : open(container)) {
      if (each instanceof Session session) {
        Principal principal = session.getUserPrincipal();
        if (principal != null && user.equals(principal.getName())) {
          close(session);
        }
      }
    }
  }

  private static Set<?> open(Object container) {
    try {
      // a method of Jetty's class, of which each version of Jakarta EE has one
      return (Set<?>) container.getClass().getMethod("getOpenSessions").invoke(container);
    } catch (ReflectiveOperationException e) {
      LOG.warn("WebSocket connections stay open: {}", e.toString());
      return Set.of();
    }
  }

  private static void close(Session session) {
    try {
      session.close(
          new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "the session has ended"));
    } catch (IOException e) {
      LOG.debug("it is closed already", e);
    }
  }
}
