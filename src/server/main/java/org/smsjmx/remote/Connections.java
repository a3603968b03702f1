package org.smsjmx.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.runtime.RepeatedTask;

/**
 * The open connections of an endpoint, bounded so that connections without a password keep no
 * administrator out: where one more would be too many, the oldest that has not signed in is closed
 * for it, at first among those that have sent nothing yet but a greeting. Connections that have
 * signed in are never closed for others.
 *
 * <p>Guarded by its monitor; sockets are closed outside of it.
 */
public final class Connections implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Limits limits;
  private final LongSupplier nanos;
  private final RepeatedTask looks;

  /** Those that have not signed in, the oldest first. */
  private final Set<ClientSocket> anonymous = new LinkedHashSet<>();

  private final Set<ClientSocket> signedIn = new HashSet<>();
  private boolean closed;

  /**
   * What the connections of an endpoint may take.
   *
   * @param connections how many may be open
   * @param anonymous how many of them may be open without having signed in
   * @param signInWithin a connection that has not signed in is closed after this time
   * @param anonymousBytes so many bytes are read of a connection that has not signed in
   * @param hideAddresses whether sockets keep the addresses of their clients to themselves
   */
  public record Limits(
      int connections,
      int anonymous,
      Duration signInWithin,
      long anonymousBytes,
      boolean hideAddresses) {}

  /**
   * Watches over connections until it is closed.
   *
   * @param name of the thread that closes connections whose time is over
   */
  public Connections(String name, Limits limits) {
    this(name, limits, System::nanoTime);
  }

  Connections(String name, Limits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
    this.looks = RepeatedTask.begin(name, BETWEEN_LOOKS, this::closeOverdue);
  }

  Limits limits() {
    return limits;
  }

  long now() {
    return nanos.getAsLong();
  }

  /**
   * Takes a connection in; for it another one may be closed.
   *
   * @return whether it may stay; not if all others have signed in
   */
  boolean admit(ClientSocket socket) {
    ClientSocket over;
    synchronized (this) {
      socket.opened();
      over = isFull() ? leastWorth() : null;
      if (closed || (isFull() && over == null)) {
        return false;
      }
      anonymous.remove(over);
      anonymous.add(socket);
    }
    closeQuietly(over);
    return true;
  }

  private boolean isFull() {
    return anonymous.size() >= limits.anonymous
        || anonymous.size() + signedIn.size() >= limits.connections;
  }

  private @Nullable ClientSocket leastWorth() {
    ClientSocket oldest = null;
    for (ClientSocket socket : anonymous) {
      if (socket.isSilent()) {
        return socket;
      }
      oldest = oldest == null ? socket : oldest;
    }
    return oldest;
  }

  /**
   * Closes the oldest connection that has not signed in, since the process can open no more files.
   *
   * @return whether there was one
   */
  boolean giveWay() {
    ClientSocket over;
    synchronized (this) {
      over = leastWorth();
      anonymous.remove(over);
    }
    closeQuietly(over);
    return over != null;
  }

  /** Says that a connection has signed in. */
  synchronized void keep(ClientSocket socket) {
    if (anonymous.remove(socket)) {
      signedIn.add(socket);
    }
  }

  /** Says that a connection was closed. */
  synchronized void forget(ClientSocket socket) {
    if (!anonymous.remove(socket)) {
      signedIn.remove(socket);
    }
  }

  /** Returns how many connections are open. */
  synchronized int open() {
    return anonymous.size() + signedIn.size();
  }

  /** Returns why connections whose time is over are not closed, null if they are. */
  public @Nullable String problem() {
    return looks.problem();
  }

  /** Closes connections whose time is over. */
  void closeOverdue() {
    long now = now();
    List<ClientSocket> overdue = new ArrayList<>();
    synchronized (this) {
      for (ClientSocket socket : anonymous) {
        if (now - socket.openedNanos() > limits.signInWithin.toNanos()) {
          overdue.add(socket);
        } else {
          break; // those behind are younger
        }
      }
      for (ClientSocket socket : signedIn) {
        if (socket.isOverdue(now)) {
          overdue.add(socket);
        }
      }
    }
    overdue.forEach(Connections::closeQuietly);
  }

  private static void closeQuietly(@Nullable ClientSocket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      LOG.debug("a connection could not be closed", e);
    }
  }

  /** Closes all connections; none is taken in any more. */
  @Override
  public void close() {
    looks.close();
    List<ClientSocket> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(anonymous);
      all.addAll(signedIn);
    }
    all.forEach(Connections::closeQuietly);
  }
}
