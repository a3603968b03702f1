package org.smsjmx.session.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SelectedSessions;
import org.smsjmx.session.Selection;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.TerminationReport;

/** Sessions that were selected, by user; 16 bytes each. */
final class Selected implements SelectedSessions.Members {

  /** How many sessions of a user are ended before its lock is released. */
  private static final int AT_ONCE = 1_024;

  private static final int FEWEST_PLACES = 16;

  private final TableContext table;
  private final Selection selection;

  /** Both halves of each id. */
  private long[] ids = new long[FEWEST_PLACES];

  private int size;

  Selected(TableContext table, Selection selection) {
    this.table = table;
    this.selection = selection;
  }

  void add(SessionId id) {
    if (2 * size == ids.length) {
      ids = Arrays.copyOf(ids, ids.length * 2);
    }
    ids[2 * size] = id.high();
    ids[2 * size + 1] = id.low();
    size++;
  }

  int size() {
    return size;
  }

  @Override
  public long memoryBytes() {
    return (long) ids.length * Long.BYTES;
  }

  /** Returns a session as it is now, null if it is not alive. */
  static @Nullable Session find(TableContext table, SessionId id, long now, long offset) {
    SlotReference slot = table.byId().find(id);
    UserSessions user = slot == null ? null : slot.user(id);
    return slot == null || user == null
        ? null
        : slot.snapshot(id, user.userInRealm(), now, offset, table.timeouts());
  }

  /** Ends all of them that are alive: it is just now that they were selected. */
  TerminationReport terminateAll() {
    return terminate(session -> true);
  }

  /** Ends those that are selected still. */
  TerminationReport terminate(long now) {
    Instant at = Instant.ofEpochMilli(now + table.clock().offsetMillis());
    return terminate(session -> selection.selects(session, at));
  }

  private TerminationReport terminate(Predicate<Session> still) {
    Ending ending = new Ending(still);
    for (int i = 0; i < size; i++) {
      ending.add(id(i));
    }
    return ending.report();
  }

  private SessionId id(int i) {
    return new SessionId(ids[2 * i], ids[2 * i + 1]);
  }

  /** What becomes of them: those of one user are ended some at a time. */
  private final class Ending {

    private final Predicate<Session> still;
    private final Tally ended = new Tally();
    private final List<SessionId> together = new ArrayList<>();
    private @Nullable UserSessions whose;
    private long matched;
    private long survivors;

    Ending(Predicate<Session> still) {
      this.still = still;
    }

    void add(SessionId id) {
      SlotReference slot = table.byId().find(id);
      UserSessions user = slot == null ? null : slot.user(id);
      Session session = user == null ? null : find(table, id, now(), offset());
      if (user == null || session == null) {
        matched++;
      } else if (still.test(session)) {
        matched++;
        if (user != whose || together.size() == AT_ONCE) {
          end();
          whose = user;
        }
        together.add(id);
      }
    }

    private void end() {
      if (whose != null) {
        whose.terminate(together, now(), ended);
        survivors += together.stream().filter(this::isAlive).count();
        together.clear();
      }
    }

    private boolean isAlive(SessionId id) {
      return find(table, id, now(), offset()) != null;
    }

    TerminationReport report() {
      end();
      return new TerminationReport(
          matched,
          ended.total(),
          matched - ended.total() - survivors,
          survivors,
          survivors,
          ended.byServer());
    }
  }

  private long now() {
    return table.clock().elapsedMillis();
  }

  private long offset() {
    return table.clock().offsetMillis();
  }
}
