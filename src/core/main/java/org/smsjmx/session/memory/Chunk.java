package org.smsjmx.session.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionTimeouts;

/**
 * A chunk of a user's sessions, in the order of their sign-ins. A session stays in its chunk from
 * sign-in on. All methods but {@link #hasEnded} and {@link #shared} need the user's lock.
 *
 * <p><b>While {@link #sharesOne}, every session has the shared credential</b>: a session that gets
 * a credential of its own calls {@link #noteOverride} first.
 */
final class Chunk implements Owner {

  private static final int FEWEST_PLACES = 8;

  private final Chunks chunks;

  /** The numbers of the sessions' slots. */
  private int[] slots = new int[FEWEST_PLACES];

  private final Tally tally = new Tally();

  /** No session in it has an earlier deadline. */
  private long earliest = Long.MAX_VALUE;

  /** The credential of all sessions in it that do not override it. */
  private volatile CredentialVersion shared;

  /** Whether a session that is or was in it overrides the shared credential. */
  private boolean overridden;

  Chunk(Chunks chunks, CredentialVersion shared) {
    this.chunks = chunks;
    this.shared = shared;
  }

  @Override
  public UserSessions user() {
    return chunks.user();
  }

  @Override
  public Chunk chunk() {
    return this;
  }

  @Override
  public CredentialVersion shared() {
    return shared;
  }

  void share(CredentialVersion refreshed) {
    shared = refreshed;
  }

  /** Returns whether no session in it overrides the shared credential. */
  boolean sharesOne() {
    return !overridden;
  }

  @Override
  public void noteOverride() {
    overridden = true;
  }

  void add(SlotReference session) {
    int size = size();
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, size * 2);
    }
    slots[size] = session.slot();
    tally.add(session.counters(), 1);
  }

  void lower(long deadline) {
    earliest = Math.min(earliest, deadline);
  }

  /** Takes out a session that is in it. */
  void remove(SlotReference session) {
    int last = size() - 1;
    int place = 0;
    while (slots[place] != session.slot()) {
      place++;
    }
    System.arraycopy(slots, place + 1, slots, place, last - place);
    tally.add(session.counters(), -1);
    shrink();
  }

  /**
   * Ends the sessions that are due and takes them out.
   *
   * @return those, null if none can be due
   */
  SlotReference @Nullable [] removeDue(long now) {
    if (now < earliest) {
      return null;
    }
    SessionTimeouts timeouts = user().timeouts();
    SlotReference[] all = first(Integer.MAX_VALUE);
    SlotReference[] due = new SlotReference[all.length];
    int removed = 0;
    int kept = 0;
    long next = Long.MAX_VALUE;
    for (SlotReference session : all) {
      if (session.endIfDue(now, timeouts)) {
        due[removed++] = session;
        tally.add(session.counters(), -1);
      } else {
        next = Math.min(next, session.deadline(timeouts));
        slots[kept++] = session.slot();
      }
    }
    earliest = next;
    shrink();
    return Arrays.copyOf(due, removed);
  }

  private void shrink() {
    int size = size();
    if (size < slots.length / 4 && slots.length > FEWEST_PLACES) {
      slots = Arrays.copyOf(slots, Math.max(FEWEST_PLACES, Integer.highestOneBit(size) * 2));
    }
  }

  /** Returns whether all have ended, with all chunks of the user. */
  boolean hasEnded() {
    return chunks.hasEnded();
  }

  int size() {
    return tally.total();
  }

  Tally tally() {
    return tally;
  }

  long earliest() {
    return earliest;
  }

  /** Returns the oldest sessions, oldest first. */
  SlotReference[] first(int maximum) {
    return user().sessions(slots, Math.min(size(), maximum));
  }

  /** Returns some sessions that are side by side, the oldest first. */
  SlotReference[] part(int from, int maximum) {
    int[] some = Arrays.copyOfRange(slots, from, from + Math.min(size() - from, maximum));
    return user().sessions(some, some.length);
  }
}
