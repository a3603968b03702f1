package org.smsjmx.session.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets threads go on at the same moment, again and again. They spin: a thread that sleeps wakes up
 * too late to meet the other one within a few instructions.
 */
final class SpinningBarrier {

  private static final int SPINS = 10_000;

  private final int threads;
  private final AtomicLong arrived = new AtomicLong();

  SpinningBarrier(int threads) {
    this.threads = threads;
  }

  /** Waits for all the others. */
  void await() throws InterruptedException {
    long all = (arrived.getAndIncrement() / threads + 1) * threads;
    for (int spins = 0; arrived.get() < all; spins++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }
}
