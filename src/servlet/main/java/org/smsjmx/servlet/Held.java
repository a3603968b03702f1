package org.smsjmx.servlet;

/**
 * What a session of the container holds of ours: {@link BoundSession} or {@link UnmanagedSession}.
 */
public sealed interface Held permits BoundSession, UnmanagedSession {

  /** Returns the principal's name under which the user signed in. */
  String user();
}
