package org.smsjmx.session.memory;

import org.jspecify.annotations.Nullable;

/**
 * Memory for many sessions, side by side; {@link Entry} says what stands where.
 *
 * @param words numbers, {@link Entry#WORDS} for each session
 * @param owners whom each belongs to, null where there is no session
 * @param counters those that sessions name by number
 */
record SessionPage(long[] words, @Nullable Owner[] owners, ServerCounters counters) {

  /** Makes an empty one for so many sessions, a power of two. */
  static SessionPage of(int sessions, ServerCounters counters) {
    return new SessionPage(new long[sessions * Entry.WORDS], new Owner[sessions], counters);
  }

  /** Returns the place of a session by the number of its slot. */
  int place(int slot) {
    return slot & (owners.length - 1);
  }
}
