package org.smsjmx.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

  /** Returns whether the table can do something that tables may lack. */
  public boolean can(SessionTable.Capability what) {
    return table.capabilities().contains(what);
  }

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
   * @throws SignInRefusedException if the user is kept out, or has as many sessions as allowed
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
   * @throws SignInRefusedException if the user is kept out, or has as many sessions as allowed;
   *     those that have begun stay
   * @throws UserRegistry.UnknownUserException if the registry has no such user
   * @throws UserRegistry.NoCredentialException if its answer gives no credential
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer
   */
  public List<SessionId> signIn(UserInRealm user, String server, int count) {
    UserInRealm compared = compared(user);
    List<SessionId> ids = new ArrayList<>(count);
    while (ids.size() < count) {
      long epoch = table.beginSignIn();
      Credential credential = read(compared);
      SignIn signIn;
      do {
        signIn = table.signIn(compared, server, credential, SessionFacts.NONE, epoch, epoch);
        if (signIn instanceof SignIn.Entered entered) {
          ids.add(entered.id());
        } else if (signIn instanceof SignIn.Refused refused && refused.isLasting()) {
          throw new SignInRefusedException(compared, refused);
        }
      } while (ids.size() < count && signIn instanceof SignIn.Entered);
    }
    return ids;
  }

  /**
   * Returns the epoch of a sign-in that begins now. To be taken before the user proves who it is,
   * when the name need not be known yet.
   *
   * @return an epoch for {@code signIn}
   */
  public long beginSignIn() {
    return table.beginSignIn();
  }

  /**
   * Signs a user in who has proved who it is, with a credential that was read since the sign-in
   * began. One attempt.
   *
   * @param user who
   * @param server at which server
   * @param credential what is known of the user
   * @param facts what else is known of the session
   * @param begun from {@link #beginSignIn}
   * @return the new session; {@code REFRESHED} if the credential has to be read again, for which
   *     there is the other {@code signIn}; anything else if the user has to begin again, which is
   *     in vain at once if it {@link SignIn.Refused#isLasting}
   */
  public SignIn signIn(
      UserInRealm user, String server, Credential credential, SessionFacts facts, long begun) {
    if (credential.fixed() == null) {
      return table.signIn(compared(user), server, credential, facts, begun, begun);
    }
    SignIn signIn;
    do { // there is nothing that could be read again
      signIn = table.signIn(compared(user), server, credential, facts, begun, beginSignIn());
    } while (signIn == SignIn.Refused.REFRESHED);
    return signIn;
  }

  /**
   * Signs a user in who has proved who it is. The credential is read here, and again if a refresh
   * comes in between. If a terminate came in between, since the sign-in began, the user has to
   * begin again: what was proved then does not hold any more.
   *
   * @param user who
   * @param server at which server
   * @param facts what else is known of the session
   * @param begun from {@link #beginSignIn}
   * @return the new session, or why the user has to begin again, which is in vain at once if it
   *     {@link SignIn.Refused#isLasting}
   * @throws UserRegistry.UnknownUserException if the registry has no such user
   * @throws UserRegistry.NoCredentialException if its answer gives no credential
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer
   */
  public SignIn signIn(UserInRealm user, String server, SessionFacts facts, long begun) {
    UserInRealm compared = compared(user);
    while (true) {
      long read = table.beginSignIn();
      SignIn signIn = table.signIn(compared, server, read(compared), facts, begun, read);
      if (signIn != SignIn.Refused.REFRESHED) {
        return signIn;
      }
    }
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
    return end(id, EndReason.USER_LOGGED_OUT);
  }

  /**
   * Ends a session at an administrator's wish.
   *
   * @param id session id
   * @return whether this call ended it
   */
  public boolean terminate(SessionId id) {
    return end(id, EndReason.TERMINATED_BY_ADMIN);
  }

  /**
   * Ends a session.
   *
   * @param id session id
   * @param reason as which it counts, such as {@code EXPIRED} if a container's own limit ended it
   * @return whether this call ended it, for this reason
   */
  public boolean end(SessionId id, EndReason reason) {
    return table.end(id, reason);
  }

  /**
   * Gives a session an idle limit of its own.
   *
   * @param id session id
   * @param inactive from the last access, zero = unlimited
   * @return whether the session is alive
   * @throws IllegalArgumentException if it is negative, below a millisecond or above 36,500 days
   */
  public boolean limitInactivity(SessionId id, Duration inactive) {
    return table.limitInactivity(id, inactive);
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
   * Finds the sessions of a realm that are selected, without doing anything.
   *
   * @param selection which, with users compared as {@link #userNames} does
   * @param realm realm
   * @param shown of how many of them to return what is known, at most
   * @return these sessions, for {@link #terminate(SelectedSessions)}
   */
  public SelectedSessions select(Selection selection, String realm, int shown) {
    return table.select(selection, realm, shown);
  }

  /**
   * Ends the sessions that were selected before and still are. No other session ends.
   *
   * @param selected what {@link #select} returned
   * @return what became of those that still match, and of those that have ended
   */
  public TerminationReport terminate(SelectedSessions selected) {
    return table.terminate(selected);
  }

  /**
   * Ends the sessions of a realm that are selected now, and refuses those sign-ins that have begun
   * and would be selected. Never asks the registry.
   *
   * @param selection which, with users compared as {@link #userNames} does
   * @param realm realm
   * @return what became of them
   */
  public TerminationReport terminateSelected(Selection selection, String realm) {
    return table.terminateSelected(selection, realm);
  }

  /**
   * Ends all sessions of a user in a realm, and refuses the user's sign-ins until a time is over.
   *
   * @param user whom
   * @param time for how long, from 1 ms to {@link KeptOut#MAXIMUM}
   * @param by which account asks for it
   * @param reason why, empty if that is not said
   * @return what became of the sessions
   * @throws IllegalArgumentException if the time is out of bounds, or {@link KeptOut#MOST_USERS}
   *     others are kept out of the realm
   */
  public TerminationReport keepOut(UserInRealm user, Duration time, String by, String reason) {
    return table.keepOut(compared(user), time, by, reason);
  }

  /** Lets a user sign in again before that time is over; returns whether the user was kept out. */
  public boolean letIn(UserInRealm user) {
    return table.letIn(compared(user));
  }

  /** Returns the users that are kept out of a realm, by name. */
  public List<KeptOut> keptOut(String realm) {
    return table.keptOut(realm);
  }

  /** Limits how many sessions each user of a realm has, see {@link SessionTable#limitSessions}. */
  public void limitSessions(String realm, SessionLimit limit) {
    table.limitSessions(realm, limit);
  }

  /**
   * Limits how many sessions a user has at once in a realm, whatever is said elsewhere.
   *
   * @param user whose
   * @param limit {@link SessionLimit#UNSET} to let hold what is said elsewhere
   * @throws IllegalArgumentException if {@link SessionLimit#MOST_USERS} others have a limit set
   */
  public void limitSessions(UserInRealm user, SessionLimit limit) {
    table.limitSessions(compared(user), limit);
  }

  /** Returns the limits that are set in a realm. */
  public SessionLimits sessionLimits(String realm) {
    return table.sessionLimits(realm);
  }

  /**
   * Refreshes the credential of all sessions of a user in a realm. The registry is read once for
   * each spelling of the name under which a session signed in; without a session, for the one given
   * here. So where the registry tells apart what is one name here, each keeps what is its own.
   *
   * @param user whose
   * @return how many sessions carry the new credential, and what changed; and how many keep theirs,
   *     since it is {@link Credential#fixed}: where all do, the registry need not know the user
   * @throws UserRegistry.UnknownUserException if the registry has no such user; sessions that
   *     signed in under that spelling keep their credential
   * @throws UserRegistry.NoCredentialException if its answer gives no credential; sessions that
   *     signed in under that spelling keep theirs
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public RefreshReport refreshAll(UserInRealm user) {
    return refreshAll(new Readings(compared(user), true));
  }

  /**
   * Refreshes the credential of all sessions of a user in a realm, as {@link
   * #refreshAll(UserInRealm)} does, but never asks the registry about a user without sessions: that
   * is no error then, whether or not there is such a user.
   *
   * @param user whose
   * @return how many sessions carry the new credential, and what changed; and how many keep theirs
   * @throws UserRegistry.UnknownUserException if the registry has no such user; sessions that
   *     signed in under that spelling keep their credential
   * @throws UserRegistry.NoCredentialException if its answer gives no credential; sessions that
   *     signed in under that spelling keep theirs
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public RefreshReport refreshPresent(UserInRealm user) {
    return refreshAll(new Readings(compared(user), false));
  }

  private RefreshReport refreshAll(Readings readings) {
    RefreshReport report = refreshAll(List.of(readings.user), readings).get(0);
    if (report.sessions() > 0 || report.kept() == 0) {
      readings.requireAll();
    }
    return report;
  }

  /**
   * Refreshes the credential of all sessions of a user in several realms, as {@link
   * #refreshAll(UserInRealm)} does in one; the registry is read once for all of them.
   *
   * @param user whose
   * @param realms realms, at least one
   * @return for each realm how many sessions carry the new credential, and what changed
   * @throws UserRegistry.UnknownUserException if the registry has no such user; sessions that
   *     signed in under that spelling keep their credential
   * @throws UserRegistry.NoCredentialException if its answer gives no credential; sessions that
   *     signed in under that spelling keep theirs
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public Map<String, RefreshReport> refreshAll(String user, List<String> realms) {
    List<UserInRealm> users =
        realms.stream().map(realm -> new UserInRealm(user, realm, userNames())).toList();
    Readings readings = new Readings(users.get(0), true);
    List<RefreshReport> reports = refreshAll(users, readings);
    if (reports.stream().allMatch(report -> report.sessions() > 0 || report.kept() == 0)) {
      readings.requireAll();
    }
    Map<String, RefreshReport> byRealm = new LinkedHashMap<>();
    for (int i = 0; i < users.size(); i++) {
      byRealm.put(realms.get(i), reports.get(i));
    }
    return byRealm;
  }

  /** Refreshes the sessions of one user in several realms; one report for each. */
  private List<RefreshReport> refreshAll(List<UserInRealm> users, Readings readings) {
    long[] epochs = users.stream().mapToLong(table::beginRefresh).toArray();
    Set<String> spellings = spellings(users);
    Map<String, Credential> credentials = readings.ofAll(spellings);
    List<RefreshReport> reports =
        new ArrayList<>(Collections.nCopies(users.size(), RefreshReport.NOTHING));
    if (!credentials.isEmpty() || readings.areAll()) {
      refreshAll(users, credentials, epochs, reports);
      // under a further spelling a sign-in may have entered that began before; none can from now on
      Map<String, Credential> further = readings.of(spellings(users));
      if (!further.isEmpty()) {
        refreshAll(users, further, epochs, reports);
      }
    } else {
      for (int i = 0; i < epochs.length; i++) {
        reports.set(i, table.previewRefresh(users.get(i), Map.of())); // what is kept in any case
      }
    }
    return reports;
  }

  private void refreshAll(
      List<UserInRealm> users,
      Map<String, Credential> credentials,
      long[] epochs,
      List<RefreshReport> reports) {
    for (int i = 0; i < epochs.length; i++) {
      RefreshReport report = table.refreshAll(users.get(i), credentials, epochs[i]);
      reports.set(i, reports.get(i).and(report));
    }
  }

  private Set<String> spellings(List<UserInRealm> users) {
    Set<String> all = new HashSet<>();
    users.forEach(user -> all.addAll(table.spellings(user)));
    return all;
  }

  /** What the registry says of a user, read once for each spelling of the name. */
  private final class Readings {

    private final UserInRealm user;
    private final boolean withoutSession;
    private final Set<String> read = new HashSet<>();
    private @Nullable RuntimeException failure;

    /**
     * Reads nothing yet.
     *
     * @param withoutSession whether to read also what is said of a user without a session
     */
    Readings(UserInRealm user, boolean withoutSession) {
      this.user = user;
      this.withoutSession = withoutSession;
    }

    /** Returns the credentials of the spellings of the user's sessions, if there are any. */
    Map<String, Credential> ofAll(Set<String> spellings) {
      return of(spellings.isEmpty() && withoutSession ? Set.of(user.user()) : spellings);
    }

    /** Returns the credentials of those spellings that were not read before, and have one. */
    Map<String, Credential> of(Set<String> spellings) {
      Map<String, Credential> credentials = new HashMap<>();
      for (String spelling : spellings) {
        if (read.add(spelling)) {
          try {
            credentials.put(spelling, Sessions.this.read(user.spelled(spelling)));
          } catch (UserRegistry.UnknownUserException | UserRegistry.NoCredentialException e) {
            failure = failure == null ? e : failure;
          }
        }
      }
      return credentials;
    }

    boolean areAll() {
      return failure == null;
    }

    void requireAll() {
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * Refreshes the credential of one session.
   *
   * @param session which
   * @return whether it is alive and carries a credential read after this call began
   * @throws UserRegistry.UnknownUserException if the registry has no such user; nothing is changed
   * @throws UserRegistry.NoCredentialException if its answer gives no credential, or the session's
   *     is {@link Credential#fixed}; nothing is changed
   * @throws UserRegistry.RegistryUnavailableException if the registry does not answer; nothing is
   *     changed
   */
  public boolean refresh(Session session) {
    UserInRealm user = compared(session.user());
    String kind = session.credential().fixed();
    if (kind != null) {
      throw new UserRegistry.NoCredentialException(
          new RefreshReport(0, 0, CredentialChange.NONE, 1, List.of(kind)).whyKept());
    }
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
    Readings readings = new Readings(compared, true);
    Map<String, Credential> credentials = readings.ofAll(table.spellings(compared));
    RefreshReport report = table.previewRefresh(compared, credentials);
    if (report.sessions() > 0 || report.kept() == 0) {
      readings.requireAll();
    }
    return report;
  }

  /**
   * Refreshes the sessions of all users of a realm, one user after the other, so that the registry
   * is asked one thing at a time. Users of whom it gives no credential keep theirs, as in {@link
   * #refreshAll}.
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
        Readings readings = new Readings(user, true);
        refreshed += refreshAll(List.of(user), readings).get(0).sessions();
        unknown += readings.areAll() ? 0 : 1;
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
   * Lists users with a live session, by name, as {@link SessionTable#listUsers} does.
   *
   * @param pattern for the user name
   * @param realm realm
   * @param after the name after which to go on, null = from the beginning
   * @param maximum how many users to return at most, 0 = only count
   * @return how many users match, on all pages, and so many of them
   * @throws IllegalArgumentException if maximum is negative
   */
  public UserList listUsers(
      UserPattern pattern, String realm, @Nullable String after, int maximum) {
    return table.listUsers(pattern.comparedBy(table.userNames()), realm, after, maximum);
  }

  /**
   * Lists a part of the live sessions of a user, as {@link SessionTable#listSessions} does.
   *
   * @param user whose
   * @param offset how many sessions to leave out before
   * @param maximum how many sessions to return at most
   * @param newestFirst whether the newest come first, else the oldest
   * @return how many sessions the user has, and that part of them
   * @throws IllegalArgumentException if offset or maximum is negative
   */
  public SessionList listSessions(UserInRealm user, int offset, int maximum, boolean newestFirst) {
    return table.listSessions(compared(user), offset, maximum, newestFirst);
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
