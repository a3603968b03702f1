package org.smsjmx.servlet;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session of the table, as a container asks it that holds the session's user itself. */
public sealed interface LiveSession permits BoundSession {

  /** Returns whether the session is alive, which counts as use of it. */
  boolean isAlive();

  /** Returns whether it has ended, as far as this is known already; which is no use of it. */
  boolean isOver();

  /**
   * Returns the epoch in which the application took it out of the container's session while it was
   * alive, null if it did not: its user may go on, in another session of the table.
   */
  @Nullable Long takenOut();

  /**
   * Returns the roles that a refresh brought up to now, null if those of the sign-in hold; which
   * counts as use of the session.
   */
  @Nullable Set<String> roles();
}
