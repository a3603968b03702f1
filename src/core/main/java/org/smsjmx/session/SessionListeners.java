package org.smsjmx.session;

import java.util.Arrays;
import java.util.function.Consumer;

/** The listeners of a table, for the table to tell them. */
public final class SessionListeners {

  private static final Subscriber[] NONE = {};

  /** Copied on write, under the monitor; {@link #NONE} if it is empty. */
  private volatile Subscriber[] subscribers = NONE;

  /** A listener as often as it was added: each is equal to itself only. */
  private static final class Subscriber {

    private final SessionListener listener;

    Subscriber(SessionListener listener) {
      this.listener = listener;
    }
  }

  /**
   * Tells a listener from now on.
   *
   * @param listener which; it is told twice if it is added twice
   * @return closing it ends that
   */
  public synchronized SessionListener.Subscription add(SessionListener listener) {
    Subscriber added = new Subscriber(listener);
    Subscriber[] before = subscribers;
    Subscriber[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = added;
    subscribers = after;
    return () -> remove(added);
  }

  private synchronized void remove(Subscriber leaving) {
    Subscriber[] left =
        Arrays.stream(subscribers).filter(each -> each != leaving).toArray(Subscriber[]::new);
    subscribers = left.length == 0 ? NONE : left;
  }

  /** Returns whether there is no listener, so that the table need not make an event. */
  public boolean isEmpty() {
    return subscribers == NONE;
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
