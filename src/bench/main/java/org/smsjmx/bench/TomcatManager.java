package org.smsjmx.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.Session;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.util.StandardSessionIdGenerator;

/** Tomcat's sessions of one web application. */
final class TomcatManager implements Peer {

  private final StandardManager manager = new StandardManager();
  private final StandardSessionIdGenerator ids = new StandardSessionIdGenerator();

  TomcatManager() {
    StandardContext context = new StandardContext();
    context.setName("/bench");
    context.setSessionTimeout(10);
    manager.setContext(context);
    manager.setSessionIdGenerator(ids);
  }

  @Override
  public Object newId() {
    return ids.generateSessionId();
  }

  @Override
  public Object signIn(Object id, String user, Known known) {
    Session session = manager.createSession((String) id);
    session.setAuthType("FORM");
    session.setPrincipal(known);
    return id;
  }

  @Override
  public boolean touch(Object id) {
    Session session = find((String) id);
    if (session == null || !session.isValid()) {
      return false;
    }
    session.access();
    session.endAccess();
    return true;
  }

  private Session find(String id) {
    try {
      return manager.findSession(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean signOut(Object id) {
    Session session = find((String) id);
    if (session == null) {
      return false;
    }
    session.expire();
    return true;
  }

  private List<Session> of(String user) {
    List<Session> found = new ArrayList<>();
    for (Session session : manager.findSessions()) {
      if (session.getPrincipal().getName().equals(user)) {
        found.add(session);
      }
    }
    return found;
  }

  @Override
  public int terminateAll(String user) {
    List<Session> found = of(user);
    found.forEach(Session::expire);
    return found.size();
  }

  @Override
  public int refreshAll(String user, Known fresh) {
    Refreshing refreshing = new Refreshing(fresh);
    for (Session session : of(user)) {
      session.setPrincipal(refreshing.of((Known) session.getPrincipal()));
    }
    return refreshing.sessions();
  }

  @Override
  public long list(String user, int maximum) {
    return of(user).size();
  }

  @Override
  public boolean sweep() {
    manager.processExpires();
    return true;
  }
}
