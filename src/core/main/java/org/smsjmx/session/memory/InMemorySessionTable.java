package org.smsjmx.session.memory;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionList;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserPattern;

/**
 * The session table of one JVM.
 *
 * <p>Two indexes: by session id, lock-free, for the requests of users; and by user in realm, each
 * user with a lock of its own, for the operations. The invariants stand where they are guarded:
 * that sessions end once and stay dead in {@link Entry} and {@link Group}, that each end is counted
 * once and memory is given back in {@link UserSessions}, that who is there is found in {@link
 * SessionSlots} and {@link ChainedIndex}. What is left for here:
 *
 * <p><b>No session enters behind a terminate or refresh</b> (G1, G2): these raise the {@link Marks
 * barrier} of the user and then look for the user's sessions. A sign-in makes the user visible, and
 * then compares its mark with the barrier. So either the operation sees the user, and the session
 * once it has the lock, or the sign-in sees the barrier.
 *
 * <p><b>PERFORMANCE.</b> Heap, with compressed references: a session takes 36 bytes in its slot,
 * and from the fourth one of a user on 8 in the user's list, which takes 16 itself; one that holds
 * another credential than its neighbours, or whose user signed in under another spelling than
 * first, 24 more. A user takes 104 bytes, 7 to 13 for the slot, 24 for what the sessions hold in
 * common, and some 70 for a name that has more than 15 characters, or other than small ones. Slots
 * that have become free are used again; 8,192 of them are given back when all of these are free.
 * Credentials come on top, each 24 to 34 bytes and one or two for each letter in it; those that are
 * equal are kept once for a user. There is no bound but the heap. A large table is read all over,
 * so that finding the pages takes up to a quarter of the time unless they are huge ({@code
 * -XX:+UseTransparentHugePages}).
 *
 * <ul>
 *   <li>{@link #touch}, {@link #find}: no lock. One slot, whose number is part of the id, to read;
 *       one compare-and-set there, none if the millisecond is the same. That is little more than
 *       one access to memory, and becomes slower as that does when the slots outgrow the
 *       processor's cache. For a session of a group also the group and what all groups of the user
 *       share.
 *   <li>{@link #signIn}, {@link #signOut}, {@link #terminate}: the lock of the user, and for a
 *       moment that of a stripe of the slots; for the first and last session of a user also that of
 *       a segment of the index by user. Segments grow and shrink each by itself. What costs most is
 *       to fetch the user, and to write references into old memory, each of which the garbage
 *       collector has to know: a sign-in writes one, beside that of the thread's last one, and
 *       another one from the fourth session of a user on.
 *   <li>{@link #terminateAll}: one step for each of the first {@value Layout#ALONE} sessions, which
 *       need no group to look at when they are touched, and one for all further ones together. The
 *       next {@link #expire} takes them out of the index by id and gives their memory back. Only
 *       groups in which a deadline may have passed since the last {@code expire} are looked
 *       through, so that what had expired is not counted as terminated.
 *   <li>{@link #refreshAll}: one write for the first {@value Layout#ALONE} sessions and for each
 *       group, and no look at any of them, since neighbours that signed in with the same reading
 *       hold it in common. Where one holds something of its own, one look at each of them, and one
 *       more write for each such. The rules are asked once for each credential. The user's lock is
 *       let go after each group.
 *   <li>{@link #list}: users are counted, not sessions; sessions are read for the page only, and of
 *       users of whom some may be past their deadline.
 *   <li>{@link #expire}: one look at the earliest possible deadline of each few users that are
 *       neighbours in the index, at each of these only where that has passed, and so at the
 *       sessions. No lock is held for longer than a group takes.
 * </ul>
 */
public final class InMemorySessionTable implements SessionTable {

  private static final int IDS_PER_DRAW = 64;

  /* See PERFORMANCE; shown right by a test. */
  private static final long BYTES_PER_SESSION = 32 + 4 + 5;
  private static final long BYTES_PER_USER = 104 + 9 + 24;

  private static final Comparator<UserSessions> BY_USER = UserSessions::compareByKey;

  private final TableParts parts;
  private final Marks marks = new Marks();
  private final ConcurrentHashMap<String, RealmUsers> realms = new ConcurrentHashMap<>();

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
    this(timeouts, rules, clock, randomIds(new SecureRandom()), Layout.DEFAULT);
  }

  InMemorySessionTable(
      SessionTimeouts timeouts,
      RefreshRules rules,
      InstantSource clock,
      IntFunction<SessionId> newId,
      Layout layout) {
    this.parts = TableParts.of(timeouts, rules, clock, newId, layout);
  }

  /** Draws bits for many ids at once: a draw takes a lock that all threads share. */
  static IntFunction<SessionId> randomIds(SecureRandom random) {
    ThreadLocal<ByteBuffer> drawn =
        ThreadLocal.withInitial(() -> ByteBuffer.allocate(IDS_PER_DRAW * 2 * Long.BYTES).limit(0));
    return slot -> {
      ByteBuffer bits = drawn.get();
      if (!bits.hasRemaining()) {
        random.nextBytes(bits.array());
        bits.clear();
      }
      return SessionSlots.idIn(slot, bits.getLong(), bits.getLong());
    };
  }

  @Override
  public SessionTimeouts timeouts() {
    return parts.timeouts();
  }

  @Override
  public long beginSignIn(UserInRealm user) {
    return marks.newest(user);
  }

  @Override
  public @Nullable SessionId signIn(
      UserInRealm user, String server, Credential credential, long mark) {
    Counters counted = parts.counters().of(server, user.realm());
    while (true) {
      UserSessions sessions = parts.byUser().find(user);
      if (sessions == null) {
        sessions = realm(user.realm()).enter(user);
      }
      synchronized (sessions) {
        if (sessions.isRemoved()) {
          continue;
        }
        if (!marks.admits(user, mark)) {
          sessions.removeIfEmpty();
          return null;
        }
        return sessions.signIn(user, counted, credential, mark);
      }
    }
  }

  @Override
  public boolean touch(SessionId id) {
    Entry entry = parts.byId().find(id);
    return entry != null && entry.touch(id, now(), parts.timeouts());
  }

  @Override
  public @Nullable Session find(SessionId id) {
    Entry entry = parts.byId().find(id);
    UserSessions user = entry == null ? null : entry.user(id);
    return user == null ? null : entry.snapshot(id, user.userInRealm(), now(), parts.timeouts());
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
    UserSessions user = user(id);
    return user != null && user.end(id, reason, now());
  }

  private @Nullable UserSessions user(SessionId id) {
    Entry entry = parts.byId().find(id);
    return entry == null ? null : entry.user(id);
  }

  @Override
  public int terminateAll(UserInRealm user) {
    marks.raiseBarrier(user, marks.next(user));
    UserSessions sessions = parts.byUser().find(user);
    return sessions == null ? 0 : sessions.terminateAll(now());
  }

  @Override
  public long beginRefresh(UserInRealm user) {
    return marks.next(user);
  }

  @Override
  public RefreshReport refreshAll(UserInRealm user, Credential credential, long mark) {
    marks.raiseBarrier(user, mark);
    UserSessions sessions = parts.byUser().find(user);
    return sessions == null ? RefreshReport.NOTHING : sessions.refreshAll(credential, mark, now());
  }

  @Override
  public RefreshReport previewRefresh(UserInRealm user, Credential credential) {
    UserSessions sessions = parts.byUser().find(user);
    return sessions == null ? RefreshReport.NOTHING : sessions.previewRefresh(credential, now());
  }

  @Override
  public List<UserInRealm> beginRefresh(String realm) {
    marks.raiseAllBarriers();
    List<UserInRealm> users = new ArrayList<>();
    forEachUser(realm, user -> users.add(user.userInRealm()));
    return users;
  }

  @Override
  public boolean refresh(SessionId id, Credential credential, long mark) {
    UserSessions user = user(id);
    return user != null && user.refresh(id, credential, mark, now());
  }

  @Override
  public SessionList list(UserPattern pattern, String realm, int maximum) {
    if (maximum < 0) {
      throw new IllegalArgumentException("maximum must be 0 or more: " + maximum);
    }
    Page page = new Page(maximum, now());
    if (pattern.isName()) {
      UserSessions user = parts.byUser().find(new UserInRealm(pattern.toString(), realm));
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
    return page.list();
  }

  /** The first sessions of many, and how many there are. */
  private final class Page {

    private final int maximum;
    private final long now;
    private long matched;

    /** As many as the page may need, each having a session at least; the last one first. */
    private final PriorityQueue<UserSessions> users = new PriorityQueue<>(BY_USER.reversed());

    Page(int maximum, long now) {
      this.maximum = maximum;
      this.now = now;
    }

    void add(UserSessions user) {
      user.expire(now);
      int size = user.size();
      if (size == 0) {
        return;
      }
      matched += size;
      if (users.size() < maximum) {
        users.add(user);
      } else if (maximum > 0 && BY_USER.compare(user, users.element()) < 0) {
        users.remove();
        users.add(user);
      }
    }

    SessionList list() {
      List<UserSessions> ordered = new ArrayList<>(users);
      ordered.sort(BY_USER);
      List<Session> shown = new ArrayList<>();
      for (UserSessions user : ordered) {
        List<SessionId> first = user.first(maximum - shown.size());
        matched -= first.size();
        UserInRealm usual = user.userInRealm();
        for (SessionId id : first) {
          Entry entry = parts.byId().find(id);
          Session session = entry == null ? null : entry.snapshot(id, usual, now, parts.timeouts());
          if (session != null) {
            shown.add(session);
            matched++;
          }
        }
      }
      return new SessionList(Math.max(matched, shown.size()), shown);
    }
  }

  @Override
  public int expire() {
    return parts.sweep().run(now());
  }

  @Override
  public Map<String, Map<String, SessionTotals>> totals() {
    return parts.counters().totals();
  }

  @Override
  public long users(String realm) {
    RealmUsers users = realms.get(realm);
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
    return parts.byId().size() * BYTES_PER_SESSION + parts.byUser().size() * BYTES_PER_USER;
  }

  /** Returns the number of users in the index. */
  long indexedUsers() {
    return parts.byUser().size();
  }

  private long now() {
    return parts.clock().millis();
  }

  private void forEachUser(String realm, Consumer<UserSessions> action) {
    RealmUsers users = realms.get(realm);
    parts
        .byUser()
        .forEach(
            user -> {
              if (user.realm() == users) {
                action.accept(user);
              }
            });
  }

  private RealmUsers realm(String name) {
    RealmUsers users = realms.get(name);
    return users != null ? users : realms.computeIfAbsent(name, n -> new RealmUsers(n, parts));
  }
}
