package org.smsjmx.session.memory;

import static org.smsjmx.session.memory.SlotArena.NO_SLOT;

import java.util.Arrays;
import org.smsjmx.session.UserInRealm;

/**
 * The first sessions of a user, oldest first: the numbers of their slots, stored inline in the user
 * instead of in a {@link Chunk}. Three fit into the object itself, so that most users need no
 * further memory. Beside each slot stands the number of the server's counters, so that sessions are
 * tallied without reading their slots. Numbers and not references: a write of a reference costs a
 * write barrier of the garbage collector. All methods but {@link #inlineSize} need the user's lock.
 *
 * <p><b>A session that is listed here stands in its slot</b>: it enters the slot first, and leaves
 * it after it was taken out here.
 */
abstract class InlineSlots extends IntrusiveNode<UserInRealm, UserSessions> {

  private static final int FIELDS = 3;
  private static final long NONE = pack(NO_SLOT, 0);
  private static final long[] NO_MORE = {};

  /** A sentinel: there are no sessions, and none will come. */
  private static final long[] REMOVED = {};

  /* None follows a NONE. */
  private long first = NONE;
  private long second = NONE;
  private long third = NONE;

  /** The numbers after the third; copied on write. */
  private volatile long[] more = NO_MORE;

  private static long pack(int slot, int counters) {
    return (long) counters << Integer.SIZE | Integer.toUnsignedLong(slot);
  }

  private static int slot(long packed) {
    return (int) packed;
  }

  private static int counters(long packed) {
    return (int) (packed >>> Integer.SIZE);
  }

  /** Returns how many there are. */
  final int inlineSize() {
    long[] further = more;
    if (further == REMOVED || first == NONE) {
      return 0;
    }
    return second == NONE ? 1 : third == NONE ? 2 : FIELDS + further.length;
  }

  private long[] packed() {
    long[] packed = new long[inlineSize()];
    if (packed.length > 0) {
      packed[0] = first;
    }
    if (packed.length > 1) {
      packed[1] = second;
    }
    if (packed.length > 2) {
      packed[2] = third;
      System.arraycopy(more, 0, packed, FIELDS, packed.length - FIELDS);
    }
    return packed;
  }

  /** Returns the numbers of their slots. */
  final int[] inlineSlots() {
    long[] packed = packed();
    int[] slots = new int[packed.length];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot(packed[i]);
    }
    return slots;
  }

  /** Returns how many there are at each server. */
  final Tally inlineTally(ServerCounters servers) {
    Tally tally = new Tally();
    for (long each : packed()) {
      tally.add(servers.at(counters(each)), 1);
    }
    return tally;
  }

  /** Adds the session in a slot. */
  final void addInline(int slot, Counters counters) {
    long added = pack(slot, counters.number);
    if (first == NONE) {
      first = added;
    } else if (second == NONE) {
      second = added;
    } else if (third == NONE) {
      third = added;
    } else {
      long[] before = more;
      long[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = added;
      more = after;
    }
  }

  /** Takes out the session in a slot, which is listed here. */
  final void removeInline(int slot) {
    long[] packed = packed();
    int at = 0;
    while (slot(packed[at]) != slot) {
      at++;
    }
    System.arraycopy(packed, at + 1, packed, at, packed.length - at - 1);
    keep(packed, packed.length - 1);
  }

  /** Keeps only the first so many of some sessions that are listed here. */
  final void keepInline(SlotReference[] sessions, int size) {
    long[] packed = new long[size];
    Arrays.setAll(packed, i -> pack(sessions[i].slot(), sessions[i].counters().number));
    keep(packed, size);
  }

  private void keep(long[] packed, int size) {
    first = size > 0 ? packed[0] : NONE;
    second = size > 1 ? packed[1] : NONE;
    third = size > 2 ? packed[2] : NONE;
    if (more != NO_MORE) {
      more = size > FIELDS ? Arrays.copyOfRange(packed, FIELDS, size) : NO_MORE;
    }
  }

  /** Marks the user as removed from the index: no session will come. */
  final void closeInline() {
    more = REMOVED;
  }

  final boolean isRemoved() {
    return more == REMOVED;
  }
}
