package org.smsjmx.session;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The listeners of a table, for the table to tell them. */
public final class SessionListeners {

  private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();

  /**
   * Tells a listener from now on.
   *
   * @param listener which; it is told twice if it is added twice
   * @return closing it ends that
   */
  public SessionListener.Subscription add(SessionListener listener) {
    Subscriber subscriber = new Subscriber(listener);
    subscribers.add(subscriber);
    return () -> subscribers.remove(subscriber);
  }

  /** Each is equal to itself only, whatever its listener is. */
  private static final class Subscriber {

    private final SessionListener listener;

    Subscriber(SessionListener listener) {
      this.listener = listener;
    }
  }

  /** Returns whether there is no listener, so that the table need not make an event. */
  public boolean isEmpty() {
    return subscribers.isEmpty();
  }

  /** Tells all listeners of sessions that ended; to be called outside every lock. */
  public void ended(SessionListener.Ended event) {
    tell(event, listener -> listener.ended(event));
  }

  /** Tells all listeners of sessions that were refreshed; to be called outside every lock. */
  public void refreshed(SessionListener.Refreshed event) {
    tell(event, listener -> listener.refreshed(event));
  }

  private void tell(Record event, Consumer<SessionListener> telling) {
    for (Subscriber subscriber : subscribers) {
      try {
        telling.accept(subscriber.listener);
      } catch (RuntimeException | Error e) {
        System.getLogger(SessionListener.class.getName())
            .log(
                System.Logger.Level.ERROR,
                "a listener failed at " + event.getClass().getSimpleName(),
                e);
      }
    }
  }
}
