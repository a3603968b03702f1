package org.smsjmx.bench;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.shiro.session.Session;
import org.apache.shiro.session.UnknownSessionException;
import org.apache.shiro.session.mgt.DefaultSessionKey;
import org.apache.shiro.session.mgt.DefaultSessionManager;
import org.apache.shiro.session.mgt.SimpleSession;
import org.apache.shiro.session.mgt.eis.MemorySessionDAO;

/** Shiro's native sessions in memory. */
final class ShiroManager implements Peer {

  private static final String USER = "principals";
  private static final long INACTIVE_MILLIS = 600_000;

  private final GivenIds sessions = new GivenIds();
  private final DefaultSessionManager manager = new DefaultSessionManager();

  ShiroManager() {
    manager.setSessionDAO(sessions);
    manager.setSessionValidationSchedulerEnabled(false);
  }

  /** Takes the id that the session already has. */
  private static final class GivenIds extends MemorySessionDAO {
    @Override
    protected Serializable generateSessionId(Session session) {
      return session.getId();
    }
  }

  @Override
  public Object newId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public Object signIn(Object id, String user, Known known) {
    SimpleSession session = new SimpleSession();
    session.setId((String) id);
    session.setTimeout(INACTIVE_MILLIS);
    session.setAttribute(USER, known);
    sessions.create(session);
    return id;
  }

  @Override
  public boolean touch(Object id) {
    try {
      manager.touch(new DefaultSessionKey((String) id));
      return true;
    } catch (UnknownSessionException e) {
      return false;
    }
  }

  @Override
  public boolean signOut(Object id) {
    manager.stop(new DefaultSessionKey((String) id));
    return true;
  }

  private List<Session> of(String user) {
    List<Session> found = new ArrayList<>();
    for (Session session : sessions.getActiveSessions()) {
      if (((Known) session.getAttribute(USER)).getName().equals(user)) {
        found.add(session);
      }
    }
    return found;
  }

  @Override
  public int terminateAll(String user) {
    List<Session> found = of(user);
    found.forEach(session -> manager.stop(new DefaultSessionKey(session.getId())));
    return found.size();
  }

  @Override
  public int refreshAll(String user, Known fresh) {
    Refreshing refreshing = new Refreshing(fresh);
    for (Session session : of(user)) {
      session.setAttribute(USER, refreshing.of((Known) session.getAttribute(USER)));
      sessions.update(session);
    }
    return refreshing.sessions();
  }

  @Override
  public long list(String user, int maximum) {
    return of(user).size();
  }

  @Override
  public boolean sweep() {
    manager.validateSessions();
    return true;
  }
}
