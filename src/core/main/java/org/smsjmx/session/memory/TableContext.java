package org.smsjmx.session.memory;

import java.util.function.IntFunction;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionListeners;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;

/**
 * What the parts of a table share.
 *
 * @param timeouts when sessions end by themselves
 * @param rules what a refresh does to attributes
 * @param clock tells the time
 * @param newId makes the id of a session from the number of its slot, see {@link SlotArena}
 * @param layout sizes
 * @param counters what became of the sessions of each server
 * @param listeners hear of sessions that ended or were refreshed, outside every lock
 * @param byId sessions by id; those that {@code terminateAll} ended stay until the next sweep
 * @param byUser users with sessions
 * @param sweep ends what is due and gives slots back
 */
record TableContext(
    SessionTimeouts timeouts,
    RefreshRules rules,
    TimeSource clock,
    IntFunction<SessionId> newId,
    Layout layout,
    ServerCounters counters,
    SessionListeners listeners,
    SlotArena byId,
    IntrusiveHashIndex<UserInRealm, UserSessions> byUser,
    Sweep sweep) {

  /** Makes the context of an empty table. */
  static TableContext of(
      SessionTimeouts timeouts,
      RefreshRules rules,
      TimeSource clock,
      IntFunction<SessionId> newId,
      Layout layout) {
    ServerCounters counters = new ServerCounters();
    SlotArena byId = new SlotArena(layout.pageSize(), counters);
    IntrusiveHashIndex<UserInRealm, UserSessions> byUser =
        new IntrusiveHashIndex<>(layout.userSegments(), UserInRealm::hashCode);
    Sweep sweep = new Sweep(timeouts, byId, byUser);
    return new TableContext(
        timeouts,
        rules,
        clock,
        newId,
        layout,
        counters,
        new SessionListeners(),
        byId,
        byUser,
        sweep);
  }
}
