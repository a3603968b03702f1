package org.smsjmx.servlet;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What the adapter does in a request, called in the order in which Tomcat calls it. */
public final class AdaptedRequests implements AutoCloseable {

  private final ServletContext context;
  private final WebApplication application;
  private final RequestStart start;
  private final SessionFilter filter;

  /** Makes an application's sessions manageable. */
  public AdaptedRequests(ServletContext context) {
    this.context = context;
    this.application = WebApplication.of(context, Settings.of(context));
    application.start();
    this.start = new RequestStart();
    this.filter = new SessionFilter(application);
  }

  /** A request begins, before its user is authenticated. */
  public void begin(HttpServletRequest request) {
    start.requestInitialized(new ServletRequestEvent(context, request));
  }

  /** It passes the filter. */
  public void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    filter.doFilter(request, response, chain);
  }

  /** It has ended. */
  public void end(HttpServletRequest request) {
    start.requestDestroyed(new ServletRequestEvent(context, request));
  }

  /** Returns how many sessions are in the table. */
  public long sessions() {
    return application.sessions().total().sessions();
  }

  @Override
  public void close() {
    application.close();
    application.service().close();
  }
}
