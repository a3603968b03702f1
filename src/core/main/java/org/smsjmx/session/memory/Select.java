package org.smsjmx.session.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smsjmx.session.SelectedSessions;
import org.smsjmx.session.Selection;
import org.smsjmx.session.Session;
import org.smsjmx.session.UserPattern;

/** One look for the sessions of a realm that a selection is about. */
final class Select {

  private final TableContext table;
  private final Selection selection;
  private final String realm;
  private final long now;
  private final long offset;
  private final Instant at;
  private final Selected selected;
  private final Map<String, Long> byServer = new TreeMap<>();
  private final List<Session> first = new ArrayList<>();
  private long users;

  /**
   * Finds nothing yet.
   *
   * @param now when ages are judged
   */
  Select(TableContext table, Selection selection, String realm, long now) {
    this.table = table;
    this.selection = selection;
    this.realm = realm;
    this.now = now;
    this.offset = table.clock().offsetMillis();
    this.at = Instant.ofEpochMilli(now + offset);
    this.selected = new Selected(table, selection);
  }

  /**
   * Runs once.
   *
   * @param shown how many sessions to show at most
   */
  SelectedSessions run(int shown) {
    RealmUsers inRealm = table.realms().get(realm);
    if (inRealm != null) {
      UserPattern meant = selection.users();
      if (meant == null) {
        inRealm.byUser().forEach(user -> addAll(user, shown));
      } else if (meant.isName()) {
        UserSessions user = inRealm.byUser().find(meant.user(realm));
        if (user != null) {
          addAll(user, shown);
        }
      } else {
        inRealm
            .byUser()
            .forEach(
                user -> {
                  if (meant.matches(user.key())) {
                    addAll(user, shown);
                  }
                });
      }
    }
    return new SelectedSessions(selected, selected.size(), users, byServer, first);
  }

  private void addAll(UserSessions user, int shown) {
    List<Session> found = new ArrayList<>();
    user.forEachId(
        id -> {
          Session session = Selected.find(table, id, now, offset);
          if (session != null && selection.selects(session, at)) {
            found.add(session);
          }
        });
    int matched = Math.max(0, found.size() - selection.keepNewest());
    users += matched > 0 ? 1 : 0;
    for (Session session : found.subList(0, matched)) {
      selected.add(session.id());
      byServer.merge(session.server(), 1L, Long::sum);
      if (first.size() < shown) {
        first.add(session);
      }
    }
  }
}
