package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionList;
import org.smsjmx.session.SessionTable.UserCount;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserList;

/** The first users of many after a name, or their first sessions; and how many there are in all. */
final class Page {

  private static final Comparator<Found> BY_USER =
      (one, other) -> UserSessions.compareByKey(one.user, other.user);

  private final TableContext table;
  private final @Nullable String after;
  private final @Nullable PackedName packedAfter;
  private final int maximum;
  private final long now;
  private long users;
  private long sessions;

  /** As many as the page may need; the last one first. */
  private final PriorityQueue<Found> first = new PriorityQueue<>(BY_USER.reversed());

  /** A user, and how many sessions the user had when it was looked at, one at least. */
  private record Found(UserSessions user, int size) {}

  /**
   * Has found nothing yet.
   *
   * @param after the name after which the page begins, null = with the first
   * @param maximum how many users or sessions it may hold
   */
  Page(TableContext table, @Nullable String after, int maximum, long now) {
    this.table = table;
    this.after = after == null ? null : table.names().form(after);
    this.packedAfter = this.after == null ? null : PackedName.of(this.after);
    this.maximum = maximum;
    this.now = now;
  }

  void add(UserSessions user) {
    user.expire(now);
    int size = user.size();
    if (size == 0) {
      return;
    }
    users++;
    sessions += size;
    if (maximum == 0
        || (after != null && packedAfter != null && user.compareKeyTo(packedAfter, after) <= 0)) {
      return;
    }
    Found found = new Found(user, size);
    if (first.size() < maximum) {
      first.add(found);
    } else if (BY_USER.compare(found, first.element()) < 0) {
      first.remove();
      first.add(found);
    }
  }

  private List<Found> inOrder() {
    List<Found> ordered = new ArrayList<>(first);
    ordered.sort(BY_USER);
    return ordered;
  }

  UserList users() {
    return new UserList(
        users,
        sessions,
        inOrder().stream().map(found -> new UserCount(found.user.name(), found.size)).toList());
  }

  SessionList sessions() {
    long matched = sessions;
    List<Session> page = new ArrayList<>();
    for (Found found : inOrder()) {
      UserSessions user = found.user;
      List<SessionId> ids = user.part(0, maximum - page.size(), false).ids();
      List<Session> alive = shown(table, user, ids, now);
      matched -= ids.size() - alive.size();
      page.addAll(alive);
    }
    return new SessionList(Math.max(matched, page.size()), page);
  }

  /** Returns those of a user's sessions that are alive still. */
  static List<Session> shown(TableContext table, UserSessions user, List<SessionId> ids, long now) {
    long offset = table.clock().offsetMillis();
    UserInRealm usual = user.userInRealm();
    List<Session> alive = new ArrayList<>(ids.size());
    for (SessionId id : ids) {
      SlotReference slot = table.byId().find(id);
      Session session =
          slot == null ? null : slot.snapshot(id, usual, now, offset, table.timeouts());
      if (session != null) {
        alive.add(session);
      }
    }
    return alive;
  }
}
