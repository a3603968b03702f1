package org.smsjmx.session;

/** Why a session ended. */
public enum EndReason {
  /** Its user ended it. */
  USER_LOGGED_OUT,
  /** An administrator ended it. */
  TERMINATED_BY_ADMIN,
  /** Its lifetime or its time of inactivity was over. */
  EXPIRED,
  /** Its user signed in again, and may have no more sessions, see {@link SessionLimit}. */
  DISPLACED
}
