package org.smsjmx.bench;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What one writes at first: sessions by id, and the ids of each user. */
final class TwoMaps implements Peer {

  private static final long INACTIVE_MILLIS = 600_000;

  private final ConcurrentHashMap<String, Entry> byId = new ConcurrentHashMap<>();
  private final IdsByUser byUser = new IdsByUser();

  private static final class Entry {
    private final String user;
    private final long createdAt;
    private volatile long lastAccessAt;
    private volatile Known known;

    Entry(String user, Known known, long now) {
      this.user = user;
      this.known = known;
      this.createdAt = now;
      this.lastAccessAt = now;
    }

    boolean isDue(long now) {
      return now > lastAccessAt + INACTIVE_MILLIS || now > createdAt + 6 * INACTIVE_MILLIS;
    }
  }

  @Override
  public Object newId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public Object signIn(Object id, String user, Known known) {
    String key = (String) id;
    byId.put(key, new Entry(user, known, System.currentTimeMillis()));
    byUser.enter(user, key);
    return id;
  }

  @Override
  public boolean touch(Object id) {
    Entry entry = byId.get((String) id);
    long now = System.currentTimeMillis();
    if (entry == null || entry.isDue(now)) {
      return false;
    }
    entry.lastAccessAt = now;
    return true;
  }

  @Override
  public boolean signOut(Object id) {
    Entry entry = byId.remove((String) id);
    if (entry == null) {
      return false;
    }
    byUser.leave(entry.user, (String) id);
    return true;
  }

  @Override
  public int terminateAll(String user) {
    int ended = 0;
    for (String id : byUser.remove(user)) {
      ended += byId.remove(id) == null ? 0 : 1;
    }
    return ended;
  }

  @Override
  public int refreshAll(String user, Known fresh) {
    Refreshing refreshing = new Refreshing(fresh);
    for (String id : byUser.of(user)) {
      Entry entry = byId.get(id);
      if (entry != null) {
        entry.known = refreshing.of(entry.known);
      }
    }
    return refreshing.sessions();
  }

  @Override
  public long list(String user, int maximum) {
    return byUser.page(user, maximum, byId::get);
  }

  @Override
  public boolean sweep() {
    long now = System.currentTimeMillis();
    byId.forEach(
        (id, entry) -> {
          if (entry.isDue(now)) {
            signOut(id);
          }
        });
    return true;
  }
}
