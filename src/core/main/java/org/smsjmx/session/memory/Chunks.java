package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * The sessions of a user with very many, in chunks that are looked through one at a time. One write
 * ends them all, and a tally says how many are at each server without going through them. All
 * methods but {@link #hasEnded} and {@link #earliest} need the user's lock.
 *
 * <p><b>The end of the chunks counts the sessions in them</b>: with it the user drops all chunks,
 * so no thread can take a session out and count it again.
 */
final class Chunks {

  private final UserSessions user;
  private final int chunkSize;
  private final List<Chunk> chunks = new ArrayList<>();

  /** No session in them has an earlier deadline; read without the lock, too. */
  private volatile long earliest = Long.MAX_VALUE;

  /** The sum of the chunks' tallies, so that all are counted in one step. */
  private final Tally tally = new Tally();

  private volatile boolean ended;

  Chunks(UserSessions user, int chunkSize) {
    this.user = user;
    this.chunkSize = chunkSize;
  }

  /** Returns the chunk for the next session, whose credential this is. */
  Chunk open(CredentialVersion credential) {
    Chunk last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
    if (last == null || last.size() == chunkSize) {
      last = new Chunk(this, credential);
      chunks.add(last);
    }
    return last;
  }

  UserSessions user() {
    return user;
  }

  void add(SlotReference session, Chunk chunk, long deadline) {
    chunk.add(session);
    tally.add(session.counters(), 1);
    lower(chunk, deadline);
  }

  /** Notes that a session of a chunk has an earlier deadline than before. */
  void lower(Chunk chunk, long deadline) {
    chunk.lower(deadline);
    if (deadline < earliest) {
      earliest = deadline;
    }
  }

  /** Takes a session out of its chunk. */
  void remove(SlotReference session, Chunk chunk) {
    chunk.remove(session);
    removed(session, chunk);
  }

  /** Ends the sessions of a chunk that are due and takes them out. */
  SlotReference[] removeDue(Chunk chunk, long now) {
    SlotReference[] due = chunk.removeDue(now);
    if (due == null) {
      return new SlotReference[0];
    }
    for (SlotReference session : due) {
      removed(session, chunk);
    }
    return due;
  }

  private void removed(SlotReference session, Chunk chunk) {
    tally.add(session.counters(), -1);
    if (chunk.size() == 0) {
      chunks.remove(chunk);
    }
  }

  /** Ends all; returns how many that are, for the caller to count. */
  Tally end() {
    ended = true;
    return tally;
  }

  boolean hasEnded() {
    return ended;
  }

  int size() {
    return tally.total();
  }

  long earliest() {
    return earliest;
  }

  /** Finds the earliest deadline after some sessions were removed. */
  void updateEarliest() {
    long first = Long.MAX_VALUE;
    for (Chunk chunk : chunks) {
      first = Math.min(first, chunk.earliest());
    }
    earliest = first;
  }

  /** Returns the chunks, oldest first. */
  List<Chunk> toList() {
    return List.copyOf(chunks);
  }
}
