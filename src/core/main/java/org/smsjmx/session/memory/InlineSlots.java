package org.smsjmx.session.memory;

import static org.smsjmx.session.memory.SessionSlots.NO_SLOT;

import java.util.Arrays;
import org.smsjmx.session.UserInRealm;

/**
 * The sessions of a user that belong to no {@link Group}, oldest first: the numbers of their slots,
 * and of the counters of their servers, so that they are counted without fetching them from memory.
 * To write a number costs less than to write a reference, of which the garbage collector has to
 * know. The first three are in the object itself, so that most users need nothing more, in memory
 * or to fetch from it. All methods but {@link #aloneSize} want the user's lock.
 *
 * <p><b>Who stands here is in its slot</b>: a session enters that first, and leaves it after it was
 * taken out here.
 */
abstract class StandingAlone extends Chained<UserInRealm, UserSessions> {

  private static final int HERE = 3;
  private static final long NOBODY = place(NO_SLOT, 0);
  private static final long[] NO_MORE = {};

  /** Stands for no sessions and none to come. */
  private static final long[] REMOVED = {};

  /* None follows where there is none. */
  private long first = NOBODY;
  private long second = NOBODY;
  private long third = NOBODY;

  /** Those after the third; never changed, but replaced. */
  private volatile long[] more = NO_MORE;

  private static long place(int slot, int counters) {
    return (long) counters << Integer.SIZE | Integer.toUnsignedLong(slot);
  }

  private static int slot(long place) {
    return (int) place;
  }

  private static int counters(long place) {
    return (int) (place >>> Integer.SIZE);
  }

  /** Returns how many there are. */
  final int aloneSize() {
    long[] further = more;
    if (further == REMOVED || first == NOBODY) {
      return 0;
    }
    return second == NOBODY ? 1 : third == NOBODY ? 2 : HERE + further.length;
  }

  private long[] places() {
    long[] places = new long[aloneSize()];
    if (places.length > 0) {
      places[0] = first;
    }
    if (places.length > 1) {
      places[1] = second;
    }
    if (places.length > 2) {
      places[2] = third;
      System.arraycopy(more, 0, places, HERE, places.length - HERE);
    }
    return places;
  }

  /** Returns the numbers of their slots. */
  final int[] aloneSlots() {
    long[] places = places();
    int[] slots = new int[places.length];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot(places[i]);
    }
    return slots;
  }

  /** Returns how many there are at each server. */
  final PerServer aloneSizes(ServerCounters servers) {
    PerServer sizes = new PerServer();
    for (long place : places()) {
      sizes.add(servers.at(counters(place)), 1);
    }
    return sizes;
  }

  /** Adds the one in a slot. */
  final void addAlone(int slot, Counters counters) {
    long added = place(slot, counters.number);
    if (first == NOBODY) {
      first = added;
    } else if (second == NOBODY) {
      second = added;
    } else if (third == NOBODY) {
      third = added;
    } else {
      long[] before = more;
      long[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = added;
      more = after;
    }
  }

  /** Takes the one in a slot out, which is here. */
  final void removeAlone(int slot) {
    long[] places = places();
    int at = 0;
    while (slot(places[at]) != slot) {
      at++;
    }
    System.arraycopy(places, at + 1, places, at, places.length - at - 1);
    keep(places, places.length - 1);
  }

  /** Lets only the first so many of some stay, which are here. */
  final void keepAlone(Entry[] entries, int size) {
    long[] places = new long[size];
    Arrays.setAll(places, i -> place(entries[i].slot(), entries[i].counters().number));
    keep(places, size);
  }

  private void keep(long[] places, int size) {
    first = size > 0 ? places[0] : NOBODY;
    second = size > 1 ? places[1] : NOBODY;
    third = size > 2 ? places[2] : NOBODY;
    if (more != NO_MORE) {
      more = size > HERE ? Arrays.copyOfRange(places, HERE, size) : NO_MORE;
    }
  }

  /** Says that there are none and none will come: the user has been removed from the index. */
  final void closeAlone() {
    more = REMOVED;
  }

  final boolean isRemoved() {
    return more == REMOVED;
  }
}
