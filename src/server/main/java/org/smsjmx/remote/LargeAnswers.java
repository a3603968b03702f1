package org.smsjmx.remote;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Turns for answers that may be large: so many are made and sent at a time as the heap can hold,
 * over all endpoints. Others wait, in the order in which they came; not too many, since each keeps
 * a connection and a thread, and not for ever, since a client may take its answer slowly.
 */
public final class LargeAnswers {

  /** So much of the heap one may take, as objects, as JSON and on its way. */
  private static final long BYTES = 96L << 20;

  private static final int MOST = 8;
  private static final int MOST_WAITING = 64;
  private static final int WAIT_SECONDS = 30;

  private final Semaphore turns;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  public LargeAnswers() {
    long fit = Runtime.getRuntime().maxMemory() / BYTES;
    turns = new Semaphore((int) Math.max(1, Math.min(MOST, fit)), true);
  }

  /** Says that there is no turn, in words for the client. */
  public static final class BusyException extends RuntimeException {
    private BusyException() {
      super("Too many large answers are asked for at a time; try again later.", null, false, false);
    }
  }

  /**
   * Waits for a turn; {@link #end} must follow.
   *
   * @throws BusyException if there is none within 30 s, or too many wait already
   */
  public void begin() {
    try {
      // without a time it would overtake those that wait
      if (!turns.tryAcquire(0, TimeUnit.SECONDS) && !take()) {
        throw new BusyException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusyException();
    }
  }

  private boolean take() throws InterruptedException {
    if (!waiting.tryAcquire()) {
      return false;
    }
    try {
      return turns.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS);
    } finally {
      waiting.release();
    }
  }

  /** Gives the turn back. */
  public void end() {
    turns.release();
  }
}
