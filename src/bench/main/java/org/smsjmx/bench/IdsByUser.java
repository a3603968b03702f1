package org.smsjmx.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The index by user that one puts beside a store of sessions which has none. */
final class IdsByUser {

  private final ConcurrentHashMap<String, Set<String>> ids = new ConcurrentHashMap<>();

  void enter(String user, String id) {
    ids.compute(
        user,
        (u, before) -> {
          Set<String> all = before == null ? ConcurrentHashMap.newKeySet() : before;
          all.add(id);
          return all;
        });
  }

  void leave(String user, String id) {
    ids.computeIfPresent(
        user,
        (u, all) -> {
          all.remove(id);
          return all.isEmpty() ? null : all;
        });
  }

  /** Returns the ids of a user's sessions. */
  Set<String> of(String user) {
    return ids.getOrDefault(user, Set.of());
  }

  /**
   * Reads a user's first sessions, as a page shows them.
   *
   * @param maximum how many
   * @param find returns the session with an id, null if it has ended
   * @return how many the user has
   */
  long page(String user, int maximum, Function<String, ?> find) {
    Set<String> all = of(user);
    List<Object> shown = new ArrayList<>();
    for (String id : all) {
      if (shown.size() == maximum) {
        break;
      }
      Object session = find.apply(id);
      if (session != null) {
        shown.add(session);
      }
    }
    return all.size();
  }

  /** Returns the ids of a user's sessions, and forgets them. */
  Set<String> remove(String user) {
    Set<String> removed = ids.remove(user);
    return removed == null ? Set.of() : removed;
  }
}
