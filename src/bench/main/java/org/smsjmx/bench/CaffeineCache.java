package org.smsjmx.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.UUID;

/** A cache that drops what was not used, with an index by user beside it. */
final class CaffeineCache implements Peer {

  private final IdsByUser byUser = new IdsByUser();
  private final Cache<String, Entry> sessions =
      Caffeine.newBuilder()
          .expireAfterAccess(Duration.ofMinutes(10))
          .removalListener(this::removed)
          .executor(Runnable::run)
          .build();

  private static final class Entry {
    private final String user;
    private volatile Known known;

    Entry(String user, Known known) {
      this.user = user;
      this.known = known;
    }
  }

  private void removed(String id, Entry entry, RemovalCause cause) {
    byUser.leave(entry.user, id);
  }

  @Override
  public Object newId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public Object signIn(Object id, String user, Known known) {
    String key = (String) id;
    sessions.put(key, new Entry(user, known));
    byUser.enter(user, key);
    return id;
  }

  @Override
  public boolean touch(Object id) {
    return sessions.getIfPresent((String) id) != null;
  }

  @Override
  public boolean signOut(Object id) {
    return sessions.asMap().remove((String) id) != null;
  }

  @Override
  public int terminateAll(String user) {
    int ended = 0;
    for (String id : byUser.remove(user)) {
      ended += sessions.asMap().remove(id) == null ? 0 : 1;
    }
    return ended;
  }

  @Override
  public int refreshAll(String user, Known fresh) {
    Refreshing refreshing = new Refreshing(fresh);
    for (String id : byUser.of(user)) {
      Entry entry = sessions.policy().getIfPresentQuietly(id);
      if (entry != null) {
        entry.known = refreshing.of(entry.known);
      }
    }
    return refreshing.sessions();
  }

  @Override
  public long list(String user, int maximum) {
    return byUser.page(user, maximum, sessions.policy()::getIfPresentQuietly);
  }

  @Override
  public boolean sweep() {
    sessions.cleanUp();
    return true;
  }
}
