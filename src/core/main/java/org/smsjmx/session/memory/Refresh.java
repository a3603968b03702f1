package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.CredentialChange;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.RefreshRules;

/**
 * One refresh of sessions of a user. Sessions that shared a credential before share one after: the
 * rules are asked once for each credential, and not for each session.
 *
 * <p><b>A session gets what was read under the name by which it signed in</b>, or nothing: only
 * sessions of the first spelling share a credential without overriding it.
 */
final class Refresh {

  private final RefreshRules rules;
  private final @Nullable Credential fresh;
  private final Map<String, Credential> bySpelling;
  private final long epoch;
  private final long now;
  private final Tally refreshed = new Tally();
  private int sessions;
  private int changed;
  private CredentialChange change = CredentialChange.NONE;
  private @Nullable CredentialVersion from;
  private @Nullable Credential by;
  private @Nullable CredentialVersion to;
  private boolean changes;
  private int kept;
  private final List<String> keptKinds = new ArrayList<>();
  private @Nullable CredentialVersion asked;
  private boolean isFixed;

  /**
   * Begins.
   *
   * @param fresh what was read under the first spelling of the user's name, null if nothing
   * @param bySpelling what was read under the others
   */
  Refresh(
      RefreshRules rules,
      @Nullable Credential fresh,
      Map<String, Credential> bySpelling,
      long epoch,
      long now) {
    this.rules = rules;
    this.fresh = fresh;
    this.bySpelling = bySpelling;
    this.epoch = epoch;
    this.now = now;
  }

  /**
   * Refreshes neighbours, but not those that carry a younger reading. Under the user's lock.
   *
   * @param shared the credential of those that override none
   * @return what they are to share now
   */
  CredentialVersion apply(SlotReference[] sessions, CredentialVersion shared) {
    // in passes: the processor fetches many slots from memory at once, but not across a write
    // barrier or so much as the rules do; first all reads, then the rules, then all writes
    @Nullable CredentialVersion[] own = new @Nullable CredentialVersion[sessions.length];
    @Nullable Credential[] read = new @Nullable Credential[sessions.length];
    Counters[] servers = new Counters[sessions.length];
    for (int i = 0; i < sessions.length; i++) {
      own[i] = sessions[i].override();
      read[i] = readFor(sessions[i]);
      servers[i] = sessions[i].counters();
    }
    CredentialVersion sharedAfter = null;
    for (int i = 0; i < sessions.length; i++) {
      CredentialVersion before = own[i];
      CredentialVersion after = after(servers[i], before == null ? shared : before, read[i]);
      if (before != null) {
        own[i] = after;
      } else {
        sharedAfter = after != null ? after : shared;
      }
    }
    for (int i = 0; i < sessions.length; i++) {
      CredentialVersion after = own[i];
      if (after != null) {
        sessions[i].override(after);
      }
    }
    return sharedAfter != null ? sharedAfter : unused(shared);
  }

  /**
   * Refreshes neighbours that all share one credential, unless that is a younger reading. Under the
   * user's lock.
   *
   * @param tally how many there are at each server
   * @param shared their credential
   * @return what they are to share now
   */
  CredentialVersion apply(Tally tally, CredentialVersion shared) {
    if (tally.total() == 0) {
      return unused(shared);
    }
    if (shared.epoch >= epoch || keeps(shared, tally.total()) || fresh == null) {
      return shared;
    }
    refreshed.add(tally);
    return count(shared, fresh, tally.total());
  }

  /** Returns what replaces a shared credential that no session has, so that it is not retained. */
  private CredentialVersion unused(CredentialVersion shared) {
    return fresh != null && shared.epoch < epoch ? new CredentialVersion(fresh, epoch) : shared;
  }

  /**
   * Refreshes the sessions of a chunk, by one write if all share one credential: sessions that have
   * ended since the refresh began, and are still in it, count as refreshed before they ended. Under
   * the user's lock.
   */
  void apply(Chunk chunk) {
    CredentialVersion shared = chunk.shared();
    if (chunk.sharesOne()) {
      chunk.share(apply(chunk.tally(), shared));
    } else if (!chunk.hasEnded()) {
      chunk.share(apply(chunk.first(Integer.MAX_VALUE), shared));
    }
  }

  /** Refreshes one session, unless it carries a younger reading. Under the user's lock. */
  void apply(SlotReference session) {
    CredentialVersion before = session.credential();
    CredentialVersion after = before == null ? null : after(session.counters(), before, fresh);
    if (after != null) {
      session.override(after);
    }
  }

  /** Counts neighbours as if they were refreshed. Under the user's lock. */
  void count(SlotReference[] sessions, CredentialVersion shared) {
    for (SlotReference session : sessions) {
      CredentialVersion own = session.override();
      CredentialVersion before = own == null ? shared : own;
      Credential read = readFor(session);
      if (!keeps(before, 1) && read != null) {
        count(before, read, 1);
      }
    }
  }

  /** Counts sessions that all share one credential as if they were refreshed. */
  void countShared(CredentialVersion shared, int number) {
    if (!keeps(shared, number) && fresh != null) {
      count(shared, fresh, number);
    }
  }

  /** Counts the sessions of a chunk as if they were refreshed. Under the user's lock. */
  void count(Chunk chunk) {
    if (!chunk.sharesOne()) {
      if (!chunk.hasEnded()) {
        count(chunk.first(Integer.MAX_VALUE), chunk.shared());
      }
    } else if (chunk.size() > 0) {
      countShared(chunk.shared(), chunk.size());
    }
  }

  /** Returns what was read under the name by which a session signed in, null if nothing. */
  private @Nullable Credential readFor(SlotReference session) {
    String spelling = session.spelling();
    return spelling == null ? fresh : bySpelling.get(spelling);
  }

  /**
   * Returns a session's credential after the refresh, and counts it; null if it is younger, or none
   * was read.
   */
  private @Nullable CredentialVersion after(
      Counters server, CredentialVersion before, @Nullable Credential read) {
    if (before.epoch >= epoch || keeps(before, 1) || read == null) {
      return null;
    }
    refreshed.add(server, 1);
    return count(before, read, 1);
  }

  /** Counts sessions that share a credential and keep it; returns whether they do. */
  private boolean keeps(CredentialVersion shared, int number) {
    if (asked != shared) {
      asked = shared;
      String kind = shared.credential().fixed();
      isFixed = kind != null;
      if (kind != null) {
        keptKinds.add(kind);
      }
    }
    kept += isFixed ? number : 0;
    return isFixed;
  }

  /** Counts sessions that share a credential, and returns what they share after the refresh. */
  private CredentialVersion count(CredentialVersion before, Credential read, int number) {
    CredentialVersion after = to;
    if (after == null || !isLikeLast(before, read)) {
      RefreshRules.Refreshed one = rules.refresh(before.credential(), read);
      after = new CredentialVersion.Refreshed(one.credential(), epoch, before.version() + 1, now);
      change = change.and(one.change());
      changes = one.change().changes();
      from = before;
      by = read;
      to = after;
    }
    sessions += number;
    changed += changes ? number : 0;
    return after;
  }

  @SuppressWarnings("ReferenceEquality") // one reading of the registry is one object
  private boolean isLikeLast(CredentialVersion before, Credential read) {
    CredentialVersion last = from;
    return by == read
        && (last == before
            || (last != null && last.sharesWith(before) && last.version() == before.version()));
  }

  /** Counts the refresh at the servers, and returns what it did. */
  RefreshReport end() {
    refreshed.forEach((server, number) -> server.refreshed.add(number));
    return report();
  }

  /** Returns what was counted, or what a refresh would do. */
  RefreshReport report() {
    return new RefreshReport(sessions, changed, change, kept, keptKinds);
  }
}
