package org.smsjmx.session;

import org.jspecify.annotations.Nullable;

/**
 * One refresh of sessions of a user. Those that held the same before, hold the same after: the
 * rules are asked once for each credential, and not for each session.
 */
final class Refresh {

  private final RefreshRules rules;
  private final Credential fresh;
  private final long mark;
  private final long now;
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

  /** Refreshes a session, unless it is dead or carries a younger reading. Under the user's lock. */
  void apply(Entry entry) {
    Held before = entry.held();
    if (before.mark < mark && !entry.isDead()) {
      entry.hold(count(before));
      entry.counters.refreshed.increment();
    }
  }

  /** Counts one session, and returns what it holds after the refresh. */
  Held count(Held before) {
    Held after = to;
    if (after == null || !isLikeLast(before)) {
      Credential credential = rules.refreshed(before.credential, fresh);
      after = new Held.Refreshed(credential, mark, before.version() + 1, now);
      CredentialChange one = rules.change(before.credential, fresh);
      change = change.and(one);
      changes = one.changes();
      from = before;
      to = after;
    }
    sessions++;
    changed += changes ? 1 : 0;
    return after;
  }

  private boolean isLikeLast(Held before) {
    Held last = from;
    return last == before
        || (last != null
            && last.credential == before.credential
            && last.version() == before.version());
  }

  RefreshReport report() {
    return new RefreshReport(sessions, changed, change);
  }
}
