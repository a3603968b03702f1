package org.smsjmx.session;

import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a table share.
 *
 * @param timeouts when sessions end by themselves
 * @param rules what a refresh does to attributes
 * @param clock tells the time
 * @param newId makes session ids
 * @param layout sizes
 * @param byId sessions by id; those that ended together stay until they are reaped
 * @param byUser users with sessions
 * @param unreaped sessions that ended together
 */
record TableParts(
    SessionTimeouts timeouts,
    RefreshRules rules,
    InstantSource clock,
    Supplier<SessionId> newId,
    Layout layout,
    ChainedIndex<SessionId, Entry> byId,
    ChainedIndex<UserInRealm, UserSessions> byUser,
    Queue<Unreaped> unreaped) {

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

  /** The sessions that one user had, beside groups and in them. */
  record Unreaped(Entry[] alone, @Nullable Groups groups) {}

  /** Takes the sessions that ended together out of the index by id. */
  void reap() {
    for (Unreaped ended = unreaped.poll(); ended != null; ended = unreaped.poll()) {
      remove(ended.alone);
      if (ended.groups != null) {
        for (Group group : ended.groups.toList()) {
          remove(group.first(Integer.MAX_VALUE));
        }
      }
    }
  }

  private void remove(Entry[] entries) {
    for (Entry entry : entries) {
      byId.remove(entry);
    }
  }
}
