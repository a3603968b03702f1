package org.smsjmx.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSession;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.Session;

/** Spring Session's sessions in memory. */
final class SpringSessionMap implements Peer {

  private static final String USER = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;
  private static final String KNOWN = "SPRING_SECURITY_CONTEXT";

  private final ConcurrentHashMap<String, Session> sessions = new ConcurrentHashMap<>();
  private final MapSessionRepository repository = new MapSessionRepository(sessions);

  @Override
  public Object newId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public Object signIn(Object id, String user, Known known) {
    MapSession session = new MapSession((String) id);
    session.setMaxInactiveInterval(Duration.ofMinutes(10));
    session.setAttribute(USER, user);
    session.setAttribute(KNOWN, known);
    repository.save(session);
    return id;
  }

  @Override
  public boolean touch(Object id) {
    MapSession session = repository.findById((String) id);
    if (session == null) {
      return false;
    }
    session.setLastAccessedTime(Instant.now());
    repository.save(session);
    return true;
  }

  @Override
  public boolean signOut(Object id) {
    repository.deleteById((String) id);
    return true;
  }

  private List<Session> of(String user) {
    List<Session> found = new ArrayList<>();
    for (Session session : sessions.values()) {
      if (user.equals(session.getAttribute(USER)) && !session.isExpired()) {
        found.add(session);
      }
    }
    return found;
  }

  @Override
  public int terminateAll(String user) {
    List<Session> found = of(user);
    found.forEach(session -> repository.deleteById(session.getId()));
    return found.size();
  }

  @Override
  public int refreshAll(String user, Known fresh) {
    Refreshing refreshing = new Refreshing(fresh);
    for (Session session : of(user)) {
      Known old = session.getRequiredAttribute(KNOWN);
      MapSession changed = new MapSession(session);
      changed.setAttribute(KNOWN, refreshing.of(old));
      repository.save(changed);
    }
    return refreshing.sessions();
  }

  @Override
  public long list(String user, int maximum) {
    return of(user).size();
  }

  @Override
  public boolean sweep() {
    return false;
  }
}
