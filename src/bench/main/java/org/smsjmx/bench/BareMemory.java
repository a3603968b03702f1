package org.smsjmx.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smsjmx.session.SessionId;

/**
 * The least that a touch can cost: nothing but as much memory as the slots of our table take, of
 * which one word is read and set to the time.
 */
final class BareMemory {

  /** As many as a slot has. */
  private static final int WORDS = 4;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final int slots;
  private final long[] words;

  BareMemory(int slots) {
    this.slots = slots;
    this.words = new long[slots * WORDS];
  }

  /** Sets a word, chosen by what is random in an id. */
  boolean touch(Object id) {
    long random = ((SessionId) id).high() >>> Integer.SIZE;
    int at = (int) ((random * slots) >>> Integer.SIZE) * WORDS;
    long now = System.currentTimeMillis();
    long seen;
    do {
      seen = (long) WORD.getAcquire(words, at);
    } while (seen != now && !WORD.compareAndSet(words, at, seen, now));
    return true;
  }
}
