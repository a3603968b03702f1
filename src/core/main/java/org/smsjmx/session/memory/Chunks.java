package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.List;
import org.smsjmx.session.SessionTimeouts;

/**
 * The sessions of a user with very many, in groups that are looked through one at a time. All can
 * be ended in one step, and how many that are at each server is known without going through them.
 * All methods but {@link #hasEnded} and {@link #earliest} want the user's lock.
 *
 * <p><b>Who was in groups that have ended is counted by their end</b>: with it the user loses all
 * groups, and nobody can take a session out and count it again.
 */
final class Groups {

  private final UserSessions user;
  private final int groupSize;
  private final List<Group> groups = new ArrayList<>();

  /** No session in them has an earlier deadline; read without the lock, too. */
  private volatile long earliest = Long.MAX_VALUE;

  /** The sum of those of the groups, so that all are counted in one step. */
  private final PerServer sizes = new PerServer();

  private volatile boolean ended;

  Groups(UserSessions user, int groupSize) {
    this.user = user;
    this.groupSize = groupSize;
  }

  /** Returns the group for the next session, which is to hold this. */
  Group open(Held held) {
    Group last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
    if (last == null || last.size() == groupSize) {
      last = new Group(this, held);
      groups.add(last);
    }
    return last;
  }

  UserSessions user() {
    return user;
  }

  void add(Entry entry, Group group, long deadline) {
    group.add(entry, deadline);
    sizes.add(entry.counters(), 1);
    if (deadline < earliest) {
      earliest = deadline;
    }
  }

  /** Takes a session out of one of them. */
  void remove(Entry entry, Group group) {
    group.remove(entry);
    removed(entry, group);
  }

  /** Ends the sessions of a group that are due and takes them out. */
  Entry[] removeDue(Group group, long now, SessionTimeouts timeouts) {
    Entry[] due = group.removeDue(now, timeouts);
    if (due == null) {
      return new Entry[0];
    }
    for (Entry entry : due) {
      removed(entry, group);
    }
    return due;
  }

  private void removed(Entry entry, Group group) {
    sizes.add(entry.counters(), -1);
    if (group.size() == 0) {
      groups.remove(group);
    }
  }

  /** Ends all; returns how many that are, for the caller to count. */
  PerServer end() {
    ended = true;
    return sizes;
  }

  boolean hasEnded() {
    return ended;
  }

  int size() {
    return sizes.total();
  }

  long earliest() {
    return earliest;
  }

  /** Finds out the earliest deadline after some sessions have been removed. */
  void updateEarliest() {
    long first = Long.MAX_VALUE;
    for (Group group : groups) {
      first = Math.min(first, group.earliest());
    }
    earliest = first;
  }

  /** Returns the groups, oldest first. */
  List<Group> toList() {
    return List.copyOf(groups);
  }
}
