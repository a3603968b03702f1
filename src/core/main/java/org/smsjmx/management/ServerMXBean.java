package org.smsjmx.management;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code sms:type=Server,name=<server-host>}: ends and refreshes sessions, entered at one server.
 *
 * <p>The operations reach the whole realm, at all its servers: a session exists once across a
 * realm. Where applications of one JVM bring this software each, they reach the sessions of all of
 * them in the realm. If one of these fails, the operation is done in all others, and then fails
 * with an IllegalStateException, which says where, and how many sessions were ended or refreshed;
 * all that fail alike for what was asked, such as an unknown user, give the exception of that. They
 * refuse, with CTGSI0313E, a user or realm that is null, blank, or the {@code String} that JConsole
 * fills in, and with CTGSI0307E a realm in which this server takes no part; then nothing is done.
 * Refusals are IllegalArgumentExceptions, for want of permission SecurityExceptions; the message
 * holds id, text and status.
 */
@Description("Sessions, as administered at one server")
public interface ServerMXBean {

  @Description("Full name of the server, as server list prints it")
  String getServerName();

  @Description("Instance part of the name")
  String getInstanceName();

  @Description("Host part of the name")
  String getHostName();

  @Description("Realms in which the server takes part")
  List<String> getRealms();

  @Description("Replica sets that the server has joined")
  List<String> getReplicaSets();

  @Description("When the server joined its replica sets, ISO-8601")
  String getJoinedAt();

  @Description("Live sessions that signed in at this server; -1 if a shared store does not tell")
  long getSessionCount();

  @Description("Signed-in users' sessions at this server whose user names the table does not take")
  long getUnmanagedSessions();

  @Description("What operations at this server do not reach, such as cookies that sign in again")
  List<String> getNotes();

  @Description("Live sessions that signed in at this server, by realm; -1 if not known")
  Map<String, Long> getSessionsByRealm();

  @Description("Sessions that signed in at this server, since the start")
  long getSignedInTotal();

  @Description("Of the sessions signed in at this server: ended by their user")
  long getSignedOutTotal();

  @Description("Of the sessions signed in at this server: ended by an administrator")
  long getTerminatedTotal();

  @Description(
      "Of the sessions signed in at this server: ended by lifetime or inactivity; -1 if not known")
  long getExpiredTotal();

  @Description("Of the sessions signed in at this server: ended since their user signed in again")
  long getDisplacedTotal();

  @Description("Credentials refreshed in sessions that signed in at this server")
  long getRefreshedTotal();

  @Description("All session totals of this server, read at one moment")
  TotalsView getTotals();

  @Description("Operations done on this server, by name")
  Map<String, Long> getOperationsTotal();

  @Description("Operations refused for what they asked (unknown user or realm), by name")
  Map<String, Long> getOperationsRefusedTotal();

  @Description("Operations that the caller's account may not do, by name")
  Map<String, Long> getOperationsDeniedTotal();

  @Description("Operations that failed at the server (registry down), by name")
  Map<String, Long> getOperationsFailedTotal();

  /**
   * Ends every session of {@code user} in {@code realm}, at all servers of the realm. Calling it
   * again is harmless and returns 0; it does not stop the user from signing in again. The user
   * registry is not asked.
   *
   * @param user user name, letter case ignored
   * @param realm session realm that this server takes part in
   * @return number of sessions ended, 0 if there were none
   */
  @ManagedOperation(
      value = "Ends all sessions of a user in a realm and says how many",
      needs = Permission.TERMINATE,
      notification = "sms.session.terminated")
  int terminateAllSessions(
      @Description(USER) @Nullable String user, @Description(REALM) @Nullable String realm);

  /**
   * Rebuilds the credential of every session of {@code user} in {@code realm} from the user
   * registry, at all servers of the realm, without signing the user out: ids and times stay.
   *
   * @param user user name, letter case ignored
   * @param realm session realm that this server takes part in
   * @return number of sessions refreshed, 0 if there were none
   * @throws IllegalArgumentException HPDMG0754W if the registry has no such user; sessions keep
   *     their credential
   * @throws IllegalStateException if the registry does not answer, or the application cannot
   *     rebuild the credential of any of the sessions; sessions keep their credential
   */
  @ManagedOperation(
      value = "Refreshes the credential of all sessions of a user in a realm and says how many",
      needs = Permission.REFRESH,
      notification = "sms.session.refreshed")
  int refreshAllSessions(
      @Description(USER) @Nullable String user, @Description(REALM) @Nullable String realm);

  /**
   * {@link #terminateAllSessions}, with a reason that goes into audit and notification.
   *
   * @param user user name, letter case ignored
   * @param realm session realm that this server takes part in
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return number of sessions ended, 0 if there were none
   */
  @ManagedOperation(
      value = "Ends all sessions of a user in a realm, for a reason, and says how many",
      needs = Permission.TERMINATE,
      notification = "sms.session.terminated")
  int terminateAllSessionsWithReason(
      @Description(USER) @Nullable String user,
      @Description(REALM) @Nullable String realm,
      @Description(REASON) @Nullable String reason);

  /**
   * {@link #refreshAllSessions}, with a reason that goes into audit and notification, and a report
   * of what changed.
   *
   * @param user user name, letter case ignored
   * @param realm session realm that this server takes part in
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return what the refresh did
   * @throws IllegalArgumentException HPDMG0754W if the registry has no such user; sessions keep
   *     their credential
   * @throws IllegalStateException if the registry does not answer; sessions keep their credential
   */
  @ManagedOperation(
      value = "Refreshes the credential of all sessions of a user in a realm; says what changed",
      needs = Permission.REFRESH,
      notification = "sms.session.refreshed")
  RefreshView refreshAllSessionsWithReport(
      @Description(USER) @Nullable String user,
      @Description(REALM) @Nullable String realm,
      @Description(REASON) @Nullable String reason);

  /**
   * Tells what {@link #refreshAllSessions} would do now, without changing anything.
   *
   * @param user user name, letter case ignored
   * @param realm session realm that this server takes part in
   * @return what a refresh would do
   * @throws IllegalArgumentException HPDMG0754W if the registry has no such user
   * @throws IllegalStateException if the registry does not answer
   */
  @ManagedOperation(
      value = "Tells what a refresh of all sessions of a user in a realm would change",
      needs = Permission.VIEW)
  RefreshView previewRefresh(
      @Description(USER) @Nullable String user, @Description(REALM) @Nullable String realm);

  /**
   * Ends one session.
   *
   * @param sessionId its id
   * @param realm the session's realm
   * @return 1
   * @throws IllegalArgumentException CTGSI0312W if there is no such live session in the realm,
   *     CTGSI0313E if no session could have the id: it is not 1 to 128 letters, digits, _ and -
   */
  @ManagedOperation(
      value = "Ends one session",
      needs = Permission.TERMINATE,
      notification = "sms.session.terminated")
  int terminateSession(
      @Description(SESSION_ID) @Nullable String sessionId,
      @Description(REALM) @Nullable String realm);

  /**
   * {@link #terminateSession}, with a reason that goes into audit and notification.
   *
   * @param sessionId its id
   * @param realm the session's realm
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return 1
   * @throws IllegalArgumentException as {@link #terminateSession}
   */
  @ManagedOperation(
      value = "Ends one session, for a reason",
      needs = Permission.TERMINATE,
      notification = "sms.session.terminated")
  int terminateSessionWithReason(
      @Description(SESSION_ID) @Nullable String sessionId,
      @Description(REALM) @Nullable String realm,
      @Description(REASON) @Nullable String reason);

  /**
   * Ends the sessions of a realm that a selection names, at all servers of the realm. A sign-in
   * that began before the call and would match is ended or refused. Selecting everyone needs the
   * permission to administer.
   *
   * @param selection {@code key=value} joined by commas, see {@link org.smsjmx.session.Selection}
   * @param realm session realm that this server takes part in
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return what became of the sessions that were selected when the call began
   * @throws IllegalArgumentException CTGSI0313E if the selection is wrong; the message names the
   *     key, and nothing is done
   */
  @ManagedOperation(
      value = "Ends the sessions of a realm that a selection names; says what became of them",
      needs = Permission.TERMINATE,
      notification = "sms.session.terminated")
  OutcomeView terminateSelected(
      @Description(SELECTION) @Nullable String selection,
      @Description(REALM) @Nullable String realm,
      @Description(REASON) @Nullable String reason);

  /**
   * Tells what {@link #terminateSelected} would end now, and fixes that set of sessions for {@link
   * #execute}. An account has 10 such sets at most; a further one takes the place of its oldest.
   *
   * @param selection {@code key=value} joined by commas, see {@link org.smsjmx.session.Selection}
   * @param realm session realm that this server takes part in
   * @return how many sessions of how many users, some of them, and the token of the set
   * @throws IllegalArgumentException CTGSI0313E if the selection is wrong, or matches more than
   *     four million sessions
   */
  @ManagedOperation(
      value = "Tells which sessions a selection names, and fixes them for execute",
      needs = Permission.VIEW)
  PreviewView previewTerminate(
      @Description(SELECTION) @Nullable String selection,
      @Description(REALM) @Nullable String realm);

  /**
   * Ends the sessions of a preview that are alive and still match; which of them are the newest was
   * decided at the preview. No other session ends, and no sign-in is refused. Needs the permission
   * that the selection would need.
   *
   * @param token from {@link #previewTerminate}, good for five minutes, once, for the same account
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return what became of them; those that match no more are left out
   * @throws IllegalArgumentException CTGSI0309W if the preview is out of date or was executed
   *     before
   * @throws SecurityException CTGSI0303E if another account asked for it
   */
  @ManagedOperation(
      value = "Ends exactly the sessions of a preview that are alive and still match",
      needs = Permission.TERMINATE,
      notification = "sms.session.terminated")
  OutcomeView execute(
      @Description("Token that previewTerminate returned") @Nullable String token,
      @Description(REASON) @Nullable String reason);

  /**
   * Ends every session of {@code user} in {@code realm}, and refuses the user's sign-ins until a
   * time is over or {@link #letIn}. When it returns, none of the user's sessions is alive, and no
   * sign-in enters, whenever it began. Calling it again sets the time anew. It holds over a restart
   * of a server that has a data directory; elsewhere the state says that it does not.
   *
   * @param user user name, letter case ignored
   * @param realm session realm that this server takes part in
   * @param duration for how long, ISO-8601, up to {@code P7D}
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return what became of the sessions; {@code DONE_NOT_DURABLE} if the user is kept out until the
   *     server or application ends
   * @throws IllegalArgumentException CTGSI0313E if the duration is none, or 10,000 others are kept
   *     out; DPWAP0105E if the sessions are kept where users cannot be kept out
   * @throws IllegalStateException if the user is kept out, and this could not be written to the
   *     disk
   */
  @ManagedOperation(
      value = "Ends all sessions of a user in a realm, and refuses new ones for a time",
      needs = Permission.TERMINATE,
      notification = "sms.session.terminated")
  OutcomeView terminateAndKeepOut(
      @Description(USER) @Nullable String user,
      @Description(REALM) @Nullable String realm,
      @Description("For how long, ISO-8601, such as PT10M; up to P7D") @Nullable String duration,
      @Description(REASON) @Nullable String reason);

  /**
   * Lets a user sign in again who is kept out.
   *
   * @param user user name, letter case ignored
   * @param realm session realm that this server takes part in
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return whether the user was kept out
   * @throws IllegalStateException if the user is let in, and this could not be written to the disk
   */
  @ManagedOperation(
      value = "Lets a user sign in again who is kept out; says whether that was so",
      needs = Permission.TERMINATE,
      notification = "sms.user.let-in")
  boolean letIn(
      @Description(USER) @Nullable String user,
      @Description(REALM) @Nullable String realm,
      @Description(REASON) @Nullable String reason);

  /**
   * Refreshes the credential of one session.
   *
   * @param sessionId its id
   * @param realm the session's realm
   * @return 1
   * @throws IllegalArgumentException CTGSI0312W if there is no such live session in the realm,
   *     CTGSI0313E if no session could have the id, HPDMG0754W if the registry has no such user
   * @throws IllegalStateException if the registry does not answer; the session keeps its credential
   */
  @ManagedOperation(
      value = "Refreshes the credential of one session",
      needs = Permission.REFRESH,
      notification = "sms.session.refreshed")
  int refreshSession(
      @Description(SESSION_ID) @Nullable String sessionId,
      @Description(REALM) @Nullable String realm);

  /**
   * Lists live sessions of a realm, by user, oldest first.
   *
   * @param pattern user name, {@code *} for any text, letter case ignored
   * @param realm session realm that this server takes part in
   * @param maximumReturn how many sessions to return at most, 0 or more
   * @return the exact number that matched, and as many of them as were asked for
   * @throws IllegalArgumentException CTGSI0313E if more than 10,000 would be returned
   */
  @ManagedOperation(
      value = "Lists the sessions of users in a realm and says how many matched",
      needs = Permission.VIEW)
  SessionsView listSessions(
      @Description(PATTERN) @Nullable String pattern,
      @Description(REALM) @Nullable String realm,
      @Description("Return at most so many sessions; all are counted") int maximumReturn);

  /**
   * Lists users with live sessions in a realm, by name, page by page: a user who has sessions
   * throughout is on one of the pages.
   *
   * @param pattern user name, {@code *} for any text, letter case ignored
   * @param realm session realm that this server takes part in
   * @param after the name after which the page begins, such as the last one of the page before; an
   *     empty one or null = the beginning
   * @param maximumReturn how many users to return at most, 0 to 10,000
   * @return how many users match, on all pages, and as many of them as were asked for
   * @throws IllegalArgumentException CTGSI0313E if an argument is wrong; the message names it
   */
  @ManagedOperation(
      value = "Lists users of a realm by name, with the numbers of their sessions",
      needs = Permission.VIEW)
  UsersView listUsers(
      @Description(PATTERN) @Nullable String pattern,
      @Description(REALM) @Nullable String realm,
      @Description("Begin after this user name; empty for the first page") @Nullable String after,
      @Description("Return at most so many users; all are counted") int maximumReturn);

  /**
   * Lists a part of the live sessions of a user. The last page costs as much as the first.
   *
   * @param user user name, letter case ignored
   * @param realm session realm that this server takes part in
   * @param offset how many sessions to leave out before, 0 or more
   * @param maximumReturn how many sessions to return at most, 0 to 10,000
   * @param newestFirst whether the newest come first, else the oldest
   * @return the exact number of the user's sessions, and that part of them
   * @throws IllegalArgumentException CTGSI0313E if an argument is wrong; the message names it
   */
  @ManagedOperation(
      value = "Lists a part of the sessions of a user in a realm, and says how many there are",
      needs = Permission.VIEW)
  SessionsView listUserSessions(
      @Description(USER) @Nullable String user,
      @Description(REALM) @Nullable String realm,
      @Description("Leave out so many sessions before") int offset,
      @Description("Return at most so many sessions; all are counted") int maximumReturn,
      @Description("Whether the newest come first") boolean newestFirst);

  /** Of a parameter. */
  String PATTERN = "User name; * stands for any text";

  /** Of a parameter. */
  String USER = "User name, letter case ignored";

  /** Of a parameter. */
  String REALM = "Realm in which this server takes part";

  /** Of a parameter. */
  String REASON = "Reason, such as the number of a ticket; may be empty";

  /** Of a parameter. */
  String SELECTION = "Such as user=dlucas,older=PT8H or everyone=yes,server=...,idle=PT30M";

  /** Of a parameter. */
  String SESSION_ID = "Session id, as listSessions shows it";

  /**
   * Session totals read at one moment: sessions = signedIn - signedOut - terminated - expired -
   * displaced.
   *
   * @param sessions live sessions
   * @param signedIn sessions begun
   * @param signedOut ended by their user
   * @param terminated ended by an administrator
   * @param expired ended by lifetime or inactivity
   * @param displaced ended since their user signed in again and may have no more
   * @param refreshed credentials replaced
   */
  record TotalsView(
      long sessions,
      long signedIn,
      long signedOut,
      long terminated,
      long expired,
      long displaced,
      long refreshed) {}

  /**
   * What a refresh did, or would do; names only, no values.
   *
   * @param sessions sessions with a newly read credential
   * @param changed how many of them have another credential than before
   * @param groupsAdded groups that are new
   * @param groupsRemoved groups that are gone
   * @param attributesAdded attributes that are new
   * @param attributesRemoved attributes that are gone
   * @param attributesReplaced attributes with another value
   * @param attributesPreserved attributes whose old value a rule keeps, though the registry has
   *     another
   * @param kept sessions that keep their credential, since their application cannot rebuild it
   * @param keptKinds how those were signed in, such as {@code OAuth2AuthenticationToken}
   * @param notes what operations at the server do not reach, as its attribute {@code Notes}; and
   *     that nobody of that name is signed in in the realm, if so
   */
  record RefreshView(
      int sessions,
      int changed,
      List<String> groupsAdded,
      List<String> groupsRemoved,
      List<String> attributesAdded,
      List<String> attributesRemoved,
      List<String> attributesReplaced,
      List<String> attributesPreserved,
      int kept,
      List<String> keptKinds,
      List<String> notes) {}

  /**
   * What became of sessions that were to be ended: {@code matched = ended + alreadyGone + failed}.
   *
   * @param operation id of the operation, by which the audit finds it
   * @param state {@code DONE}; {@code DONE_NOT_DURABLE} if it does not outlive a restart
   * @param matched how many were to be ended, fixed as the call began
   * @param ended how many the call ended
   * @param alreadyGone how many ended otherwise before the call could end them
   * @param failed how many could not be ended
   * @param survivors how many of them are alive when this is told
   * @param endedByServer how many of those ended had signed in at each server
   * @param at when this was told, ISO-8601
   */
  record OutcomeView(
      String operation,
      String state,
      long matched,
      long ended,
      long alreadyGone,
      long failed,
      long survivors,
      Map<String, Long> endedByServer,
      String at) {}

  /**
   * Sessions that an operation would end.
   *
   * @param token for {@code execute}
   * @param matched how many
   * @param users how many users they are of
   * @param byServer how many signed in at each server
   * @param sessions the first hundred
   * @param expiresAt until when the token is good, ISO-8601
   */
  record PreviewView(
      String token,
      long matched,
      long users,
      Map<String, Long> byServer,
      List<SessionView> sessions,
      String expiresAt) {}

  /**
   * Users found.
   *
   * @param matched exact number of users that matched, on all pages; where several applications of
   *     one JVM are in the realm, a user counts in each one in which the user has sessions
   * @param matchedSessions how many sessions they have
   * @param users those of the page
   */
  record UsersView(long matched, long matchedSessions, List<RealmMXBean.UserView> users) {}

  /**
   * Sessions found.
   *
   * @param matched exact number that matched
   * @param sessions the first of them
   */
  record SessionsView(long matched, List<SessionView> sessions) {}

  /**
   * One session. Times are ISO-8601 in UTC.
   *
   * @param id session id
   * @param user user name as at sign-in
   * @param realm realm
   * @param server server at which the user signed in
   * @param createdAt when the user signed in
   * @param lastAccessAt when the session was last used
   * @param expiresAt end of its lifetime, empty if unlimited
   * @param groups the user's groups, as the session's credential has them
   * @param credentialVersion 1 at sign-in, one more with each refresh
   * @param refreshedAt when the credential was last refreshed, empty if never
   * @param address the client's address, empty if unknown
   * @param userAgent what the client says that it is, empty if unknown
   * @param authenticationType how the user signed in, such as {@code FORM}; empty if unknown
   * @param issuer the identity provider that vouched for the user, empty if unknown
   * @param subject the user's id there, empty if unknown
   * @param sid the id of the provider's session, empty if unknown
   */
  record SessionView(
      String id,
      String user,
      String realm,
      String server,
      String createdAt,
      String lastAccessAt,
      String expiresAt,
      List<String> groups,
      int credentialVersion,
      String refreshedAt,
      String address,
      String userAgent,
      String authenticationType,
      String issuer,
      String subject,
      String sid) {}
}
