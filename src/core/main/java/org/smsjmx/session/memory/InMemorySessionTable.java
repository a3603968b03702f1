package org.smsjmx.session.memory;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.KeptOut;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.SelectedSessions;
import org.smsjmx.session.Selection;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionLimit;
import org.smsjmx.session.SessionLimits;
import org.smsjmx.session.SessionList;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.TerminationReport;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserList;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserPattern;

/**
 * The session table of one JVM. All times in it are of {@link TimeSource#elapsedMillis}, so that
 * setting the clock ends no session and prolongs none; they become times of day when they are
 * shown.
 *
 * <pre>
 *   by id: SlotArena                              by user, for each realm: IntrusiveHashIndex
 *
 *   stripe -> pages -> slots                      segment -> buckets -> chain of users
 *   +------------------------------+              +---------------------------------------+
 *   | id, version of credential,   |    owner     | UserSessions (its monitor is the lock)|
 *   | signed in at, last access,   | -----------> |   packed name, realm, next in chain   |
 *   | number of server's counters  |              |   shared CredentialVersion            |
 *   +------------------------------+  slot number |   InlineSlots: slot numbers of the    |
 *   |             ...              | &lt;----------- |     first 64 sessions, 3 in fields    |
 *   +------------------------------+              |   Chunks: ended?, tally by server     |
 *   |             ...              |              |     Chunk of 1,024: shared            |
 *   |                              | &lt;----------- |       CredentialVersion, slot numbers |
 *   +------------------------------+              +---------------------------------------+
 *                                                             ^ due neighbourhoods
 *   Epochs: newest, barriers, by hash of the user           Sweep: ends, gives slots back
 * </pre>
 *
 * <p>A session id contains the number of its slot; a slot refers to its owner (user or chunk, or
 * one that overrides what these share), the owner to its slots by number. Looking up by id is
 * lock-free; operations on a user take that user's lock. The invariants stand where they are
 * guarded: that a session ends once and stays dead in {@link SlotReference} and {@link Chunk}, that
 * an end is counted once and memory is given back in {@link UserSessions}, that a session or user
 * is found in {@link SlotArena} and {@link IntrusiveHashIndex}. What is left for here:
 *
 * <p><b>No session enters behind a terminate or refresh</b> (G1, G2): these raise the user's
 * barrier in {@link Epochs} and then look for the user. A sign-in makes the user visible, and then
 * compares its epoch with the barrier. So either the operation sees the user, and the session once
 * it has the lock, or the sign-in sees the barrier.
 *
 * <p><b>PERFORMANCE.</b> Heap, with compressed references: a session takes 37 bytes in its slot,
 * and from the fourth session of a user on 8 in the user's list, which takes 16 itself; a session
 * that overrides the shared credential, or whose user signed in under another spelling than first,
 * 24 more; one with facts or an idle limit of its own 32, beside the facts. A user takes 104 bytes,
 * 7 to 13 for the slot number, 24 for the shared credential's version, and some 70 for a name that
 * has more than 15 characters, or other than small ones. Free slots are used again; a page of 8,192
 * is given back when all of them are free. Credentials come on top, each 40 to 50 bytes and one or
 * two for each letter in it; equal ones are kept once for a user. There is no bound but the heap.
 * Reads are spread over the whole of a large table, so that address translation takes up to a
 * quarter of the time unless pages are huge ({@code -XX:+UseTransparentHugePages}).
 *
 * <ul>
 *   <li>{@link #touch}, {@link #find}: no lock. One slot to read, and one compare-and-set there,
 *       none in the same millisecond: little more than one cache miss once the slots outgrow the
 *       processor's cache. For a session in a chunk also the chunk and what all chunks of the user
 *       share.
 *   <li>{@link #signIn}, {@link #end}: the lock of the user, and for a moment that of a stripe of
 *       the arena; for the first and last session of a user also that of a segment of the index by
 *       user, which is resized alone. What costs most are the cache misses of the user, and writes
 *       of references into old objects with their write barriers: a sign-in does one, beside that
 *       of the thread's last id, and another one from the fourth session of a user on.
 *   <li>{@link #terminateAll}: one step for each of the first {@value Layout#INLINE} sessions,
 *       which need no look at a chunk when they are touched, and one write for all further ones
 *       together. The next {@link #expire} gives their slots back. Only chunks in which a deadline
 *       may have passed since the last {@code expire} are looked through, so that what had expired
 *       is not counted as terminated. A listener that reads the ids pays for them.
 *   <li>{@link #refreshAll}: one write for the first {@value Layout#INLINE} sessions together, one
 *       in the slot of each of them, and one for each chunk, since sessions that signed in with the
 *       same reading share it. Where one overrides it, a look at each session of the chunk, and one
 *       more write for each override. The rules are asked once for each credential. The user's lock
 *       is released after each chunk.
 *   <li>{@link #list}, {@link #listUsers}: the users of the realm are counted, not sessions;
 *       sessions are read for the page only, and of users of whom some may be past their deadline.
 *   <li>{@link #listSessions}: the user's chunks before the page are counted, not gone through.
 *   <li>{@link #expire}: one look at the earliest possible deadline of each neighbourhood of the
 *       indexes by user; at each user in it, and at the sessions, only where that has passed. No
 *       lock is held for longer than a chunk takes.
 *   <li>{@link #totalsOfServer}, {@link #totalsOfRealm}: one step for each realm of the server, or
 *       server of the realm; other realms cost nothing. An empty realm takes some 1,500 bytes.
 * </ul>
 */
public final class InMemorySessionTable implements SessionTable {

  private static final int IDS_PER_DRAW = 64;

  /* See PERFORMANCE; shown right by a test. */
  private static final long BYTES_PER_SESSION = 32 + 4 + 1 + 5;
  private static final long BYTES_PER_USER = 104 + 9 + 24;

  private final TableContext table;
  private final Epochs epochs = new Epochs();

  /**
   * Makes an empty table.
   *
   * @param timeouts when sessions end by themselves
   * @param clock tells the time of day, which is shown; timeouts count the time that passes, see
   *     {@link TimeSource#of}
   */
  public InMemorySessionTable(SessionTimeouts timeouts, InstantSource clock) {
    this(timeouts, RefreshRules.DEFAULT, clock);
  }

  /**
   * Makes an empty table.
   *
   * @param timeouts when sessions end by themselves
   * @param rules what a refresh does to attributes
   * @param clock tells the time of day, which is shown; timeouts count the time that passes, see
   *     {@link TimeSource#of}
   */
  public InMemorySessionTable(SessionTimeouts timeouts, RefreshRules rules, InstantSource clock) {
    this(timeouts, rules, UserNames.DIRECTORY, clock);
  }

  /**
   * Makes an empty table.
   *
   * @param timeouts when sessions end by themselves
   * @param rules what a refresh does to attributes
   * @param names how user names are compared
   * @param clock tells the time of day, which is shown; timeouts count the time that passes, see
   *     {@link TimeSource#of}
   */
  public InMemorySessionTable(
      SessionTimeouts timeouts, RefreshRules rules, UserNames names, InstantSource clock) {
    this(timeouts, rules, names, clock, randomIds(new SecureRandom()), Layout.DEFAULT);
  }

  InMemorySessionTable(
      SessionTimeouts timeouts,
      RefreshRules rules,
      InstantSource clock,
      IntFunction<SessionId> newId,
      Layout layout) {
    this(timeouts, rules, UserNames.DIRECTORY, clock, newId, layout);
  }

  private InMemorySessionTable(
      SessionTimeouts timeouts,
      RefreshRules rules,
      UserNames names,
      InstantSource clock,
      IntFunction<SessionId> newId,
      Layout layout) {
    this.table = TableContext.of(timeouts, rules, names, TimeSource.of(clock), newId, layout);
  }

  /** Draws bits for many ids at once: a draw takes a lock that all threads share. */
  @SuppressWarnings("ByteBufferBackingArray") // allocated here, so it begins with its array
  static IntFunction<SessionId> randomIds(SecureRandom random) {
    ThreadLocal<ByteBuffer> drawn =
        ThreadLocal.withInitial(() -> ByteBuffer.allocate(IDS_PER_DRAW * 2 * Long.BYTES).limit(0));
    return slot -> {
      ByteBuffer bits = drawn.get();
      if (!bits.hasRemaining()) {
        random.nextBytes(bits.array());
        bits.clear();
      }
      return SlotArena.idIn(slot, bits.getLong(), bits.getLong());
    };
  }

  /** Returns all that there are. */
  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.values());
  }

  @Override
  public Health health() {
    return Health.AVAILABLE;
  }

  @Override
  public SessionTimeouts timeouts() {
    return table.timeouts();
  }

  @Override
  public UserNames userNames() {
    return table.names();
  }

  @Override
  public long beginSignIn() {
    return epochs.newest();
  }

  @Override
  public SignIn signIn(
      UserInRealm user,
      String server,
      Credential credential,
      SessionFacts facts,
      long begun,
      long read) {
    Counters counted = table.counters().of(server, user.realm());
    RealmUsers users = table.realm(user.realm());
    while (true) {
      UserSessions sessions = users.byUser().find(user);
      if (sessions == null) {
        sessions = users.enter(user);
      }
      Room room = Room.UNLIMITED;
      try {
        synchronized (sessions) {
          if (sessions.isRemoved()) {
            continue;
          }
          SignInRules rules = users.rules();
          SignIn.Refused refused =
              rules != null && rules.isKeptOut(user, table.clock())
                  ? SignIn.Refused.KEPT_OUT
                  : epochs.refused(user, begun, read);
          if (refused == null) {
            refused = users.selected().refused(user, server, credential, facts, begun);
          }
          if (refused == null && users.refreshedIn() > read) {
            refused = SignIn.Refused.REFRESHED;
          }
          if (refused == null) {
            room = Room.of(sessions, SignInRules.limit(rules, user, credential));
            refused = room.make() ? null : SignIn.Refused.LIMIT_REACHED;
          }
          if (refused != null) {
            sessions.removeIfEmpty();
            return refused;
          }
          long lastRefresh = epochs.lastRefreshBefore(user, read);
          return new SignIn.Entered(sessions.signIn(user, counted, credential, facts, lastRefresh));
        }
      } finally {
        room.tell();
      }
    }
  }

  @Override
  public int touch(SessionId id) {
    SlotReference slot = table.byId().find(id);
    return slot == null ? 0 : slot.touch(id, now(), table.timeouts());
  }

  @Override
  public @Nullable Session find(SessionId id) {
    SlotReference slot = table.byId().find(id);
    if (slot == null) {
      return null;
    }
    UserSessions user = slot.user(id);
    return user == null
        ? null
        : slot.snapshot(
            id, user.userInRealm(), now(), table.clock().offsetMillis(), table.timeouts());
  }

  @Override
  public boolean end(SessionId id, EndReason reason) {
    UserSessions user = user(id);
    return user != null && user.end(id, reason, now());
  }

  @Override
  public boolean limitInactivity(SessionId id, Duration inactive) {
    long millis = SessionTimeouts.inactiveMillis(inactive);
    UserSessions user = user(id);
    return user != null && user.limit(id, millis);
  }

  private @Nullable UserSessions user(SessionId id) {
    SlotReference slot = table.byId().find(id);
    return slot == null ? null : slot.user(id);
  }

  @Override
  public int terminateAll(UserInRealm user) {
    return terminate(user).total();
  }

  private Tally terminate(UserInRealm user) {
    epochs.raiseTerminated(user);
    UserSessions sessions = table.findBehindBarrier(user);
    if (sessions == null) {
      UserSessions.tellTerminated(table.listeners(), user, List.of());
      return UserSessions.NONE_ENDED;
    }
    return sessions.terminateAll(user, now());
  }

  @Override
  public TerminationReport keepOut(UserInRealm user, Duration time, String by, String reason) {
    long millis = KeptOut.requireTime(time);
    table.realm(user.realm()).madeRules().keepOut(user, now(), millis, by, reason);
    Tally ended = terminate(user); // behind the mark
    return new TerminationReport(ended.total(), ended.total(), 0, 0, 0, ended.byServer());
  }

  @Override
  public boolean letIn(UserInRealm user) {
    SignInRules rules = rules(user.realm());
    return rules != null && rules.letIn(user, now());
  }

  @Override
  public List<KeptOut> keptOut(String realm) {
    SignInRules rules = rules(realm);
    return rules == null ? List.of() : rules.keptOut(table.clock());
  }

  @Override
  public void limitSessions(String realm, SessionLimit limit) {
    table.realm(realm).madeRules().limit(limit);
  }

  @Override
  public void limitSessions(UserInRealm user, SessionLimit limit) {
    table.realm(user.realm()).madeRules().limit(user, limit);
  }

  @Override
  public SessionLimits sessionLimits(String realm) {
    SignInRules rules = rules(realm);
    return rules == null ? SessionLimits.NONE : rules.limits();
  }

  private @Nullable SignInRules rules(String realm) {
    RealmUsers users = table.realms().get(realm);
    return users == null ? null : users.rules();
  }

  @Override
  public SelectedSessions select(Selection selection, String realm, int shown) {
    return new Select(table, selection, realm, now()).run(shown);
  }

  @Override
  public TerminationReport terminate(SelectedSessions selected) {
    return ((Selected) selected.members()).terminate(now());
  }

  @Override
  public TerminationReport terminateSelected(Selection selection, String realm) {
    long now = now();
    Instant at = Instant.ofEpochMilli(now + table.clock().offsetMillis());
    table.realm(realm).selected().raise(selection, at, epochs.next());
    VarHandle.fullFence(); // as for a single user
    SelectedSessions selected = new Select(table, selection, realm, now).run(0);
    return ((Selected) selected.members()).terminateAll();
  }

  @Override
  public long beginRefresh(UserInRealm user) {
    return epochs.beginRefresh(user);
  }

  @Override
  public Set<String> spellings(UserInRealm user) {
    UserSessions sessions = table.find(user);
    return sessions == null ? Set.of() : sessions.spellings(now());
  }

  @Override
  public RefreshReport refreshAll(
      UserInRealm user, Map<String, Credential> credentials, long epoch) {
    epochs.raiseRefreshed(user, epoch);
    UserSessions sessions = table.findBehindBarrier(user);
    return sessions == null
        ? RefreshReport.NOTHING
        : sessions.refreshAll(credentials, epoch, now());
  }

  @Override
  public RefreshReport previewRefresh(UserInRealm user, Map<String, Credential> credentials) {
    UserSessions sessions = table.find(user);
    return sessions == null ? RefreshReport.NOTHING : sessions.previewRefresh(credentials, now());
  }

  @Override
  public List<UserInRealm> beginRefresh(String realm) {
    table.realm(realm).raiseRefreshed(epochs.next());
    VarHandle.fullFence(); // as for a single user
    List<UserInRealm> users = new ArrayList<>();
    forEachUser(realm, user -> users.add(user.userInRealm()));
    return users;
  }

  @Override
  public boolean refresh(SessionId id, Credential credential, long epoch) {
    UserSessions user = user(id);
    return user != null && user.refresh(id, credential, epoch, now());
  }

  @Override
  public SessionList list(UserPattern pattern, String realm, int maximum) {
    if (maximum < 0) {
      throw new IllegalArgumentException("maximum must be 0 or more: " + maximum);
    }
    return page(pattern, realm, null, maximum).sessions();
  }

  @Override
  public UserList listUsers(
      UserPattern pattern, String realm, @Nullable String after, int maximum) {
    if (maximum < 0) {
      throw new IllegalArgumentException("maximum must be 0 or more: " + maximum);
    }
    return page(pattern, realm, after, maximum).users();
  }

  private Page page(UserPattern pattern, String realm, @Nullable String after, int maximum) {
    Page page = new Page(table, after, maximum, now());
    if (pattern.isName()) {
      UserSessions user = table.find(pattern.user(realm));
      if (user != null) {
        page.add(user);
      }
    } else {
      boolean everybody = pattern.isEverybody();
      forEachUser(
          realm,
          user -> {
            if (everybody || pattern.matches(user.key())) {
              page.add(user);
            }
          });
    }
    return page;
  }

  @Override
  public SessionList listSessions(UserInRealm user, int offset, int maximum, boolean newestFirst) {
    if (offset < 0 || maximum < 0) {
      throw new IllegalArgumentException(
          "%s must be 0 or more: %d"
              .formatted(offset < 0 ? "offset" : "maximum", Math.min(offset, maximum)));
    }
    UserSessions sessions = table.find(user);
    if (sessions == null) {
      return new SessionList(0, List.of());
    }
    long now = now();
    sessions.expire(now);
    UserSessions.Part part = sessions.part(offset, maximum, newestFirst);
    List<Session> shown = Page.shown(table, sessions, part.ids(), now);
    return new SessionList(part.size() - part.ids().size() + shown.size(), shown);
  }

  @Override
  public int expire() {
    table.clock().countSuspension();
    for (RealmUsers users : table.realms().values()) {
      SignInRules rules = users.rules();
      if (rules != null) {
        rules.forgetOver(now());
      }
    }
    return table.sweep().run(now());
  }

  @Override
  public Map<String, Map<String, SessionTotals>> totals() {
    return table.counters().totals();
  }

  @Override
  public Map<String, SessionTotals> totalsOfServer(String server) {
    return table.counters().ofServer(server);
  }

  @Override
  public Map<String, SessionTotals> totalsOfRealm(String realm) {
    return table.counters().ofRealm(realm);
  }

  @Override
  public long users(String realm) {
    RealmUsers users = table.realms().get(realm);
    return users == null ? 0 : users.count();
  }

  @Override
  public List<UserCount> largestUsers(String realm, int maximum) {
    PriorityQueue<UserCount> largest =
        new PriorityQueue<>(
            Comparator.comparingLong(UserCount::sessions)
                .thenComparing(UserCount::user, Comparator.reverseOrder()));
    forEachUser(
        realm,
        user -> {
          int size = user.size();
          UserCount least = largest.size() < maximum ? null : largest.peek();
          if (size > 0 && (least == null || size >= least.sessions())) {
            largest.add(new UserCount(user.name(), size));
            if (largest.size() > maximum) {
              largest.remove();
            }
          }
        });
    return largest.stream().sorted(largest.comparator().reversed()).toList();
  }

  @Override
  public long memoryBytes() {
    long users = table.realms().values().stream().mapToLong(RealmUsers::count).sum();
    return table.byId().size() * BYTES_PER_SESSION + users * BYTES_PER_USER;
  }

  @Override
  public SessionListener.Subscription listen(SessionListener listener) {
    return table.listeners().add(listener);
  }

  /** Does nothing: all is heap. */
  @Override
  public void close() {}

  /** Returns the number of users in the indexes of all realms. */
  long indexedUsers() {
    return table.realms().values().stream().mapToLong(users -> users.byUser().size()).sum();
  }

  private long now() {
    return table.clock().elapsedMillis();
  }

  private void forEachUser(String realm, Consumer<UserSessions> action) {
    RealmUsers users = table.realms().get(realm);
    if (users != null) {
      users.byUser().forEach(action);
    }
  }
}
