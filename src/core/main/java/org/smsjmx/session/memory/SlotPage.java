package org.smsjmx.session.memory;

import org.jspecify.annotations.Nullable;

/**
 * A page of slots, side by side; {@link SlotReference} says what stands where.
 *
 * @param words numbers, {@link SlotReference#WORDS} for each slot
 * @param owners what the session in each slot belongs to, null in an empty slot
 * @param versions of the sessions' credentials; apart, so that a refresh writes them without
 *     fetching the slots from memory
 * @param counters those that sessions name by number
 */
record SlotPage(long[] words, @Nullable Owner[] owners, byte[] versions, ServerCounters counters) {

  /** Makes an empty page of so many slots, a power of two. */
  static SlotPage of(int slots, ServerCounters counters) {
    return new SlotPage(
        new long[slots * SlotReference.WORDS], new Owner[slots], new byte[slots], counters);
  }

  /** Returns the place of a slot in its page. */
  int place(int slot) {
    return slot & (owners.length - 1);
  }
}
