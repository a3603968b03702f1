package org.smsjmx.session;

import org.jspecify.annotations.Nullable;

/**
 * Sign-ins as most tests want them, without facts and with the credential read as they begin; and
 * the two ends that have a name.
 */
public final class SignIns {

  private SignIns() {}

  /** Makes one attempt; returns the new session's id, null if it was refused. */
  public static @Nullable SessionId enter(
      SessionTable table, UserInRealm user, String server, Credential credential, long epoch) {
    SignIn signIn = table.signIn(user, server, credential, SessionFacts.NONE, epoch, epoch);
    return signIn instanceof SignIn.Entered entered ? entered.id() : null;
  }

  /** Ends a session at its user's wish; returns whether this call did. */
  public static boolean signOut(SessionTable table, SessionId id) {
    return table.end(id, EndReason.USER_LOGGED_OUT);
  }

  /** Ends a session at an administrator's wish; returns whether this call did. */
  public static boolean terminate(SessionTable table, SessionId id) {
    return table.end(id, EndReason.TERMINATED_BY_ADMIN);
  }
}
