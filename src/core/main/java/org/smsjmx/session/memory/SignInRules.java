package org.smsjmx.session.memory;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.KeptOut;
import org.smsjmx.session.SessionLimit;
import org.smsjmx.session.SessionLimits;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;

/**
 * What administrators want of the sign-ins to one realm: who is kept out, and how many sessions a
 * user may have. A realm without such wishes has none, so that a sign-in looks at one null.
 *
 * <p><b>No sign-in passes a mark</b>: a thread that keeps a user out writes the mark before it
 * raises the user's barrier in {@link Epochs}. A sign-in that began after that sees the mark; one
 * that began before is refused by the barrier, or has entered, and is ended.
 */
final class SignInRules {

  private static final System.Logger LOG = System.getLogger(SignInRules.class.getName());
  private static final AtomicBoolean WRONG_VALUE_SAID = new AtomicBoolean();

  private final Map<String, Mark> keptOut = new ConcurrentHashMap<>();
  private final Map<String, OfUser> ofUsers = new ConcurrentHashMap<>();
  private volatile SessionLimit ofRealm = SessionLimit.UNSET;

  /**
   * Keeps a user out.
   *
   * @param until by the clock that nobody sets
   */
  private record Mark(String user, long until, String by, String reason) {}

  private record OfUser(String user, SessionLimit limit) {}

  /** The monitor keeps two threads from making the one mark too many. */
  synchronized void keepOut(UserInRealm user, long now, long millis, String by, String reason) {
    if (keptOut.size() >= KeptOut.MOST_USERS) {
      forgetOver(now);
    }
    requirePlace(keptOut, user, KeptOut.MOST_USERS, "are kept out");
    keptOut.put(user.key(), new Mark(user.user(), now + millis, by, reason));
  }

  private static void requirePlace(Map<String, ?> map, UserInRealm user, int most, String what) {
    if (map.size() >= most && !map.containsKey(user.key())) {
      throw new IllegalArgumentException(
          "%d users of realm %s %s; there can be no more".formatted(most, user.realm(), what));
    }
  }

  /** Returns whether the user was kept out. */
  boolean letIn(UserInRealm user, long now) {
    Mark mark = keptOut.remove(user.key());
    return mark != null && now < mark.until;
  }

  boolean isKeptOut(UserInRealm user, TimeSource clock) {
    if (keptOut.isEmpty()) {
      return false;
    }
    Mark mark = keptOut.get(user.key());
    return mark != null && clock.elapsedMillis() < mark.until;
  }

  List<KeptOut> keptOut(TimeSource clock) {
    long now = clock.elapsedMillis();
    return keptOut.values().stream()
        .filter(mark -> now < mark.until)
        .map(mark -> new KeptOut(mark.user, clock.timeOfDay(mark.until), mark.by, mark.reason))
        .sorted(Comparator.comparing(KeptOut::user))
        .toList();
  }

  /** Gives back the memory of marks whose time is over. */
  void forgetOver(long now) {
    if (!keptOut.isEmpty()) {
      keptOut.values().removeIf(mark -> now >= mark.until);
    }
  }

  void limit(SessionLimit limit) {
    ofRealm = limit;
  }

  synchronized void limit(UserInRealm user, SessionLimit limit) {
    if (limit.equals(SessionLimit.UNSET)) {
      ofUsers.remove(user.key());
    } else {
      requirePlace(ofUsers, user, SessionLimit.MOST_USERS, "have a limit of their own");
      ofUsers.put(user.key(), new OfUser(user.user(), limit));
    }
  }

  SessionLimits limits() {
    Map<String, SessionLimit> byUser = new HashMap<>();
    ofUsers.values().forEach(own -> byUser.put(own.user, own.limit));
    return new SessionLimits(ofRealm, byUser);
  }

  /**
   * Returns the limit that is nearest to a user who signs in: the user's own, that of the
   * credential, that of the realm.
   *
   * @param rules of the realm, null if it has none
   */
  static SessionLimit limit(@Nullable SignInRules rules, UserInRealm user, Credential credential) {
    OfUser own = rules == null || rules.ofUsers.isEmpty() ? null : rules.ofUsers.get(user.key());
    if (own != null) {
      return own.limit;
    }
    List<String> values = credential.attribute(SessionLimit.ATTRIBUTE);
    SessionLimit said = values == null ? SessionLimit.UNSET : read(values, user);
    return rules != null && said.equals(SessionLimit.UNSET) ? rules.ofRealm : said;
  }

  /** A registry may hold anything; what is wrong there does not keep its user out. */
  private static SessionLimit read(List<String> values, UserInRealm user) {
    try {
      if (values.size() == 1) {
        return SessionLimit.parse(values.get(0).strip());
      }
      throw new IllegalArgumentException(
          "%s must have one value: %d".formatted(SessionLimit.ATTRIBUTE, values.size()));
    } catch (IllegalArgumentException e) {
      if (WRONG_VALUE_SAID.compareAndSet(false, true)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "what the user registry says of {0} is not read, nor of others like it: {1}",
            user,
            e.getMessage());
      }
      return SessionLimit.UNSET;
    }
  }
}
