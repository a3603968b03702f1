package org.smsjmx.session.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An element of an {@link IntrusiveHashIndex}, which holds the link of its chain itself.
 *
 * @param <K> its key
 * @param <N> its own type
 */
abstract class IntrusiveNode<K, N extends IntrusiveNode<K, N>> {

  private static final VarHandle NEXT;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(IntrusiveNode.class, "next", IntrusiveNode.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable N next;

  /** Returns the next node of the same bucket. */
  final @Nullable N next() {
    return next;
  }

  /** Links to the next node of the same bucket; under the lock of the segment. */
  final void link(@Nullable N following) {
    NEXT.setRelease(this, following);
  }

  /** Returns the hash code of the key. */
  abstract int keyHash();

  /** Returns whether this node has the key. */
  abstract boolean is(K key);
}
