package org.smsjmx.session;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry that a test drives. Every user has one group, named by the present {@link #content}. A
 * reading that is held has seen the content of the moment at which it came, and answers later.
 */
final class HeldRegistry implements UserRegistry {

  private final AtomicInteger readings = new AtomicInteger();
  private final Queue<Reading> toHold = new ArrayDeque<>();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private volatile String content = "old";
  private volatile String failure = "";

  /** A reading that does not go on before the test wants it to. */
  static final class Reading {

    private final CountDownLatch come = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Waits until it has seen the content. */
    void awaitCome() {
      await(come);
    }

    /** Lets it answer. */
    void release() {
      released.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Sets what is read from now on. */
  void content(String group) {
    content = group;
  }

  /** Lets readings fail from now on; empty = no more. */
  void failure(String reason) {
    failure = reason;
  }

  /** Forgets a user. */
  void forget(String user) {
    unknown.add(UserNames.DIRECTORY.form(user));
  }

  /** Holds the next reading that nobody holds yet. */
  Reading holdNext() {
    Reading reading = new Reading();
    synchronized (toHold) {
      toHold.add(reading);
    }
    return reading;
  }

  /** Returns how often it was asked. */
  int readings() {
    return readings.get();
  }

  @Override
  public Credential read(String user) {
    readings.incrementAndGet();
    String seen = content;
    String failing = failure;
    Reading held;
    synchronized (toHold) {
      held = toHold.poll();
    }
    if (held != null) {
      held.come.countDown();
      Reading.await(held.released);
    }
    if (!failing.isEmpty()) {
      throw new RegistryUnavailableException(failing);
    }
    if (unknown.contains(UserNames.DIRECTORY.form(user))) {
      throw new UnknownUserException(user);
    }
    return new Credential(user, List.of(seen), Map.of());
  }
}
