package org.smsjmx.session.memory;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionListener.EndedSession;

/**
 * The sessions that one {@code terminateAll} ended. Listeners get it as a list: the number is
 * known, and the ids are read from the slots when a listener first asks. So a listener that does
 * not ask costs nothing for each session.
 *
 * <p><b>The slots are read only while they are still those of the sessions</b>: {@link #leaveTo}
 * closes the list before it hands them to the {@link Sweep}.
 */
final class EndedTogether extends AbstractList<EndedSession> {

  private final Tally tally;
  private final SlotReference[] inline;
  private final int terminated;
  private final @Nullable Chunks chunks;
  private @Nullable List<EndedSession> filled;
  private boolean closed;

  /**
   * Makes the list.
   *
   * @param tally how many were terminated at each server
   * @param inline those that were in no chunk
   * @param terminated how many of these; behind them stand those that had expired
   * @param chunks all others, null if there were none
   */
  EndedTogether(Tally tally, SlotReference[] inline, int terminated, @Nullable Chunks chunks) {
    this.tally = tally;
    this.inline = inline;
    this.terminated = terminated;
    this.chunks = chunks;
  }

  @Override
  public int size() {
    return tally.total();
  }

  Tally tally() {
    return tally;
  }

  @Override
  public synchronized EndedSession get(int index) {
    if (filled == null) {
      if (closed) {
        throw new IllegalStateException("the sessions can be read only while a listener is told");
      }
      filled = read();
    }
    return filled.get(index);
  }

  private List<EndedSession> read() {
    List<EndedSession> all = new ArrayList<>(size());
    for (int i = 0; i < terminated; i++) {
      all.add(read(inline[i]));
    }
    forEachChunked(session -> all.add(read(session)));
    return all;
  }

  private static EndedSession read(SlotReference session) {
    return new EndedSession(session.id(), session.counters().server);
  }

  private void forEachChunked(Consumer<SlotReference> action) {
    if (chunks != null) {
      for (Chunk chunk : chunks.toList()) {
        for (SlotReference session : chunk.first(Integer.MAX_VALUE)) {
          action.accept(session);
        }
      }
    }
  }

  /** Passes on all slots, also those of sessions that had expired. */
  void forEachSlot(Consumer<SlotReference> action) {
    for (SlotReference session : inline) {
      action.accept(session);
    }
    forEachChunked(action);
  }

  /** Leaves the slots to the sweep; what a listener has read stays. */
  void leaveTo(Sweep sweep) {
    synchronized (this) {
      closed = true;
    }
    sweep.ended(this);
  }
}
