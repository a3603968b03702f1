package org.smsjmx.audit;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * A thread that the audit starts in the thread of a call. It takes nothing over from there: an
 * application that calls another one's MBeans may end while the other's audit goes on.
 */
final class WritingThread {

  private WritingThread() {}

  /** Makes a thread that keeps no JVM running. */
  @SuppressWarnings("removal") // before Java 24 a thread keeps the domains of the whole stack
  static Thread of(Runnable task, String name) {
    return AccessController.doPrivileged(
        (PrivilegedAction<Thread>)
            () -> {
              Thread thread = new Thread(null, task, name, 0, false);
              thread.setContextClassLoader(WritingThread.class.getClassLoader());
              thread.setDaemon(true);
              return thread;
            });
  }
}
