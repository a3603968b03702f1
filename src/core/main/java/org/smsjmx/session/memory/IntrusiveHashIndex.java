package org.smsjmx.session.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of things that hold the links of its chains themselves, so that one costs no more
 * than its slot. Looking up takes no lock; entering and removing lock one of many segments. Each
 * segment is resized alone, so that nobody waits for longer than it takes to link some thousand
 * things anew.
 *
 * <p>The invariants, and what guards them:
 *
 * <ul>
 *   <li><b>Who is found is in the table, or was when the search began</b>: a thing that is removed
 *       keeps its link, so that a search that stands on it goes on to what came after it.
 *   <li><b>Who is in the table is found</b>, also while things are linked anew and lead a search
 *       into another chain: a search that finds nothing is repeated under the lock if {@link
 *       Segment#resizes} tells of a resize meanwhile.
 *   <li><b>Every search ends</b>: a resize takes the things in one order, and at each moment of it
 *       all links lead forward in that order.
 * </ul>
 *
 * @param <K> key
 * @param <N> thing
 */
final class ChainedIndex<K, N extends Chained<K, N>> {

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Chained[].class);
  private static final int FEWEST_SLOTS = 2;

  /** Things for each slot, from which on there are too many in a chain. */
  private static final float FULL = 0.75f;

  /** Slots that are looked at together. */
  private static final int NEIGHBOURS = 8;

  private final Segment<K, N>[] segments;
  private final ToIntFunction<K> hash;

  /**
   * Makes an empty one.
   *
   * @param segments how many segments, a power of two of at most 4096
   * @param hash hash code of a key, may be a poor one
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  ChainedIndex(int segments, ToIntFunction<K> hash) {
    this.hash = hash;
    this.segments = new Segment[segments];
    for (int i = 0; i < segments; i++) {
      this.segments[i] = new Segment<>();
    }
  }

  /** Returns the one with the key, null if there is none. */
  @Nullable N find(K key) {
    int spread = spread(hash.applyAsInt(key));
    return segment(spread).find(key, spread);
  }

  /**
   * Enters one unless its key is taken. That is in one order with all volatile reads and writes.
   *
   * @return the one that has the key already; null if {@code entering} has been entered
   */
  @Nullable N putIfAbsent(K key, N entering) {
    int spread = spread(hash.applyAsInt(key));
    return segment(spread).putIfAbsent(key, spread, entering);
  }

  /** Removes one, if it is in. */
  void remove(N leaving) {
    int spread = spread(leaving.keyHash());
    segment(spread).remove(leaving, spread);
  }

  /** Passes on all that are in from beginning to end of the call; no lock is held meanwhile. */
  void forEach(Consumer<? super N> action) {
    List<N> some = new ArrayList<>();
    for (Segment<K, N> segment : segments) {
      segment.addAllTo(some);
      some.forEach(action);
      some.clear();
    }
  }

  /**
   * Passes on those who may want to be looked at, with some of their neighbours: all at first, and
   * later only when one of them wants to be looked at. No lock is held meanwhile.
   *
   * @param now the time, in any unit
   * @param latest when to look at the latest where there is nobody, or nobody who wants it earlier
   * @param look looks, and returns when that one wants to be looked at again
   */
  void forEachDue(long now, long latest, ToLongFunction<? super N> look) {
    List<N> due = new ArrayList<>();
    for (Segment<K, N> segment : segments) {
      boolean done = false;
      try {
        segment.addDueTo(due, now, latest);
        for (N one : due) {
          lookBy(one, look.applyAsLong(one));
        }
        done = true;
      } finally {
        if (!done) {
          segment.lookSoon();
        }
      }
      due.clear();
    }
  }

  /** Sees to it that one is looked at when that time has come. */
  void lookBy(N one, long time) {
    int spread = spread(one.keyHash());
    segment(spread).lookBy(spread, time);
  }

  /** Returns how many are in. */
  long size() {
    long size = 0;
    for (Segment<K, N> segment : segments) {
      size += segment.size();
    }
    return size;
  }

  /** Segments are chosen by the upper bits, slots by the lower ones. */
  private Segment<K, N> segment(int hash) {
    return segments[(hash >>> 20) & (segments.length - 1)];
  }

  private static int spread(int hash) {
    int spread = hash * 0x9E3779B9;
    return spread ^ (spread >>> 15);
  }

  /** Things whose hash codes begin alike. */
  private static final class Segment<K, N extends Chained<K, N>> {

    private volatile Chained<K, N>[] slots = slots(FEWEST_SLOTS);

    /** Odd while things are linked anew, and greater after it. */
    private volatile int resizes;

    private int size;

    /**
     * For each {@value #NEIGHBOURS} slots when to look at who is there; null = as soon as may be.
     */
    private long @Nullable [] looks;

    @Nullable N find(K key, int hash) {
      int before = resizes;
      N found = search(key, hash);
      if (found == null && (before % 2 != 0 || before != resizes)) {
        synchronized (this) {
          return search(key, hash);
        }
      }
      return found;
    }

    private @Nullable N search(K key, int hash) {
      Chained<K, N>[] searched = slots;
      N one = first(searched, hash & (searched.length - 1));
      while (one != null && !one.is(key)) {
        one = one.next();
      }
      return one;
    }

    synchronized @Nullable N putIfAbsent(K key, int hash, N entering) {
      N taken = search(key, hash);
      if (taken != null) {
        return taken;
      }
      if (size >= slots.length * FULL) {
        resize(slots.length * 2);
      }
      int slot = hash & (slots.length - 1);
      entering.link(first(slots, slot));
      SLOT.setVolatile(slots, slot, (Chained<K, N>) entering);
      size++;
      return null;
    }

    synchronized void remove(N leaving, int hash) {
      int slot = hash & (slots.length - 1);
      N before = null;
      N one = first(slots, slot);
      while (one != leaving) {
        if (one == null) {
          return;
        }
        before = one;
        one = one.next();
      }
      if (before == null) {
        SLOT.setRelease(slots, slot, (Chained<K, N>) leaving.next());
      } else {
        before.link(leaving.next());
      }
      size--;
      if (size < slots.length / 4 && slots.length > FEWEST_SLOTS) {
        resize(slots.length / 2);
      }
    }

    private void resize(int length) {
      resizes++;
      looks = null;
      Chained<K, N>[] firsts = slots(length);
      Chained<K, N>[] lasts = slots(length);
      for (int slot = 0; slot < slots.length; slot++) {
        N one = first(slots, slot);
        while (one != null) {
          N following = one.next();
          int to = spread(one.keyHash()) & (length - 1);
          if (lasts[to] == null) {
            firsts[to] = one;
          } else {
            lasts[to].link(one);
          }
          lasts[to] = one;
          one = following;
        }
      }
      for (Chained<K, N> last : lasts) {
        if (last != null) {
          last.link(null);
        }
      }
      slots = firsts;
      resizes++;
    }

    synchronized void addAllTo(List<N> list) {
      addTo(list, 0, slots.length);
    }

    /** First the first ones and then their followers: many are fetched from memory at once. */
    private void addTo(List<N> list, int from, int to) {
      int next = list.size();
      for (int slot = from; slot < to; slot++) {
        add(list, first(slots, slot));
      }
      while (next < list.size()) {
        add(list, list.get(next++).next());
      }
    }

    private static <T> void add(List<T> list, @Nullable T one) {
      if (one != null) {
        list.add(one);
      }
    }

    synchronized void addDueTo(List<N> list, long now, long latest) {
      int most = Math.min(NEIGHBOURS, slots.length);
      if (looks == null) {
        looks = new long[slots.length / most];
        Arrays.fill(looks, now);
      }
      for (int i = 0; i < looks.length; i++) {
        if (looks[i] <= now) {
          looks[i] = latest;
          addTo(list, i * most, (i + 1) * most);
        }
      }
    }

    synchronized void lookBy(int hash, long time) {
      if (looks != null) {
        int i = (hash & (slots.length - 1)) / NEIGHBOURS;
        looks[i] = Math.min(looks[i], time);
      }
    }

    synchronized void lookSoon() {
      looks = null;
    }

    synchronized int size() {
      return size;
    }

    @SuppressWarnings("unchecked")
    private static <K, N extends Chained<K, N>> @Nullable N first(Chained<K, N>[] slots, int slot) {
      return (N) SLOT.getVolatile(slots, slot);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, N extends Chained<K, N>> Chained<K, N>[] slots(int length) {
      return new Chained[length];
    }
  }
}
