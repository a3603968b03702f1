package org.smsjmx.session;

import static org.smsjmx.session.SessionSlots.NO_SLOT;

import java.util.Arrays;

/**
 * The sessions of a user that belong to no {@link Group}, oldest first, as numbers of their slots:
 * to write a number costs less than to write a reference, of which the garbage collector has to
 * know. The first three are in the object itself, so that most users need nothing more, in memory
 * or to fetch from it. All methods but {@link #aloneSize} want the user's lock.
 *
 * <p><b>Who stands here is in its slot</b>: a session enters that first, and leaves it after it was
 * taken out here.
 */
abstract class StandingAlone extends Chained<UserInRealm, UserSessions> {

  private static final int HERE = 3;
  private static final int[] NO_MORE = {};

  /** Stands for no sessions and none to come. */
  private static final int[] REMOVED = {};

  /* None follows where there is none. */
  private int first = NO_SLOT;
  private int second = NO_SLOT;
  private int third = NO_SLOT;

  /** Those after the third; never changed, but replaced. */
  private volatile int[] more = NO_MORE;

  /** Returns how many there are. */
  final int aloneSize() {
    int[] further = more;
    if (further == REMOVED || first == NO_SLOT) {
      return 0;
    }
    return second == NO_SLOT ? 1 : third == NO_SLOT ? 2 : HERE + further.length;
  }

  /** Returns the numbers of their slots. */
  final int[] aloneSlots() {
    int[] numbers = new int[aloneSize()];
    if (numbers.length > 0) {
      numbers[0] = first;
    }
    if (numbers.length > 1) {
      numbers[1] = second;
    }
    if (numbers.length > 2) {
      numbers[2] = third;
      System.arraycopy(more, 0, numbers, HERE, numbers.length - HERE);
    }
    return numbers;
  }

  /** Adds the one in a slot. */
  final void addAlone(int slot) {
    if (first == NO_SLOT) {
      first = slot;
    } else if (second == NO_SLOT) {
      second = slot;
    } else if (third == NO_SLOT) {
      third = slot;
    } else {
      int[] before = more;
      int[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = slot;
      more = after;
    }
  }

  /** Takes the one in a slot out, which is here. */
  final void removeAlone(int slot) {
    int[] numbers = aloneSlots();
    int place = 0;
    while (numbers[place] != slot) {
      place++;
    }
    System.arraycopy(numbers, place + 1, numbers, place, numbers.length - place - 1);
    keep(numbers, numbers.length - 1);
  }

  /** Lets only the first so many of some stay. */
  final void keepAlone(Entry[] entries, int size) {
    int[] numbers = new int[size];
    Arrays.setAll(numbers, i -> entries[i].slot());
    keep(numbers, size);
  }

  private void keep(int[] numbers, int size) {
    first = size > 0 ? numbers[0] : NO_SLOT;
    second = size > 1 ? numbers[1] : NO_SLOT;
    third = size > 2 ? numbers[2] : NO_SLOT;
    if (more != NO_MORE) {
      more = size > HERE ? Arrays.copyOfRange(numbers, HERE, size) : NO_MORE;
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
