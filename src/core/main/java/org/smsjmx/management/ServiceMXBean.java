package org.smsjmx.management;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code sms:type=Service}: the session management service as a whole. */
@Description("The session management service as a whole")
public interface ServiceMXBean {

  @Description("Version of sms-jmx")
  String getVersion();

  @Description("When the service started, ISO-8601")
  String getStartedAt();

  @Description("Seconds since the start")
  long getUptimeSeconds();

  @Description("All servers, with and without the session management extension")
  List<String> getServers();

  @Description("Servers with the session management extension: those with an MBean")
  List<String> getExtendedServers();

  @Description("Servers without the session management extension: they have no MBean")
  List<String> getOtherServers();

  @Description("All realms")
  List<String> getRealms();

  @Description("Live sessions at all servers")
  long getSessionCount();

  @Description("Session totals of all servers, read at one moment")
  ServerMXBean.TotalsView getTotals();

  @Description("Heap that the session table takes now, estimated, in bytes")
  long getTableMemoryBytes();

  @Description("Whether the user registry answered when it was last asked")
  boolean isRegistryAvailable();

  @Description(
      "Why the user registry did not answer when it was last asked, or why its file cannot be read;"
          + " empty if neither is so")
  String getRegistryFailure();

  @Description(
      "Since when the registry's file cannot be read and its last good content is in use, ISO-8601;"
          + " null while it can")
  @Nullable String getRegistryStaleSince();

  @Description("For how many seconds the registry's file cannot be read; 0 while it can")
  long getRegistryStaleSeconds();

  @Description("When the user registry last answered, ISO-8601; null if never")
  @Nullable String getRegistryLastAnswerAt();

  @Description("Whether all audit lines are written; asking tries again to write those that wait")
  boolean isAuditHealthy();

  @Description("How often writing to the audit failed since the start")
  long getAuditFailures();

  @Description("Audit lines that wait to be written")
  int getAuditLinesWaiting();

  @Description("The last line of the audit: its number and its hash")
  AuditHeadView getAuditHead();

  @Description("State of the parts of the service: ok, or what is wrong")
  Map<String, String> getParts();

  @Description("How many parts of the service do not work as they should")
  int getPartsFailing();

  @Description("When the certificate of both ports expires, ISO-8601; null without TLS")
  @Nullable String getCertificateExpiresAt();

  @Description("Seconds until the certificate of both ports expires; null without TLS")
  @Nullable Long getCertificateSecondsLeft();

  @Description("Failed sign-ins of administrators since the start, at both doors")
  long getFailedSignIns();

  @Description("How many of the failed sign-ins were refused unchecked, since too many came before")
  long getSignInsDelayed();

  @Description("Calls denied since the start, of any MBean, since the account may not do this")
  long getCallsDenied();

  @Description("How long operations took since the start, by operation/door, in microseconds")
  Map<String, DurationView> getOperationDurations();

  @Description("Sign-ins of users a second, at all servers, over the last minute")
  double getSignInsPerSecond();

  @Description("Sessions ended by lifetime or inactivity a second, over the last minute")
  double getExpiriesPerSecond();

  @Description("What an overview shows, read at one moment")
  OverviewView getOverview();

  @Description("Totals of the last ten minutes, a sample a second")
  HistoryView getHistory();

  @Description("The last hundred operations that changed something or failed, the last one first")
  List<OperationView> getRecentOperations();

  @Description("Who reads this, and what the account may do")
  CallerView getCaller();

  @Description("The session management key, which signs the text form of session ids")
  KeyView getSessionKey();

  @Description("Trace level, 0 (warnings only) to 3 (most detail)")
  int getTraceLevel();

  /**
   * Ends every session of {@code user} in every realm, as {@link ServerMXBean#terminateAllSessions}
   * does in one. Calling it again is harmless; it does not stop the user from signing in again. The
   * user registry is not asked.
   *
   * @param user user name, letter case ignored
   * @param reason why, such as the number of a ticket, at most 80 characters; may be null
   * @return number of sessions ended in each realm, 0 where there were none
   * @throws IllegalArgumentException CTGSI0313E if the user is null, blank, or the {@code String}
   *     that JConsole fills in; nothing is done
   */
  @ManagedOperation(
      value = "Ends all sessions of a user in every realm and says how many in each",
      needs = Permission.TERMINATE,
      notification = "sms.session.terminated")
  Map<String, Integer> terminateEverywhere(
      @Description(ServerMXBean.USER) @Nullable String user,
      @Description(ServerMXBean.REASON) @Nullable String reason);

  /**
   * Rebuilds the credential of every session of {@code user} in every realm from the user registry,
   * which is asked once for each spelling of the name under which a session signed in, as {@link
   * ServerMXBean#refreshAllSessions} does in one realm.
   *
   * @param user user name, letter case ignored
   * @param reason why, such as the number of a ticket, at most 80 characters; may be null
   * @return number of sessions refreshed in each realm, 0 where there were none
   * @throws IllegalArgumentException CTGSI0313E as in {@link #terminateEverywhere}; HPDMG0754W if
   *     the registry has no such user; sessions keep their credential
   * @throws IllegalStateException if the registry does not answer; sessions keep their credential
   */
  @ManagedOperation(
      value = "Refreshes the credential of all sessions of a user in every realm and says how many",
      needs = Permission.REFRESH,
      notification = "sms.session.refreshed")
  Map<String, Integer> refreshEverywhere(
      @Description(ServerMXBean.USER) @Nullable String user,
      @Description(ServerMXBean.REASON) @Nullable String reason);

  /**
   * Looks for operations in the files of the audit, also in former ones, for five seconds at most.
   * Such searches are not among those found. Failed sign-ins of administrators are among them only
   * for an account that may administer.
   *
   * @param user whom they concern: named by them, or by the name or pattern of their selection,
   *     letter case ignored; empty or null = anybody
   * @param account who called them; empty or null = any account
   * @param since from when on: a time such as {@code 2026-11-30T00:00:00Z}, or how long ago, such
   *     as {@code P7D}; empty or null = from the beginning
   * @param maximumReturn how many to return at most, 1 to 1,000
   * @return the newest of them
   * @throws IllegalArgumentException CTGSI0313E if an argument is wrong; DPWAP0105E if the audit is
   *     in no file of its own
   */
  @ManagedOperation(
      value = "Finds operations in the files of the audit, newest first",
      needs = Permission.AUDIT)
  OperationsView findOperations(
      @Description("User whom they concern; empty for anybody") @Nullable String user,
      @Description("Account that called them; empty for any") @Nullable String account,
      @Description("Time or duration, such as P7D; empty for all") @Nullable String since,
      @Description("Return at most so many, 1 to 1,000") int maximumReturn);

  /**
   * Makes a new session management key. Session ids that were shown before stay valid until their
   * sessions end.
   *
   * @return id of the new key
   */
  @ManagedOperation(
      value = "Makes a new session management key and returns its id",
      needs = Permission.ADMINISTER,
      returns = "key")
  int changeSessionKey();

  /**
   * Sets the trace level, until the service ends.
   *
   * @param level 0 (warnings only) to 3 (most detail)
   * @return the level
   * @throws IllegalArgumentException CTGSI0313E if the level is out of bounds
   */
  @ManagedOperation(
      value = "Sets the trace level until the service ends, and returns it",
      needs = Permission.ADMINISTER,
      returns = "level")
  int setTraceLevel(@Description("0 (warnings only) to 3 (most detail)") int level);

  /**
   * What an overview shows. Sums are those of its parts.
   *
   * @param at when it was read, ISO-8601
   * @param totals of all servers
   * @param sessionsByRealm live sessions in each realm
   * @param sessionsByServer live sessions that signed in at each server
   * @param usersByRealm users with a live session in each realm; -1 if not known
   * @param signInsPerSecond over the last minute
   * @param expiriesPerSecond over the last minute
   * @param registryAvailable whether the user registry answered when it was last asked
   * @param registryFailure why not, or why its file cannot be read; else empty
   * @param auditHealthy whether all audit lines are written
   * @param partsFailing parts of the service that do not work as they should, and why
   * @param largestUsers the ten users with most sessions of each realm, most first; up to ten
   *     seconds old
   */
  record OverviewView(
      String at,
      ServerMXBean.TotalsView totals,
      Map<String, Long> sessionsByRealm,
      Map<String, Long> sessionsByServer,
      Map<String, Long> usersByRealm,
      double signInsPerSecond,
      double expiriesPerSecond,
      boolean registryAvailable,
      String registryFailure,
      boolean auditHealthy,
      Map<String, String> partsFailing,
      Map<String, List<RealmMXBean.UserView>> largestUsers) {}

  /**
   * Totals at up to 600 times, oldest first: of each list the elements at one place belong
   * together.
   *
   * @param atMillis when, in milliseconds since 1970
   * @param sessions live sessions
   * @param signedIn sessions begun since the start
   * @param signedOut ended by their user since the start
   * @param terminated ended by an administrator since the start
   * @param expired ended by lifetime or inactivity since the start
   * @param displaced ended by a further sign-in of their user since the start
   * @param refreshed credentials replaced since the start
   */
  record HistoryView(
      long[] atMillis,
      long[] sessions,
      long[] signedIn,
      long[] signedOut,
      long[] terminated,
      long[] expired,
      long[] displaced,
      long[] refreshed) {}

  /**
   * An operation that ended. Texts are in a form that can be shown; those that it does not tell are
   * empty, numbers -1.
   *
   * @param time when it ended, ISO-8601
   * @param operationId its id, if it has one
   * @param account who called it
   * @param address the client's
   * @param endpoint through which it came: {@code http}, {@code jmx} or {@code local}
   * @param server which server, realm or replica set was called, else the type of the MBean
   * @param operation its name
   * @param user whom it named
   * @param realm in which realm
   * @param selection what was selected, or the pattern that was listed
   * @param reason why
   * @param sessions how many sessions it ended, refreshed or found
   * @param outcome {@code done}, {@code error}, or the id of why it was refused
   * @param micros how long it took, in microseconds
   */
  record OperationView(
      String time,
      String operationId,
      String account,
      String address,
      String endpoint,
      String server,
      String operation,
      String user,
      String realm,
      String selection,
      String reason,
      long sessions,
      String outcome,
      long micros) {}

  /**
   * Operations found.
   *
   * @param complete whether these are all; if not, there are more, or the time was over before all
   *     files were read: give a later {@code since}, a user or an account
   * @param operations newest first
   */
  record OperationsView(boolean complete, List<OperationView> operations) {}

  /**
   * A caller.
   *
   * @param account name, {@code local} for a process of the same operating-system user
   * @param permission what the account may do: {@code view}, {@code refresh}, {@code terminate},
   *     {@code administer} or {@code audit}
   * @param address the client's, empty for a local one
   * @param endpoint {@code http}, {@code jmx} or {@code local}
   */
  record CallerView(String account, String permission, String address, String endpoint) {}

  /**
   * How long an operation took.
   *
   * @param count number of calls, whatever their outcome was
   * @param meanMicros mean
   * @param p50Micros half of the calls took no longer; at most a sixteenth too high, as p99
   * @param p99Micros 99 of a hundred calls took no longer
   * @param maxMicros the longest
   */
  record DurationView(
      long count, long meanMicros, long p50Micros, long p99Micros, long maxMicros) {}

  /**
   * The last line of the audit. Stored by a monitoring outside the machine, it is an anchor: no
   * line up to it can be changed unseen.
   *
   * @param number of the line, in this run
   * @param hash SHA-256 of the line, in hexadecimal
   */
  record AuditHeadView(long number, String hash) {}

  /**
   * A session management key.
   *
   * @param id counts from 1
   * @param createdAt when it was made, ISO-8601
   * @param expiresAt when the last id that it signed ends; empty for the current key
   */
  record KeyView(int id, String createdAt, String expiresAt) {}
}
