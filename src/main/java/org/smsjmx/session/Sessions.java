package org.smsjmx.session;

import java.util.ArrayList;
import java.util.List;

/**
 * Signing in and refreshing with credentials from a user registry, in the order that the table's
 * guarantees need: mark, read, enter.
 */
public final class Sessions {

  private final SessionTable table;
  private final UserRegistry registry;

  /**
   * Makes one.
   *
   * @param table holds the sessions
   * @param registry gives the credentials
   */
  public Sessions(SessionTable table, UserRegistry registry) {
    this.table = table;
    this.registry = registry;
  }

  /** Returns the table. */
  public SessionTable table() {
    return table;
  }

  /**
   * Signs a user in.
   *
   * @param user who
   * @param server at which server
   * @return the new session's id
   * @throws UserRegistry.UnknownUserException if the registry has no such user
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer
   */
  public SessionId signIn(UserInRealm user, String server) {
    return signIn(user, server, 1).get(0);
  }

  /**
   * Signs a user in several times, with as few readings of the registry as the guarantees allow.
   *
   * @param user who
   * @param server at which server
   * @param count how often, at least 1
   * @return the new sessions' ids
   * @throws UserRegistry.UnknownUserException if the registry has no such user
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer
   */
  public List<SessionId> signIn(UserInRealm user, String server, int count) {
    List<SessionId> ids = new ArrayList<>(count);
    while (ids.size() < count) {
      long mark = table.beginSignIn(user);
      Credential credential = registry.read(user.user());
      SessionId id = table.signIn(user, server, credential, mark);
      while (id != null) {
        ids.add(id);
        id = ids.size() < count ? table.signIn(user, server, credential, mark) : null;
      }
    }
    return ids;
  }

  /**
   * Refreshes the credential of all sessions of a user in a realm.
   *
   * @param user whose
   * @return how many sessions carry the new credential
   * @throws UserRegistry.UnknownUserException if the registry has no such user; nothing is changed
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public int refreshAll(UserInRealm user) {
    long mark = table.beginRefresh(user);
    return table.refreshAll(user, registry.read(user.user()), mark);
  }

  /**
   * Refreshes the credential of one session.
   *
   * @param session which
   * @return whether it is alive and carries a credential read after this call began
   * @throws UserRegistry.UnknownUserException if the registry has no such user; nothing is changed
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public boolean refresh(Session session) {
    long mark = table.beginRefresh(session.user());
    return table.refresh(session.id(), registry.read(session.user().user()), mark);
  }
}
