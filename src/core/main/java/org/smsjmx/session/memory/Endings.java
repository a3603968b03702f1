package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.SessionListener.Ended;
import org.smsjmx.session.SessionListener.EndedSession;

/**
 * The sessions of one user that one call ends for one reason: collected under the user's lock, told
 * to the listeners after it was released. Without a listener nothing is collected.
 */
final class Endings {

  /** Without a listener. */
  static final Endings UNHEARD = new Endings(null);

  private final @Nullable UserSessions user;
  private final List<EndedSession> sessions = new ArrayList<>();
  private EndReason reason = EndReason.EXPIRED;

  private Endings(@Nullable UserSessions user) {
    this.user = user;
  }

  static Endings of(UserSessions user) {
    return user.listeners().isEmpty() ? UNHEARD : new Endings(user);
  }

  boolean isEmpty() {
    return sessions.isEmpty();
  }

  /** Adds a session that has ended and still has its slot; the reason is that of all others. */
  void add(SlotReference session, EndReason why) {
    if (user != null) {
      reason = why;
      sessions.add(new EndedSession(session.id(), session.counters().server));
    }
  }

  /** Tells the listeners; outside every lock. */
  void tell() {
    if (user != null && !isEmpty()) {
      user.listeners()
          .ended(
              new Ended(user.userInRealm(), reason, false, Collections.unmodifiableList(sessions)));
    }
  }
}
