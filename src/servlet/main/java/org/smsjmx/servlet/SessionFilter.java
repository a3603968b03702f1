package org.smsjmx.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionTable;

/** Enters sessions of users who have signed in into the table, and asks it at each request. */
final class SessionFilter implements Filter {

  private final WebApplication application;

  SessionFilter(WebApplication application) {
    this.application = application;
  }

  @Override
  public void doFilter(ServletRequest asked, ServletResponse answer, FilterChain chain)
      throws IOException, ServletException {
    if (asked instanceof HttpServletRequest request
        && answer instanceof HttpServletResponse response) {
      filter(request, response, chain);
    } else {
      chain.doFilter(asked, answer);
    }
  }

  private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    long begun = application.begun();
    HttpSession session = request.getSession(false);
    Held held = session == null ? null : held(session);
    Principal principal = request.getUserPrincipal();
    boolean refused = false;
    try {
      if (principal != null && held == null && isOver(request)) {
        refused = true;
      } else if (session != null && principal != null && isAnother(held, principal)) {
        held = enter(request, session, principal, begun);
        refused = held == null;
        if (held instanceof BoundSession entered && entered.hasOtherRoles() && isRead(request)) {
          entered.containerFollows();
          again(request, response); // the container has allowed it by the roles of the sign-in
          return;
        }
      }
      if (held instanceof BoundSession bound) {
        if (!bound.isBound() && session != null) {
          application.restore(bound, session); // its container did not say that it was stored
        }
        refused = !bound.enter();
      }
    } catch (SessionTable.UnavailableException e) {
      response.sendError(
          HttpServletResponse.SC_SERVICE_UNAVAILABLE, "sessions cannot be validated");
      return;
    }
    if (refused) {
      refuse(request, response, session, chain);
    } else if (held instanceof BoundSession bound) {
      run(bound, request, response, chain);
    } else {
      chain.doFilter(request, response);
      enterLate(request, held, begun);
    }
  }

  private static @Nullable Held held(HttpSession session) {
    try {
      return session.getAttribute(BoundSession.ATTRIBUTE) instanceof Held held ? held : null;
    } catch (IllegalStateException e) {
      return null; // it ended a moment ago
    }
  }

  /** Whether nobody is entered yet for the session, or another user than is signed in now. */
  private static boolean isAnother(@Nullable Held held, Principal principal) {
    return held == null || !held.user().equals(String.valueOf(principal.getName()));
  }

  /**
   * Whether the container still signs the user in by the word of a session that was ended: of a
   * single sign-on, or because the session ended after it had authenticated the request.
   */
  private boolean isOver(HttpServletRequest request) {
    if (application.wasSessionEnded()
        && HttpServletRequest.FORM_AUTH.equals(request.getAuthType())) {
      return true;
    }
    LiveSession followed = application.container().followed(request);
    return followed != null && !followed.isAlive();
  }

  private @Nullable Held enter(
      HttpServletRequest request, HttpSession session, Principal principal, long begun) {
    try {
      Object noted = session.getAttribute(RequestStart.BEGUN);
      session.removeAttribute(RequestStart.BEGUN);
      Long told = application.container().begun(request);
      long since = told != null ? told : noted instanceof Long known ? known : begun;
      return application.enter(request, session, String.valueOf(principal.getName()), since);
    } catch (IllegalStateException e) {
      return null; // the container's session ended a moment ago
    }
  }

  private void run(
      BoundSession bound,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    if (request.getHeader("Sec-WebSocket-Version") != null) {
      application.container().opensWebSocket(request, bound);
    }
    try {
      Set<String> roles = bound.containerFollows() ? null : bound.refreshedRoles();
      chain.doFilter(roles == null ? request : new RefreshedRequest(request, roles), response);
    } finally {
      bound.leave();
      if (request.isAsyncStarted()) {
        Streaming.begin(bound, request);
      }
    }
  }

  /** Enters a user whom the application itself has signed in during the request. */
  private void enterLate(HttpServletRequest request, @Nullable Held held, long begun) {
    Principal principal = request.getUserPrincipal();
    HttpSession session = principal == null ? null : request.getSession(false);
    if (session != null && principal != null && isAnother(held, principal)) {
      if (enter(request, session, principal, begun) == null) {
        BoundSession.invalidate(session);
      }
    }
  }

  /**
   * The session was ended: the user goes on without it, which is by the usual login. While another
   * request is in flight in it, only the client forgets it.
   */
  private void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable HttpSession session,
      FilterChain chain)
      throws IOException, ServletException {
    boolean inUse =
        session != null && held(session) instanceof BoundSession bound && bound.isInUse();
    if (inUse) {
      forgetCookie(request, response);
    } else if (session != null) {
      BoundSession.invalidate(session);
    }
    request.logout();
    if (inUse || isRead(request)) {
      again(request, response);
    } else if (request.authenticate(response)) {
      chain.doFilter(request, response);
    }
  }

  private void forgetCookie(HttpServletRequest request, HttpServletResponse response) {
    SessionCookieConfig config = application.context().getSessionCookieConfig();
    Cookie cookie = new Cookie(config.getName() == null ? "JSESSIONID" : config.getName(), "");
    String path = request.getContextPath().isEmpty() ? "/" : request.getContextPath();
    cookie.setPath(config.getPath() == null ? path : config.getPath());
    if (config.getDomain() != null) {
      cookie.setDomain(config.getDomain());
    }
    cookie.setMaxAge(0);
    response.addCookie(cookie);
  }

  private static boolean isRead(HttpServletRequest request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }

  /** Lets the browser ask again. */
  private static void again(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String query = request.getQueryString();
    response.sendRedirect(request.getRequestURI() + (query == null ? "" : "?" + query));
  }

  /** Follows an asynchronous request until it has completed. */
  private static final class Streaming implements AsyncListener {

    private final BoundSession bound;

    private Streaming(BoundSession bound) {
      this.bound = bound;
    }

    static void begin(BoundSession bound, HttpServletRequest request) {
      try {
        request.getAsyncContext().addListener(new Streaming(bound));
        bound.streams(request.getAsyncContext());
      } catch (IllegalStateException e) {
        // it has completed already
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      bound.streamed(event.getAsyncContext());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // the container completes it
    }

    @Override
    public void onError(AsyncEvent event) {
      // the container completes it
    }

    /** A dispatch within the request begins anew what is told to listeners. */
    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
