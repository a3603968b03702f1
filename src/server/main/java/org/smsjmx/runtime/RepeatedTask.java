package org.smsjmx.runtime;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done again and again, in a thread of its own, until it is closed. What it throws is
 * logged, once until it works again, and does not end it: an executor would never run it again.
 */
public final class RepeatedTask implements AutoCloseable {

  private static final int LONGEST_SECONDS = 30;

  private final Logger log = LoggerFactory.getLogger(RepeatedTask.class);
  private final String name;
  private final Runnable work;
  private final ScheduledExecutorService timer;

  /** What the last run threw, null if it ended well. */
  private volatile @Nullable String failure;

  /** When the run that is under way began, 0 if none is. */
  private volatile long begunNanos;

  private RepeatedTask(String name, Runnable work) {
    this.name = name;
    this.work = work;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Begins to do it.
   *
   * @param name of its thread
   * @param pause between the end of one run and the beginning of the next
   * @param work what to do
   */
  public static RepeatedTask begin(String name, Duration pause, Runnable work) {
    RepeatedTask task = new RepeatedTask(name, work);
    long nanos = pause.toNanos();
    // run catches what it throws, so the future says nothing
    Future<?> unused =
        task.timer.scheduleWithFixedDelay(task::run, nanos, nanos, TimeUnit.NANOSECONDS);
    return task;
  }

  private void run() {
    begunNanos = System.nanoTime() | 1;
    try {
      work.run();
      failure = null;
    } catch (RuntimeException | Error e) {
      if (failure == null) {
        log.error("{} failed; it is tried again", name, e);
      }
      failure = "failed, and is tried again: " + e;
    } finally {
      begunNanos = 0;
    }
  }

  /** Returns why it does not do its work, null if it does. */
  public @Nullable String problem() {
    long begun = begunNanos;
    long seconds = begun == 0 ? 0 : (System.nanoTime() - begun) / 1_000_000_000;
    return seconds > LONGEST_SECONDS
        ? "has not come to its end for %d s".formatted(seconds)
        : failure;
  }

  /** Ends it; a run that is under way is interrupted. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
