package org.smsjmx.session;

import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * What the parts of a table share.
 *
 * @param timeouts when sessions end by themselves
 * @param rules what a refresh does to attributes
 * @param clock tells the time
 * @param newId makes session ids
 * @param layout sizes
 * @param byId sessions by id; those of groups that have ended stay until they are reaped
 * @param byUser users with sessions
 * @param unreaped groups that have ended
 */
record TableParts(
    SessionTimeouts timeouts,
    RefreshRules rules,
    InstantSource clock,
    Supplier<SessionId> newId,
    Layout layout,
    ChainedIndex<SessionId, Entry> byId,
    ChainedIndex<UserInRealm, UserSessions> byUser,
    Queue<Groups> unreaped) {

  TableParts(
      SessionTimeouts timeouts,
      RefreshRules rules,
      InstantSource clock,
      Supplier<SessionId> newId,
      Layout layout) {
    this(
        timeouts,
        rules,
        clock,
        newId,
        layout,
        new ChainedIndex<>(layout.idSegments(), SessionId::hashCode),
        new ChainedIndex<>(layout.userSegments(), UserInRealm::hashCode),
        new ConcurrentLinkedQueue<>());
  }

  /** Takes the sessions of groups that have ended out of the index by id. */
  void reap() {
    for (Groups ended = unreaped.poll(); ended != null; ended = unreaped.poll()) {
      for (Group group : ended.toList()) {
        for (Entry entry : group.entries()) {
          byId.remove(entry);
        }
      }
    }
  }
}
