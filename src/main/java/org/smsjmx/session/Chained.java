package org.smsjmx.session;

import org.jspecify.annotations.Nullable;

/**
 * A thing that stands in a {@link ChainedIndex} without a node around it.
 *
 * @param <K> its key
 * @param <N> its own type
 */
abstract class Chained<K, N extends Chained<K, N>> {

  /** The next one of the same slot; written by the index, under the lock of the segment. */
  volatile @Nullable N next;

  /** Returns the hash code of the key. */
  abstract int keyHash();

  /** Returns whether this is the one with the key. */
  abstract boolean is(K key);
}
