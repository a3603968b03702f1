package org.smsjmx.server;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Audit;
import org.smsjmx.management.EndpointProvider;

/**
 * The endpoints of sms-server for applications. Those that have these classes from one class loader
 * share them: the settings of the first one count, and the last one closes them.
 */
public final class ApplicationEndpoints implements EndpointProvider {

  private static @Nullable SharedEndpoints shared;
  private static int users;

  /** For the service loader. */
  public ApplicationEndpoints() {}

  @Override
  public Opened open(Function<String, @Nullable String> settings) {
    return share(settings);
  }

  private static synchronized Share share(Function<String, @Nullable String> settings) {
    SharedEndpoints endpoints = shared;
    if (endpoints == null) {
      endpoints = SharedEndpoints.open(settings);
      shared = endpoints;
    } else {
      endpoints.compare(settings);
    }
    users++;
    return new Share(endpoints.audit(), new AtomicBoolean());
  }

  private static synchronized void leave() {
    users--;
    SharedEndpoints last = shared;
    if (users == 0 && last != null) {
      shared = null;
      last.close();
    }
  }

  private record Share(Audit audit, AtomicBoolean closed) implements Opened {
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        leave();
      }
    }
  }
}
