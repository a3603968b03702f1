package org.smsjmx.session.memory;

import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionListeners;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;

/**
 * What the parts of a table share.
 *
 * @param timeouts when sessions end by themselves
 * @param rules what a refresh does to attributes
 * @param names how user names are compared
 * @param clock tells the time
 * @param newId makes the id of a session from the number of its slot, see {@link SlotArena}
 * @param layout sizes
 * @param counters what became of the sessions of each server
 * @param listeners hear of sessions that ended or were refreshed, outside every lock
 * @param byId sessions by id; those that {@code terminateAll} ended stay until the next sweep
 * @param realms users with sessions by realm; one in which nobody has signed in is missing
 * @param sweep ends what is due and gives slots back
 */
record TableContext(
    SessionTimeouts timeouts,
    RefreshRules rules,
    UserNames names,
    TimeSource clock,
    IntFunction<SessionId> newId,
    Layout layout,
    ServerCounters counters,
    SessionListeners listeners,
    SlotArena byId,
    ConcurrentHashMap<String, RealmUsers> realms,
    Sweep sweep) {

  /** Makes the context of an empty table. */
  static TableContext of(
      SessionTimeouts timeouts,
      RefreshRules rules,
      UserNames names,
      TimeSource clock,
      IntFunction<SessionId> newId,
      Layout layout) {
    ServerCounters counters = new ServerCounters();
    SlotArena byId = new SlotArena(layout.pageSize(), counters);
    ConcurrentHashMap<String, RealmUsers> realms = new ConcurrentHashMap<>();
    Sweep sweep = new Sweep(timeouts, byId, realms.values());
    return new TableContext(
        timeouts,
        rules,
        names,
        clock,
        newId,
        layout,
        counters,
        new SessionListeners(),
        byId,
        realms,
        sweep);
  }

  /** Returns the users of a realm, which has none yet if nobody has signed in before. */
  RealmUsers realm(String name) {
    RealmUsers users = realms.get(name);
    return users != null ? users : realms.computeIfAbsent(name, n -> new RealmUsers(n, this));
  }

  /** Returns the sessions of a user, null if there are none. */
  @Nullable UserSessions find(UserInRealm user) {
    RealmUsers users = realms.get(user.realm());
    return users == null ? null : users.byUser().find(user);
  }

  /**
   * Returns the sessions of a user whose barrier was just raised, null if there are none. A map may
   * be read before that write has reached other threads, so a realm that is not there is looked for
   * again behind a fence; an index is read in the order of all volatile reads and writes.
   */
  @Nullable UserSessions findBehindBarrier(UserInRealm user) {
    RealmUsers users = realms.get(user.realm());
    if (users == null) {
      VarHandle.fullFence();
      users = realms.get(user.realm());
    }
    return users == null ? null : users.byUser().find(user);
  }
}
