package org.smsjmx.spring.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.smsjmx.servlet.BoundSession;
import org.smsjmx.servlet.Held;
import org.smsjmx.servlet.WebApplication;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SignInRefusedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/** Binds HTTP sessions that the container keeps in this JVM. */
public final class HttpSessionBinding implements SessionBinding {

  /** Where a request's sign-in would begin, also one in another thread or on an error page. */
  private static final String BEGUN = HttpSessionBinding.class.getName() + ".begun";

  /** Tells apart what this run has put into sessions. */
  private final String run = UUID.randomUUID().toString();

  private final WebApplication application;
  private final Refreshers refreshers;

  /** Where sign-ins of requests in flight may have begun, and of how many requests each. */
  private final ConcurrentSkipListMap<Long, Integer> mayBegin = new ConcurrentSkipListMap<>();

  /**
   * @param application whose sessions they are
   * @param refreshers rebuilds authentications
   */
  public HttpSessionBinding(WebApplication application, Refreshers refreshers) {
    this.application = application;
    this.refreshers = refreshers;
  }

  /**
   * Returns what is known of the user who is signed in to an HTTP session.
   *
   * @param refreshers tells whether that can be read again
   */
  public static Credential credential(HttpSession session, Refreshers refreshers) {
    Authentication user = SmsSecurityContextRepository.signedIn(session);
    if (user == null) {
      throw new IllegalStateException("nobody is signed in");
    }
    return SignedIn.credential(user, refreshers);
  }

  /** Notes that a sign-in may begin with a request, of which this may be a later dispatch. */
  void begin(HttpServletRequest request) {
    if (request.getAttribute(BEGUN) == null) {
      request.setAttribute(BEGUN, application.beginSignIn());
    }
  }

  /** Notes a request in flight that may sign a user in past us, as long as it is. */
  void mayEnter(HttpServletRequest request) {
    mayBegin.merge(begun(request), 1, Integer::sum);
  }

  /** Forgets it, once what it has done is settled. */
  void hasEntered(HttpServletRequest request) {
    mayBegin.computeIfPresent(
        begun(request), (begun, requests) -> requests == 1 ? null : requests - 1);
  }

  /**
   * Returns where the sign-in of a user began whom another request has put into the session, and
   * may not have settled yet: not before the earliest of those in flight.
   */
  private long begunBeside(HttpServletRequest request) {
    Map.Entry<Long, Integer> earliest = mayBegin.firstEntry();
    long begun = begun(request);
    return earliest == null ? begun : Math.min(earliest.getKey(), begun);
  }

  private long begun(HttpServletRequest request) {
    return request.getAttribute(BEGUN) instanceof Long begun ? begun : application.beginSignIn();
  }

  @Override
  public SecurityContext validate(SecurityContext context, HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Authentication user = context.getAuthentication();
    if (session == null || user == null) {
      return context;
    }
    Held held = WebApplication.held(session);
    if (isAnother(held, user)) {
      try {
        held = enter(session, user, request, begunBeside(request));
      } catch (SignInRefusedException e) {
        held = null;
      }
    }
    if (held == null || !isAlive(held, request)) {
      return ended(session, held);
    }
    return held instanceof BoundSession bound ? refreshed(bound, context, user, session) : context;
  }

  private static boolean isAlive(Held held, HttpServletRequest request) {
    return !(held instanceof BoundSession bound)
        || RequestInFlight.of(request).isIn(bound)
        || bound.isAlive();
  }

  private static SecurityContext ended(HttpSession session, @Nullable Held held) {
    if (!(held instanceof BoundSession bound) || !bound.isInUse()) {
      BoundSession.invalidate(session);
    }
    return SecurityContextHolder.createEmptyContext();
  }

  /** Returns the context with the authorities that a refresh brought, if there was one. */
  private SecurityContext refreshed(
      BoundSession bound, SecurityContext context, Authentication user, HttpSession session) {
    Set<String> roles = bound.refreshedRoles();
    if (roles == null || bound.isApplied(roles, user) || !refreshers.supports(user)) {
      return context;
    }
    Authentication fresh = refreshers.refresh(user, roles);
    SecurityContext next = SecurityContextHolder.createEmptyContext();
    next.setAuthentication(fresh);
    if (SmsSecurityContextRepository.signedIn(session) != user) {
      return next; // another request has signed the user out, or has done the same
    }
    bound.applied(roles, fresh);
    try {
      session.setAttribute(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY, next);
    } catch (IllegalStateException e) {
      // it ended a moment ago; this request ends normally
    }
    return next;
  }

  @Override
  public void enter(Authentication user, HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return;
    }
    Held held = WebApplication.held(session);
    if (isAnew(held, user) || (held instanceof BoundSession bound && !bound.isAlive())) {
      try {
        held = enter(session, user, request, begun(request));
      } catch (SignInRefusedException e) {
        BoundSession.invalidate(session);
        throw new SessionAuthenticationException(e.reason().text());
      }
    }
    if (held == null) {
      BoundSession.invalidate(session);
      throw new SessionAuthenticationException(
          "the user's sessions were ended while the sign-in went on");
    }
  }

  /** Enters what the application has put into the session itself, past us, during a request. */
  void settle(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return;
    }
    Held held = WebApplication.held(session);
    Authentication user = SmsSecurityContextRepository.signedIn(session);
    if (user == null) {
      leave(session, held);
    } else if (isAnew(held, user) && isRefused(session, user, request)) {
      BoundSession.invalidate(session);
    }
  }

  private boolean isRefused(HttpSession session, Authentication user, HttpServletRequest request) {
    try {
      return enter(session, user, request, begun(request)) == null;
    } catch (SignInRefusedException e) {
      return true;
    }
  }

  /** Of several first requests of a session one enters it. */
  private @Nullable Held enter(
      HttpSession session, Authentication user, HttpServletRequest request, long begun) {
    try {
      synchronized (application.entering(session)) {
        Held held = WebApplication.held(session);
        if (!isAnew(held, user) && !(held instanceof BoundSession b && !b.isAlive())) {
          return held;
        }
        Long since = since(session, user, held, begun);
        Held entered =
            since == null
                ? null
                : application.enter(
                    session,
                    String.valueOf(user.getName()),
                    SignedIn.facts(user, request),
                    since,
                    takenOut(held, user) == null ? null : (BoundSession) held);
        RequestInFlight.of(request).begin(entered, String.valueOf(user.getName()));
        return entered;
      }
    } catch (IllegalStateException e) {
      return null; // the container's session ended a moment ago
    }
  }

  /** Returns since when the user is signed in, null if this has ended meanwhile. */
  private @Nullable Long since(
      HttpSession session, Authentication user, @Nullable Held held, long begun) {
    WayBack way = WayBack.of(session);
    String former = WayBack.former(user);
    if (former != null) {
      if (way == null || !way.user().equals(former)) {
        if (held instanceof BoundSession known
            && known.user().equals(former)
            && known.takenOut() == null
            && !known.isAlive()) {
          return null; // he ended while he left
        }
        new WayBack(former, begun, run).putInto(session);
      }
      return begun;
    }
    if (way != null) {
      WayBack.close(session);
      if (way.user().equals(user.getName())) {
        return way.run().equals(run) ? Math.min(way.since(), begun) : null;
      }
    }
    Long takenOut = takenOut(held, user);
    return takenOut == null ? begun : Math.max(begun, takenOut);
  }

  /** Returns when the application took out what was entered for the same user. */
  private static @Nullable Long takenOut(@Nullable Held held, Authentication user) {
    return held instanceof BoundSession known && known.user().equals(String.valueOf(user.getName()))
        ? known.takenOut()
        : null;
  }

  /**
   * Whether nobody is entered yet for the session, or another user, or the application has taken
   * out what was entered, as one does that goes on in a copy of the session.
   */
  private static boolean isAnother(@Nullable Held held, Authentication user) {
    return held == null
        || !held.user().equals(String.valueOf(user.getName()))
        || (held instanceof BoundSession bound && bound.takenOut() != null);
  }

  /**
   * Whether a sign-in is to be entered: one of another user, or of the same in another way, which
   * decides whether a refresh can rebuild it.
   */
  private static boolean isAnew(@Nullable Held held, Authentication user) {
    return isAnother(held, user)
        || (held instanceof BoundSession bound
            && !user.getClass().getSimpleName().equals(bound.authenticationType()));
  }

  @Override
  public void leave(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Held held = session == null ? null : WebApplication.held(session);
    if (session != null) {
      leave(session, held);
    }
  }

  private static void leave(HttpSession session, @Nullable Held held) {
    if (held != null) {
      WebApplication.takeOut(session, held);
      WayBack.close(session);
    }
  }
}
