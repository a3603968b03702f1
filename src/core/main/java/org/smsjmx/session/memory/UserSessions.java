package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionLimit;
import org.smsjmx.session.SessionListener.Ended;
import org.smsjmx.session.SessionListener.EndedSession;
import org.smsjmx.session.SessionListener.Refreshed;
import org.smsjmx.session.SessionListeners;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;

/**
 * The sessions of one user in one realm, oldest first, and the lock of all that is done to them:
 * its monitor. Operations on other users never wait for it.
 *
 * <p>The first sessions have their slot numbers inline, further ones are in {@link Chunks}; while
 * there are chunks, new sessions go there, so that the order is that of the sign-ins. The
 * invariants that this class guards:
 *
 * <ul>
 *   <li><b>A session's end is counted once</b>, and told to the listeners once: by the thread that
 *       takes it out, under the lock. A thread that finds it dead but taken out has nothing to
 *       count.
 *   <li><b>A user is in the index exactly while there are sessions</b> (G5), but for a sign-in that
 *       is about to enter one: entering, leaving and removing the user happen under the lock. A
 *       thread that waited for the lock of a removed user sees {@link #isRemoved}.
 *   <li><b>No session that is due is overlooked</b>: {@link #earliest} and that of the chunks is
 *       lowered before a session has entered or has a nearer deadline, touches only put deadlines
 *       off, and it is raised only together with a look at all sessions that it stands for.
 *   <li><b>Listeners are told outside the lock</b>: methods that take it collect {@link Endings}
 *       and tell them after its release.
 * </ul>
 */
class UserSessions extends InlineSlots implements Owner {

  /** Nothing is added to it. */
  static final Tally NONE_ENDED = new Tally();

  private final int hash;

  /* The PackedName. */
  private final long high;
  private final long low;

  private final RealmUsers realm;

  /** No inline session has an earlier deadline. */
  private volatile long earliest = Long.MAX_VALUE;

  /** Replaced under the lock; null if there are none. */
  private volatile @Nullable Chunks chunks;

  /** The credential of all inline sessions that do not override it. Set before any enters. */
  private volatile @Nullable CredentialVersion shared;

  /** Whether a session that is or was inline overrides the shared credential. */
  private boolean overridden;

  /** Whether a session signed in under another spelling than the first. */
  private boolean respelled;

  /** Whether all inline sessions without an override leave it to this user to say the version. */
  private boolean saysVersion;

  /** What the last sign-in brought, for the next one to share. */
  private @Nullable CredentialVersion lastSignIn;

  /* What lastSignIn says, so that it need not be fetched from memory. */
  private @Nullable Credential lastCredential;
  private long lastEpoch;

  private UserSessions(UserInRealm user, RealmUsers realm) {
    PackedName packed = PackedName.of(user.key());
    this.hash = user.hashCode();
    this.high = packed.high();
    this.low = packed.low();
    this.realm = realm;
  }

  /** A user whose packed name is not the name as at the first sign-in. */
  private static final class Spelled extends UserSessions {

    private final String name;

    Spelled(UserInRealm user, RealmUsers realm) {
      super(user, realm);
      this.name = user.user();
    }

    @Override
    String name() {
      return name;
    }

    @Override
    boolean isNamed(UserInRealm user) {
      return user.user().equals(name);
    }
  }

  /** Makes a user without sessions. */
  static UserSessions of(UserInRealm user, RealmUsers realm) {
    UserSessions plain = new UserSessions(user, realm);
    return plain.packed().isWhole() && plain.isNamed(user) ? plain : new Spelled(user, realm);
  }

  @Override
  final int keyHash() {
    return hash;
  }

  @Override
  final boolean is(UserInRealm user) {
    return user.hashCode() == hash && hasKey(user.key());
  }

  private boolean hasKey(String key) {
    PackedName packed = PackedName.of(key);
    return packed.high() == high && packed.low() == low && (packed.isWhole() || key.equals(key()));
  }

  private PackedName packed() {
    return new PackedName(high, low);
  }

  /** Returns the user's name as at the first sign-in. */
  String name() {
    return packed().text();
  }

  /** Returns the user's name as it is compared, see {@link UserInRealm#key}. */
  String key() {
    return packed().isWhole() ? packed().text() : table().names().form(name());
  }

  /** Compares by key, which is seldom needed as a whole. */
  static int compareByKey(UserSessions one, UserSessions other) {
    int order = one.packed().compareTo(other.packed());
    return order != 0 || one.packed().isWhole() ? order : one.key().compareTo(other.key());
  }

  /** Compares the key with another one, which is given in its packed form too. */
  int compareKeyTo(PackedName packed, String key) {
    int order = packed().compareTo(packed);
    return order != 0 || packed.isWhole() ? order : key().compareTo(key);
  }

  RealmUsers realm() {
    return realm;
  }

  /** Returns the user, named as at the first sign-in. */
  UserInRealm userInRealm() {
    return new UserInRealm(name(), realm.name(), table().names());
  }

  @Override
  public UserSessions user() {
    return this;
  }

  @Override
  public @Nullable Chunk chunk() {
    return null;
  }

  @Override
  public @Nullable CredentialVersion shared() {
    return shared;
  }

  @Override
  public void noteOverride() {
    overridden = true;
  }

  /** Returns whether the user, who is this one, is named as at the first sign-in. */
  boolean isNamed(UserInRealm user) {
    return user.user().equals(user.key());
  }

  // --- under the lock of the caller ---

  void removeIfEmpty() {
    if (inlineSize() == 0 && chunks == null && !isRemoved()) {
      remove();
    }
  }

  private void remove() {
    closeInline();
    realm.remove(this);
  }

  /**
   * Makes room for one more session under a limit: ends what is due, which does not count, and then
   * the oldest ones where the limit has it so.
   *
   * @return whether there is room
   */
  boolean makeRoom(SessionLimit limit, Endings expired, Endings displaced) {
    long now = table().clock().elapsedMillis();
    endDue(now, expired);
    int surplus = size() + 1 - limit.maximum();
    if (surplus > 0 && limit.kind() != SessionLimit.Kind.DISPLACE) {
      return false;
    }
    for (SessionId id : surplus > 0 ? part(0, surplus, false).ids() : List.<SessionId>of()) {
      SlotReference session = find(id);
      if (session != null) {
        takeOut(session);
        EndReason actual =
            session.end(EndReason.DISPLACED, session.lastAccessAt(), now, timeouts());
        ended(session, actual, actual == EndReason.EXPIRED ? expired : displaced);
      }
    }
    return true;
  }

  private void endDue(long now, Endings endings) {
    if (mayBeDue(now)) {
      expireInline(now, endings);
      for (Chunk chunk : listChunks()) {
        expireChunk(chunk, now, endings);
      }
      Chunks many = chunks;
      if (many != null) {
        many.updateEarliest();
      }
    }
  }

  /** Enters a new session. */
  SessionId signIn(
      UserInRealm named, Counters counters, Credential credential, SessionFacts facts, long epoch) {
    CredentialVersion brought = brought(credential, epoch);
    Chunks many = chunks;
    if (many == null && inlineSize() >= table().layout().inline()) {
      many = new Chunks(this, table().layout().chunkSize());
    }
    Chunk chunk = many == null ? null : many.open(brought);
    if (chunk == null && shared == null) {
      shared = brought;
    }
    Owner usual = chunk == null ? this : chunk;
    String name = isNamed(named) ? null : named.user();
    CredentialVersion own = brought == usual.shared() && name == null ? null : brought;
    respelled |= name != null;
    if (own != null) {
      usual.noteOverride();
    } else if (chunk == null) {
      saysVersion = false;
    }
    Owner sharing = own == null ? usual : new Owner.Overriding(usual, own, name);
    Owner owner = facts.isEmpty() ? sharing : new Owner.Detailed(sharing, facts, Owner.USUAL_LIMIT);
    long createdAt = table().clock().elapsedMillis();
    int slot = table().byId().reserve();
    SessionId id = table().newId().apply(slot);
    SlotReference session = table().byId().at(slot);
    session.enter(id, owner, counters, createdAt);
    counters.signedIn.increment();
    if (chunks != many) {
      chunks = many; // skip redundant volatile writes; each is a fence
    }
    long deadline = session.deadline(timeouts());
    add(session, chunk, deadline);
    table().sweep().entered(this, createdAt, deadline);
    return id;
  }

  /**
   * Returns the credential of a session that signs in: sign-ins with the same reading share it, and
   * those with equal ones part of it.
   */
  @SuppressWarnings("ReferenceEquality") // the same reading of the registry gives the same object
  private CredentialVersion brought(Credential credential, long epoch) {
    CredentialVersion last = lastSignIn;
    if (last != null && lastCredential == credential && lastEpoch == epoch) {
      return last;
    }
    CredentialVersion brought =
        last != null && last.isOf(credential)
            ? last.readIn(epoch)
            : new CredentialVersion(credential, epoch);
    lastSignIn = brought;
    lastCredential = credential;
    lastEpoch = epoch;
    return brought;
  }

  private void add(SlotReference session, @Nullable Chunk chunk, long deadline) {
    Chunks many = chunks;
    if (many != null && chunk != null) {
      many.add(session, chunk, deadline);
    } else {
      lower(deadline);
      addInline(session.slot(), session.counters());
    }
  }

  private void lower(long deadline) {
    if (deadline < earliest) {
      earliest = deadline;
    }
  }

  /**
   * Returns the session with the id; null if it has left its slot, which another session may have
   * by now, or will leave it with all others that ended together.
   */
  private @Nullable SlotReference find(SessionId id) {
    SlotReference session = isRemoved() ? null : table().byId().find(id);
    return session != null && session.user(id) == this ? session : null;
  }

  private void takeOut(SlotReference session) {
    Chunks many = chunks;
    Chunk chunk = session.chunk();
    if (many != null && chunk != null) {
      many.remove(session, chunk);
      removeChunksIfEmpty();
    } else {
      removeInline(session.slot());
    }
  }

  private void removeChunksIfEmpty() {
    Chunks many = chunks;
    if (many != null && many.size() == 0) {
      chunks = null;
    }
  }

  /** Counts the end of a session that was taken out, and gives its slot back. */
  private void ended(SlotReference session, EndReason reason, Endings endings) {
    session.counters().ended(reason);
    endings.add(session, reason);
    table().byId().remove(session);
  }

  private int expireInline(long now, Endings endings) {
    if (now < earliest) {
      return 0;
    }
    SlotReference[] some = inline();
    int kept = 0;
    long next = Long.MAX_VALUE;
    for (SlotReference session : some) {
      if (session.endIfDue(now, timeouts())) {
        ended(session, EndReason.EXPIRED, endings);
      } else {
        next = Math.min(next, session.deadline(timeouts()));
        some[kept++] = session;
      }
    }
    if (kept < some.length) {
      keepInline(some, kept);
    }
    earliest = next;
    return some.length - kept;
  }

  private int expireChunk(Chunk chunk, long now, Endings endings) {
    Chunks many = chunks;
    if (many == null) {
      return 0;
    }
    SlotReference[] due = many.removeDue(chunk, now);
    for (SlotReference session : due) {
      ended(session, EndReason.EXPIRED, endings);
    }
    removeChunksIfEmpty();
    return due.length;
  }

  // --- taking the lock ---

  /** Ends a session; returns whether this call did, and for the reason given. */
  boolean end(SessionId id, EndReason reason, long now) {
    Endings endings = newEndings();
    boolean done = end(id, reason, now, endings);
    endings.tell();
    return done;
  }

  private synchronized boolean end(SessionId id, EndReason reason, long now, Endings endings) {
    SlotReference session = find(id);
    if (session == null) {
      return false;
    }
    takeOut(session);
    EndReason actual = session.end(reason, session.lastAccessAt(), now, timeouts());
    ended(session, actual, endings);
    removeIfEmpty();
    return actual == reason;
  }

  /**
   * Gives a session an idle limit of its own, 0 = unlimited; returns whether it is alive, by the
   * limit that it had and by this one.
   */
  boolean limit(SessionId id, long inactiveMillis) {
    Endings endings = newEndings();
    boolean alive = limit(id, inactiveMillis, endings);
    endings.tell();
    return alive;
  }

  /**
   * Reads the clock again when others see the new limit: or else one of them, who did not yet,
   * could find the session alive at a time at which it is dead.
   */
  private synchronized boolean limit(SessionId id, long inactiveMillis, Endings endings) {
    expire(id, table().clock().elapsedMillis(), endings);
    SlotReference session = find(id);
    if (session == null) {
      return false;
    }
    session.limit(inactiveMillis);
    expire(id, table().clock().elapsedMillis(), endings);
    if (find(id) == null) {
      return false;
    }
    long deadline = session.deadline(timeouts());
    Chunks many = chunks;
    Chunk chunk = session.chunk();
    if (many != null && chunk != null) {
      many.lower(chunk, deadline);
    } else {
      lower(deadline);
    }
    table().sweep().changed(this, deadline);
    return true;
  }

  /** Ends a session that was found past its deadline, if it is so still. */
  void expire(SessionId id, long now) {
    Endings endings = newEndings();
    expire(id, now, endings);
    endings.tell();
  }

  private synchronized void expire(SessionId id, long now, Endings endings) {
    SlotReference session = find(id);
    if (session != null && session.endIfDue(now, timeouts())) {
      takeOut(session);
      ended(session, EndReason.EXPIRED, endings);
      removeIfEmpty();
    }
  }

  /**
   * Ends all; they keep their slots until the next {@link Sweep}. Returns how many it ended.
   *
   * @param named the user, as the caller named it
   */
  Tally terminateAll(UserInRealm named, long now) {
    Endings expired = newEndings();
    EndedTogether ended = terminateAll(now, expired);
    try {
      expired.tell();
      tellTerminated(listeners(), named, ended == null ? List.of() : ended);
    } finally {
      if (ended != null) {
        ended.leaveTo(table().sweep());
      }
    }
    return ended == null ? NONE_ENDED : ended.tally();
  }

  /** Tells the listeners of a {@code terminateAll}, also of one that found no session. */
  static void tellTerminated(
      SessionListeners listeners, UserInRealm named, List<EndedSession> sessions) {
    if (!listeners.isEmpty()) {
      listeners.ended(new Ended(named, EndReason.TERMINATED_BY_ADMIN, true, sessions));
    }
  }

  /** Returns what ended, null if there was no session. */
  private synchronized @Nullable EndedTogether terminateAll(long now, Endings expired) {
    Chunks many = chunks;
    if (many != null && now >= many.earliest()) {
      for (Chunk chunk : many.toList()) {
        expireChunk(chunk, now, expired);
      }
      many = chunks;
    }
    SlotReference[] ending = inline();
    if (ending.length == 0 && many == null) {
      removeIfEmpty();
      return null;
    }
    Tally terminated = many == null ? new Tally() : many.end();
    // in two passes: the processor fetches many slots from memory at once, but not across a
    // compare-and-set
    long[] seen = new long[ending.length];
    for (int i = 0; i < ending.length; i++) {
      seen[i] = ending[i].lastAccessAt();
    }
    int inline = 0;
    for (int i = 0; i < ending.length; i++) {
      SlotReference session = ending[i];
      Counters counted = session.counters();
      if (session.end(EndReason.TERMINATED_BY_ADMIN, seen[i], now, timeouts())
          == EndReason.EXPIRED) {
        counted.ended(EndReason.EXPIRED);
        expired.add(session, EndReason.EXPIRED);
      } else {
        terminated.add(counted, 1);
        if (inline < i) { // behind a session that has expired
          ending[i] = ending[inline];
          ending[inline] = session;
        }
        inline++;
      }
    }
    terminated.forEach((server, number) -> server.ended(EndReason.TERMINATED_BY_ADMIN, number));
    if (many != null) {
      chunks = null; // skip redundant volatile writes; each is a fence
    }
    remove();
    return new EndedTogether(terminated, ending, inline, many);
  }

  /**
   * Ends some sessions, at an administrator's wish; those that have ended are left out.
   *
   * @param ended what to add those to that this call ended
   */
  void terminate(List<SessionId> ids, long now, Tally ended) {
    Endings terminated = newEndings();
    Endings expired = newEndings();
    synchronized (this) {
      for (SessionId id : ids) {
        SlotReference session = find(id);
        if (session != null) {
          takeOut(session);
          Counters counted = session.counters();
          EndReason actual =
              session.end(EndReason.TERMINATED_BY_ADMIN, session.lastAccessAt(), now, timeouts());
          if (actual == EndReason.EXPIRED) {
            ended(session, actual, expired);
          } else {
            ended(session, actual, terminated);
            ended.add(counted, 1);
          }
        }
      }
      removeIfEmpty();
    }
    expired.tell();
    terminated.tell();
  }

  /**
   * Ends the sessions that are due, and tells the listeners.
   *
   * @return how many it ended
   */
  int expire(long now) {
    if (!mayBeDue(now)) {
      return 0;
    }
    Endings endings = newEndings();
    int expired = expire(now, endings);
    endings.tell();
    return expired;
  }

  /**
   * Ends the sessions that are due; the caller tells the listeners. The lock is released between
   * chunks.
   *
   * @return how many it ended
   */
  int expire(long now, Endings endings) {
    if (!mayBeDue(now)) {
      return 0;
    }
    int expired;
    List<Chunk> some;
    synchronized (this) {
      expired = expireInline(now, endings);
      some = listChunks();
      removeIfEmpty();
    }
    for (Chunk chunk : some) {
      synchronized (this) {
        expired += expireChunk(chunk, now, endings);
        removeIfEmpty();
      }
    }
    if (!some.isEmpty()) {
      synchronized (this) {
        if (chunks != null) {
          chunks.updateEarliest();
        }
      }
    }
    return expired;
  }

  private boolean mayBeDue(long now) {
    return now >= earliest();
  }

  /** Returns a time before which no session has its deadline. */
  long earliest() {
    Chunks many = chunks;
    return many == null ? earliest : Math.min(earliest, many.earliest());
  }

  private List<Chunk> listChunks() {
    Chunks many = chunks;
    return many == null ? List.of() : many.toList();
  }

  /** Returns the names under which the sessions signed in. The lock is released between chunks. */
  Set<String> spellings(long now) {
    expire(now);
    Set<String> found = new LinkedHashSet<>();
    List<Chunk> some;
    synchronized (this) {
      if (!respelled) {
        return size() == 0 ? Set.of() : Set.of(name());
      }
      addSpellings(inline(), found);
      some = listChunks();
    }
    for (Chunk chunk : some) {
      synchronized (this) {
        if (!chunk.hasEnded()) {
          addSpellings(chunk.first(chunk.sharesOne() ? 1 : Integer.MAX_VALUE), found);
        }
      }
    }
    return found;
  }

  private void addSpellings(SlotReference[] sessions, Set<String> found) {
    for (SlotReference session : sessions) {
      String spelling = session.spelling();
      found.add(spelling == null ? name() : spelling);
    }
  }

  /**
   * Refreshes all that carry older readings, and whose spelling was read. The lock is released
   * between chunks.
   */
  RefreshReport refreshAll(Map<String, Credential> credentials, long epoch, long now) {
    expire(now);
    Credential fresh = credentials.get(name());
    Refresh refresh = new Refresh(table().rules(), fresh, credentials, epoch, now);
    List<Chunk> some;
    synchronized (this) {
      if (lastSignIn != null) {
        // or else it would retain the old credential
        lastSignIn = null;
        lastCredential = null;
      }
      CredentialVersion before = shared;
      if (before != null) {
        CredentialVersion after =
            overridden ? refresh.apply(inline(), before) : refresh.apply(inlineTally(), before);
        if (after != before) {
          share(after);
        }
      }
      some = listChunks();
    }
    for (Chunk chunk : some) {
      synchronized (this) {
        refresh.apply(chunk);
      }
    }
    return tellRefreshed(null, refresh.end());
  }

  /**
   * Lets the inline sessions share a credential. A touch learns of it by the version that is
   * written for each of them; where there are many, only once, that this user says it.
   */
  private void share(CredentialVersion after) {
    shared = after;
    if (saysVersion) {
      return;
    }
    boolean many = chunks != null;
    for (int slot : inlineSlots()) {
      SlotReference session = table().byId().at(slot);
      if (!overridden || session.override() == null) {
        session.noteVersion(many ? null : after);
      }
    }
    saysVersion = many;
  }

  private RefreshReport tellRefreshed(@Nullable SessionId session, RefreshReport report) {
    if (report.sessions() > 0 && !listeners().isEmpty()) {
      listeners().refreshed(new Refreshed(userInRealm(), session, report));
    }
    return report;
  }

  /** Refreshes one session; returns whether it is alive. */
  boolean refresh(SessionId id, Credential credential, long epoch, long now) {
    expire(id, now); // tells the listeners, so before the lock
    Refresh refresh = new Refresh(table().rules(), credential, Map.of(), epoch, now);
    synchronized (this) {
      SlotReference session = find(id);
      if (session == null) {
        return false;
      }
      refresh.apply(session);
    }
    tellRefreshed(id, refresh.end());
    return true;
  }

  RefreshReport previewRefresh(Map<String, Credential> credentials, long now) {
    expire(now);
    Credential fresh = credentials.get(name());
    Refresh refresh = new Refresh(table().rules(), fresh, credentials, Long.MAX_VALUE, now);
    List<Chunk> some;
    synchronized (this) {
      CredentialVersion each = shared;
      if (each != null && overridden) {
        refresh.count(inline(), each);
      } else if (each != null && inlineSize() > 0) {
        refresh.countShared(each, inlineSize());
      }
      some = listChunks();
    }
    for (Chunk chunk : some) {
      synchronized (this) {
        refresh.count(chunk);
      }
    }
    return refresh.report();
  }

  /** Returns the number of sessions that have not ended. */
  int size() {
    if (chunks == null) {
      return inlineSize();
    }
    synchronized (this) {
      Chunks many = chunks;
      return inlineSize() + (many == null ? 0 : many.size());
    }
  }

  /**
   * A part of the sessions.
   *
   * @param size how many sessions there are in all
   * @param ids those of the part
   */
  record Part(int size, List<SessionId> ids) {}

  /** Returns a part of the sessions, in the order of the sign-ins or the other way round. */
  synchronized Part part(int offset, int maximum, boolean newestFirst) {
    int size = size();
    int skipped = Math.min(offset, size);
    int length = Math.min(maximum, size - skipped);
    int from = newestFirst ? size - skipped - length : skipped;
    List<SessionId> ids = new ArrayList<>(length);
    if (length > 0) {
      addIds(from, length, ids);
    }
    if (newestFirst) {
      Collections.reverse(ids);
    }
    return new Part(size, ids);
  }

  /** Adds the ids of sessions that are side by side; chunks before them are counted only. */
  private void addIds(int from, int length, List<SessionId> ids) {
    int[] numbers = inlineSlots();
    int skip = from;
    if (skip < numbers.length) {
      int to = Math.min(numbers.length, skip + length);
      int[] some = Arrays.copyOfRange(numbers, skip, to);
      addIds(ids, sessions(some, some.length));
    }
    skip = Math.max(0, skip - numbers.length);
    for (Chunk chunk : listChunks()) {
      if (ids.size() == length) {
        break;
      }
      int size = chunk.size();
      if (skip < size) {
        addIds(ids, chunk.part(skip, length - ids.size()));
      }
      skip = Math.max(0, skip - size);
    }
  }

  /** Passes on the ids of all sessions, oldest first. The lock is released between chunks. */
  void forEachId(Consumer<SessionId> action) {
    List<SessionId> ids = new ArrayList<>();
    List<Chunk> some;
    synchronized (this) {
      addIds(ids, inline());
      some = listChunks();
    }
    ids.forEach(action);
    for (Chunk chunk : some) {
      ids.clear();
      synchronized (this) {
        if (!chunk.hasEnded()) {
          addIds(ids, chunk.first(Integer.MAX_VALUE));
        }
      }
      ids.forEach(action);
    }
  }

  private static void addIds(List<SessionId> ids, SlotReference[] sessions) {
    for (SlotReference session : sessions) {
      ids.add(session.id());
    }
  }

  private SlotReference[] inline() {
    int[] numbers = inlineSlots();
    return sessions(numbers, numbers.length);
  }

  private Tally inlineTally() {
    return inlineTally(table().counters());
  }

  /** Returns the first ones of the user's sessions that stand in some slots. */
  SlotReference[] sessions(int[] slots, int number) {
    SlotReference[] sessions = new SlotReference[number];
    for (int i = 0; i < number; i++) {
      sessions[i] = table().byId().at(slots[i]);
    }
    return sessions;
  }

  private TableContext table() {
    return realm.table();
  }

  SessionTimeouts timeouts() {
    return realm.table().timeouts();
  }

  SessionListeners listeners() {
    return realm.table().listeners();
  }

  Endings newEndings() {
    return Endings.of(this);
  }
}
