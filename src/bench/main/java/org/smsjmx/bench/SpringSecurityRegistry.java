package org.smsjmx.bench;

import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistryImpl;

/** Spring Security's registry of sessions. */
final class SpringSecurityRegistry implements Peer {

  private final Map<String, SessionInformation> sessions = new ConcurrentHashMap<>();
  private final ConcurrentMap<Object, Set<String>> principals = new ConcurrentHashMap<>();
  private final SessionRegistryImpl registry = new SessionRegistryImpl(principals, sessions);

  /** The registry's own set of a user's ids is copied at each sign-in: 100,000 take minutes. */
  SpringSecurityRegistry() {
    principals.put(Population.name(0), ConcurrentHashMap.newKeySet());
    principals.put(Population.name(1), ConcurrentHashMap.newKeySet());
  }

  @Override
  public Object newId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public Object signIn(Object id, String user, Known known) {
    registry.registerNewSession((String) id, user);
    return id;
  }

  @Override
  public boolean touch(Object id) {
    SessionInformation session = registry.getSessionInformation((String) id);
    if (session == null || session.isExpired()) {
      return false;
    }
    session.refreshLastRequest();
    return true;
  }

  @Override
  public boolean signOut(Object id) {
    registry.removeSessionInformation((String) id);
    return true;
  }

  @Override
  public int terminateAll(String user) {
    List<SessionInformation> sessions = registry.getAllSessions(user, false);
    sessions.forEach(SessionInformation::expireNow);
    return sessions.size();
  }

  @Override
  public int refreshAll(String user, Known fresh) {
    return -1;
  }

  @Override
  public long list(String user, int maximum) {
    return registry.getAllSessions(user, false).size();
  }

  @Override
  public boolean sweep() {
    return false;
  }

  /** Signing in again would take a copy of all the user's ids for each of them. */
  @Override
  public boolean revive(Object id, String user) {
    String key = (String) id;
    sessions.put(key, new SessionInformation(user, key, new Date()));
    return true;
  }
}
