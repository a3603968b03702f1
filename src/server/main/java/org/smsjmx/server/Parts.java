package org.smsjmx.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** The parts of a service, closed in the reverse of the order in which they were added. */
final class Parts implements AutoCloseable {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Adds a part; returns it. */
  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Closes them since a start fails; what goes wrong here is told beside the failure. */
  void undo(Throwable failure) {
    try {
      close();
    } catch (IllegalStateException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Closes every part, also after one that fails.
   *
   * @throws IllegalStateException with the message of the first failure, which is its cause; the
   *     others are suppressed in it
   */
  @Override
  public void close() {
    IllegalStateException failure = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException(e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
