package org.smsjmx.spring.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.UserNames;
import org.smsjmx.spring.security.SessionBinding;
import org.smsjmx.spring.security.SignedIn;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;

/**
 * Binds HTTP sessions that Spring Session keeps in a store, which says whether they live. A sign-in
 * leaves a mark in its session, by which the table checks it once it is saved.
 */
public final class SpringSessionBinding implements SessionBinding {

  private static final String BEGUN = SpringSessionBinding.class.getName() + ".begun";

  private final SpringSessionTable<?> table;
  private final String server;

  /**
   * Binds to a table.
   *
   * @param table that of the store
   * @param server what this node's server is called
   * @param realm the realm in which the application's users are
   */
  public SpringSessionBinding(SpringSessionTable<?> table, String server, String realm) {
    this.table = table;
    this.server = server;
    table.joined(server, realm);
  }

  /** Notes that a sign-in may begin with a request. */
  void begin(HttpServletRequest request) {
    if (request.getAttribute(BEGUN) == null) {
      request.setAttribute(BEGUN, table.begin());
    }
  }

  private Moment begun(HttpServletRequest request) {
    return request.getAttribute(BEGUN) instanceof Moment begun ? begun : table.begin();
  }

  /** A session that was loaded from the store lives, and has the context of the last refresh. */
  @Override
  public SecurityContext validate(SecurityContext context, HttpServletRequest request) {
    return context;
  }

  @Override
  public void enter(Authentication user, HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null || !isNameable(user)) {
      return;
    }
    if (table.isOvertaken(user.getName(), begun(request))) {
      session.invalidate();
      SecurityContextHolder.clearContext();
      throw new SessionAuthenticationException(
          "the user's sessions were ended while the sign-in went on");
    }
    mark(session, user, request);
  }

  /** A user whom no operation could name cannot be overtaken by one. */
  private static boolean isNameable(Authentication user) {
    try {
      return !UserNames.DIRECTORY.key(user.getName()).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void mark(HttpSession session, Authentication user, HttpServletRequest request) {
    SignInMark former = mark(session);
    boolean isSame = former != null && former.user().equals(user.getName()) && !session.isNew();
    if (former != null && !isSame && former.isChecked() && !session.isNew()) {
      table.left(session.getId(), former);
    }
    SignInMark.State state =
        former != null && isSame && former.state() != SignInMark.State.NEW
            ? SignInMark.State.AGAIN
            : SignInMark.State.NEW;
    SignInMark mark =
        new SignInMark(
            state, begun(request), user.getName(), server, SignedIn.facts(user, request));
    session.setAttribute(SignInMark.ATTRIBUTE, mark.toString());
  }

  private static @Nullable SignInMark mark(HttpSession session) {
    return session.getAttribute(SignInMark.ATTRIBUTE) instanceof String text
        ? SignInMark.parse(text)
        : null;
  }

  /**
   * Follows what the application has done to a session past Spring Security's repository: it may
   * have signed in a user, or signed the user out and kept the session.
   */
  void settle(HttpSession session, HttpServletRequest request) {
    Authentication user = signedIn(session);
    SignInMark mark = mark(session);
    if (user == null) {
      leave(session);
    } else if ((mark == null || !mark.user().equals(user.getName())) && isNameable(user)) {
      mark(session, user, request);
    }
  }

  private static @Nullable Authentication signedIn(HttpSession session) {
    Authentication user =
        session.getAttribute(SpringSessionTable.CONTEXT) instanceof SecurityContext context
            ? context.getAuthentication()
            : null;
    return user instanceof AnonymousAuthenticationToken ? null : user;
  }

  /** Returns whether a user is signed in to a session. */
  static boolean isSignedIn(HttpSession session) {
    return signedIn(session) != null;
  }

  @Override
  public void leave(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      leave(session);
    }
  }

  private void leave(HttpSession session) {
    SignInMark mark = mark(session);
    if (mark != null) {
      session.removeAttribute(SignInMark.ATTRIBUTE);
      if (mark.isChecked()) {
        table.left(session.getId(), mark);
      }
    }
  }
}
