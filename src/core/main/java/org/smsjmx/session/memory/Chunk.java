package org.smsjmx.session.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionTimeouts;

/**
 * Some of the sessions in {@link Groups}, in the order of their sign-ins. They belong to it from
 * sign-in on. All methods but {@link #hasEnded} and {@link #common} want the user's lock.
 *
 * <p><b>While {@link #holdsInCommon}, all hold the common</b>: whoever enters with something of its
 * own, or is given it, says so first.
 */
final class Group implements Owner {

  private static final int FEWEST_PLACES = 8;

  private final Groups groups;

  /** The numbers of their slots. */
  private int[] slots = new int[FEWEST_PLACES];

  private final PerServer sizes = new PerServer();

  /** No session in it has an earlier deadline. Epoch milliseconds. */
  private long earliest = Long.MAX_VALUE;

  /** What those in it hold that hold nothing of their own. */
  private volatile Held common;

  /** Whether one that is or was in it holds something of its own. */
  private boolean apart;

  Group(Groups groups, Held common) {
    this.groups = groups;
    this.common = common;
  }

  @Override
  public UserSessions user() {
    return groups.user();
  }

  @Override
  public Group group() {
    return this;
  }

  Held common() {
    return common;
  }

  void holdInCommon(Held refreshed) {
    common = refreshed;
  }

  /** Returns whether nobody in it holds anything of its own. */
  boolean holdsInCommon() {
    return !apart;
  }

  @Override
  public void holdApart() {
    apart = true;
  }

  void add(Entry entry, long deadline) {
    int size = size();
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, size * 2);
    }
    slots[size] = entry.slot();
    sizes.add(entry.counters(), 1);
    earliest = Math.min(earliest, deadline);
  }

  /** Takes a session out, which is in. */
  void remove(Entry entry) {
    int last = size() - 1;
    int place = 0;
    while (slots[place] != entry.slot()) {
      place++;
    }
    System.arraycopy(slots, place + 1, slots, place, last - place);
    sizes.add(entry.counters(), -1);
    shrink();
  }

  /**
   * Ends the sessions that are due and takes them out.
   *
   * @return those, null if none can be due
   */
  Entry @Nullable [] removeDue(long now, SessionTimeouts timeouts) {
    if (now < earliest) {
      return null;
    }
    Entry[] all = first(Integer.MAX_VALUE);
    Entry[] due = new Entry[all.length];
    int removed = 0;
    int kept = 0;
    long next = Long.MAX_VALUE;
    for (Entry entry : all) {
      if (entry.endIfDue(now, timeouts)) {
        due[removed++] = entry;
        sizes.add(entry.counters(), -1);
      } else {
        next = Math.min(next, entry.deadline(timeouts));
        slots[kept++] = entry.slot();
      }
    }
    earliest = next;
    shrink();
    return Arrays.copyOf(due, removed);
  }

  private void shrink() {
    int size = size();
    if (size < slots.length / 4 && slots.length > FEWEST_PLACES) {
      slots = Arrays.copyOf(slots, Math.max(FEWEST_PLACES, Integer.highestOneBit(size) * 2));
    }
  }

  /** Returns whether all have ended, with all groups of the user. */
  boolean hasEnded() {
    return groups.hasEnded();
  }

  int size() {
    return sizes.total();
  }

  PerServer sizes() {
    return sizes;
  }

  long earliest() {
    return earliest;
  }

  /** Returns the oldest sessions, oldest first. */
  Entry[] first(int maximum) {
    return user().entries(slots, Math.min(size(), maximum));
  }
}
