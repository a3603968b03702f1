package org.smsjmx.session.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A thing that stands in a {@link ChainedIndex} without a node around it.
 *
 * @param <K> its key
 * @param <N> its own type
 */
abstract class Chained<K, N extends Chained<K, N>> {

  private static final VarHandle NEXT;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(Chained.class, "next", Chained.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable N next;

  /** Returns the next one of the same slot. */
  final @Nullable N next() {
    return next;
  }

  /** Links to the next one of the same slot; under the lock of the segment. */
  final void link(@Nullable N following) {
    NEXT.setRelease(this, following);
  }

  /** Returns the hash code of the key. */
  abstract int keyHash();

  /** Returns whether this is the one with the key. */
  abstract boolean is(K key);
}
