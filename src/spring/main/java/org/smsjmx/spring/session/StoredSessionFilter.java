package org.smsjmx.spring.session;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.session.SessionListener;
import org.springframework.session.web.http.SessionRepositoryFilter;

/**
 * Between Spring Session and Spring Security: a sign-in begins here, and what the application did
 * to its session is noted before the session is saved. Asynchronous requests are completed when
 * their session has ended, at whatever node: those under way are looked up each second.
 */
public final class StoredSessionFilter implements Filter, SessionListener {

  private static final Logger LOG = LoggerFactory.getLogger(StoredSessionFilter.class);

  /** Where Spring Session keeps the session of a request that has asked for it. */
  private static final String LOADED =
      SessionRepositoryFilter.SESSION_REPOSITORY_ATTR + ".CURRENT_SESSION";

  private final SpringSessionTable<?> table;
  private final SpringSessionBinding binding;

  /** Asynchronous requests under way, with the ids of their sessions. */
  private final Map<AsyncContext, String> streams = new ConcurrentHashMap<>();

  /**
   * Follows requests.
   *
   * @param table that of the store
   * @param binding marks sign-ins
   */
  public StoredSessionFilter(SpringSessionTable<?> table, SpringSessionBinding binding) {
    this.table = table;
    this.binding = binding;
  }

  @Override
  public void doFilter(ServletRequest asked, ServletResponse answer, FilterChain chain)
      throws IOException, ServletException {
    if (!(asked instanceof HttpServletRequest request)) {
      chain.doFilter(asked, answer);
      return;
    }
    binding.begin(request);
    try {
      chain.doFilter(asked, answer);
    } finally {
      HttpSession session = loaded(request);
      if (session != null) {
        binding.settle(session, request);
        if (request.isAsyncStarted() && SpringSessionBinding.isSignedIn(session)) {
          follow(request, session.getId());
        }
      }
    }
  }

  /** Asking the request would load the session from the store, and count as use of it. */
  private static @Nullable HttpSession loaded(HttpServletRequest request) {
    return request.getAttribute(LOADED) instanceof HttpSession session ? session : null;
  }

  private void follow(HttpServletRequest request, String id) {
    try {
      AsyncContext stream = request.getAsyncContext();
      streams.put(stream, id);
      stream.addListener(new Completion());
    } catch (IllegalStateException e) {
      // it has completed already
    }
  }

  /** Completes those whose session has ended; to be called each second. */
  public void completeEnded() {
    if (streams.isEmpty()) {
      return;
    }
    Map<AsyncContext, String> open = Map.copyOf(streams);
    Set<String> alive;
    try {
      alive = table.alive(Set.copyOf(open.values()));
    } catch (RuntimeException e) {
      LOG.debug("the store does not tell which sessions live: all requests go on", e);
      return;
    }
    open.forEach(
        (stream, id) -> {
          if (!alive.contains(id) && streams.remove(stream, id)) {
            complete(stream);
          }
        });
  }

  private static void complete(AsyncContext stream) {
    try {
      stream.complete();
    } catch (RuntimeException e) {
      // it has completed already, or the application is just doing so
    }
  }

  /** Those of this node need not wait. */
  @Override
  public void ended(Ended event) {
    completeEnded();
  }

  private final class Completion implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
      streams.remove(event.getAsyncContext());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // the container completes it
    }

    @Override
    public void onError(AsyncEvent event) {
      // the container completes it
    }

    /** Asynchronous again after a dispatch, at whose end the filter begins anew. */
    @Override
    public void onStartAsync(AsyncEvent event) {
      streams.remove(event.getAsyncContext());
    }
  }
}
