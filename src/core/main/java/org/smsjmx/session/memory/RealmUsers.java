package org.smsjmx.session.memory;

import java.util.concurrent.atomic.LongAdder;
import org.smsjmx.session.UserInRealm;

/** The users of one realm in the index by user. */
final class RealmUsers {

  private final String name;
  private final TableContext table;
  private final LongAdder users = new LongAdder();

  RealmUsers(String name, TableContext table) {
    this.name = name;
    this.table = table;
  }

  String name() {
    return name;
  }

  TableContext table() {
    return table;
  }

  /** Returns a user, entered if need be; another thread may remove the user at once. */
  UserSessions enter(UserInRealm user) {
    UserSessions entering = UserSessions.of(user, this);
    users.increment();
    UserSessions entered = table.byUser().putIfAbsent(user, entering);
    if (entered == null) {
      return entering;
    }
    users.decrement();
    return entered;
  }

  /** Removes a user; under the user's lock. */
  void remove(UserSessions user) {
    table.byUser().remove(user);
    users.decrement();
  }

  long count() {
    return users.sum();
  }
}
