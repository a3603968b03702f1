package org.smsjmx.session.memory;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.UserInRealm;

/** The users of one realm, so that what is asked about it costs nothing for other realms. */
final class RealmUsers {

  private final String name;
  private final TableContext table;
  private final IntrusiveHashIndex<UserInRealm, UserSessions> byUser;
  private final LongAdder users = new LongAdder();

  /** Sign-ins with a reading of an earlier epoch are refused. */
  private volatile long refreshedIn;

  private final SelectionBarriers selected = new SelectionBarriers();

  /** Null until administrators want something of sign-ins. */
  private volatile @Nullable SignInRules rules;

  RealmUsers(String name, TableContext table) {
    this.name = name;
    this.table = table;
    this.byUser = new IntrusiveHashIndex<>(table.layout().userSegments(), UserInRealm::hashCode);
  }

  String name() {
    return name;
  }

  TableContext table() {
    return table;
  }

  IntrusiveHashIndex<UserInRealm, UserSessions> byUser() {
    return byUser;
  }

  /** Returns a user, entered if need be; another thread may remove the user at once. */
  UserSessions enter(UserInRealm user) {
    UserSessions entering = UserSessions.of(user, this);
    users.increment();
    UserSessions entered = byUser.putIfAbsent(user, entering);
    if (entered == null) {
      return entering;
    }
    users.decrement();
    return entered;
  }

  /** Removes a user; under the user's lock. */
  void remove(UserSessions user) {
    byUser.remove(user);
    users.decrement();
  }

  /** Refuses sign-ins with a reading of an earlier epoch. */
  synchronized void raiseRefreshed(long epoch) {
    refreshedIn = Math.max(refreshedIn, epoch);
  }

  long refreshedIn() {
    return refreshedIn;
  }

  /** Returns what keeps out sign-ins that an operation on a selection would have ended. */
  SelectionBarriers selected() {
    return selected;
  }

  /** Returns what administrators want of sign-ins, null if nothing was ever. */
  @Nullable SignInRules rules() {
    return rules;
  }

  /** Returns where to note what administrators want of sign-ins. */
  synchronized SignInRules madeRules() {
    SignInRules known = rules;
    if (known == null) {
      known = new SignInRules();
      rules = known;
    }
    return known;
  }

  long count() {
    return users.sum();
  }
}
