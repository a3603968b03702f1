package org.smsjmx.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of sessions, so that whatever else belongs to them can end or change with
 * them.
 *
 * <p>A listener is told in the thread of the operation, outside every lock, before the operation
 * returns. So it may use the table, and its work is part of the operation's time. What it throws is
 * logged; other listeners are told, and the operation stays done.
 *
 * <p>Each session that ends is told once. Of sessions that end on another machine it is told
 * without such an order, if the table tells of them at all.
 */
public interface SessionListener {

  /**
   * Sessions of a user ended.
   *
   * @param event which
   */
  default void ended(Ended event) {}

  /**
   * Sessions of a user got a newly read credential.
   *
   * @param event which
   */
  default void refreshed(Refreshed event) {}

  /**
   * Sessions of one user that ended together.
   *
   * @param user whose
   * @param reason why
   * @param all whether an operation ended all sessions that the user had in the realm; that is told
   *     also if there was none
   * @param sessions which, oldest first. Their number is known at once; the sessions themselves may
   *     be read from the table when the list is first looked into, and that is possible only until
   *     {@link SessionListener#ended} returns
   */
  record Ended(UserInRealm user, EndReason reason, boolean all, List<EndedSession> sessions) {}

  /**
   * A session that ended.
   *
   * @param id its id
   * @param server the server at which the user signed in
   */
  record EndedSession(SessionId id, String server) {}

  /**
   * Sessions of one user that were refreshed together.
   *
   * @param user whose
   * @param session which; null for all that the user has
   * @param report how many, and what changed
   */
  record Refreshed(UserInRealm user, @Nullable SessionId session, RefreshReport report) {}

  /** A listener that hears; closing it ends that, and closing it again does nothing. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
