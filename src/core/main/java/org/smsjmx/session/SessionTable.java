package org.smsjmx.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The provider's side of {@link Sessions}: holds the sessions of all servers. A table in one JVM is
 * {@code session.memory.InMemorySessionTable}; others keep the same contract. What it promises,
 * under every race:
 *
 * <ul>
 *   <li><b>G1</b> When {@link #terminateAll} returns, no session of that user in that realm whose
 *       sign-in began before the call is alive. Later sign-ins are untouched. A session's end is
 *       counted once, by what ended it.
 *   <li><b>G2</b> When {@link #refreshAll} returns, no session of that user in that realm carries a
 *       credential that was read before the refresh began. Of two overlapping refreshes the one
 *       that began later stays.
 *   <li><b>G3</b> An operation on a user costs in proportion to that user's sessions, and delays no
 *       other user.
 *   <li><b>G4</b> A dead session stays dead. It is dead from its deadline on, also before a thread
 *       has noticed. Deadlines count the time that passes, whatever the clock is set to.
 *   <li><b>G5</b> What a session took is given back when it ends; of those that {@link
 *       #terminateAll} ended, with the next {@link #expire}.
 * </ul>
 *
 * <p><b>Epochs.</b> G1 and G2 rest on a token. A credential is read outside the table; so the
 * reader takes an epoch first ({@link #beginSignIn}, {@link #beginRefresh}), then reads, then
 * enters with the epoch, which the table checks. {@link Sessions} does it in this order. An epoch
 * is a number that means something to this table only. What is done to one user refuses no other
 * user's sign-in.
 *
 * <p><b>Values.</b> Arguments and results are values: nothing in them changes later, and a {@link
 * Session} is a snapshot for display. {@link #touch} is the only validation of a session.
 *
 * <p><b>Availability.</b> Every method but {@link #timeouts}, {@link #userNames}, {@link
 * #capabilities}, {@link #health}, {@link #listen} and {@link #close} may throw {@link
 * UnavailableException} where the sessions are kept elsewhere. It then never answers as if there
 * were no session.
 *
 * <p><b>Listeners</b> hear of every session that ended through this object, before the call that
 * ended it returns and outside every lock, see {@link SessionListener}.
 */
public interface SessionTable extends AutoCloseable {

  /** What a table may lack: asking for it throws {@link UnsupportedException}. */
  enum Capability {
    /**
     * Knows the users of a realm: {@link #list} by a pattern that is no name, {@link #users},
     * {@link #largestUsers} and {@link #beginRefresh(String)}.
     */
    USERS_OF_A_REALM,
    /** Finds and ends sessions by a {@link Selection}. */
    SELECTION,
    /** Keeps users out: {@link #keepOut}, {@link #letIn} and {@link #keptOut}. */
    KEEP_OUT,
    /** Limits how many sessions a user has at once: {@link #limitSessions}. */
    SESSION_LIMIT,
    /** Reads page by page: {@link #listUsers} and {@link #listSessions}. */
    PAGES,
    /** Knows how much memory it takes: {@link #memoryBytes}. */
    MEMORY
  }

  /** Says that a table cannot do what was asked, whatever state it is in. */
  final class UnsupportedException extends UnsupportedOperationException {

    /**
     * Says what cannot be done.
     *
     * @param reason for an administrator
     */
    public UnsupportedException(String reason) {
      super(reason);
    }
  }

  /** Returns what this table can beside that which every table can; always the same. */
  Set<Capability> capabilities();

  /**
   * Whether a table works.
   *
   * @param available whether calls are answered; if not, they throw {@link UnavailableException}
   * @param reason why not, for an administrator; empty if they are
   */
  record Health(boolean available, String reason) {

    /** All works. */
    public static final Health AVAILABLE = new Health(true, "");
  }

  /** Returns whether the table works now; asks no other machine. */
  Health health();

  /** Says that the table cannot know or do what was asked, since what it rests on is missing. */
  final class UnavailableException extends IllegalStateException {

    private final boolean mayBeDone;

    /**
     * Says why the table does not answer.
     *
     * @param reason what is missing, for an administrator
     * @param mayBeDone see {@link #mayBeDone}
     */
    public UnavailableException(String reason, boolean mayBeDone) {
      super(reason);
      this.mayBeDone = mayBeDone;
    }

    /** Returns whether the operation may have been done all the same; calling it again is safe. */
    public boolean mayBeDone() {
      return mayBeDone;
    }
  }

  /** Returns when sessions end by themselves. */
  SessionTimeouts timeouts();

  /**
   * Returns how user names are compared, always in the same way. Users and patterns that are given
   * to the table are compared so; {@link Sessions} sees to that.
   */
  UserNames userNames();

  /**
   * Returns the epoch of a sign-in, or of a reading of its credential, that begins now. Take it
   * before the user proves who it is, and before the credential is read.
   *
   * @return an epoch for {@link #signIn}
   */
  long beginSignIn();

  /**
   * Signs a user in, unless the sign-in was overtaken, the user is kept out, or has as many
   * sessions as allowed.
   *
   * @param user who signs in
   * @param server at which server
   * @param credential what the registry said after {@code read} was taken
   * @param facts what else is known of the session
   * @param begun from {@link #beginSignIn}, taken before the user proved who it is: a terminate
   *     since then refuses the sign-in
   * @param read from {@link #beginSignIn}, taken before the credential was read, not before {@code
   *     begun}: a refresh since then refuses the sign-in with this credential
   * @return the new session, or why there is none
   */
  SignIn signIn(
      UserInRealm user,
      String server,
      Credential credential,
      SessionFacts facts,
      long begun,
      long read);

  /**
   * Validates a session and records its use: what every request asks.
   *
   * @param id session id
   * @return the version of the session's credential, at least 1, one more with each refresh; 0 if
   *     the session is not alive. After a refresh has returned it is that of the refresh or a later
   *     one, and {@link #find} shows that credential or a later one.
   * @throws UnavailableException if the table cannot know whether the session is alive
   */
  int touch(SessionId id);

  /**
   * Returns a session for display; {@link #touch} is what validates one.
   *
   * @param id session id
   * @return the session as it is now, null if it is not alive
   */
  @Nullable Session find(SessionId id);

  /**
   * Ends a session.
   *
   * @param id session id
   * @param reason as which it counts. A session past its deadline counts as expired in any case.
   * @return whether this call ended it, for this reason
   */
  boolean end(SessionId id, EndReason reason);

  /**
   * Gives a session an idle limit of its own, instead of that of {@link #timeouts}. Where another
   * one, such as a container, ends sessions that are not used, it is given its limit. A session
   * that has not been used for as long expires at once.
   *
   * @param id session id
   * @param inactive from the last access, zero = unlimited
   * @return whether the session is alive
   * @throws IllegalArgumentException if it is negative, below a millisecond or above 36,500 days
   */
  boolean limitInactivity(SessionId id, Duration inactive);

  /**
   * Ends all sessions of a user in a realm (G1).
   *
   * @param user whose
   * @return how many sessions this call ended
   */
  int terminateAll(UserInRealm user);

  /**
   * Finds the sessions of a realm that are selected, without doing anything. Delays no other call:
   * sessions that begin or end meanwhile may be in or out.
   *
   * @param selection which; ages are judged when this is called
   * @param realm realm
   * @param shown of how many of them to return what is known, at most
   * @return these sessions, for {@link #terminate}
   */
  default SelectedSessions select(Selection selection, String realm, int shown) {
    throw new UnsupportedException("this session table does not select sessions");
  }

  /**
   * Ends the sessions that were selected before and still are, but for {@link
   * Selection#keepNewest}, which was decided then. No other session ends.
   *
   * @param selected what {@link #select} of this table returned
   * @return what became of those that still match, and of those that have ended
   */
  default TerminationReport terminate(SelectedSessions selected) {
    throw new UnsupportedException("this session table does not select sessions");
  }

  /**
   * Ends the sessions of a realm that are selected when this is called. When it returns, none of
   * them is alive, nor does a sign-in that began before enter that {@link Selection#selectsSignIn}.
   *
   * @param selection which
   * @param realm realm
   * @return what became of them
   */
  default TerminationReport terminateSelected(Selection selection, String realm) {
    throw new UnsupportedException("this session table does not select sessions");
  }

  /**
   * Ends all sessions of a user in a realm, and refuses the user's sign-ins, with {@link
   * SignIn.Refused#KEPT_OUT}, until a time is over. When it returns, no session of that user is
   * alive, and no sign-in enters, whenever it began. Doing it again sets the time anew.
   *
   * @param user whom
   * @param time for how long, from 1 ms to {@link KeptOut#MAXIMUM}; it passes whatever the clock is
   *     set to
   * @param by which account asks for it, for {@link #keptOut}
   * @param reason why, for {@link #keptOut}
   * @return what became of the sessions
   * @throws IllegalArgumentException if the time is out of bounds, or {@link KeptOut#MOST_USERS}
   *     others are kept out of the realm; then nothing is done
   */
  default TerminationReport keepOut(UserInRealm user, Duration time, String by, String reason) {
    throw new UnsupportedException("this session table does not keep users out");
  }

  /**
   * Lets a user sign in again before the time is over.
   *
   * @param user whom
   * @return whether the user was kept out
   */
  default boolean letIn(UserInRealm user) {
    throw new UnsupportedException("this session table does not keep users out");
  }

  /**
   * Returns the users that are kept out of a realm, by name.
   *
   * @param realm realm
   */
  default List<KeptOut> keptOut(String realm) {
    throw new UnsupportedException("this session table does not keep users out");
  }

  /**
   * Limits how many sessions each user of a realm has at once. Nearer to a user is what the
   * credential says that the sign-in brings ({@link SessionLimit#ATTRIBUTE}), and nearer still what
   * is set for the user. The limit holds in {@link #signIn}, in whatever way and at whatever
   * server: a user never has more sessions than it allows. Sessions that have ended or expired do
   * not count. A lowered limit ends none until the user's next sign-in.
   *
   * @param realm realm
   * @param limit {@link SessionLimit#UNSET} for none
   */
  default void limitSessions(String realm, SessionLimit limit) {
    throw new UnsupportedException("this session table does not limit sessions");
  }

  /**
   * Limits how many sessions a user has at once in a realm, whatever is said elsewhere.
   *
   * @param user whose
   * @param limit {@link SessionLimit#UNSET} to let hold what is said elsewhere
   * @throws IllegalArgumentException if {@link SessionLimit#MOST_USERS} others have a limit set
   */
  default void limitSessions(UserInRealm user, SessionLimit limit) {
    throw new UnsupportedException("this session table does not limit sessions");
  }

  /**
   * Returns the limits that are set in a realm.
   *
   * @param realm realm
   */
  default SessionLimits sessionLimits(String realm) {
    throw new UnsupportedException("this session table does not limit sessions");
  }

  /**
   * Returns the epoch of a refresh that begins now. Take it before the credential is read.
   *
   * @param user whose
   * @return a epoch for {@link #refreshAll} and {@link #refresh}
   */
  long beginRefresh(UserInRealm user);

  /**
   * Returns the user's names as the sessions that live signed in under them: a registry may tell
   * apart what is one name here, so each is to be read by itself.
   *
   * @param user whose
   * @return in no order; empty if there is no session
   */
  Set<String> spellings(UserInRealm user);

  /**
   * Gives all sessions of a user in a realm a new credential (G2); ids and times stay. The
   * credential of sign-ins that was read before {@code epoch} must be read again: when it returns,
   * the {@link #spellings} are those of all sessions that carry an older reading.
   *
   * @param user whose
   * @param credentials what the registry said of each of the {@link #spellings} after {@code epoch}
   *     was taken; sessions that signed in under another one keep theirs
   * @param epoch from {@link #beginRefresh} for the same user
   * @return how many sessions carry it, and what changed; those with a younger reading keep theirs
   *     and do not count, those whose credential is {@link Credential#fixed} count as kept
   */
  RefreshReport refreshAll(UserInRealm user, Map<String, Credential> credentials, long epoch);

  /**
   * Tells what a refresh would do, without doing anything.
   *
   * @param user whose
   * @param credentials what the registry says of each of the {@link #spellings}
   */
  RefreshReport previewRefresh(UserInRealm user, Map<String, Credential> credentials);

  /**
   * Begins the refresh of a whole realm: the credential of sign-ins in it that have begun must be
   * read again. So each session of the realm that carries a credential read before is one of the
   * users returned.
   *
   * @param realm realm
   * @return the users that have sessions in it, in no order
   */
  List<UserInRealm> beginRefresh(String realm);

  /**
   * Gives one session a new credential; id and times stay.
   *
   * @param id session id
   * @param credential what the registry said after {@code epoch} was taken
   * @param epoch from {@link #beginRefresh} for the session's user
   * @return whether the session carries this reading or a younger one; false if it is not alive
   */
  boolean refresh(SessionId id, Credential credential, long epoch);

  /**
   * Lists live sessions, for display. Delays no other call: sessions that begin or end meanwhile
   * may be in or out.
   *
   * @param pattern for the user name
   * @param realm realm
   * @param maximum how many sessions to return at most, 0 = only count
   * @return the number that matched and the first of them
   * @throws IllegalArgumentException if maximum is negative
   */
  SessionList list(UserPattern pattern, String realm, int maximum);

  /**
   * Lists users with a live session, by name as it is compared, for display. Delays no other call:
   * users whose sessions begin or end meanwhile may be in or out.
   *
   * @param pattern for the user name
   * @param realm realm
   * @param after the name after which to go on, whether or not there is such a user: so a user who
   *     has sessions from the first page to the last is on one of them; null = from the beginning
   * @param maximum how many users to return at most, 0 = only count
   * @return how many users match, on all pages, and so many of them
   * @throws IllegalArgumentException if maximum is negative
   */
  default UserList listUsers(
      UserPattern pattern, String realm, @Nullable String after, int maximum) {
    throw new UnsupportedException("this session table does not list users");
  }

  /**
   * Lists a part of the live sessions of a user, in the order of the sign-ins, for display. Costs
   * in proportion to that part, wherever it is.
   *
   * @param user whose
   * @param offset how many sessions to leave out before
   * @param maximum how many sessions to return at most
   * @param newestFirst whether the order is the other way round
   * @return how many sessions the user has, and that part of them
   * @throws IllegalArgumentException if offset or maximum is negative
   */
  default SessionList listSessions(UserInRealm user, int offset, int maximum, boolean newestFirst) {
    throw new UnsupportedException("this session table does not list sessions page by page");
  }

  /**
   * Ends the sessions whose deadline has passed, and gives back what others have left behind (G5).
   * To be called regularly, such as every second; other calls do not wait for it. Where the time
   * for which the machine was suspended counts, it does from the next call on.
   *
   * @return how many it ended
   */
  int expire();

  /** Returns the totals of each server by realm; a server or realm without sign-ins is missing. */
  Map<String, Map<String, SessionTotals>> totals();

  /**
   * Returns what {@link #totals} says of one server. A table that counts by server answers without
   * looking at others.
   *
   * @param server server
   * @return its totals by realm; a realm without sign-ins is missing
   */
  default Map<String, SessionTotals> totalsOfServer(String server) {
    return totals().getOrDefault(server, Map.of());
  }

  /**
   * Returns what {@link #totals} says of one realm. A table that counts by realm answers without
   * looking at others.
   *
   * @param realm realm
   * @return the totals in it by server; a server without sign-ins is missing
   */
  default Map<String, SessionTotals> totalsOfRealm(String realm) {
    Map<String, SessionTotals> ofRealm = new TreeMap<>();
    totals()
        .forEach(
            (server, byRealm) -> {
              SessionTotals inRealm = byRealm.get(realm);
              if (inRealm != null) {
                ofRealm.put(server, inRealm);
              }
            });
    return ofRealm;
  }

  /** Returns the number of users with a session in the realm. */
  long users(String realm);

  /**
   * Returns the users with most sessions in a realm, most first.
   *
   * @param realm realm
   * @param maximum how many users to return at most
   * @return number of sessions by user name, in that order
   */
  List<UserCount> largestUsers(String realm, int maximum);

  /** Returns an estimate of the heap that the table takes in this JVM now, in bytes. */
  long memoryBytes();

  /**
   * Tells a listener from now on of sessions that end or are refreshed.
   *
   * @param listener which
   * @return closing it ends that
   */
  SessionListener.Subscription listen(SessionListener listener);

  /** Gives back what the table holds beside heap, such as files, threads and connections. */
  @Override
  void close();

  /**
   * A user and how many sessions that user has.
   *
   * @param user user name as at sign-in
   * @param sessions number of sessions
   */
  record UserCount(String user, long sessions) {}
}
