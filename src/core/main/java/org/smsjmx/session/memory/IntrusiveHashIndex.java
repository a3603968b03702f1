package org.smsjmx.session.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A hash index of intrusive nodes, in segments: a node holds the link of its chain itself, so that
 * it costs no more memory than its bucket. A look-up takes no lock; entering and removing lock one
 * of many segments. A segment is resized alone, so that no thread waits for longer than it takes to
 * relink some thousand nodes; it is made when a first node comes, so that a small index is small.
 *
 * <p>The invariants, and what guards them:
 *
 * <ul>
 *   <li><b>A node that is found is in the index, or was when the search began</b>: a removed node
 *       keeps its link, so that a search that stands on it goes on to its followers.
 *   <li><b>A node that is in the index is found</b>, also while a resize leads a search into
 *       another chain: a search that finds nothing is repeated under the lock if {@link
 *       Segment#resizes} changed meanwhile.
 *   <li><b>Every search ends</b>: a resize relinks the nodes in one order, and at each moment of it
 *       all links lead forward in that order.
 * </ul>
 *
 * @param <K> key
 * @param <N> node
 */
final class IntrusiveHashIndex<K, N extends IntrusiveNode<K, N>> {

  private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(Segment[].class);
  private static final VarHandle BUCKET =
      MethodHandles.arrayElementVarHandle(IntrusiveNode[].class);
  private static final int FEWEST_BUCKETS = 2;

  /** Nodes for each bucket, from which on a segment grows. */
  private static final float LOAD_FACTOR = 0.75f;

  /** Buckets that are looked at together. */
  private static final int NEIGHBOURS = 8;

  private final @Nullable Segment<K, N>[] segments;
  private final ToIntFunction<K> hash;

  /**
   * Makes an empty index.
   *
   * @param segments how many segments, a power of two of at most 4096
   * @param hash hash code of a key, may be a poor one
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  IntrusiveHashIndex(int segments, ToIntFunction<K> hash) {
    this.hash = hash;
    this.segments = new Segment[segments];
  }

  /** Returns the node with the key, null if there is none. */
  @Nullable N find(K key) {
    int spread = spread(hash.applyAsInt(key));
    Segment<K, N> segment = segment(number(spread));
    return segment == null ? null : segment.find(key, spread);
  }

  /**
   * Enters a node unless its key is taken. The entry is a volatile write.
   *
   * @return the node that has the key already; null if {@code entering} was entered
   */
  @Nullable N putIfAbsent(K key, N entering) {
    int spread = spread(hash.applyAsInt(key));
    return made(number(spread)).putIfAbsent(key, spread, entering);
  }

  /** Removes a node, if it is in. */
  void remove(N leaving) {
    int spread = spread(leaving.keyHash());
    Segment<K, N> segment = segment(number(spread));
    if (segment != null) {
      segment.remove(leaving, spread);
    }
  }

  /**
   * Passes on all nodes that are in from beginning to end of the call; no lock is held meanwhile.
   */
  void forEach(Consumer<? super N> action) {
    List<N> some = new ArrayList<>();
    for (int i = 0; i < segments.length; i++) {
      Segment<K, N> segment = segment(i);
      if (segment != null) {
        segment.addAllTo(some);
        some.forEach(action);
        some.clear();
      }
    }
  }

  /** Returns the number of segments. */
  int segments() {
    return segments.length;
  }

  /**
   * Passes on the nodes that may be due, with some neighbours: all at first, and later only when
   * one of a neighbourhood is due. Goes from segment to segment; no lock is held meanwhile.
   *
   * @param from the segment to begin with
   * @param now the time, in any unit
   * @param latest when a neighbourhood is due at the latest, also an empty one
   * @param look looks at a node, and returns when it is due again
   * @param pauses asked after each segment in which a node was looked at; true = stop here
   * @return the segment to go on with, {@link #segments} if none is left
   */
  int forEachDue(
      int from, long now, long latest, ToLongFunction<? super N> look, BooleanSupplier pauses) {
    List<N> due = new ArrayList<>();
    int next = from;
    boolean goesOn = true;
    while (goesOn && next < segments.length) {
      Segment<K, N> segment = segment(next++);
      if (segment == null) {
        continue;
      }
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
      if (!due.isEmpty()) {
        due.clear();
        goesOn = !pauses.getAsBoolean();
      }
    }
    return next;
  }

  /** Makes a node due at a time, unless it is due earlier. */
  void lookBy(N one, long time) {
    int spread = spread(one.keyHash());
    Segment<K, N> segment = segment(number(spread));
    if (segment != null) {
      segment.lookBy(spread, time);
    }
  }

  /** Returns the number of nodes. */
  long size() {
    long size = 0;
    for (int i = 0; i < segments.length; i++) {
      Segment<K, N> segment = segment(i);
      size += segment == null ? 0 : segment.size();
    }
    return size;
  }

  /** Segments are chosen by the upper bits, buckets by the lower ones. */
  private int number(int hash) {
    return (hash >>> 20) & (segments.length - 1);
  }

  /** Returns a segment, null while no node has come. */
  @SuppressWarnings("unchecked")
  private @Nullable Segment<K, N> segment(int number) {
    return (Segment<K, N>) SEGMENT.getVolatile(segments, number);
  }

  private Segment<K, N> made(int number) {
    Segment<K, N> known = segment(number);
    if (known != null) {
      return known;
    }
    Segment<K, N> made = new Segment<>();
    return SEGMENT.compareAndSet(segments, number, (Segment<K, N>) null, made)
        ? made
        : Objects.requireNonNull(segment(number));
  }

  private static int spread(int hash) {
    int spread = hash * 0x9E3779B9;
    return spread ^ (spread >>> 15);
  }

  /** Nodes whose hash codes begin alike; its monitor guards all writes. */
  private static final class Segment<K, N extends IntrusiveNode<K, N>> {

    private volatile IntrusiveNode<K, N>[] buckets = buckets(FEWEST_BUCKETS);

    /** A sequence lock: odd during a resize, and greater after it. */
    private volatile int resizes;

    private int size;

    /** When each {@value #NEIGHBOURS} buckets are due; null = now. */
    private long @Nullable [] dueAt;

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
      IntrusiveNode<K, N>[] searched = buckets;
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
      if (size >= buckets.length * LOAD_FACTOR) {
        resize(buckets.length * 2);
      }
      int bucket = hash & (buckets.length - 1);
      entering.link(first(buckets, bucket));
      BUCKET.setVolatile(buckets, bucket, (IntrusiveNode<K, N>) entering);
      size++;
      return null;
    }

    synchronized void remove(N leaving, int hash) {
      int bucket = hash & (buckets.length - 1);
      N before = null;
      N one = first(buckets, bucket);
      while (one != leaving) {
        if (one == null) {
          return;
        }
        before = one;
        one = one.next();
      }
      if (before == null) {
        BUCKET.setRelease(buckets, bucket, (IntrusiveNode<K, N>) leaving.next());
      } else {
        before.link(leaving.next());
      }
      size--;
      if (size < buckets.length / 4 && buckets.length > FEWEST_BUCKETS) {
        resize(buckets.length / 2);
      }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock; volatile for readers without it
    private void resize(int length) {
      resizes++;
      dueAt = null;
      IntrusiveNode<K, N>[] firsts = buckets(length);
      IntrusiveNode<K, N>[] lasts = buckets(length);
      for (int bucket = 0; bucket < buckets.length; bucket++) {
        N one = first(buckets, bucket);
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
      for (IntrusiveNode<K, N> last : lasts) {
        if (last != null) {
          last.link(null);
        }
      }
      buckets = firsts;
      resizes++;
    }

    synchronized void addAllTo(List<N> list) {
      addTo(list, 0, buckets.length);
    }

    /** Adds all heads of chains before their followers: so the processor fetches many at once. */
    private void addTo(List<N> list, int from, int to) {
      int next = list.size();
      for (int bucket = from; bucket < to; bucket++) {
        add(list, first(buckets, bucket));
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
      int most = Math.min(NEIGHBOURS, buckets.length);
      if (dueAt == null) {
        dueAt = new long[buckets.length / most];
        Arrays.fill(dueAt, now);
      }
      for (int i = 0; i < dueAt.length; i++) {
        if (dueAt[i] <= now) {
          dueAt[i] = latest;
          addTo(list, i * most, (i + 1) * most);
        }
      }
    }

    synchronized void lookBy(int hash, long time) {
      if (dueAt != null) {
        int i = (hash & (buckets.length - 1)) / NEIGHBOURS;
        dueAt[i] = Math.min(dueAt[i], time);
      }
    }

    synchronized void lookSoon() {
      dueAt = null;
    }

    synchronized int size() {
      return size;
    }

    @SuppressWarnings("unchecked")
    private static <K, N extends IntrusiveNode<K, N>> @Nullable N first(
        IntrusiveNode<K, N>[] buckets, int bucket) {
      return (N) BUCKET.getVolatile(buckets, bucket);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, N extends IntrusiveNode<K, N>> IntrusiveNode<K, N>[] buckets(int length) {
      return new IntrusiveNode[length];
    }
  }
}
