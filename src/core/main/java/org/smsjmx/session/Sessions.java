package org.smsjmx.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The face of the domain: signs users in with credentials from a registry, validates, ends,
 * refreshes and lists their sessions. Where the sessions are is the affair of a {@link
 * SessionTable}, whose guarantees hold here, too: sign-ins and refreshes keep the order that they
 * need, which is epoch, read, enter.
 *
 * <p>Every method may throw {@link SessionTable.UnavailableException} where the table is not in
 * this JVM.
 */
public final class Sessions {

  private final SessionTable table;
  private final UserRegistry registry;
  private final InstantSource clock;
  private final AtomicReference<RegistryState> registryState =
      new AtomicReference<>(new RegistryState(null, null));
  private final AtomicReference<@Nullable RealmRefresh> realmRefresh = new AtomicReference<>();

  /**
   * Makes the sessions that a table holds accessible.
   *
   * @param table holds the sessions
   * @param registry gives the credentials
   * @param clock tells the time of day
   */
  public Sessions(SessionTable table, UserRegistry registry, InstantSource clock) {
    this.table = table;
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * How the registry answered.
   *
   * @param lastAnswerAt the millisecond in which it last answered, whatever it said of the user;
   *     null if never
   * @param failure why the last reading failed, null if it did not
   */
  public record RegistryState(@Nullable Instant lastAnswerAt, @Nullable String failure) {}

  /**
   * How far the refresh of a realm is.
   *
   * @param realm which realm
   * @param users users to refresh
   * @param usersDone users refreshed so far
   * @param unknown users that the registry does not know (any more), or of whom it gives no
   *     credential, who keep theirs
   * @param sessions sessions refreshed so far
   * @param running whether it goes on
   */
  public record RealmRefresh(
      String realm, int users, int usersDone, int unknown, int sessions, boolean running) {}

  /** Returns when sessions end by themselves. */
  public SessionTimeouts timeouts() {
    return table.timeouts();
  }

  /** Returns how user names are compared, whatever those that are given to this bring with them. */
  public UserNames userNames() {
    return table.userNames();
  }

  private UserInRealm compared(UserInRealm user) {
    return user.comparedBy(table.userNames());
  }

  /**
   * Signs a user in.
   *
   * @param user who
   * @param server at which server
   * @return the new session's id
   * @throws UserRegistry.UnknownUserException if the registry has no such user
   * @throws UserRegistry.NoCredentialException if its answer gives no credential
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer
   */
  public SessionId signIn(UserInRealm user, String server) {
    return signIn(user, server, 1).get(0);
  }

  /**
   * Signs a user in several times, with as few readings of the registry as the guarantees allow.
   *
   * @param user who
   * @param server at which server
   * @param count how often, at least 1
   * @return the new sessions' ids
   * @throws UserRegistry.UnknownUserException if the registry has no such user
   * @throws UserRegistry.NoCredentialException if its answer gives no credential
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer
   */
  public List<SessionId> signIn(UserInRealm user, String server, int count) {
    UserInRealm compared = compared(user);
    List<SessionId> ids = new ArrayList<>(count);
    while (ids.size() < count) {
      long epoch = table.beginSignIn(compared);
      Credential credential = read(compared);
      SessionId id = table.signIn(compared, server, credential, epoch);
      while (id != null) {
        ids.add(id);
        id = ids.size() < count ? table.signIn(compared, server, credential, epoch) : null;
      }
    }
    return ids;
  }

  /**
   * Validates a session and records its use: what every request asks.
   *
   * @param id session id
   * @return the version of the session's credential, at least 1, one more with each refresh; 0 if
   *     the session is not alive
   */
  public int touch(SessionId id) {
    return table.touch(id);
  }

  /**
   * Returns a session for display; {@link #touch} is what validates one.
   *
   * @param id session id
   * @return the session as it is now, null if it is not alive
   */
  public @Nullable Session find(SessionId id) {
    return table.find(id);
  }

  /**
   * Ends a session at its user's wish.
   *
   * @param id session id
   * @return whether this call ended it
   */
  public boolean signOut(SessionId id) {
    return table.signOut(id);
  }

  /**
   * Ends a session at an administrator's wish.
   *
   * @param id session id
   * @return whether this call ended it
   */
  public boolean terminate(SessionId id) {
    return table.terminate(id);
  }

  /**
   * Ends all sessions of a user in a realm, at an administrator's wish. Never asks the registry.
   *
   * @param user whose
   * @return how many sessions this call ended
   */
  public int terminateAll(UserInRealm user) {
    return table.terminateAll(compared(user));
  }

  /**
   * Refreshes the credential of all sessions of a user in a realm.
   *
   * @param user whose
   * @return how many sessions carry the new credential, and what changed
   * @throws UserRegistry.UnknownUserException if the registry has no such user; nothing is changed
   * @throws UserRegistry.NoCredentialException if its answer gives no credential; nothing is
   *     changed
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public RefreshReport refreshAll(UserInRealm user) {
    UserInRealm compared = compared(user);
    long epoch = table.beginRefresh(compared);
    return table.refreshAll(compared, read(compared), epoch);
  }

  /**
   * Refreshes the credential of all sessions of a user in several realms, with one reading of the
   * registry.
   *
   * @param user whose
   * @param realms realms
   * @return for each realm how many sessions carry the new credential, and what changed
   * @throws UserRegistry.UnknownUserException if the registry has no such user; nothing is changed
   * @throws UserRegistry.NoCredentialException if its answer gives no credential; nothing is
   *     changed
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public Map<String, RefreshReport> refreshAll(String user, List<String> realms) {
    Map<UserInRealm, Long> epochs = new LinkedHashMap<>();
    for (String realm : realms) {
      UserInRealm inRealm = new UserInRealm(user, realm, table.userNames());
      epochs.put(inRealm, table.beginRefresh(inRealm));
    }
    Credential credential = read(new UserInRealm(user, realms.get(0), table.userNames()));
    Map<String, RefreshReport> reports = new LinkedHashMap<>();
    epochs.forEach(
        (inRealm, epoch) ->
            reports.put(inRealm.realm(), table.refreshAll(inRealm, credential, epoch)));
    return reports;
  }

  /**
   * Refreshes the credential of one session.
   *
   * @param session which
   * @return whether it is alive and carries a credential read after this call began
   * @throws UserRegistry.UnknownUserException if the registry has no such user; nothing is changed
   * @throws UserRegistry.NoCredentialException if its answer gives no credential; nothing is
   *     changed
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public boolean refresh(Session session) {
    UserInRealm user = compared(session.user());
    long epoch = table.beginRefresh(user);
    return table.refresh(session.id(), read(user), epoch);
  }

  /**
   * Tells what {@link #refreshAll} would do, without doing it.
   *
   * @param user whose
   * @throws UserRegistry.UnknownUserException if the registry has no such user
   * @throws UserRegistry.NoCredentialException if its answer gives no credential
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer
   */
  public RefreshReport previewRefresh(UserInRealm user) {
    UserInRealm compared = compared(user);
    return table.previewRefresh(compared, read(compared));
  }

  /**
   * Refreshes the sessions of all users of a realm, one user after the other, so that the registry
   * is asked one thing at a time. Users of whom it gives no credential keep theirs.
   *
   * @param realm realm
   * @return how many sessions carry a new credential
   * @throws RefreshUnderWayException if such a refresh is under way, here or in another realm
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; users that
   *     were not reached yet keep their credential
   */
  public int refreshRealm(String realm) {
    RealmRefresh before = realmRefresh.get();
    RealmRefresh progress = new RealmRefresh(realm, 0, 0, 0, 0, true);
    if ((before != null && before.running) || !realmRefresh.compareAndSet(before, progress)) {
      throw new RefreshUnderWayException("a realm is being refreshed already");
    }
    int done = 0;
    int unknown = 0;
    int refreshed = 0;
    List<UserInRealm> users = List.of();
    try {
      users = table.beginRefresh(realm);
      realmRefresh.set(new RealmRefresh(realm, users.size(), 0, 0, 0, true));
      for (UserInRealm user : users) {
        try {
          refreshed += refreshAll(user).sessions();
        } catch (UserRegistry.UnknownUserException | UserRegistry.NoCredentialException e) {
          unknown++;
        }
        done++;
        realmRefresh.set(new RealmRefresh(realm, users.size(), done, unknown, refreshed, true));
      }
      return refreshed;
    } finally {
      realmRefresh.set(new RealmRefresh(realm, users.size(), done, unknown, refreshed, false));
    }
  }

  /** Says that a realm is being refreshed: there is one such refresh at a time. */
  public static final class RefreshUnderWayException extends IllegalStateException {
    RefreshUnderWayException(String message) {
      super(message);
    }
  }

  /** Returns how far the last refresh of a realm is or was, null if there was none. */
  public @Nullable RealmRefresh realmRefresh() {
    return realmRefresh.get();
  }

  /** Returns how the registry answered. */
  public RegistryState registryState() {
    return Objects.requireNonNull(registryState.get());
  }

  /** Returns since when the registry's credentials are out of date; null if they are not. */
  public UserRegistry.@Nullable Stale registryStale() {
    return registry.stale();
  }

  private Credential read(UserInRealm user) {
    try {
      Credential credential = registry.read(user.user());
      answered(user);
      return credential;
    } catch (UserRegistry.UnknownUserException | UserRegistry.NoCredentialException e) {
      answered(user);
      throw e;
    } catch (UserRegistry.RegistryUnavailableException e) {
      registryState.updateAndGet(s -> new RegistryState(s.lastAnswerAt, e.getMessage()));
      throw e;
    }
  }

  /**
   * At many sign-ins a millisecond most find the state as it must be: the registry answered in this
   * millisecond.
   */
  private void answered(UserInRealm user) {
    if (registry.asksFor(user.user())) {
      RegistryState state = registryState();
      long now = clock.millis();
      if (state.failure != null
          || state.lastAnswerAt == null
          || state.lastAnswerAt.toEpochMilli() != now) {
        registryState.set(new RegistryState(Instant.ofEpochMilli(now), null));
      }
    }
  }

  /**
   * Lists live sessions. Delays no other call: sessions that begin or end meanwhile may be in or
   * out.
   *
   * @param pattern for the user name
   * @param realm realm
   * @param maximum how many sessions to return at most, 0 = only count
   * @return the number that matched and the first of them
   * @throws IllegalArgumentException if maximum is negative
   */
  public SessionList list(UserPattern pattern, String realm, int maximum) {
    return table.list(pattern.comparedBy(table.userNames()), realm, maximum);
  }

  /**
   * Ends the sessions whose deadline has passed, and gives back their memory. To be called
   * regularly, such as every second.
   *
   * @return how many it ended
   */
  public int expire() {
    return table.expire();
  }

  /** Returns the sum of all totals. */
  public SessionTotals total() {
    return totals().values().stream()
        .flatMap(byRealm -> byRealm.values().stream())
        .reduce(SessionTotals.NONE, SessionTotals::plus);
  }

  /** Returns the totals of each server by realm; a server or realm without sign-ins is missing. */
  public Map<String, Map<String, SessionTotals>> totals() {
    return table.totals();
  }

  /** Returns the totals of one server by realm; a realm without sign-ins is missing. */
  public Map<String, SessionTotals> totalsOfServer(String server) {
    return table.totalsOfServer(server);
  }

  /** Returns the totals in one realm by server; a server without sign-ins is missing. */
  public Map<String, SessionTotals> totalsOfRealm(String realm) {
    return table.totalsOfRealm(realm);
  }

  /** Returns the number of users with a session in the realm. */
  public long users(String realm) {
    return table.users(realm);
  }

  /**
   * Returns the users with most sessions in a realm, most first.
   *
   * @param realm realm
   * @param maximum how many users to return at most
   */
  public List<SessionTable.UserCount> largestUsers(String realm, int maximum) {
    return table.largestUsers(realm, maximum);
  }

  /** Returns an estimate of the heap that the sessions take in this JVM now, in bytes. */
  public long memoryBytes() {
    return table.memoryBytes();
  }

  /** Returns whether the table works now. */
  public SessionTable.Health health() {
    return table.health();
  }

  /**
   * Tells a listener from now on of sessions that end or are refreshed.
   *
   * @param listener which
   * @return closing it ends that
   */
  public SessionListener.Subscription listen(SessionListener listener) {
    return table.listen(listener);
  }
}
