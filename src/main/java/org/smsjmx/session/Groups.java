package org.smsjmx.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The groups of a user with very many sessions, and how many sessions are in them by server: so
 * that their end is counted without going through them. All methods want the user's lock.
 */
final class Groups {

  private final int groupSize;
  private final List<Group> groups = new ArrayList<>();
  private int size;

  /** No session in them has an earlier deadline; read without the lock, too. */
  private volatile long earliest = Long.MAX_VALUE;

  private Counters[] servers = {};
  private int[] sizes = {};

  Groups(int groupSize) {
    this.groupSize = groupSize;
  }

  /** Returns the group for the next session. */
  Group open() {
    Group last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
    if (last == null || last.size() == groupSize) {
      last = new Group();
      groups.add(last);
    }
    return last;
  }

  void add(Entry entry, Group group, long deadline) {
    group.add(entry, deadline);
    count(entry, 1);
    if (deadline < earliest) {
      earliest = deadline;
    }
  }

  /** Takes a session out; returns whether it was in. */
  boolean remove(Entry entry, Group group) {
    boolean removed = group.remove(entry);
    if (removed) {
      removed(entry, group);
    }
    return removed;
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
    count(entry, -1);
    if (group.size() == 0) {
      groups.remove(group);
    }
  }

  private void count(Entry entry, int difference) {
    size += difference;
    int i = 0;
    while (i < servers.length && servers[i] != entry.counters) {
      i++;
    }
    if (i == servers.length) {
      servers = Arrays.copyOf(servers, i + 1);
      sizes = Arrays.copyOf(sizes, i + 1);
      servers[i] = entry.counters;
    }
    sizes[i] += difference;
  }

  /** Ends all groups and counts it; returns how many sessions were in them. */
  int terminate() {
    for (Group group : groups) {
      group.end();
    }
    for (int i = 0; i < servers.length; i++) {
      servers[i].ended(EndReason.TERMINATED_BY_ADMIN, sizes[i]);
    }
    return size;
  }

  int size() {
    return size;
  }

  boolean mayBeDue(long now) {
    return now >= earliest;
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
