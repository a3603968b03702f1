package org.smsjmx.bench;

import java.util.SplittableRandom;

/**
 * A thread that signs other users in, touches and signs out, all the time, and remembers its slow
 * operations: how long one user's operation holds others up.
 */
final class Neighbour implements AutoCloseable {

  /** Shorter waits are not told apart. */
  static final long SLOW_NANOS = 2_000;

  private static final int REMEMBERED = 1 << 16;

  private final Peer peer;
  private final Population population;
  private final long[] begins = new long[REMEMBERED];
  private final long[] ends = new long[REMEMBERED];
  private final Thread thread;
  private volatile int count;
  private volatile boolean over;

  Neighbour(Peer peer, Population population) {
    this.peer = peer;
    this.population = population;
    this.thread = new Thread(this::live, "neighbour");
    thread.start();
  }

  private void live() {
    SplittableRandom random = new SplittableRandom(7);
    while (!over) {
      // the two largest come first, and are not others
      int user = 2 + random.nextInt(population.users() - 2);
      String name = population.nameOf(user);
      Object id = peer.newId();
      Object known = population.id(sessionOfAnother(random));
      long t0 = System.nanoTime();
      id = peer.signIn(id, name, population.known(user));
      long t1 = System.nanoTime();
      peer.touch(known);
      long t2 = System.nanoTime();
      peer.signOut(id);
      long t3 = System.nanoTime();
      remember(t0, t1);
      remember(t1, t2);
      remember(t2, t3);
    }
  }

  private int sessionOfAnother(SplittableRandom random) {
    int session = random.nextInt(population.sessions());
    while (population.userOf(session) < 2) {
      session = random.nextInt(population.sessions());
    }
    return session;
  }

  private void remember(long begin, long end) {
    if (end - begin >= SLOW_NANOS) {
      int next = count;
      begins[next % REMEMBERED] = begin;
      ends[next % REMEMBERED] = end;
      count = next + 1;
    }
  }

  /**
   * Returns the longest wait that touched this time, in nanoseconds.
   *
   * @throws IllegalStateException if an operation failed, after which nobody waits any more
   */
  long longestWait(long begin, long end) throws InterruptedException {
    // an operation under way must end before it is known
    Thread.sleep(5);
    if (!thread.isAlive()) {
      throw new IllegalStateException("the neighbour has failed");
    }
    long longest = SLOW_NANOS;
    int known = count;
    for (int i = Math.max(0, known - REMEMBERED); i < known; i++) {
      int at = i % REMEMBERED;
      if (begins[at] < end && ends[at] > begin) {
        longest = Math.max(longest, ends[at] - begins[at]);
      }
    }
    return longest;
  }

  @Override
  public void close() throws InterruptedException {
    over = true;
    thread.join();
  }
}
