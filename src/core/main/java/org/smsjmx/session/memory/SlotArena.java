package org.smsjmx.session.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionId;

/**
 * A slab of slots, one for each session; the number of the slot is part of the session's id. So a
 * look-up takes no search and no lock, and sessions that sign in one after the other lie side by
 * side. Slots are in pages, pages in stripes; each thread reserves in one stripe, so that threads
 * seldom meet.
 *
 * <p>The invariants, and what guards them:
 *
 * <ul>
 *   <li><b>A slot belongs to one session at a time</b>, from {@link #reserve} to {@link #remove}:
 *       both lock the stripe, and only the thread that took the session from its user gives the
 *       slot back.
 *   <li><b>A look-up finds the session with that id or none</b> (no ABA), also where another
 *       session has the slot by now: see {@link SlotReference}.
 *   <li><b>A page stays while one of its slots is reserved</b>, so a thread that has a slot enters
 *       its session without the lock. A thread that reads a page after it was released finds no
 *       session, since all had left.
 * </ul>
 */
final class SlotArena {

  /** A number that no slot has. */
  static final int NO_SLOT = -1;

  /* The number of a slot: of the stripe, of the page, place in the page. */
  private static final int STRIPE_BITS = 4;
  private static final int IN_STRIPE_BITS = Integer.SIZE - STRIPE_BITS;
  private static final int FEWEST_PAGES = 4;

  private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(SlotPage[].class);

  private final int pageSize;
  private final int pageBits;
  private final int mostPages;
  private final ServerCounters counters;
  private final Stripe[] stripes = new Stripe[1 << STRIPE_BITS];

  /**
   * Makes an empty arena.
   *
   * @param pageSize slots in a page, a power of two from 64 to 65,536
   * @param counters those that sessions name by number
   */
  SlotArena(int pageSize, ServerCounters counters) {
    this(pageSize, mostPages(pageSize), counters);
  }

  /** Returns how many pages a stripe can have without that of {@link #NO_SLOT}, the very last. */
  static int mostPages(int pageSize) {
    return (1 << IN_STRIPE_BITS) / pageSize - 1;
  }

  /** Makes an arena with so many pages in a stripe at most. */
  SlotArena(int pageSize, int mostPages, ServerCounters counters) {
    this.pageSize = pageSize;
    this.pageBits = Integer.numberOfTrailingZeros(pageSize);
    this.mostPages = mostPages;
    this.counters = counters;
    Arrays.setAll(stripes, i -> new Stripe());
  }

  /** Returns the id of the session in a slot, made of random bits. */
  static SessionId idIn(int slot, long high, long low) {
    return new SessionId(high, low << Integer.SIZE | Integer.toUnsignedLong(slot));
  }

  /** Returns the number of the slot that an id says. */
  static int slotOf(SessionId id) {
    return (int) id.low();
  }

  /**
   * Returns the number of a slot that belongs to the caller now.
   *
   * @throws IllegalStateException if there is none, with four thousand million sessions
   */
  int reserve() {
    int first = (int) Thread.currentThread().getId();
    for (int i = 0; i < stripes.length; i++) {
      int stripe = (first + i) & (stripes.length - 1);
      int reserved = stripes[stripe].reserve();
      if (reserved >= 0) {
        return stripe << IN_STRIPE_BITS | reserved;
      }
    }
    throw new IllegalStateException("there is no room for a further session");
  }

  /** Returns the slot that an id names, null if there is no such slot. */
  @Nullable SlotReference find(SessionId id) {
    int slot = slotOf(id);
    SlotPage page = page(slot);
    return page == null ? null : new SlotReference(page, slot);
  }

  /**
   * Returns a slot that is reserved.
   *
   * @throws IllegalArgumentException if there is no such slot
   */
  SlotReference at(int slot) {
    SlotPage page = page(slot);
    if (page == null) {
      throw new IllegalArgumentException("there is no such slot");
    }
    return new SlotReference(page, slot);
  }

  /** Takes away a session that has ended, and gives its slot back. */
  void remove(SlotReference leaving) {
    leaving.leave();
    stripe(leaving.slot()).giveBack(leaving.slot());
  }

  /** Returns how many slots are reserved. */
  long size() {
    long size = 0;
    for (Stripe stripe : stripes) {
      size += stripe.size();
    }
    return size;
  }

  private Stripe stripe(int slot) {
    return stripes[slot >>> IN_STRIPE_BITS];
  }

  private int pageNumber(int slot) {
    return (slot & ((1 << IN_STRIPE_BITS) - 1)) >>> pageBits;
  }

  private int place(int slot) {
    return slot & (pageSize - 1);
  }

  private @Nullable SlotPage page(int slot) {
    SlotPage[] pages = stripe(slot).pages;
    int number = pageNumber(slot);
    return number < pages.length ? (SlotPage) PAGE.getAcquire(pages, number) : null;
  }

  /** Some of the pages; its monitor guards which of their slots are reserved. */
  private final class Stripe {

    /** Null where there is no such page. */
    private volatile SlotPage[] pages = new SlotPage[FEWEST_PAGES];

    /** Which slots of a page are reserved, by the number of the page. */
    private final List<@Nullable Reserved> taken = new ArrayList<>();

    /** The page that is being filled. */
    private @Nullable Reserved open;

    /** Other pages of which an eighth is free. */
    private final Set<Reserved> roomy = new LinkedHashSet<>();

    private final ArrayDeque<Integer> unusedNumbers = new ArrayDeque<>();
    private long size;

    /** Returns the number of a slot in the stripe, -1 if none is free. */
    synchronized int reserve() {
      Reserved filling = open;
      if (filling == null || filling.size == pageSize) {
        if (roomy.isEmpty() && unusedNumbers.isEmpty() && taken.size() == mostPages) {
          return -1;
        }
        filling = nextToFill();
        open = filling;
      }
      size++;
      return filling.number << pageBits | filling.take();
    }

    private Reserved nextToFill() {
      if (roomy.isEmpty()) {
        return newPage();
      }
      Reserved next = roomy.iterator().next();
      roomy.remove(next);
      return next;
    }

    private Reserved newPage() {
      Integer unused = unusedNumbers.poll();
      int number = unused == null ? taken.size() : unused;
      SlotPage[] known = pages;
      if (number == known.length) {
        known = Arrays.copyOf(known, known.length * 2);
      }
      PAGE.setRelease(known, number, SlotPage.of(pageSize, counters));
      pages = known;
      Reserved made = new Reserved(number, pageSize);
      if (unused == null) {
        taken.add(made);
      } else {
        taken.set(number, made);
      }
      return made;
    }

    synchronized void giveBack(int slot) {
      Reserved page = taken.get(pageNumber(slot));
      page.giveBack(place(slot));
      size--;
      if (page == open) {
        return;
      }
      if (page.size == 0) {
        roomy.remove(page);
        taken.set(page.number, null);
        PAGE.setRelease(pages, page.number, (SlotPage) null);
        unusedNumbers.push(page.number);
      } else if (page.size <= pageSize - pageSize / 8) {
        roomy.add(page);
      }
    }

    synchronized long size() {
      return size;
    }
  }

  /** Which slots of a page are reserved: a bit set. */
  private static final class Reserved {

    private final int number;
    private final long[] bits;
    private int size;

    /** The word in which to look for a free slot first. */
    private int next;

    Reserved(int number, int pageSize) {
      this.number = number;
      this.bits = new long[pageSize / Long.SIZE];
    }

    /** Takes a free slot, of which there is one at least. */
    int take() {
      while (bits[next] == -1L) {
        next = (next + 1) & (bits.length - 1);
      }
      int bit = Long.numberOfTrailingZeros(~bits[next]);
      bits[next] |= 1L << bit;
      size++;
      return next * Long.SIZE + bit;
    }

    void giveBack(int place) {
      bits[place / Long.SIZE] &= ~(1L << place);
      size--;
    }
  }
}
