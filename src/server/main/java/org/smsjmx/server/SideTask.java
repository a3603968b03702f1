package org.smsjmx.server;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A part of the start that takes a while and is done beside the others, in a thread of its own.
 *
 * @param <T> what it makes
 */
final class SideTask<T> {

  private final FutureTask<T> task;

  private SideTask(FutureTask<T> task) {
    this.task = task;
  }

  /**
   * Begins it now.
   *
   * @param name of its thread
   * @param work makes the part; it is left alone if the start fails before it is done
   */
  static <T> SideTask<T> begin(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return new SideTask<>(task);
  }

  /**
   * Waits for its end.
   *
   * @return what it has made
   * @throws IOException if it failed so; a RuntimeException is thrown as it is
   * @throws IllegalStateException with what else was thrown as its cause, such as an Error
   */
  T result() throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
