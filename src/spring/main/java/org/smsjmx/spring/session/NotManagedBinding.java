package org.smsjmx.spring.session;

import jakarta.servlet.http.HttpServletRequest;
import org.smsjmx.spring.security.SessionBinding;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;

/** Leaves sessions alone that are not managed: requests are as without a table. */
public final class NotManagedBinding implements SessionBinding {

  /** Has nothing to bind to. */
  public NotManagedBinding() {}

  @Override
  public SecurityContext validate(SecurityContext context, HttpServletRequest request) {
    return context;
  }

  @Override
  public void enter(Authentication user, HttpServletRequest request) {
    // nothing is kept of it
  }

  @Override
  public void leave(HttpServletRequest request) {
    // nothing was kept of it
  }
}
