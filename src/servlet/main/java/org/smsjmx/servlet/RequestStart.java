package org.smsjmx.servlet;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;

/**
 * Hears of a request before the container authenticates, where the container tells so early, as
 * Tomcat does: a sign-in begins here, and a session that was ended is so before anybody looks at
 * it. Hears, too, that the container has just authenticated a user, which changes the session's id.
 */
final class RequestStart implements ServletRequestListener, HttpSessionIdListener {

  /** Where the sign-in began whose session has not been entered yet; in the session. */
  static final String BEGUN = "org.smsjmx.begun";

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    WebApplication application = WebApplication.of(event.getServletContext());
    if (application == null) {
      return;
    }
    application.signInMayBegin();
    if (event.getServletRequest() instanceof HttpServletRequest request) {
      HttpSession session = request.getSession(false);
      if (session != null
          && WebApplication.held(session) instanceof BoundSession known
          && known.isBound()
          && !known.isAlive()) {
        application.sessionWasEnded();
        known.end();
      }
    }
  }

  @Override
  public void requestDestroyed(ServletRequestEvent event) {
    WebApplication application = WebApplication.of(event.getServletContext());
    if (application != null) {
      application.signInIsOver();
    }
  }

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String before) {
    HttpSession session = event.getSession();
    WebApplication application = WebApplication.of(session.getServletContext());
    if (application == null) {
      return;
    }
    if (!(WebApplication.held(session) instanceof BoundSession known) || !known.isBound()) {
      session.setAttribute(BEGUN, application.begun());
    }
  }
}
