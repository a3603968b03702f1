package org.smsjmx.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session table of one JVM.
 *
 * <p>Two indexes: by session id, lock-free, for the requests of users; and by user in realm, each
 * user with a lock of its own, for the operations. The invariants, and what guards them:
 *
 * <ul>
 *   <li><b>A session ends once</b>: {@link Entry#lastAccessAt} goes from a time to {@link #ENDED}
 *       by compare-and-set and never back. Who wins counts the end. A touch is a compare-and-set on
 *       the same field, so it cannot bring a session back (G4).
 *   <li><b>No session enters behind a terminate or refresh</b> (G1, G2): these raise the {@link
 *       #barriers barrier} of the user's stripe and then look for the user's sessions. A sign-in
 *       makes the user's node visible, and then compares its mark with the barrier. So either the
 *       operation sees the node, and the session in it once it has the lock, or the sign-in sees
 *       the barrier.
 *   <li><b>A user's node is in the index exactly while it holds sessions</b> (G5), but for a
 *       sign-in that is about to fill it: entering, leaving and removing the node happen under its
 *       lock. A node that was removed says so to those who waited for the lock.
 * </ul>
 */
public final class InMemorySessionTable implements SessionTable {

  private static final long ENDED = Long.MIN_VALUE;
  private static final int STRIPES = 1024;
  private static final int IDS_PER_DRAW = 64;

  /* Heap by kind of object, in bytes, with compressed references; shown right by a test. */
  private static final long BYTES_PER_SESSION = 56 + 32 + 32 + 2 * 6;
  private static final long BYTES_PER_USER = 32 + 24 + 24 + 24 + 32 + 6 + 40 + 16 + 16;

  private static final Comparator<Entry> BY_USER_THEN_AGE =
      Comparator.<Entry, String>comparing(e -> e.user.key())
          .thenComparingLong(e -> e.createdAt)
          .thenComparingLong(e -> e.id.high())
          .thenComparingLong(e -> e.id.low());

  private final SessionTimeouts timeouts;
  private final RefreshRules rules;
  private final InstantSource clock;
  private final Supplier<SessionId> newId;

  private final ConcurrentHashMap<SessionId, Entry> byId = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<UserInRealm, UserSessions> byUser = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Counters>> counters =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, LongAdder> usersByRealm = new ConcurrentHashMap<>();

  /** The newest mark given out, by stripe of users. */
  private final AtomicLongArray marks = new AtomicLongArray(STRIPES);

  /** The oldest mark with which a sign-in may still enter, by stripe of users. */
  private final AtomicLongArray barriers = new AtomicLongArray(STRIPES);

  /**
   * Makes an empty table.
   *
   * @param timeouts when sessions end by themselves
   * @param clock tells the time
   */
  public InMemorySessionTable(SessionTimeouts timeouts, InstantSource clock) {
    this(timeouts, RefreshRules.DEFAULT, clock);
  }

  /**
   * Makes an empty table.
   *
   * @param timeouts when sessions end by themselves
   * @param rules what a refresh does to attributes
   * @param clock tells the time
   */
  public InMemorySessionTable(SessionTimeouts timeouts, RefreshRules rules, InstantSource clock) {
    this(timeouts, rules, clock, randomIds(new SecureRandom()));
  }

  InMemorySessionTable(
      SessionTimeouts timeouts,
      RefreshRules rules,
      InstantSource clock,
      Supplier<SessionId> newId) {
    this.timeouts = timeouts;
    this.rules = rules;
    this.clock = clock;
    this.newId = newId;
  }

  /** Draws bits for many ids at once: a draw takes a lock that all threads share. */
  private static Supplier<SessionId> randomIds(SecureRandom random) {
    ThreadLocal<ByteBuffer> drawn =
        ThreadLocal.withInitial(() -> ByteBuffer.allocate(IDS_PER_DRAW * 2 * Long.BYTES).limit(0));
    return () -> {
      ByteBuffer bits = drawn.get();
      if (!bits.hasRemaining()) {
        random.nextBytes(bits.array());
        bits.clear();
      }
      return new SessionId(bits.getLong(), bits.getLong());
    };
  }

  @Override
  public SessionTimeouts timeouts() {
    return timeouts;
  }

  @Override
  public long beginSignIn(UserInRealm user) {
    return marks.get(stripe(user));
  }

  @Override
  public @Nullable SessionId signIn(
      UserInRealm user, String server, Credential credential, long mark) {
    Counters counted = countersOf(server, user.realm());
    while (true) {
      UserSessions sessions = byUser.computeIfAbsent(user, UserSessions::new);
      synchronized (sessions) {
        if (sessions.removed) {
          continue;
        }
        if (mark < barriers.get(stripe(user))) {
          sessions.removeIfEmpty();
          return null;
        }
        counted.signedIn.increment();
        Entry entry;
        do {
          entry = new Entry(newId.get(), sessions.named(user), sessions, counted, clock.millis());
          entry.held = sessions.held(credential, mark);
        } while (byId.putIfAbsent(entry.id, entry) != null);
        sessions.add(entry);
        return entry.id;
      }
    }
  }

  @Override
  public boolean touch(SessionId id) {
    Entry entry = byId.get(id);
    return entry != null && entry.touch(clock.millis());
  }

  @Override
  public @Nullable Session find(SessionId id) {
    Entry entry = byId.get(id);
    return entry == null ? null : entry.snapshot(clock.millis());
  }

  @Override
  public boolean signOut(SessionId id) {
    return end(id, EndReason.USER_LOGGED_OUT);
  }

  @Override
  public boolean terminate(SessionId id) {
    return end(id, EndReason.TERMINATED_BY_ADMIN);
  }

  private boolean end(SessionId id, EndReason reason) {
    Entry entry = byId.get(id);
    if (entry == null) {
      return false;
    }
    EndReason actual = entry.end(reason, clock.millis());
    if (actual != null) {
      entry.leave();
    }
    return actual == reason;
  }

  @Override
  public int terminateAll(UserInRealm user) {
    raiseBarrier(user, marks.incrementAndGet(stripe(user)));
    UserSessions sessions = byUser.get(user);
    return sessions == null ? 0 : sessions.terminateAll(clock.millis());
  }

  @Override
  public long beginRefresh(UserInRealm user) {
    return marks.incrementAndGet(stripe(user));
  }

  @Override
  public RefreshReport refreshAll(UserInRealm user, Credential credential, long mark) {
    raiseBarrier(user, mark);
    UserSessions sessions = byUser.get(user);
    return sessions == null
        ? RefreshReport.NOTHING
        : sessions.refreshAll(credential, mark, clock.millis());
  }

  @Override
  public RefreshReport previewRefresh(UserInRealm user, Credential credential) {
    UserSessions sessions = byUser.get(user);
    return sessions == null
        ? RefreshReport.NOTHING
        : sessions.previewRefresh(credential, clock.millis());
  }

  @Override
  public List<UserInRealm> beginRefresh(String realm) {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      barriers.accumulateAndGet(stripe, marks.incrementAndGet(stripe), Math::max);
    }
    List<UserInRealm> users = new ArrayList<>();
    for (UserInRealm user : byUser.keySet()) {
      if (user.realm().equals(realm)) {
        users.add(user);
      }
    }
    return users;
  }

  @Override
  public boolean refresh(SessionId id, Credential credential, long mark) {
    Entry entry = byId.get(id);
    return entry != null && entry.owner.refresh(entry, credential, mark, clock.millis());
  }

  @Override
  public SessionList list(UserPattern pattern, String realm, int maximum) {
    if (maximum < 0) {
      throw new IllegalArgumentException("maximum must be 0 or more: " + maximum);
    }
    long now = clock.millis();
    long matched = 0;
    PriorityQueue<Entry> first = new PriorityQueue<>(BY_USER_THEN_AGE.reversed());
    for (UserSessions sessions : candidates(pattern, realm)) {
      for (Entry entry : sessions.copy()) {
        if (entry.isAlive(now)) {
          matched++;
          if (first.size() < maximum) {
            first.add(entry);
          } else if (maximum > 0 && BY_USER_THEN_AGE.compare(entry, first.element()) < 0) {
            first.remove();
            first.add(entry);
          }
        }
      }
    }
    Entry[] ordered = first.toArray(Entry[]::new);
    Arrays.sort(ordered, BY_USER_THEN_AGE);
    List<Session> shown = new ArrayList<>(ordered.length);
    for (Entry entry : ordered) {
      Session session = entry.snapshot(now);
      if (session != null) {
        shown.add(session);
      } else {
        matched--;
      }
    }
    return new SessionList(matched, shown);
  }

  private Collection<UserSessions> candidates(UserPattern pattern, String realm) {
    if (pattern.isName()) {
      UserSessions sessions = byUser.get(new UserInRealm(pattern.toString(), realm));
      return sessions == null ? List.of() : List.of(sessions);
    }
    List<UserSessions> found = new ArrayList<>();
    for (UserSessions sessions : byUser.values()) {
      if (sessions.user.realm().equals(realm) && pattern.matches(sessions.user.key())) {
        found.add(sessions);
      }
    }
    return found;
  }

  @Override
  public int expire() {
    int expired = 0;
    for (Entry entry : byId.values()) {
      if (entry.expireIfDue(clock.millis())) {
        expired++;
      }
    }
    return expired;
  }

  @Override
  public Map<String, Map<String, SessionTotals>> totals() {
    Map<String, Map<String, SessionTotals>> totals = new TreeMap<>();
    counters.forEach(
        (server, byRealm) -> {
          Map<String, SessionTotals> ofServer = new TreeMap<>();
          byRealm.forEach((realm, counted) -> ofServer.put(realm, counted.totals()));
          totals.put(server, ofServer);
        });
    return totals;
  }

  @Override
  public long users(String realm) {
    LongAdder users = usersByRealm.get(realm);
    return users == null ? 0 : users.sum();
  }

  @Override
  public List<UserCount> largestUsers(String realm, int maximum) {
    PriorityQueue<UserCount> largest =
        new PriorityQueue<>(
            Comparator.comparingLong(UserCount::sessions)
                .thenComparing(UserCount::user, Comparator.reverseOrder()));
    for (UserSessions sessions : byUser.values()) {
      if (sessions.user.realm().equals(realm)) {
        int size = sessions.size();
        if (size > 0) {
          largest.add(new UserCount(sessions.user.user(), size));
          if (largest.size() > maximum) {
            largest.remove();
          }
        }
      }
    }
    return largest.stream().sorted(largest.comparator().reversed()).toList();
  }

  @Override
  public long memoryBytes() {
    return byId.mappingCount() * BYTES_PER_SESSION + byUser.mappingCount() * BYTES_PER_USER;
  }

  /** Returns the number of users in the index. */
  long indexedUsers() {
    return byUser.mappingCount();
  }

  private static int stripe(UserInRealm user) {
    int hash = user.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }

  private void raiseBarrier(UserInRealm user, long mark) {
    barriers.accumulateAndGet(stripe(user), mark, Math::max);
  }

  private Counters countersOf(String server, String realm) {
    ConcurrentHashMap<String, Counters> ofServer = counters.get(server);
    if (ofServer == null) {
      ofServer = counters.computeIfAbsent(server, s -> new ConcurrentHashMap<>());
    }
    Counters ofRealm = ofServer.get(realm);
    return ofRealm != null ? ofRealm : ofServer.computeIfAbsent(realm, r -> new Counters(server));
  }

  /**
   * The sessions of one user in one realm; each method locks itself. Sessions stand in no order.
   */
  private final class UserSessions {

    private final UserInRealm user;
    private Entry[] entries = new Entry[2];
    private int size;
    private boolean removed;
    private @Nullable Held signInHeld;

    UserSessions(UserInRealm user) {
      this.user = user;
      usersByRealm.computeIfAbsent(user.realm(), r -> new LongAdder()).increment();
    }

    void add(Entry entry) {
      if (size == entries.length) {
        entries = Arrays.copyOf(entries, size * 2);
      }
      entry.slot = size;
      entries[size++] = entry;
    }

    synchronized void leave(Entry entry) {
      if (removed) {
        return;
      }
      Entry last = entries[--size];
      last.slot = entry.slot;
      entries[entry.slot] = last;
      entries[size] = null;
      if (size < entries.length / 4) {
        entries = Arrays.copyOf(entries, entries.length / 2);
      }
      removeIfEmpty();
    }

    void removeIfEmpty() {
      if (size == 0 && !removed) {
        removed = true;
        byUser.remove(user, this);
        usersByRealm.get(user.realm()).decrement();
      }
    }

    /** Sessions of a user who signed in under the same spelling share the name. */
    UserInRealm named(UserInRealm asNow) {
      return asNow.user().equals(user.user()) ? user : asNow;
    }

    /** Sessions that signed in with the same reading share what they hold. */
    Held held(Credential credential, long mark) {
      Held shared = signInHeld;
      if (shared == null || shared.credential != credential || shared.mark != mark) {
        shared = new Held(credential, mark, 1, 0);
        signInHeld = shared;
      }
      return shared;
    }

    synchronized int terminateAll(long now) {
      int terminated = 0;
      for (int i = 0; i < size; i++) {
        Entry entry = entries[i];
        if (entry.end(EndReason.TERMINATED_BY_ADMIN, now) == EndReason.TERMINATED_BY_ADMIN) {
          terminated++;
        }
        byId.remove(entry.id, entry);
      }
      size = 0;
      entries = new Entry[0];
      removeIfEmpty();
      return terminated;
    }

    synchronized RefreshReport refreshAll(Credential credential, long mark, long now) {
      Refresh refresh = new Refresh(credential, mark, now);
      // from the end, since an entry that is found dead leaves, and the last one takes its slot
      for (int i = size - 1; i >= 0; i--) {
        Entry entry = entries[i];
        if (entry.held.mark < mark && entry.isAlive(now)) {
          entry.held = refresh.of(entry.held);
          entry.counters.refreshed.increment();
        }
      }
      return refresh.report();
    }

    RefreshReport previewRefresh(Credential credential, long now) {
      Refresh refresh = new Refresh(credential, Long.MAX_VALUE, now);
      for (Entry entry : copy()) {
        if (entry.isAlive(now)) {
          refresh.of(entry.held);
        }
      }
      return refresh.report();
    }

    synchronized boolean refresh(Entry entry, Credential credential, long mark, long now) {
      if (!entry.isAlive(now)) {
        return false;
      }
      if (entry.held.mark < mark) {
        entry.held = new Refresh(credential, mark, now).of(entry.held);
        entry.counters.refreshed.increment();
      }
      return true;
    }

    synchronized int size() {
      return size;
    }

    synchronized Entry[] copy() {
      return Arrays.copyOf(entries, size);
    }
  }

  /** A session. */
  private final class Entry {

    private static final VarHandle LAST_ACCESS;

    static {
      try {
        LAST_ACCESS = MethodHandles.lookup().findVarHandle(Entry.class, "lastAccessAt", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final SessionId id;
    private final UserInRealm user;
    private final UserSessions owner;
    private final Counters counters;
    private final long createdAt;

    /** Epoch milliseconds, or {@link #ENDED}. */
    private volatile long lastAccessAt;

    /** Written under the owner's lock. */
    private volatile Held held;

    /** Place among the owner's entries; under the owner's lock. */
    private int slot;

    Entry(SessionId id, UserInRealm user, UserSessions owner, Counters counters, long now) {
      this.id = id;
      this.user = user;
      this.owner = owner;
      this.counters = counters;
      this.createdAt = now;
      this.lastAccessAt = now;
    }

    /**
     * Returns whether the session is alive. If it is found dead it is ended, or else a touch that
     * read the clock earlier and comes later could bring it back.
     */
    boolean isAlive(long now) {
      return !expireIfDue(now) && lastAccessAt != ENDED;
    }

    boolean touch(long now) {
      while (true) {
        long seen = lastAccessAt;
        if (seen == ENDED || expireIfDue(now)) {
          return false;
        }
        if (now <= seen || LAST_ACCESS.compareAndSet(this, seen, now)) {
          return true;
        }
      }
    }

    /**
     * Ends the session and counts the end, unless it had ended before.
     *
     * @return why it ended: {@code EXPIRED} if its deadline had passed, else {@code reason}; null
     *     if somebody else ended it
     */
    @Nullable EndReason end(EndReason reason, long now) {
      while (true) {
        long seen = lastAccessAt;
        if (seen == ENDED) {
          return null;
        }
        EndReason actual = now >= timeouts.deadline(createdAt, seen) ? EndReason.EXPIRED : reason;
        if (LAST_ACCESS.compareAndSet(this, seen, ENDED)) {
          counters.ended(actual);
          return actual;
        }
      }
    }

    boolean expireIfDue(long now) {
      while (true) {
        long seen = lastAccessAt;
        if (seen == ENDED || now < timeouts.deadline(createdAt, seen)) {
          return false;
        }
        if (LAST_ACCESS.compareAndSet(this, seen, ENDED)) {
          counters.ended(EndReason.EXPIRED);
          leave();
          return true;
        }
      }
    }

    void leave() {
      byId.remove(id, this);
      owner.leave(this);
    }

    @Nullable Session snapshot(long now) {
      if (!isAlive(now)) {
        return null;
      }
      long seen = lastAccessAt;
      if (seen == ENDED) {
        return null;
      }
      Held shown = held;
      return new Session(
          id,
          user,
          counters.server,
          Instant.ofEpochMilli(createdAt),
          Instant.ofEpochMilli(seen),
          timeouts.lifetimeEnd(Instant.ofEpochMilli(createdAt)),
          shown.credential,
          shown.version,
          shown.refreshedAt == 0 ? null : Instant.ofEpochMilli(shown.refreshedAt));
    }
  }

  /** A credential as sessions hold it; shared between sessions of a user. */
  private static final class Held {

    private final Credential credential;
    private final long mark;
    private final int version;
    private final long refreshedAt;

    Held(Credential credential, long mark, int version, long refreshedAt) {
      this.credential = credential;
      this.mark = mark;
      this.version = version;
      this.refreshedAt = refreshedAt;
    }
  }

  /** A refresh of several sessions; sessions that held the same before, hold the same after. */
  private final class Refresh {

    private final Credential fresh;
    private final long mark;
    private final long now;
    private int sessions;
    private int changed;
    private CredentialChange change = CredentialChange.NONE;
    private @Nullable Held from;
    private @Nullable Held to;
    private boolean changes;

    Refresh(Credential fresh, long mark, long now) {
      this.fresh = fresh;
      this.mark = mark;
      this.now = now;
    }

    /** Counts one session, and returns what it holds after the refresh. */
    Held of(Held before) {
      Held after = to;
      if (before != from || after == null) {
        after = new Held(rules.refreshed(before.credential, fresh), mark, before.version + 1, now);
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

    RefreshReport report() {
      return new RefreshReport(sessions, changed, change);
    }
  }

  /** What became of the sessions of a server in a realm. */
  private static final class Counters {

    private final String server;
    private final LongAdder signedIn = new LongAdder();
    private final LongAdder signedOut = new LongAdder();
    private final LongAdder terminated = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder refreshed = new LongAdder();

    Counters(String server) {
      this.server = server;
    }

    void ended(EndReason reason) {
      switch (reason) {
        case USER_LOGGED_OUT -> signedOut.increment();
        case TERMINATED_BY_ADMIN -> terminated.increment();
        case EXPIRED -> expired.increment();
      }
    }

    /** Reads the ends first, so that the number of sessions is never negative. */
    SessionTotals totals() {
      long out = signedOut.sum();
      long ended = terminated.sum();
      long over = expired.sum();
      return new SessionTotals(signedIn.sum(), out, ended, over, refreshed.sum());
    }
  }
}
