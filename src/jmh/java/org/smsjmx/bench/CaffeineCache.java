package org.smsjmx.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A cache that drops what was not used, with an index by user beside it. */
final class CaffeineCache implements Peer {

  private final ConcurrentHashMap<String, Set<String>> byUser = new ConcurrentHashMap<>();
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
    byUser.computeIfPresent(
        entry.user,
        (u, ids) -> {
          ids.remove(id);
          return ids.isEmpty() ? null : ids;
        });
  }

  @Override
  public Object newId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public void signIn(Object id, String user, Known known) {
    String key = (String) id;
    sessions.put(key, new Entry(user, known));
    byUser.compute(
        user,
        (u, ids) -> {
          Set<String> all = ids == null ? ConcurrentHashMap.newKeySet() : ids;
          all.add(key);
          return all;
        });
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
    Set<String> ids = byUser.remove(user);
    int ended = 0;
    if (ids != null) {
      for (String id : ids) {
        ended += sessions.asMap().remove(id) == null ? 0 : 1;
      }
    }
    return ended;
  }

  @Override
  public int refreshAll(String user, Known fresh) {
    Refreshing refreshing = new Refreshing(fresh);
    for (String id : byUser.getOrDefault(user, Set.of())) {
      Entry entry = sessions.policy().getIfPresentQuietly(id);
      if (entry != null) {
        entry.known = refreshing.of(entry.known);
      }
    }
    return refreshing.sessions();
  }

  @Override
  public long list(String user, int maximum) {
    Set<String> ids = byUser.getOrDefault(user, Set.of());
    List<Entry> shown = new ArrayList<>();
    for (String id : ids) {
      if (shown.size() == maximum) {
        break;
      }
      Entry entry = sessions.policy().getIfPresentQuietly(id);
      if (entry != null) {
        shown.add(entry);
      }
    }
    return ids.size();
  }

  @Override
  public boolean sweep() {
    sessions.cleanUp();
    return true;
  }
}
