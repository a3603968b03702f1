package org.smsjmx.management;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;

/**
 * Records the sessions that ended since their user signed in again and may have no more: in the
 * audit, and by a notification of the server at which they had signed in. Clients of one user that
 * displace each other again and again are reported: neither of them would get anything done.
 */
final class Displacements implements SessionListener {

  private static final Logger LOG = Logs.of(Displacements.class);

  /** More often than so within {@link #MINUTE} is again and again. */
  private static final int USUAL = 3;

  private static final long MINUTE = 60_000;
  private static final int MOST_USERS = 10_000;
  private static final int MOST_IDS = 10;

  private final Management management;
  private final TimeSource clock;

  /** The users of the last minute, the latest one last. Guarded by the monitor. */
  private final Map<UserInRealm, Recent> recent = new LinkedHashMap<>();

  Displacements(Management management, TimeSource clock) {
    this.management = management;
    this.clock = clock;
  }

  /** When the user's last displacements were, the oldest one at {@code next}. */
  private static final class Recent {
    final long[] times = new long[USUAL + 1];
    int count;
    long saidAt = Long.MIN_VALUE;

    boolean isAgainAndAgain(long now) {
      times[count % times.length] = now;
      count++;
      return count >= times.length && now - times[count % times.length] < MINUTE;
    }

    long last() {
      return times[(count - 1) % times.length];
    }
  }

  @Override
  public void ended(Ended event) {
    if (event.reason() != EndReason.DISPLACED) {
      return;
    }
    boolean again = note(event.user());
    Map<String, List<String>> ids = new TreeMap<>();
    for (EndedSession session : event.sessions()) {
      ids.computeIfAbsent(session.server(), s -> new ArrayList<>())
          .add(management.keys().text(session.id()));
    }
    ids.forEach((server, ended) -> record(event.user(), server, ended, again));
  }

  private void record(UserInRealm user, String server, List<String> ids, boolean again) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("user", user.user());
    facts.put("realm", user.realm());
    facts.put("sessions", ids.size());
    facts.put("sessionIds", List.copyOf(ids.subList(0, Math.min(ids.size(), MOST_IDS))));
    facts.put("repeatedly", again);
    management.audit().displaced(server, facts);
    management.displaced(server, facts);
  }

  /** Returns whether the user's sessions displace each other again and again. */
  private boolean note(UserInRealm user) {
    long now = clock.elapsedMillis();
    boolean again;
    boolean says;
    synchronized (this) {
      Recent known = recent.remove(user);
      Recent kept = known == null ? new Recent() : known;
      again = kept.isAgainAndAgain(now);
      says = again && (kept.saidAt == Long.MIN_VALUE || now - kept.saidAt >= MINUTE);
      kept.saidAt = says ? now : kept.saidAt;
      recent.put(user, kept);
      forgetOld(now);
    }
    if (says) {
      LOG.warn(
          "sessions of {} displace each other, more than {} times within a minute: two clients sign"
              + " in again and again",
          user,
          USUAL);
    }
    return again;
  }

  private void forgetOld(long now) {
    Iterator<Recent> oldest = recent.values().iterator();
    while (oldest.hasNext()
        && (now - oldest.next().last() >= MINUTE || recent.size() > MOST_USERS)) {
      oldest.remove();
    }
  }

  /** Gives back the memory of users that were not displaced in the last minute. */
  synchronized void forgetOld() {
    forgetOld(clock.elapsedMillis());
  }
}
