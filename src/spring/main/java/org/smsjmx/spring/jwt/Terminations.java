package org.smsjmx.spring.jwt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionListener;

/**
 * When the sessions of users of a realm were last terminated. A user is remembered as long as there
 * may be a token from before, and there is a bound on how many are. Where more are terminated in
 * that time, the one longest ago is forgotten in favour of a floor, which is a terminate of
 * everybody.
 *
 * <p>The monitor guards all, so that no reader comes between the two: it would see neither.
 */
final class Terminations implements SessionListener {

  private final String realm;
  private final Duration lasting;
  private final int maximum;
  private final InstantSource clock;

  /** By the name as it is compared; the one longest ago is first. */
  private final Map<String, Instant> byUser = new LinkedHashMap<>();

  private Instant floor = Instant.MIN;

  /**
   * Remembers none yet.
   *
   * @param realm whose users
   * @param lasting for how long to remember one
   * @param maximum how many users to remember, at least 1
   * @param clock tells the time
   */
  Terminations(String realm, Duration lasting, int maximum, InstantSource clock) {
    this.realm = realm;
    this.lasting = lasting;
    this.maximum = maximum;
    this.clock = clock;
  }

  @Override
  public void ended(Ended event) {
    if (event.all() && event.user().realm().equals(realm)) {
      add(event.user().key());
    }
  }

  private synchronized void add(String user) {
    Instant now = clock.instant();
    forget(now);
    Instant before = byUser.remove(user);
    byUser.put(user, before == null || now.isAfter(before) ? now : before);
    if (byUser.size() > maximum) {
      Iterator<Instant> oldest = byUser.values().iterator();
      Instant forgotten = oldest.next();
      oldest.remove();
      if (forgotten.isAfter(floor)) {
        floor = forgotten;
      }
    }
  }

  /**
   * Returns when the user was last terminated, alone or with everybody.
   *
   * @param user the name as it is compared; null for somebody who cannot be terminated alone
   * @return null if that was so long ago that there is no token from before, or never
   */
  synchronized @Nullable Instant last(@Nullable String user) {
    Instant now = clock.instant();
    forget(now);
    Instant last = user == null ? null : byUser.get(user);
    if (last == null || last.isBefore(floor)) {
      last = floor;
    }
    return isOver(last, now) ? null : last;
  }

  /**
   * They stand in the order of time, so that where the first one is not over, none is; one that is
   * out of order, since the clock was set back, is forgotten a little later.
   */
  private void forget(Instant now) {
    Iterator<Instant> oldest = byUser.values().iterator();
    while (oldest.hasNext() && isOver(oldest.next(), now)) {
      oldest.remove();
    }
  }

  private boolean isOver(Instant terminated, Instant now) {
    return terminated.isBefore(now.minus(lasting));
  }

  /** Returns how many users are remembered. */
  synchronized int size() {
    return byUser.size();
  }
}
