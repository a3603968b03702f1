package org.smsjmx.spring.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.smsjmx.servlet.Anew;
import org.smsjmx.servlet.BoundSession;
import org.smsjmx.servlet.Held;
import org.smsjmx.servlet.WebApplication;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.UserRegistry;

/**
 * Around Spring Security: a sign-in begins here, and requests are in flight in their session until
 * they have left here, so that none is disturbed by the end of the session.
 */
public final class RequestFilter implements Filter {

  private final WebApplication application;
  private final HttpSessionBinding binding;
  private final RememberMe rememberMe;

  /**
   * @param application whose requests they are
   * @param binding enters sessions
   * @param rememberMe forgets with them
   */
  public RequestFilter(
      WebApplication application, HttpSessionBinding binding, RememberMe rememberMe) {
    this.application = application;
    this.binding = binding;
    this.rememberMe = rememberMe;
  }

  @Override
  public void init(FilterConfig config) {
    application.containerIsReady();
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
    binding.begin(request);
    Object before = RequestInFlight.put(request);
    RequestInFlight flight = RequestInFlight.of(request);
    boolean signsIn = false;
    try {
      HttpSession session = request.getSession(false);
      Held held = session == null ? null : WebApplication.held(session);
      if (session != null && held instanceof BoundSession bound && bound.takenOut() == null) {
        if (!bound.isBound()) {
          application.restore(bound, session); // its container did not say that it was stored
        }
        if (!flight.enter(bound) && isRefused(bound, session, request, response)) {
          return;
        }
      }
      signsIn = flight.entered() == null;
      if (signsIn) {
        binding.mayEnter(request);
      }
      pass(flight.entered(), request, response, chain);
    } catch (ServletException e) {
      // a page that asked for its user has failed in its framework
      if (!isUnavailable(e.getCause(), response)) {
        throw e;
      }
    } catch (RuntimeException e) {
      if (!isUnavailable(e, response)) {
        throw e;
      }
    } finally {
      try {
        leave(flight, request);
      } finally {
        if (signsIn) {
          binding.hasEntered(request);
        }
        RequestInFlight.putBack(request, before);
      }
    }
  }

  /** Answers with 503 where the table or the registry does not answer. */
  private static boolean isUnavailable(@Nullable Throwable failure, HttpServletResponse response)
      throws IOException {
    String reason =
        failure instanceof SessionTable.UnavailableException
            ? "sessions cannot be validated"
            : failure instanceof UserRegistry.RegistryUnavailableException
                ? failure.getMessage()
                : null;
    if (reason != null && !response.isCommitted()) {
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, reason);
    }
    return reason != null;
  }

  private void pass(
      @Nullable Held held,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    if (held instanceof BoundSession bound && request.getHeader("Sec-WebSocket-Version") != null) {
      application.container().opensWebSocket(request, bound);
    }
    chain.doFilter(request, response);
  }

  private void leave(RequestInFlight flight, HttpServletRequest request) {
    try {
      binding.settle(request);
    } finally {
      Held now = flight.entered();
      application.leave(request, now, now);
      String overtaken = flight.overtaken();
      if (overtaken != null) {
        rememberMe.forgetAgain(overtaken);
      }
    }
  }

  /**
   * The session was ended: the user goes on without it. While another request is in flight in it,
   * only the client forgets it, and asks again.
   *
   * @return whether this request has been answered
   */
  private boolean isRefused(
      BoundSession bound,
      HttpSession session,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    if (!bound.isInUse()) {
      BoundSession.invalidate(session);
      return false;
    }
    response.addCookie(application.container().forgettingCookie(application.context()));
    if (!Anew.isRead(request)) {
      return false;
    }
    Anew.again(request, response);
    return true;
  }
}
