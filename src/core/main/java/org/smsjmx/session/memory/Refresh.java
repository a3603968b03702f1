package org.smsjmx.session.memory;

import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.CredentialChange;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.RefreshRules;

/**
 * One refresh of sessions of a user. Those that held the same before, hold the same after: the
 * rules are asked once for each credential, and not for each session.
 */
final class Refresh {

  private final RefreshRules rules;
  private final Credential fresh;
  private final long mark;
  private final long now;
  private final PerServer refreshed = new PerServer();
  private int sessions;
  private int changed;
  private CredentialChange change = CredentialChange.NONE;
  private @Nullable Held from;
  private @Nullable Held to;
  private boolean changes;

  Refresh(RefreshRules rules, Credential fresh, long mark, long now) {
    this.rules = rules;
    this.fresh = fresh;
    this.mark = mark;
    this.now = now;
  }

  /**
   * Refreshes neighbours, but those that carry a younger reading. Under the user's lock.
   *
   * @param common what those hold that hold nothing of their own
   * @return what these are to hold now
   */
  Held apply(Entry[] entries, Held common) {
    // in passes: the processor fetches many sessions from memory at once, but not across a write
    // or so much as the rules do; first all that is asked of each, then what it is to have
    Held[] own = new Held[entries.length];
    Counters[] servers = new Counters[entries.length];
    for (int i = 0; i < entries.length; i++) {
      own[i] = entries[i].own();
      servers[i] = entries[i].counters();
    }
    Held commonAfter = null;
    for (int i = 0; i < entries.length; i++) {
      Held after = after(servers[i], own[i] == null ? common : own[i]);
      if (own[i] != null) {
        own[i] = after;
      } else if (after != null) {
        commonAfter = after;
      }
    }
    for (int i = 0; i < entries.length; i++) {
      if (own[i] != null) {
        entries[i].hold(own[i]);
      }
    }
    return commonAfter != null ? commonAfter : unused(common);
  }

  /**
   * Refreshes neighbours of whom nobody holds anything of its own, unless that is a younger
   * reading. Under the user's lock.
   *
   * @param sizes how many there are at each server
   * @param common what they hold
   * @return what they are to hold now
   */
  Held apply(PerServer sizes, Held common) {
    if (sizes.total() == 0) {
      return unused(common);
    }
    if (common.mark >= mark) {
      return common;
    }
    refreshed.add(sizes);
    return count(common, sizes.total());
  }

  /** Returns what takes the place of a common that nobody holds, so that its memory goes back. */
  private Held unused(Held common) {
    return common.mark < mark ? new Held(fresh, mark) : common;
  }

  /**
   * Refreshes the sessions of a group, in one step if all hold the same: those that have ended
   * since the refresh began, and are still in it, count as refreshed before. Under the user's lock.
   */
  void apply(Group group) {
    Held common = group.common();
    if (group.holdsInCommon()) {
      group.holdInCommon(apply(group.sizes(), common));
    } else if (!group.hasEnded()) {
      group.holdInCommon(apply(group.first(Integer.MAX_VALUE), common));
    }
  }

  /** Refreshes one session, unless it carries a younger reading. Under the user's lock. */
  void apply(Entry entry) {
    Held before = entry.held();
    Held after = before == null ? null : after(entry.counters(), before);
    if (after != null) {
      entry.hold(after);
    }
  }

  /** Counts neighbours as if they were refreshed. Under the user's lock. */
  void count(Entry[] entries, Held common) {
    for (Entry entry : entries) {
      Held own = entry.own();
      count(own == null ? common : own, 1);
    }
  }

  /** Counts the sessions of a group as if they were refreshed. Under the user's lock. */
  void count(Group group) {
    if (!group.holdsInCommon()) {
      if (!group.hasEnded()) {
        count(group.first(Integer.MAX_VALUE), group.common());
      }
    } else if (group.size() > 0) {
      count(group.common(), group.size());
    }
  }

  /** Returns what a session is to hold, and counts it; null if it is not refreshed. */
  private @Nullable Held after(Counters server, Held before) {
    if (before.mark >= mark) {
      return null;
    }
    refreshed.add(server, 1);
    return count(before, 1);
  }

  /** Counts sessions that hold the same, and returns what they hold after the refresh. */
  Held count(Held before, int number) {
    Held after = to;
    if (after == null || !isLikeLast(before)) {
      RefreshRules.Refreshed one = rules.refresh(before.credential(), fresh);
      after = new Held.Refreshed(one.credential(), mark, before.version() + 1, now);
      change = change.and(one.change());
      changes = one.change().changes();
      from = before;
      to = after;
    }
    sessions += number;
    changed += changes ? number : 0;
    return after;
  }

  private boolean isLikeLast(Held before) {
    Held last = from;
    return last == before
        || (last != null && last.sharesWith(before) && last.version() == before.version());
  }

  /** Counts the refresh at the servers, and returns what it did. */
  RefreshReport end() {
    refreshed.forEach((server, number) -> server.refreshed.add(number));
    return report();
  }

  /** Returns what was counted, or what a refresh would do. */
  RefreshReport report() {
    return new RefreshReport(sessions, changed, change);
  }
}
