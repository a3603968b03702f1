package org.smsjmx.session.memory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.Credential;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserName;

/**
 * The sessions of one user in one realm, oldest first, and the lock of all that is done to them:
 * its own monitor. Others than their user's operations never wait for it.
 *
 * <p>The first sessions stand alone, further ones in {@link Groups}; while there are groups, new
 * sessions go there, so that the order is that of the sign-ins. What is guarded here:
 *
 * <ul>
 *   <li><b>A session's end is counted once</b>: by who takes it out, under the lock. Who finds it
 *       dead but already out has nothing to count.
 *   <li><b>A user is in the index exactly while there are sessions</b> (G5), but for a sign-in that
 *       is about to fill it: entering, leaving and removing the user happen under the lock. One
 *       that was removed says so to those who waited for the lock.
 *   <li><b>Nobody who must expire is overlooked</b>: {@link #earliest} and that of the groups is
 *       lowered before a session has entered, touches only put deadlines off, and it is raised
 *       together with looking at all sessions that it stands for.
 * </ul>
 */
class UserSessions extends StandingAlone implements Owner {

  private final int hash;

  /* The PackedName. */
  private final long high;
  private final long low;

  private final RealmUsers realm;

  /** None of those who stand alone has an earlier deadline. Epoch milliseconds. */
  private volatile long earliest = Long.MAX_VALUE;

  /** Replaced under the lock; null if there are none. */
  private volatile @Nullable Groups groups;

  /** What those who stand alone hold that hold nothing of their own. Set before any enters. */
  private volatile @Nullable Held common;

  /**
   * Whether one that stands or stood alone holds something of its own; if not, all hold the common.
   */
  private boolean apart;

  /** What the last sign-in brought, for the next one to share. */
  private @Nullable Held signInHeld;

  /* What that says, so that it need not be fetched from memory. */
  private @Nullable Credential signInCredential;
  private long signInMark;

  private UserSessions(UserInRealm user, RealmUsers realm) {
    PackedName packed = PackedName.of(user.key());
    this.hash = user.hashCode();
    this.high = packed.high();
    this.low = packed.low();
    this.realm = realm;
  }

  /** A user whose name the packed one does not say as at the first sign-in. */
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
    return user.hashCode() == hash && isCalled(user.key()) && user.realm().equals(realm.name());
  }

  private boolean isCalled(String key) {
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

  /** Returns the user's name as it is compared, see {@link UserName#fold}. */
  String key() {
    return packed().isWhole() ? packed().text() : UserName.fold(name());
  }

  /** Compares by key, which is seldom needed as a whole. */
  static int compareByKey(UserSessions one, UserSessions other) {
    int order = one.packed().compareTo(other.packed());
    return order != 0 || one.packed().isWhole() ? order : one.key().compareTo(other.key());
  }

  RealmUsers realm() {
    return realm;
  }

  /** Returns what those of a group, or those who stand alone, hold in common. */
  @Nullable Held common(@Nullable Group group) {
    return group == null ? common : group.common();
  }

  /** Returns the user, named as at the first sign-in. */
  UserInRealm userInRealm() {
    return new UserInRealm(name(), realm.name());
  }

  @Override
  public UserSessions user() {
    return this;
  }

  @Override
  public @Nullable Group group() {
    return null;
  }

  @Override
  public void holdApart() {
    apart = true;
  }

  /** Returns whether the user, who is this one, is named as at the first sign-in. */
  boolean isNamed(UserInRealm user) {
    return user.user().equals(user.key());
  }

  // --- under the lock of the caller ---

  void removeIfEmpty() {
    if (aloneSize() == 0 && groups == null && !isRemoved()) {
      remove();
    }
  }

  private void remove() {
    closeAlone();
    realm.remove(this);
  }

  /** Enters a new session. */
  SessionId signIn(UserInRealm named, Counters counters, Credential credential, long mark) {
    Held held = held(credential, mark);
    Groups many = groups;
    if (many == null && aloneSize() >= table().layout().alone()) {
      many = new Groups(this, table().layout().groupSize());
    }
    Group group = many == null ? null : many.open(held);
    if (group == null && common == null) {
      common = held;
    }
    Owner usual = group == null ? this : group;
    Held own = held == common(group) ? null : held;
    if (own != null) {
      usual.holdApart();
    }
    String name = isNamed(named) ? null : named.user();
    Owner owner = own == null && name == null ? usual : new Owner.Apart(usual, own, name);
    long createdAt = table().clock().millis();
    int slot = table().byId().reserve();
    SessionId id = table().newId().apply(slot);
    Entry entry = table().byId().at(slot);
    entry.enter(id, owner, counters, createdAt);
    counters.signedIn.increment();
    if (groups != many) {
      groups = many; // what stays as it is would cost as much to write as what changes
    }
    long deadline = entry.deadline(timeouts());
    add(entry, group, deadline);
    table().sweep().entered(this, createdAt, deadline);
    return id;
  }

  /**
   * Returns what a session is to hold: sign-ins with the same reading share it, and those with
   * equal ones part of it.
   */
  private Held held(Credential credential, long mark) {
    Held last = signInHeld;
    if (last != null && signInCredential == credential && signInMark == mark) {
      return last;
    }
    Held held =
        last != null && last.isOf(credential) ? last.readAt(mark) : new Held(credential, mark);
    signInHeld = held;
    signInCredential = credential;
    signInMark = mark;
    return held;
  }

  private void add(Entry entry, @Nullable Group group, long deadline) {
    Groups many = groups;
    if (many != null && group != null) {
      many.add(entry, group, deadline);
    } else {
      if (deadline < earliest) {
        earliest = deadline;
      }
      addAlone(entry.slot(), entry.counters());
    }
  }

  /**
   * Returns the session with the id; null if it has left its slot, which others may have by now, or
   * is about to, since all have ended together.
   */
  private @Nullable Entry find(SessionId id) {
    Entry entry = isRemoved() ? null : table().byId().find(id);
    return entry != null && entry.user(id) == this ? entry : null;
  }

  private void takeOut(Entry entry) {
    Groups many = groups;
    Group group = entry.group();
    if (many != null && group != null) {
      many.remove(entry, group);
      removeGroupsIfEmpty();
    } else {
      removeAlone(entry.slot());
    }
  }

  private void removeGroupsIfEmpty() {
    Groups many = groups;
    if (many != null && many.size() == 0) {
      groups = null;
    }
  }

  private void ended(Entry entry, EndReason reason) {
    entry.counters().ended(reason);
    table().byId().remove(entry);
  }

  private int expireAlone(long now) {
    if (now < earliest) {
      return 0;
    }
    Entry[] some = alone();
    int kept = 0;
    long next = Long.MAX_VALUE;
    for (Entry entry : some) {
      if (entry.endIfDue(now, timeouts())) {
        ended(entry, EndReason.EXPIRED);
      } else {
        next = Math.min(next, entry.deadline(timeouts()));
        some[kept++] = entry;
      }
    }
    if (kept < some.length) {
      keepAlone(some, kept);
    }
    earliest = next;
    return some.length - kept;
  }

  private int expireGroup(Group group, long now) {
    Groups many = groups;
    if (many == null) {
      return 0;
    }
    Entry[] due = many.removeDue(group, now, timeouts());
    for (Entry entry : due) {
      ended(entry, EndReason.EXPIRED);
    }
    removeGroupsIfEmpty();
    return due.length;
  }

  // --- taking the lock ---

  /** Ends a session; returns whether this call did, and for the reason given. */
  synchronized boolean end(SessionId id, EndReason reason, long now) {
    Entry entry = find(id);
    if (entry == null) {
      return false;
    }
    takeOut(entry);
    EndReason actual = entry.end(reason, entry.lastAccessAt(), now, timeouts());
    ended(entry, actual);
    removeIfEmpty();
    return actual == reason;
  }

  /** Ends a session that was found past its deadline, if it is so still. */
  synchronized void expire(SessionId id, long now) {
    Entry entry = find(id);
    if (entry != null && entry.endIfDue(now, timeouts())) {
      takeOut(entry);
      ended(entry, EndReason.EXPIRED);
      removeIfEmpty();
    }
  }

  /** Ends all; they stay in the index by id until the next {@link Sweep}. */
  synchronized int terminateAll(long now) {
    Groups many = groups;
    if (many != null && now >= many.earliest()) {
      for (Group group : many.toList()) {
        expireGroup(group, now);
      }
      many = groups;
    }
    Entry[] ending = alone();
    if (ending.length == 0 && many == null) {
      removeIfEmpty();
      return 0;
    }
    PerServer terminated = many == null ? new PerServer() : many.end();
    // in two passes: the processor fetches many from memory at once, but not across a write
    long[] seen = new long[ending.length];
    for (int i = 0; i < ending.length; i++) {
      seen[i] = ending[i].lastAccessAt();
    }
    for (int i = 0; i < ending.length; i++) {
      Counters counted = ending[i].counters();
      if (ending[i].end(EndReason.TERMINATED_BY_ADMIN, seen[i], now, timeouts())
          == EndReason.EXPIRED) {
        counted.ended(EndReason.EXPIRED);
      } else {
        terminated.add(counted, 1);
      }
    }
    terminated.forEach((server, number) -> server.ended(EndReason.TERMINATED_BY_ADMIN, number));
    table().sweep().ended(ending, many);
    // only what changes: each volatile write holds the processor up
    if (many != null) {
      groups = null;
    }
    remove();
    return terminated.total();
  }

  /**
   * Ends the sessions that are due. The lock is released between groups.
   *
   * @return how many it ended
   */
  int expire(long now) {
    if (!mayBeDue(now)) {
      return 0;
    }
    int expired;
    List<Group> some;
    synchronized (this) {
      expired = expireAlone(now);
      some = listGroups();
      removeIfEmpty();
    }
    for (Group group : some) {
      synchronized (this) {
        expired += expireGroup(group, now);
        removeIfEmpty();
      }
    }
    if (!some.isEmpty()) {
      synchronized (this) {
        if (groups != null) {
          groups.updateEarliest();
        }
      }
    }
    return expired;
  }

  private boolean mayBeDue(long now) {
    return now >= earliest();
  }

  /** Returns a time before which no session has its deadline, in epoch milliseconds. */
  long earliest() {
    Groups many = groups;
    return many == null ? earliest : Math.min(earliest, many.earliest());
  }

  private List<Group> listGroups() {
    Groups many = groups;
    return many == null ? List.of() : many.toList();
  }

  /** Refreshes all that carry older readings. The lock is released between groups. */
  RefreshReport refreshAll(Credential credential, long mark, long now) {
    expire(now);
    Refresh refresh = new Refresh(table().rules(), credential, mark, now);
    List<Group> some;
    synchronized (this) {
      if (signInHeld != null) {
        // or else it would keep the old credential from being given back
        signInHeld = null;
        signInCredential = null;
      }
      Held before = common;
      if (before != null) {
        common = apart ? refresh.apply(alone(), before) : refresh.apply(aloneSizes(), before);
      }
      some = listGroups();
    }
    for (Group group : some) {
      synchronized (this) {
        refresh.apply(group);
      }
    }
    return refresh.end();
  }

  /** Refreshes one session; returns whether it is alive. */
  synchronized boolean refresh(SessionId id, Credential credential, long mark, long now) {
    Entry entry = find(id);
    if (entry == null || !entry.isAlive(id, now, timeouts())) {
      return false;
    }
    Refresh refresh = new Refresh(table().rules(), credential, mark, now);
    refresh.apply(entry);
    refresh.end();
    return true;
  }

  RefreshReport previewRefresh(Credential credential, long now) {
    expire(now);
    Refresh refresh = new Refresh(table().rules(), credential, Long.MAX_VALUE, now);
    List<Group> some;
    synchronized (this) {
      Held each = common;
      if (each != null && apart) {
        refresh.count(alone(), each);
      } else if (each != null && aloneSize() > 0) {
        refresh.count(each, aloneSize());
      }
      some = listGroups();
    }
    for (Group group : some) {
      synchronized (this) {
        refresh.count(group);
      }
    }
    return refresh.report();
  }

  /** Returns the number of sessions that have not ended. */
  int size() {
    if (groups == null) {
      return aloneSize();
    }
    synchronized (this) {
      Groups many = groups;
      return aloneSize() + (many == null ? 0 : many.size());
    }
  }

  /** Returns the ids of the oldest sessions, oldest first. */
  synchronized List<SessionId> first(int maximum) {
    int[] numbers = aloneSlots();
    List<SessionId> first = new ArrayList<>();
    addIds(first, entries(numbers, Math.min(numbers.length, maximum)));
    for (Group group : listGroups()) {
      if (first.size() == maximum) {
        break;
      }
      addIds(first, group.first(maximum - first.size()));
    }
    return first;
  }

  private static void addIds(List<SessionId> ids, Entry[] entries) {
    for (Entry entry : entries) {
      ids.add(entry.id());
    }
  }

  private Entry[] alone() {
    int[] numbers = aloneSlots();
    return entries(numbers, numbers.length);
  }

  private PerServer aloneSizes() {
    return aloneSizes(table().counters());
  }

  /** Returns the first ones of the user's sessions that stand in some slots. */
  Entry[] entries(int[] slots, int number) {
    Entry[] entries = new Entry[number];
    for (int i = 0; i < number; i++) {
      entries[i] = table().byId().at(slots[i]);
    }
    return entries;
  }

  private TableParts table() {
    return realm.table();
  }

  private SessionTimeouts timeouts() {
    return realm.table().timeouts();
  }
}
