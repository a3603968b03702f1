package org.smsjmx.spring.security;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.smsjmx.servlet.BoundSession;
import org.smsjmx.servlet.Held;

/**
 * The session in which a request is in flight, which ends when the request has. A request that
 * signs a user in is in flight in the new session from then on.
 */
final class RequestInFlight {

  private static final String ATTRIBUTE = RequestInFlight.class.getName();

  private @Nullable Held entered;
  private @Nullable String signedIn;

  /** Returns that of a request, which has one of its own for each dispatch. */
  static RequestInFlight of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof RequestInFlight known
        ? known
        : new RequestInFlight(); // past our filter, as error pages are
  }

  /** Gives a dispatch one of its own, and returns what there was before. */
  static @Nullable Object put(HttpServletRequest request) {
    Object before = request.getAttribute(ATTRIBUTE);
    request.setAttribute(ATTRIBUTE, new RequestInFlight());
    return before;
  }

  static void putBack(HttpServletRequest request, @Nullable Object before) {
    request.setAttribute(ATTRIBUTE, before);
  }

  /**
   * Enters a session, and leaves the one before.
   *
   * @return whether the session is alive
   */
  boolean enter(@Nullable Held held) {
    if (held instanceof BoundSession bound && !bound.enter()) {
      return false;
    }
    if (entered instanceof BoundSession former) {
      former.leave();
    }
    entered = held;
    return true;
  }

  /**
   * Enters a session that begins with this request.
   *
   * @param held null if it does not, since the sign-in was overtaken
   * @param user who signs in
   */
  void begin(@Nullable Held held, String user) {
    signedIn = user;
    enter(held);
  }

  /**
   * Returns the user whose session has begun with this request and is over, or has not begun since
   * the sign-in was overtaken; null if there is none. The table is asked: that it has ended a
   * session is heard of later, perhaps after others have heard so.
   */
  @Nullable String overtaken() {
    boolean over = entered == null || (entered instanceof BoundSession bound && !bound.isAlive());
    return over ? signedIn : null;
  }

  boolean isIn(Held held) {
    return entered == held;
  }

  @Nullable Held entered() {
    return entered;
  }
}
