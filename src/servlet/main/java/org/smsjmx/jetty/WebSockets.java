package org.smsjmx.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;
import org.smsjmx.servlet.LiveSession;

/**
 * The WebSocket connections of an application, each with the session in which it was opened. Jetty
 * does not tell that; both ends of the matter are found by user and remote address. A request whose
 * user is signed out meanwhile may become a connection after that, hence the repeated look.
 */
final class WebSockets {

  private static final Logger LOG = Logs.of(WebSockets.class);

  /** Where Jetty notes the remote address of a connection. */
  private static final String REMOTE = "jakarta.websocket.endpoint.remoteAddress";

  /** So many looks later a request has become a connection, or never will. */
  private static final int PATIENCE = 10;

  private final Object container;
  private final Method openSessions;
  private final Map<Opener, Opened> opened = new ConcurrentHashMap<>();
  private volatile int look;

  /**
   * @param container Jetty's own, of which each version of Jakarta EE has one
   * @throws NoSuchMethodException if it does not tell its connections
   */
  WebSockets(Object container) throws NoSuchMethodException {
    this.container = container;
    this.openSessions = container.getClass().getMethod("getOpenSessions");
  }

  /** By whom and from where. */
  private record Opener(@Nullable String user, String address, int port) {

    static Opener of(@Nullable Principal user, String address, int port) {
      return new Opener(
          user == null ? null : user.getName(),
          address.replace("[", "").replace("]", ""), // of IPv6
          port);
    }

    static @Nullable Opener of(Session socket) {
      if (!(socket.getUserProperties().get(REMOTE) instanceof InetSocketAddress remote)) {
        return null;
      }
      String address =
          remote.getAddress() == null
              ? remote.getHostString()
              : remote.getAddress().getHostAddress();
      return of(socket.getUserPrincipal(), address, remote.getPort());
    }
  }

  /** In which session, and at which look. */
  private record Opened(LiveSession session, int look) {}

  /** Notes a request that may become a connection. */
  void opens(HttpServletRequest request, LiveSession session) {
    opened.put(
        Opener.of(request.getUserPrincipal(), request.getRemoteAddr(), request.getRemotePort()),
        new Opened(session, look));
  }

  /** Closes connections whose session has ended. */
  void closeEnded() {
    if (opened.isEmpty()) {
      return;
    }
    int now = look + 1;
    look = now;
    Set<Opener> open = new HashSet<>();
    for (Session socket : open()) {
      Opener opener = Opener.of(socket);
      if (opener != null) {
        open.add(opener);
        Opened known = opened.get(opener);
        if (known != null && known.session().isOver()) {
          close(socket);
        }
      }
    }
    opened
        .entrySet()
        .removeIf(each -> !open.contains(each.getKey()) && each.getValue().look() < now - PATIENCE);
  }

  /** Closes connections of a user that are not known to belong to a session which goes on. */
  void close(String user) {
    for (Session socket : open()) {
      Principal principal = socket.getUserPrincipal();
      if (principal != null && user.equals(principal.getName())) {
        Opener opener = Opener.of(socket);
        Opened known = opener == null ? null : opened.get(opener);
        if (known == null || known.session().isOver()) {
          close(socket);
        }
      }
    }
  }

  private List<Session> open() {
    try {
      Set<?> sockets = (Set<?>) openSessions.invoke(container);
      return sockets.stream().map(Session.class::cast).toList();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Jetty does not tell its WebSocket connections", e);
    }
  }

  private static void close(Session socket) {
    try {
      socket.close(
          new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "the session has ended"));
    } catch (IOException e) {
      LOG.debug("it is closed already", e);
    }
  }
}
