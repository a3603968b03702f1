package org.smsjmx.remote.jmx;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputFilter.Status;
import java.rmi.dgc.VMID;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.remote.ClientSocket;

/**
 * Bounds what Java reads as objects of a connection that has not signed in, wherever it does: at
 * the sign-in, the registry and the distributed garbage collection. Lengths are judged before there
 * is space for what they announce.
 *
 * <p>Garbage collection keeps something of each client for minutes, and must be open to clients
 * that sign in next, so it takes so many new ones in a second from connections that have not. A
 * client that is refused there tries again by itself.
 */
final class AnonymousFilter implements BinaryOperator<@Nullable ObjectInputFilter> {

  private static final Logger LOG = LoggerFactory.getLogger(AnonymousFilter.class);

  private static final int ARRAY_LENGTH = 64;
  private static final int DEPTH = 5;
  private static final int REFERENCES = 200;
  private static final int BYTES = 16 << 10;

  private static final int COLLECTED_CLIENTS = 1_000;
  private static final int COLLECTED_CLIENTS_A_SECOND = 50;

  private static boolean installed;
  private static volatile @Nullable String problem;

  private final LongSupplier nanos;
  private double left = COLLECTED_CLIENTS;
  private long filledNanos;

  AnonymousFilter(LongSupplier nanos) {
    this.nanos = nanos;
    this.filledNanos = nanos.getAsLong();
  }

  /** Lets all streams of this JVM that are opened from now on be filtered. */
  static synchronized void install() {
    if (!installed) {
      try {
        ObjectInputFilter.Config.setSerialFilterFactory(new AnonymousFilter(System::nanoTime));
        installed = true;
      } catch (IllegalStateException e) {
        // another factory was set, or Java objects were read before
        problem = "no bounds for what is read before signing in: " + e.getMessage();
        LOG.warn(problem);
      }
    }
  }

  /** Returns why streams are not filtered though they should be, null if they are. */
  static @Nullable String problem() {
    return problem;
  }

  @Override
  public @Nullable ObjectInputFilter apply(
      @Nullable ObjectInputFilter current, @Nullable ObjectInputFilter next) {
    if (next instanceof JmxConnections.ArgumentsFilter) {
      // the call is for an object whose random id is told to nobody but a client that signed in
      JmxEndpoint.keepConnection();
      ObjectInputFilter others = current instanceof Bounded bounded ? bounded.others : current;
      return others == null ? next : ObjectInputFilter.merge(next, others);
    }
    ObjectInputFilter merged = next == null ? current : ObjectInputFilter.merge(next, current);
    ClientSocket client = ClientSocket.current();
    return client == null || client.hasSignedIn() || current instanceof Bounded
        ? merged
        : new Bounded(merged);
  }

  private final class Bounded implements ObjectInputFilter {

    private final @Nullable ObjectInputFilter others;

    Bounded(@Nullable ObjectInputFilter others) {
      this.others = others;
    }

    @Override
    public Status checkInput(FilterInfo read) {
      if (read.arrayLength() > ARRAY_LENGTH
          || read.depth() > DEPTH
          || read.references() > REFERENCES
          || read.streamBytes() > BYTES
          || (read.serialClass() == VMID.class && !mayBeCollected())) {
        return Status.REJECTED;
      }
      return others == null ? Status.UNDECIDED : others.checkInput(read);
    }
  }

  private synchronized boolean mayBeCollected() {
    long now = nanos.getAsLong();
    double seconds = (now - filledNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    left = Math.min(COLLECTED_CLIENTS, left + seconds * COLLECTED_CLIENTS_A_SECOND);
    filledNanos = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
