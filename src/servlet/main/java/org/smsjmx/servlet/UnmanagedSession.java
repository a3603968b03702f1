package org.smsjmx.servlet;

import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Counts a session whose user name the table does not take, as long as it lasts. */
public final class UnmanagedSession
    implements Held, HttpSessionBindingListener, HttpSessionActivationListener, Serializable {

  private static final long serialVersionUID = 1;

  private final String user;

  /** Where it is counted; null if it is not. */
  private transient @Nullable WebApplication countedAt;

  UnmanagedSession(String user) {
    this.user = user;
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public void valueBound(HttpSessionBindingEvent event) {
    count(event);
  }

  @Override
  public void sessionWillPassivate(HttpSessionEvent event) {
    uncount();
  }

  @Override
  public void sessionDidActivate(HttpSessionEvent event) {
    count(event);
  }

  private synchronized void count(HttpSessionEvent event) {
    WebApplication application = WebApplication.of(event.getSession().getServletContext());
    if (countedAt == null && application != null) {
      application.service().membership().unmanaged(1);
      countedAt = application;
    }
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    uncount();
  }

  private synchronized void uncount() {
    if (countedAt != null) {
      countedAt.service().membership().unmanaged(-1);
      countedAt = null;
    }
  }
}
