package org.smsjmx.bench;

/**
 * A store of sessions, used as its users use it. What it has no operation for is done the way that
 * is left: look at all sessions and treat each that is the user's.
 */
interface Peer {

  /** Makes an id, as the store makes its own, or what is random in it. */
  Object newId();

  /**
   * Signs a user in.
   *
   * @param id from {@link #newId}
   * @param user user name, a String of its own for each sign-in
   * @param known from the registry, the same for all sessions of the user
   * @return the id by which the session is found
   */
  Object signIn(Object id, String user, Known known);

  /** Looks a session up and records its use; returns whether it is alive. */
  boolean touch(Object id);

  /** Ends one session; returns whether it was alive. */
  boolean signOut(Object id);

  /** Ends all sessions of a user; returns how many. */
  int terminateAll(String user);

  /**
   * Gives all sessions of a user what the registry says now, by the rules.
   *
   * @return how many, -1 if its sessions hold nothing of the user
   */
  int refreshAll(String user, Known fresh);

  /**
   * Lists sessions of a user.
   *
   * @param user user name
   * @param maximum how many to show at most
   * @return the exact number of sessions
   */
  long list(String user, int maximum);

  /**
   * Lists sessions of all users.
   *
   * @return the exact number of sessions, -1 if it cannot
   */
  default long listAll(int maximum) {
    return -1;
  }

  /** Ends the sessions that are due; returns whether it can. */
  boolean sweep();

  /**
   * Makes a session alive again that {@link #terminateAll} has only marked; not measured.
   *
   * @return whether it is; false if it must be signed in anew
   */
  default boolean revive(Object id, String user) {
    return false;
  }
}
