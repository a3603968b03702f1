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
 * The sessions by id, each in a slot of its own whose number is part of the id: so finding one
 * takes no search, and neighbours in time are neighbours in memory. Slots are in pages, pages in
 * stripes of which each thread uses one, so that threads seldom meet. Looking up takes no lock.
 *
 * <p>The invariants, and what guards them:
 *
 * <ul>
 *   <li><b>A slot belongs to one session at a time</b>, from {@link #reserve} to {@link #remove}:
 *       both lock the stripe, and only who took the session from its user gives the slot back.
 *   <li><b>Who is found has the id that was asked for</b>, also where another has the slot by now:
 *       see {@link Entry}.
 *   <li><b>A page stays while one of its slots belongs to somebody</b>, so that who has a slot can
 *       enter without the lock. Who searches a page that has been let go finds nobody, since all
 *       had left.
 * </ul>
 */
final class SessionSlots {

  /** A number that no slot has. */
  static final int NO_SLOT = -1;

  /* The number of a slot: place in the page, number of the page and of the stripe. */
  private static final int STRIPE_BITS = 4;
  private static final int IN_STRIPE_BITS = Integer.SIZE - STRIPE_BITS;
  private static final int FEWEST_PAGES = 4;

  private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(SessionPage[].class);

  private final int pageSize;
  private final int pageBits;
  private final int mostPages;
  private final ServerCounters counters;
  private final Stripe[] stripes = new Stripe[1 << STRIPE_BITS];

  /**
   * Makes empty ones.
   *
   * @param pageSize slots in a page, a power of two from 64 to 65,536
   * @param counters those of the servers at which users sign in
   */
  SessionSlots(int pageSize, ServerCounters counters) {
    this(pageSize, mostPages(pageSize), counters);
  }

  /** Returns how many pages a stripe can have without that of {@link #NO_SLOT}, the very last. */
  static int mostPages(int pageSize) {
    return (1 << IN_STRIPE_BITS) / pageSize - 1;
  }

  /** Makes some with so many pages in a stripe at most. */
  SessionSlots(int pageSize, int mostPages, ServerCounters counters) {
    this.pageSize = pageSize;
    this.pageBits = Integer.numberOfTrailingZeros(pageSize);
    this.mostPages = mostPages;
    this.counters = counters;
    Arrays.setAll(stripes, i -> new Stripe());
  }

  /** Returns the id of a session that stands in a slot, made of random bits. */
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

  /** Returns where a session with the id would stand, null if there is no such place. */
  @Nullable Entry find(SessionId id) {
    int slot = slotOf(id);
    SessionPage page = page(slot);
    return page == null ? null : new Entry(page, slot);
  }

  /**
   * Returns the one in a slot that belongs to somebody.
   *
   * @throws IllegalArgumentException if there is no such slot
   */
  Entry at(int slot) {
    SessionPage page = page(slot);
    if (page == null) {
      throw new IllegalArgumentException("there is no such slot");
    }
    return new Entry(page, slot);
  }

  /** Takes a session away, which has ended, and gives its slot back. */
  void remove(Entry leaving) {
    leaving.leave();
    stripe(leaving.slot()).giveBack(leaving.slot());
  }

  /** Returns how many slots belong to somebody. */
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

  private @Nullable SessionPage page(int slot) {
    SessionPage[] pages = stripe(slot).pages;
    int number = pageNumber(slot);
    return number < pages.length ? (SessionPage) PAGE.getAcquire(pages, number) : null;
  }

  /** Pages; its monitor guards which slots belong to somebody. */
  private final class Stripe {

    /** Null where there is no such page. */
    private volatile SessionPage[] pages = new SessionPage[FEWEST_PAGES];

    /** Who has which slot of the pages, by the number of the page. */
    private final List<@Nullable Taken> taken = new ArrayList<>();

    /** The page that is being filled. */
    private @Nullable Taken open;

    /** Other pages with much room. */
    private final Set<Taken> roomy = new LinkedHashSet<>();

    private final ArrayDeque<Integer> unusedNumbers = new ArrayDeque<>();
    private long size;

    /** Returns the number of a slot in the stripe, -1 if none is free. */
    synchronized int reserve() {
      Taken filling = open;
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

    private Taken nextToFill() {
      if (roomy.isEmpty()) {
        return newPage();
      }
      Taken next = roomy.iterator().next();
      roomy.remove(next);
      return next;
    }

    private Taken newPage() {
      Integer unused = unusedNumbers.poll();
      int number = unused == null ? taken.size() : unused;
      SessionPage[] known = pages;
      if (number == known.length) {
        known = Arrays.copyOf(known, known.length * 2);
      }
      PAGE.setRelease(known, number, SessionPage.of(pageSize, counters));
      pages = known;
      Taken made = new Taken(number, pageSize);
      if (unused == null) {
        taken.add(made);
      } else {
        taken.set(number, made);
      }
      return made;
    }

    synchronized void giveBack(int slot) {
      Taken page = taken.get(pageNumber(slot));
      page.giveBack(place(slot));
      size--;
      if (page == open) {
        return;
      }
      if (page.size == 0) {
        roomy.remove(page);
        taken.set(page.number, null);
        PAGE.setRelease(pages, page.number, (SessionPage) null);
        unusedNumbers.push(page.number);
      } else if (page.size <= pageSize - pageSize / 8) {
        roomy.add(page);
      }
    }

    synchronized long size() {
      return size;
    }
  }

  /** Which slots of a page belong to somebody. */
  private static final class Taken {

    private final int number;
    private final long[] bits;
    private int size;

    /** Where to look for a free one first: the index of some bits. */
    private int next;

    Taken(int number, int pageSize) {
      this.number = number;
      this.bits = new long[pageSize / Long.SIZE];
    }

    /** Takes a free one, of which there is one at least. */
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
