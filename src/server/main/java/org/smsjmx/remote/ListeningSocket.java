package org.smsjmx.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server socket whose connections are bounded, with TLS or without. */
public final class ListeningSocket extends ServerSocket {

  private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);

  /** Connections that wait to be accepted; more try again by themselves. */
  private static final int BACKLOG = 1_024;

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Connections connections;
  private final @Nullable Tls tls;
  private volatile boolean failing;
  private volatile @Nullable Thread acceptor;

  /**
   * Listens.
   *
   * @param address on which
   * @param port 0 = any free one
   * @param connections bounds them
   * @param tls null = none
   * @throws IOException if the port is in use or the address is not one of this machine
   */
  public ListeningSocket(InetAddress address, int port, Connections connections, @Nullable Tls tls)
      throws IOException {
    super(port, BACKLOG, address);
    this.connections = connections;
    this.tls = tls;
  }

  /**
   * Waits for a connection that may stay. Where the process has no file left for one, another gives
   * way.
   *
   * @throws IOException if the socket was closed
   */
  @Override
  public Socket accept() throws IOException {
    Thread thread = Thread.currentThread();
    acceptor = thread;
    if (thread.getName().startsWith("RMI TCP Accept-")) {
      // by this name the core counts the ways into the JVM by which callers are not known
      thread.setName("sms-jmx accepts " + getLocalPort());
    }
    while (true) {
      ClientSocket client = new ClientSocket(connections);
      try {
        implAccept(client);
        failing = false;
      } catch (IOException e) {
        if (isClosed()) {
          throw e;
        }
        rest(e);
        continue;
      }
      if (!connections.admit(client)) {
        client.close();
        continue;
      }
      try {
        return tls == null ? client : tls.secured(client);
      } catch (IOException e) {
        // the client has gone
        client.close();
      }
    }
  }

  /** Returns why no connections are accepted, null if they are. */
  public @Nullable String problem() {
    Thread last = acceptor;
    if (isClosed()) {
      return null;
    }
    if (last != null && !last.isAlive()) {
      return "connections are not accepted any more";
    }
    return failing ? "connections cannot be accepted; is the limit of open files reached?" : null;
  }

  /** Returns whether the thread that accepted connections has ended, though nobody closed this. */
  public boolean isDeserted() {
    Thread last = acceptor;
    return last != null && !last.isAlive() && !isClosed();
  }

  private void rest(IOException e) {
    if (!failing) {
      failing = true;
      LOG.warn("connections cannot be accepted, and others give way: {}", e.getMessage());
    }
    if (!connections.giveWay()) {
      LockSupport.parkNanos(REST_NANOS);
    }
  }
}
