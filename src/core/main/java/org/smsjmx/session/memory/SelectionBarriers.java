package org.smsjmx.session.memory;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.Selection;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SignIn.Refused;
import org.smsjmx.session.UserInRealm;

/**
 * The barriers of one realm that operations on selections have raised: they refuse the sign-ins of
 * earlier epochs that would have been selected. The {@value #MOST} last ones are kept; a sign-in
 * that began before one that is forgotten is refused, since that may have been about it.
 *
 * <p><b>{@link #highest} is no lower than any barrier</b>, and is written after them: a sign-in
 * that sees it sees them, and one that began later need not look.
 */
final class SelectionBarriers {

  private static final int MOST = 64;

  private volatile List<Barrier> barriers = List.of();
  private volatile long forgotten;
  private volatile long highest;

  private record Barrier(Selection selection, Instant at, long epoch) {}

  /**
   * Refuses the sign-ins of earlier epochs that are selected.
   *
   * @param at when the selection was made
   * @param epoch a new one
   */
  synchronized void raise(Selection selection, Instant at, long epoch) {
    List<Barrier> all = barriers;
    if (all.size() == MOST) {
      forgotten = Math.max(forgotten, all.get(0).epoch);
      all = all.subList(1, MOST);
    }
    barriers = Stream.concat(all.stream(), Stream.of(new Barrier(selection, at, epoch))).toList();
    highest = Math.max(highest, epoch);
  }

  /**
   * Returns why a sign-in may not enter, null if it may.
   *
   * @param begun epoch in which it began
   */
  @Nullable Refused refused(
      UserInRealm user, String server, Credential credential, SessionFacts facts, long begun) {
    if (highest <= begun) {
      return null;
    }
    for (Barrier barrier : barriers) {
      if (barrier.epoch > begun
          && barrier.selection.selectsSignIn(user, server, credential, facts, barrier.at)) {
        return Refused.TERMINATED;
      }
    }
    return forgotten > begun ? Refused.OUTDATED : null;
  }
}
