package org.smsjmx.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;

/** Follows an asynchronous request until it has completed. */
final class Streaming implements AsyncListener {

  private final BoundSession bound;

  private Streaming(BoundSession bound) {
    this.bound = bound;
  }

  static void begin(BoundSession bound, HttpServletRequest request) {
    try {
      request.getAsyncContext().addListener(new Streaming(bound));
      bound.streams(request.getAsyncContext());
    } catch (IllegalStateException e) {
      // it has completed already
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    bound.streamed(event.getAsyncContext());
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
    bound.streamed(event.getAsyncContext());
  }
}
