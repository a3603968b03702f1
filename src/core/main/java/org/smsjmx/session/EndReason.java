package org.smsjmx.session;

/** Why a session ended. */
enum EndReason {
  USER_LOGGED_OUT,
  TERMINATED_BY_ADMIN,
  /** Its lifetime or its time of inactivity was over. */
  EXPIRED
}
