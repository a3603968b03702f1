package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.SessionListener.Ended;
import org.smsjmx.session.SessionListener.EndedSession;
import org.smsjmx.session.UserInRealm;

/**
 * The sessions of one user that one call ends: collected under the user's lock, told to the
 * listeners after it was released. Without a listener nothing is collected.
 */
final class Endings {

  private static final Endings UNHEARD = new Endings(null);

  private final @Nullable UserSessions user;
  private final Map<EndReason, List<EndedSession>> byReason = new EnumMap<>(EndReason.class);

  private Endings(@Nullable UserSessions user) {
    this.user = user;
  }

  static Endings of(UserSessions user) {
    return user.listeners().isEmpty() ? UNHEARD : new Endings(user);
  }

  boolean isEmpty() {
    return byReason.isEmpty();
  }

  /** Adds a session that has ended and still has its slot. */
  void add(SlotReference session, EndReason reason) {
    if (user != null) {
      byReason
          .computeIfAbsent(reason, r -> new ArrayList<>())
          .add(new EndedSession(session.id(), session.counters().server));
    }
  }

  /** Tells the listeners; outside every lock. */
  void tell() {
    if (user != null && !isEmpty()) {
      UserInRealm named = user.userInRealm();
      byReason.forEach(
          (reason, sessions) ->
              user.listeners()
                  .ended(new Ended(named, reason, false, Collections.unmodifiableList(sessions))));
    }
  }
}
