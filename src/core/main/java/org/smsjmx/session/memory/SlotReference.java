package org.smsjmx.session.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;

/**
 * A reference to a slot of the {@link SlotArena}, by which the session in it is read and written:
 * 32 bytes and the version of its credential, which are all that most touches read, and its owner.
 * The reference is made when it is needed; the table keeps none.
 *
 * <p>The invariants, and what guards them:
 *
 * <ul>
 *   <li><b>A dead session stays dead</b> (G4): its last access goes to {@link #ENDED} by
 *       compare-and-set, under the lock of the user, where {@link UserSessions} counts each end; it
 *       changes again only when another session enters. A touch is a compare-and-set on the same
 *       word, so it cannot bring a session back. A session in a {@link Chunk} is dead also when its
 *       chunks have ended, which never goes back either.
 *   <li><b>No ABA</b>: a session that enters writes its id first and its last access last. A thread
 *       without the lock reads in the opposite order; what it read is the session's if the id is
 *       still there. Each write is a release, each read an acquire. Under the lock of its user a
 *       session that was not taken out keeps its slot.
 * </ul>
 *
 * <p>A touch that is suspended before its compare-and-set may write to the next session in the
 * slot, if that one's sign-in read the clock in the very millisecond in which the other session was
 * last used, and was suspended in turn: then that session counts as used a moment after it began.
 *
 * <p>Methods that take an id need no lock. All others need that of the user, or that the caller has
 * reserved the slot.
 *
 * @param page where it is
 * @param slot its number
 */
record SlotReference(SlotPage page, int slot) {

  /** How many words a slot takes. */
  static final int WORDS = 4;

  /* The words. The second: random bits of the id, CHUNKED, OVERRIDES, LIMITED, counters. */
  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int CREATED_AT = 2;
  private static final int LAST_ACCESS = 3;

  private static final long CHUNKED = 1L << 31;
  private static final long OVERRIDES = 1L << 30;
  private static final long LIMITED = 1L << 29;
  private static final long COUNTERS = LIMITED - 1;

  private static final int GREATEST_VERSION = 0xFF;

  /** The slot does not say the version of the credential: ask {@link #credential}. */
  private static final int ELSEWHERE = 0;

  /** Less than all times. As a word it is zero, as in a new page: times are kept as if later. */
  private static final long ENDED = Long.MIN_VALUE;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle VERSION = MethodHandles.arrayElementVarHandle(byte[].class);
  private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(Owner[].class);

  /** Enters a new session, in the order of which the invariants speak. */
  void enter(SessionId id, Owner owner, Counters counters, long now) {
    boolean chunked = owner.chunk() != null;
    set(HIGH, id.high());
    set(
        LOW,
        (id.low() & -1L << Integer.SIZE)
            | (chunked ? CHUNKED : 0)
            | (owner.override() == null ? 0 : OVERRIDES)
            | counters.number);
    set(CREATED_AT, now);
    setVersion(chunked && owner.override() == null ? ELSEWHERE : 1);
    OWNER.setRelease(page.owners(), place(), owner);
    set(LAST_ACCESS, now ^ ENDED);
  }

  /** Takes away the session, which has ended; another one may have the slot then. */
  void leave() {
    OWNER.setRelease(page.owners(), place(), (Owner) null);
  }

  private void setVersion(int version) {
    VERSION.setRelease(page.versions(), place(), (byte) version);
  }

  private int place() {
    return page.place(slot);
  }

  private int at(int word) {
    return place() * WORDS + word;
  }

  private long word(int word) {
    return (long) WORD.getAcquire(page.words(), at(word));
  }

  private void set(int word, long value) {
    WORD.setRelease(page.words(), at(word), value);
  }

  private @Nullable Owner owner() {
    return (Owner) OWNER.getAcquire(page.owners(), place());
  }

  /** Returns when it was last used; less than all times if it has ended. */
  long lastAccessAt() {
    return word(LAST_ACCESS) ^ ENDED;
  }

  private boolean setLastAccess(long seen, long now) {
    return WORD.compareAndSet(page.words(), at(LAST_ACCESS), seen ^ ENDED, now ^ ENDED);
  }

  // --- without a lock ---

  /** Returns whether the session still has the slot: then all that was read before is its own. */
  boolean is(SessionId id) {
    return word(HIGH) == id.high() && (word(LOW) ^ id.low()) >>> Integer.SIZE == 0;
  }

  /** Returns the user whose session it is; null if it has gone. */
  @Nullable UserSessions user(SessionId id) {
    Owner owner = owner();
    return owner != null && is(id) ? owner.user() : null;
  }

  /** Records an access; returns the version of the session's credential, 0 if it is not alive. */
  int touch(SessionId id, long now, SessionTimeouts timeouts) {
    while (true) {
      int version = version();
      long seen = aliveSince(id, now, timeouts);
      if (seen == ENDED) {
        return 0;
      }
      if (now <= seen || setLastAccess(seen, now)) {
        return version;
      }
    }
  }

  /** Returns the version of the credential; of the session's only if it still has the slot. */
  private int version() {
    int version = Byte.toUnsignedInt((byte) VERSION.getAcquire(page.versions(), place()));
    if (version != ELSEWHERE) {
      return version;
    }
    CredentialVersion credential = credential();
    return credential == null ? 0 : credential.version();
  }

  /**
   * Returns when the session was last used, {@link #ENDED} if it is not alive. A session that is
   * past its deadline is ended here: otherwise a touch that read the clock earlier and comes later
   * could bring it back.
   */
  private long aliveSince(SessionId id, long now, SessionTimeouts timeouts) {
    while (true) {
      long seen = lastAccessAt();
      boolean due = now >= deadline(seen, timeouts);
      boolean asksOwner = due || has(CHUNKED);
      Owner owner = asksOwner ? owner() : null;
      if (seen == ENDED || !is(id)) {
        return ENDED;
      }
      if (asksOwner) {
        if (owner == null || hasEnded(owner.chunk())) {
          return ENDED;
        }
        if (due) {
          owner.user().expire(id, now);
          continue;
        }
      }
      return seen;
    }
  }

  /** Returns the deadline of a session that was last used at a time; also without the lock. */
  private long deadline(long seen, SessionTimeouts timeouts) {
    Owner owner = has(LIMITED) ? owner() : null;
    long own = owner == null ? Owner.USUAL_LIMIT : owner.inactiveMillis();
    return own == Owner.USUAL_LIMIT
        ? timeouts.deadline(word(CREATED_AT), seen)
        : timeouts.deadline(word(CREATED_AT), seen, own);
  }

  private static boolean hasEnded(@Nullable Chunk chunk) {
    return chunk != null && chunk.hasEnded();
  }

  /**
   * Returns the session as it is now, null if it is dead.
   *
   * @param usual the user, named as at the first sign-in
   * @param offset what makes times of day of the table's times
   */
  @Nullable Session snapshot(
      SessionId id, UserInRealm usual, long now, long offset, SessionTimeouts timeouts) {
    long seen = aliveSince(id, now, timeouts);
    if (seen == ENDED) {
      return null;
    }
    CredentialVersion shown = credential();
    Owner owner = owner();
    Counters counters = counters();
    long createdAt = word(CREATED_AT);
    if (shown == null || owner == null || !is(id)) {
      return null;
    }
    Instant created = Instant.ofEpochMilli(createdAt + offset);
    long refreshedAt = shown.refreshedAt();
    return new Session(
        id,
        owner.named(usual),
        counters.server,
        created,
        seen == createdAt ? created : Instant.ofEpochMilli(seen + offset),
        timeouts.lifetimeEnd(created),
        shown.credential(),
        shown.version(),
        refreshedAt == CredentialVersion.NEVER ? null : Instant.ofEpochMilli(refreshedAt + offset),
        owner.facts());
  }

  // --- under the lock of the user ---

  /** Returns the id of the session. */
  SessionId id() {
    return SlotArena.idIn(slot, word(HIGH), word(LOW) >>> Integer.SIZE);
  }

  /** Returns the counters of the server at which the user signed in. */
  Counters counters() {
    return page.counters().at((int) (word(LOW) & COUNTERS));
  }

  /** Returns the chunk that it belongs to, null if its slot number is inline. */
  @Nullable Chunk chunk() {
    Owner owner = has(CHUNKED) ? owner() : null;
    return owner == null ? null : owner.chunk();
  }

  private boolean has(long flag) {
    return (word(LOW) & flag) != 0;
  }

  long deadline(SessionTimeouts timeouts) {
    return deadline(lastAccessAt(), timeouts);
  }

  /** Gives the session an idle limit of its own. */
  void limit(long inactiveMillis) {
    Owner owner = owner();
    if (owner == null) {
      throw new IllegalStateException("the session has gone");
    }
    OWNER.setRelease(page.owners(), place(), owner.withLimit(inactiveMillis));
    set(LOW, word(LOW) | LIMITED);
  }

  /**
   * Ends the session.
   *
   * @param lastSeen what {@link #lastAccessAt} said a moment ago
   * @return what to count: {@code EXPIRED} if its deadline had passed, else {@code reason}
   */
  EndReason end(EndReason reason, long lastSeen, long now, SessionTimeouts timeouts) {
    long seen = lastSeen;
    while (true) {
      boolean due = now >= deadline(seen, timeouts);
      if (setLastAccess(seen, ENDED)) {
        return due ? EndReason.EXPIRED : reason;
      }
      seen = lastAccessAt();
    }
  }

  /** Ends the session if its deadline has passed; returns whether it has. */
  boolean endIfDue(long now, SessionTimeouts timeouts) {
    while (true) {
      long seen = lastAccessAt();
      if (now < deadline(seen, timeouts)) {
        return false;
      }
      if (setLastAccess(seen, ENDED)) {
        return true;
      }
    }
  }

  /** Returns the session's credential; also without the lock, and then null if it has gone. */
  @Nullable CredentialVersion credential() {
    // the shared one first: a session without an override now had none when that was read
    Owner owner = owner();
    CredentialVersion shared = owner == null ? null : owner.shared();
    CredentialVersion own = override();
    return own == null ? shared : own;
  }

  /** Returns the credential that overrides the shared one, null if none does. */
  @Nullable CredentialVersion override() {
    Owner owner = has(OVERRIDES) ? owner() : null;
    return owner == null ? null : owner.override();
  }

  /** Returns the user's name as at the session's sign-in, null if that is the first one. */
  @Nullable String spelling() {
    Owner owner = has(OVERRIDES) ? owner() : null;
    return owner == null ? null : owner.spelling();
  }

  /** Overrides the shared credential. */
  void override(CredentialVersion credential) {
    Owner owner = owner();
    if (owner == null) {
      throw new IllegalStateException("the session has gone");
    }
    owner.noteOverride();
    OWNER.setRelease(page.owners(), place(), owner.withOverride(credential));
    set(LOW, word(LOW) | OVERRIDES);
    noteVersion(credential);
  }

  /**
   * Writes the version of the session's credential, after the credential itself: so a thread that
   * learns of a version finds this credential or a younger one.
   *
   * @param credential null = a touch is to ask the owner, now and after further refreshes
   */
  void noteVersion(@Nullable CredentialVersion credential) {
    int version = credential == null ? ELSEWHERE : credential.version();
    setVersion(version > GREATEST_VERSION ? ELSEWHERE : version);
  }
}
