package org.smsjmx.management;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.smsjmx.session.SessionTable.UserCount;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;

/**
 * The users of each realm with most sessions. To find them, all users of the realm are looked at;
 * so what was found is told again for ten seconds, to however many ask.
 */
final class LargestUsers {

  /** How old what is told may be. */
  static final Duration VALID = Duration.ofSeconds(10);

  private static final int MOST = 10;

  private final Sessions sessions;
  private final TimeSource clock;
  private final Map<String, Found> byRealm = new ConcurrentHashMap<>();

  /** What was found at a time, in {@link TimeSource#elapsedMillis}. */
  private record Found(long at, List<RealmMXBean.UserView> users) {}

  LargestUsers(Sessions sessions, TimeSource clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * Returns the ten users of a realm with most sessions, most first. Threads that find it out of
   * date at the same time wait for one of them to look.
   */
  List<RealmMXBean.UserView> of(String realm) {
    Found known = byRealm.get(realm);
    long now = clock.elapsedMillis();
    if (known == null || isOld(known, now)) {
      known =
          byRealm.compute(realm, (r, last) -> last == null || isOld(last, now) ? look(r) : last);
    }
    return known.users;
  }

  private static boolean isOld(Found found, long now) {
    return now - found.at >= VALID.toMillis();
  }

  private Found look(String realm) {
    long now = clock.elapsedMillis();
    List<UserCount> largest = sessions.largestUsers(realm, MOST);
    return new Found(
        now,
        largest.stream()
            .map(user -> new RealmMXBean.UserView(user.user(), user.sessions()))
            .toList());
  }
}
