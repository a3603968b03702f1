package org.smsjmx.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SignInRefusedException;

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
    Held held = session == null ? null : WebApplication.held(session);
    Principal principal = request.getUserPrincipal();
    boolean refused = false;
    try {
      if (principal != null && held == null && isOver(request)) {
        refused = true;
      } else if (session != null && principal != null && isAnother(held, principal)) {
        LiveSession former =
            held instanceof BoundSession known ? known : application.container().followed(request);
        held = enter(request, session, principal, begun, former);
        refused = held == null;
        if (held instanceof BoundSession entered
            && entered.hasOtherRoles()
            && Anew.isRead(request)) {
          entered.containerFollows();
          Anew.again(request, response); // the container has allowed it by the roles of the sign-in
          return;
        }
      }
      if (held instanceof BoundSession bound) {
        if (!bound.isBound() && bound.takenOut() == null && session != null) {
          application.restore(bound, session); // its container did not say that it was stored
        }
        refused = !bound.enter() && bound.takenOut() == null;
      }
    } catch (SignInRefusedException e) {
      forbid(request, response, session, e);
      return;
    } catch (SessionTable.UnavailableException e) {
      response.sendError(
          HttpServletResponse.SC_SERVICE_UNAVAILABLE, "sessions cannot be validated");
      return;
    }
    if (refused) {
      refuse(request, response, session, chain);
      return;
    }
    try {
      run(held, request, response, chain);
    } finally {
      Held now = held;
      try {
        now = settled(request, session, held, principal, begun);
      } finally {
        application.leave(request, held, now);
      }
    }
  }

  /**
   * Whether nobody is entered yet for the session, or another user than is signed in now, or the
   * application has taken out what was entered.
   */
  private static boolean isAnother(@Nullable Held held, Principal principal) {
    return held == null
        || !held.user().equals(String.valueOf(principal.getName()))
        || (held instanceof BoundSession bound && bound.takenOut() != null);
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
    return followed != null && !followed.isAlive() && followed.takenOut() == null;
  }

  /** Of several first requests of a session one enters it. */
  private @Nullable Held enter(
      HttpServletRequest request,
      HttpSession session,
      Principal principal,
      long begun,
      @Nullable LiveSession former) {
    try {
      synchronized (application.entering(session)) {
        Held held = WebApplication.held(session);
        if (!isAnother(held, principal)) {
          return held;
        }
        Object noted = session.getAttribute(RequestStart.BEGUN);
        session.removeAttribute(RequestStart.BEGUN);
        Long told = application.container().begun(request);
        long since = told != null ? told : noted instanceof Long known ? known : begun;
        Long takenOut = former == null ? null : former.takenOut();
        return application.enter(
            request,
            session,
            String.valueOf(principal.getName()),
            takenOut == null ? since : Math.max(since, takenOut),
            takenOut == null ? null : former);
      }
    } catch (IllegalStateException e) {
      return null; // the container's session ended a moment ago
    }
  }

  private void run(
      @Nullable Held held,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    if (!(held instanceof BoundSession bound)) {
      chain.doFilter(request, response);
      return;
    }
    if (request.getHeader("Sec-WebSocket-Version") != null && request.getUserPrincipal() != null) {
      application.container().opensWebSocket(request, bound);
    }
    Set<String> roles = bound.containerFollows() ? null : bound.refreshedRoles();
    chain.doFilter(
        roles == null ? request : new RefreshedRequest(request, bound.user(), roles), response);
  }

  /**
   * Follows what the application has done during the request: it may have signed in a user, or
   * signed the user out and kept the session, or cleared the session, or have gone on in another
   * one.
   *
   * @return what the session holds now
   */
  private @Nullable Held settled(
      HttpServletRequest request,
      @Nullable HttpSession before,
      @Nullable Held held,
      @Nullable Principal user,
      long begun) {
    Principal principal = request.getUserPrincipal();
    if (principal == null) {
      if (user != null && before != null && held != null) {
        WebApplication.takeOut(before, held);
      }
      return null;
    }
    if (held instanceof BoundSession bound && bound.isBound() && !isAnother(held, principal)) {
      return held;
    }
    HttpSession session = request.getSession(false);
    if (session == null) {
      return null;
    }
    Held now = WebApplication.held(session);
    if (!isAnother(now, principal) || !application.container().knowsUser(request, session)) {
      return now;
    }
    LiveSession former = held instanceof BoundSession bound ? bound : null;
    Held entered;
    try {
      entered = enter(request, session, principal, begun, former);
    } catch (SignInRefusedException e) {
      entered = null;
    }
    if (entered == null) {
      BoundSession.invalidate(session);
    }
    return entered;
  }

  /** To sign in again would be in vain, so the user is not asked to. */
  private static void forbid(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable HttpSession session,
      SignInRefusedException refusal)
      throws IOException, ServletException {
    if (session != null) {
      BoundSession.invalidate(session);
    }
    request.logout();
    response.sendError(HttpServletResponse.SC_FORBIDDEN, refusal.reason().text());
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
        session != null
            && WebApplication.held(session) instanceof BoundSession bound
            && bound.isInUse();
    if (inUse) {
      response.addCookie(application.container().forgettingCookie(application.context()));
    } else if (session != null) {
      BoundSession.invalidate(session);
    }
    request.logout();
    if (inUse || Anew.isRead(request)) {
      Anew.again(request, response);
    } else if (request.authenticate(response)) {
      chain.doFilter(request, response);
    }
  }
}
