package org.smsjmx.management;

import org.smsjmx.topology.ServerName;

/** A server that has joined a realm at run time; closing it lets the server leave. */
public final class Membership implements AutoCloseable {

  private final ServerName server;
  private final ServerBean bean;
  private final Runnable leave;

  Membership(ServerName server, ServerBean bean, Runnable leave) {
    this.server = server;
    this.bean = bean;
    this.leave = leave;
  }

  /** Returns which server. */
  public ServerName server() {
    return server;
  }

  /**
   * Notes sessions of users whose names the table does not take. They cannot be ended or refreshed,
   * which the attribute {@code UnmanagedSessions} says.
   *
   * @param change how many more there are than before
   */
  public void unmanaged(int change) {
    bean.unmanaged(change);
  }

  /**
   * Notes what operations at the server do not reach, for administrators to read.
   *
   * @param text a sentence
   */
  public void note(String text) {
    bean.note(text);
  }

  /** Lets the server leave: its MBean is gone, its sessions stay. Closing again does nothing. */
  @Override
  public void close() {
    leave.run();
  }
}
