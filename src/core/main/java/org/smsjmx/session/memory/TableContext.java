package org.smsjmx.session.memory;

import java.time.InstantSource;
import java.util.function.IntFunction;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;

/**
 * What the parts of a table share.
 *
 * @param timeouts when sessions end by themselves
 * @param rules what a refresh does to attributes
 * @param clock tells the time
 * @param newId makes the id of a session that stands in a slot, see {@link SessionSlots}
 * @param layout sizes
 * @param counters what became of the sessions of each server
 * @param byId sessions by id; those that ended together stay until the next sweep
 * @param byUser users with sessions
 * @param sweep what is done to both now and then
 */
record TableParts(
    SessionTimeouts timeouts,
    RefreshRules rules,
    InstantSource clock,
    IntFunction<SessionId> newId,
    Layout layout,
    ServerCounters counters,
    SessionSlots byId,
    ChainedIndex<UserInRealm, UserSessions> byUser,
    Sweep sweep) {

  /** Makes those of an empty table. */
  static TableParts of(
      SessionTimeouts timeouts,
      RefreshRules rules,
      InstantSource clock,
      IntFunction<SessionId> newId,
      Layout layout) {
    ServerCounters counters = new ServerCounters();
    SessionSlots byId = new SessionSlots(layout.pageSize(), counters);
    ChainedIndex<UserInRealm, UserSessions> byUser =
        new ChainedIndex<>(layout.userSegments(), UserInRealm::hashCode);
    Sweep sweep = new Sweep(timeouts, byId, byUser);
    return new TableParts(timeouts, rules, clock, newId, layout, counters, byId, byUser, sweep);
  }
}
