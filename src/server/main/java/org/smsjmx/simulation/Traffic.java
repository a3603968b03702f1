package org.smsjmx.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.registry.GeneratedUsers;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.SignInRefusedException;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/**
 * What simulated users do. With the same seed and clock they do the same.
 *
 * <p>There are regular users, whose sessions are used all the time and begun anew when their time
 * is over, but never after somebody ended them; and made-up ones, who come and go.
 */
final class Traffic {

  private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);

  /** How often a made-up user comes back within the time of inactivity, on average. */
  private static final int VISITS_PER_TIMEOUT = 4;

  private static final Duration VISIT_INTERVAL_WITHOUT_TIMEOUT = Duration.ofMinutes(1);

  private final Sessions sessions;
  private final List<Place> places;
  private final SessionTimeouts timeouts;
  private final TimeSource clock;
  private final Simulation.Settings settings;
  private final Random chance;

  private final List<Regular> regulars = new ArrayList<>();
  private final List<SessionId> others = new ArrayList<>();
  private final Queue<UserInRealm> endedUsers = new ConcurrentLinkedQueue<>();
  private final Queue<SessionId> endedSessions = new ConcurrentLinkedQueue<>();
  private int othersWanted;

  /* Times are of the table's clock, in milliseconds: no session began before one asked earlier. */
  private long last;

  /** When the last visit of the regular users began; their first sign-in is none. */
  private long visitedAt = Long.MIN_VALUE;

  private double signInsDue;
  private double visitsDue;
  private final LongAdder signIns = new LongAdder();
  private final LongAdder visits = new LongAdder();
  private final LongAdder signOuts = new LongAdder();

  private record Place(String realm, List<String> servers) {}

  private record Regular(UserInRealm user, String server, SessionId id, long signedInAt) {}

  Traffic(Sessions sessions, Topology topology, TimeSource clock, Simulation.Settings settings) {
    this.sessions = sessions;
    this.places =
        topology.realms().stream()
            .map(realm -> new Place(realm.name(), names(realm.servers())))
            .toList();
    this.timeouts = sessions.timeouts();
    this.clock = clock;
    this.settings = settings;
    this.chance = new Random(settings.seed());
    this.last = now();
  }

  private static List<String> names(List<ServerName> servers) {
    return servers.stream().map(ServerName::value).toList();
  }

  /**
   * Signs everybody in: each regular user two or three times in each realm, at its servers in turn;
   * then made-up ones until there are as many sessions as planned.
   *
   * @param progress told the number of sessions now and then
   */
  synchronized void fill(IntConsumer progress) {
    for (int i = 0; i < settings.regulars().size(); i++) {
      for (Place place : places) {
        UserInRealm user =
            new UserInRealm(settings.regulars().get(i), place.realm, sessions.userNames());
        for (int j = 0; j < 3 - i % 2; j++) {
          comeBack(user, place.servers.get((i + j) % place.servers.size()));
        }
      }
    }
    othersWanted = settings.madeUp() > 0 ? settings.sessions() - regulars.size() : 0;
    while (others.size() < othersWanted) {
      signInSomebody();
      if (others.size() % 10_000 == 0) {
        progress.accept(regulars.size() + others.size());
      }
    }
    progress.accept(settings.sessions());
    last = now();
  }

  private long now() {
    return clock.elapsedMillis();
  }

  /** Lets everybody do what is due since the last step. */
  synchronized void step() {
    long now = now();
    double seconds = (now - last) / 1e3;
    visitRegulars();
    last = now;
    visitedAt = now;
    visitsDue += seconds * visitsPerSecond();
    for (; visitsDue >= 1 && !others.isEmpty(); visitsDue--) {
      visitSomebody();
    }
    visitsDue = Math.min(visitsDue, 1);
    signInsDue += settings.madeUp() > 0 ? seconds * settings.signInsPerSecond() : 0;
    for (; signInsDue >= 1; signInsDue--) {
      signInSomebody();
    }
    while (others.size() > othersWanted && !others.isEmpty()) {
      signOutSomebody();
    }
  }

  /** Lets nobody do anything, but hears of the sessions that administrators ended. */
  synchronized void rest() {
    forgetEnded(new ArrayList<>());
  }

  /** Signs a user in. A regular user stays; others do nothing further. */
  synchronized void signIn(UserInRealm user, String server, int count) {
    boolean regular =
        settings.regulars().stream().map(sessions.userNames()::form).anyMatch(user.key()::equals);
    long begun = now();
    for (SessionId id : sessions.signIn(user, server, count)) {
      if (regular) {
        regulars.add(new Regular(user, server, id, begun));
      }
      signIns.increment();
    }
  }

  /** Signs a user out everywhere in the realm, for good; returns from how many sessions. */
  synchronized int signOut(UserInRealm user, List<SessionId> ids) {
    regulars.removeIf(regular -> regular.user.equals(user));
    int count = 0;
    for (SessionId id : ids) {
      if (sessions.signOut(id)) {
        count++;
      }
    }
    signOuts.add(count);
    return count;
  }

  /** Says that an administrator ended all sessions of a user. */
  void ended(UserInRealm user) {
    endedUsers.add(user);
  }

  /** Says that an administrator ended a session. */
  void ended(SessionId session) {
    endedSessions.add(session);
  }

  private void visitRegulars() {
    List<Regular> over = new ArrayList<>();
    regulars.removeIf(
        regular -> {
          visits.increment();
          boolean gone = sessions.touch(regular.id) == 0;
          // the time is asked after the touch, for which a session may have been over just now
          if (gone && isOver(regular, now())) {
            over.add(regular);
          }
          return gone;
        });
    // asked after the touches: a listener hears of an ended session before the ending call returns
    forgetEnded(over);
    for (Regular regular : over) {
      try {
        comeBack(regular.user, regular.server);
      } catch (UserRegistry.UnknownUserException | UserRegistry.NoCredentialException e) {
        LOG.info("{} does not come back: {}", regular.user, e.getMessage());
      }
    }
  }

  private void comeBack(UserInRealm user, String server) {
    try {
      signIn(user, server, 1);
    } catch (SignInRefusedException e) {
      LOG.info("{}", e.getMessage());
    }
  }

  private void forgetEnded(List<Regular> over) {
    Set<UserInRealm> users = drained(endedUsers);
    Set<SessionId> ids = drained(endedSessions);
    Predicate<Regular> named = regular -> users.contains(regular.user) || ids.contains(regular.id);
    over.removeIf(named);
    regulars.removeIf(regular -> named.test(regular) && sessions.find(regular.id) == null);
  }

  private static <T> Set<T> drained(Queue<T> queue) {
    Set<T> drained = new HashSet<>();
    for (T one = queue.poll(); one != null; one = queue.poll()) {
      drained.add(one);
    }
    return drained;
  }

  /** Returns whether the session's time was over; one that is gone before was ended by somebody. */
  private boolean isOver(Regular regular, long now) {
    return now >= timeouts.deadline(regular.signedInAt, Math.max(regular.signedInAt, visitedAt));
  }

  private void visitSomebody() {
    int index = chance.nextInt(others.size());
    visits.increment();
    if (sessions.touch(others.get(index)) == 0) {
      forget(index);
    }
  }

  private void signInSomebody() {
    String name = GeneratedUsers.name(1 + chance.nextInt(settings.madeUp()));
    Place place = places.get(chance.nextInt(places.size()));
    String server = place.servers.get(chance.nextInt(place.servers.size()));
    try {
      others.add(sessions.signIn(new UserInRealm(name, place.realm, sessions.userNames()), server));
      LOG.trace("{} signs in at {}", name, server);
      signIns.increment();
    } catch (SignInRefusedException e) {
      LOG.trace("{}", e.getMessage());
    }
  }

  private void signOutSomebody() {
    int index = chance.nextInt(others.size());
    if (sessions.signOut(others.get(index))) {
      signOuts.increment();
    }
    forget(index);
  }

  private void forget(int index) {
    SessionId moved = others.remove(others.size() - 1);
    if (index < others.size()) {
      others.set(index, moved);
    }
  }

  Simulation.Settings settings() {
    return settings;
  }

  synchronized double visitsPerSecond() {
    Duration interval =
        timeouts.inactive().isZero()
            ? VISIT_INTERVAL_WITHOUT_TIMEOUT
            : timeouts.inactive().dividedBy(VISITS_PER_TIMEOUT);
    return others.size() / (interval.toNanos() / 1e9);
  }

  long signIns() {
    return signIns.sum();
  }

  long visits() {
    return visits.sum();
  }

  long signOuts() {
    return signOuts.sum();
  }
}
