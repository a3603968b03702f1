package org.smsjmx.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a connection. Until it has signed in, what is read of it is counted and
 * bounded, whatever protocol reads it; the thread that reads of it serves it, and finds it by
 * {@link #current}.
 */
public final class ClientSocket extends Socket {

  /** The greeting with which RMI begins fits in; a call, a request or a TLS handshake does not. */
  private static final int GREETING_BYTES = 64;

  private static final long NEVER = Long.MAX_VALUE;
  private static final InetAddress NOWHERE = new InetSocketAddress(0).getAddress();

  /** Threads of RMI outlive the endpoint, and must not keep its classes. */
  private static final ThreadLocal<@Nullable WeakReference<ClientSocket>> CURRENT =
      new ThreadLocal<>();

  private final Connections connections;
  private final WeakReference<ClientSocket> self = new WeakReference<>(this);
  private volatile long openedNanos;
  private volatile long received;
  private volatile boolean signedIn;
  private volatile @Nullable Object remembered;

  /** Gives something back when the answer under way is sent, null if there is nothing. */
  private final AtomicReference<@Nullable Runnable> afterAnswer = new AtomicReference<>();

  /** {@link Connections#now} after which a connection that has signed in is closed. */
  private volatile long dueNanos = NEVER;

  /** Is not connected yet; {@link #opened} follows. */
  ClientSocket(Connections connections) {
    this.connections = connections;
  }

  /** Says that it is connected now. */
  void opened() {
    openedNanos = connections.now();
  }

  /**
   * Returns the connection that this thread serves, null if it serves none. A thread that has
   * served one may serve something else next.
   */
  public static @Nullable ClientSocket current() {
    ClientSocket last = last();
    return last == null || last.isClosed() ? null : last;
  }

  private static @Nullable ClientSocket last() {
    WeakReference<ClientSocket> last = CURRENT.get();
    return last == null ? null : last.get();
  }

  /** Returns the address of the client that this thread serves, empty if it serves none. */
  public static String currentAddress() {
    ClientSocket last = last();
    return last == null ? "" : last.remoteAddress().getHostAddress();
  }

  private InetAddress remoteAddress() {
    return super.getInetAddress();
  }

  /**
   * Returns an address that says nothing where {@link Connections.Limits#hideAddresses} is so, else
   * the client's.
   */
  @Override
  public InetAddress getInetAddress() {
    return connections.limits().hideAddresses() ? NOWHERE : remoteAddress();
  }

  /**
   * Says that the client has shown who it is; from now on the connection is not closed for others.
   */
  public void signedIn() {
    if (!signedIn) {
      signedIn = true;
      connections.keep(this);
    }
  }

  public boolean hasSignedIn() {
    return signedIn;
  }

  /** Returns what was remembered of the client, null if nothing was. */
  public @Nullable Object remembered() {
    return remembered;
  }

  /** Remembers something of the client as long as the connection is open. */
  public void remember(Object fact) {
    remembered = fact;
  }

  /**
   * Lets the connection be closed after a time, if it has signed in; before, the endpoint's limit
   * counts.
   *
   * @param time from now on
   */
  public void closeIn(Duration time) {
    dueNanos = connections.now() + time.toNanos();
  }

  /**
   * Lets something be given back when the client has the answer that this thread makes, or the
   * connection has ended.
   *
   * @param giveBack is done once
   * @param longest after this time the connection is closed
   */
  public void untilAnswered(Runnable giveBack, Duration longest) {
    answered();
    closeIn(longest);
    afterAnswer.set(giveBack);
    if (isClosed()) {
      answered();
    }
  }

  /** The thread reads the next request, so the answer to the last one is sent. */
  private void answered() {
    Runnable giveBack = afterAnswer.get() == null ? null : afterAnswer.getAndSet(null);
    if (giveBack != null) {
      dueNanos = NEVER;
      giveBack.run();
    }
  }

  long openedNanos() {
    return openedNanos;
  }

  boolean isOverdue(long now) {
    long due = dueNanos;
    return due != NEVER && now - due > 0;
  }

  /** Returns whether nothing has come yet but a greeting, nor waits to be read. */
  boolean isSilent() {
    if (received > GREETING_BYTES) {
      return false;
    }
    try {
      return super.getInputStream().available() == 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Counted(super.getInputStream());
  }

  @Override
  public synchronized void close() throws IOException {
    connections.forget(this);
    super.close();
    answered();
  }

  private final class Counted extends FilterInputStream {

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      CURRENT.set(self);
      answered();
      int count = in.read(bytes, offset, length);
      if (!signedIn && count > 0) {
        long all = received + count;
        received = all;
        if (all > connections.limits().anonymousBytes()) {
          throw new IOException("too much was sent before signing in");
        }
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      return in.skip(0); // what is skipped would not be counted
    }
  }
}
