package org.smsjmx.management;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sms:type=Realm,name=<realm>}: a session realm, across its servers. */
@Description("A session realm")
public interface RealmMXBean {

  @Description("Name of the realm")
  String getRealmName();

  @Description("Replica sets of the realm")
  List<String> getReplicaSets();

  @Description("Servers that take part in the realm")
  List<String> getServers();

  @Description("Live sessions in the realm; -1 if a shared store does not tell")
  long getSessionCount();

  @Description("Users with a live session in the realm")
  long getUserCount();

  @Description("The ten users with most sessions, most first; looked for every ten seconds at most")
  List<UserView> getLargestUsers();

  @Description("Live sessions of the user who has most of them, as LargestUsers has it")
  long getLargestUserSessions();

  @Description("Users that are kept out, by name: until when, at whose wish and why")
  List<KeptOutView> getKeptOut();

  @Description("How many sessions a user may have at once: unset, unlimited, n, displace[:n]")
  String getConcurrentSessionLimit();

  @Description("Whether those who are kept out, and the limits, are the same after a restart")
  boolean isPoliciesDurable();

  @Description("The last refresh of a whole realm: how far it is, or was")
  @Nullable RealmRefreshView getRealmRefresh();

  /**
   * Refreshes the credential of all sessions of the realm, user by user, so that the registry is
   * asked one thing at a time; {@code RealmRefresh} tells how far it is. Users that the registry
   * does not know keep their credential.
   *
   * @param realm name of this realm; guards against a refresh of another one
   * @return number of sessions refreshed
   * @throws IllegalArgumentException CTGSI0313E if it is not this realm's name
   * @throws IllegalStateException if such a refresh is under way, or the registry does not answer;
   *     users that were not reached keep their credential
   */
  @ManagedOperation(
      value = "Refreshes the credential of all sessions of the realm and says how many",
      needs = Permission.REFRESH,
      notification = "sms.session.refreshed")
  int refreshRealm(@Description("Name of this realm") @Nullable String realm);

  /**
   * Ends all sessions of the realm; sign-ins that began before are ended or refused.
   *
   * @param realm name of this realm; guards against ending those of another one
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return what became of them
   * @throws IllegalArgumentException CTGSI0313E if it is not this realm's name
   */
  @ManagedOperation(
      value = "Ends all sessions of the realm; says what became of them",
      needs = Permission.ADMINISTER,
      notification = "sms.session.terminated")
  ServerMXBean.OutcomeView terminateRealm(
      @Description("Name of this realm") @Nullable String realm,
      @Description(ServerMXBean.REASON) @Nullable String reason);

  /**
   * Limits how many sessions a user may have at once in the realm. Nearer than that of the realm is
   * what the user registry says of the user ({@code max-concurrent-web-sessions}), and nearer still
   * what is set here for the user. It holds at the next sign-in: that is refused (CTGSI0304W), or
   * ends the oldest sessions where the limit displaces; until then a lower limit ends none.
   *
   * @param value {@code unset}, {@code unlimited}, 1 to 1,000,000, {@code displace} for one
   *     session, or {@code displace:n}
   * @param user whose; null or empty for all users of the realm
   * @param reason such as the number of a ticket, at most 80 characters; may be null
   * @return what was set before
   * @throws IllegalArgumentException CTGSI0313E if the value or the user is wrong, or 10,000 other
   *     users have a limit of their own
   * @throws IllegalStateException if the limit is set, and this could not be written to the disk
   */
  @ManagedOperation(
      value = "Limits how many sessions a user may have at once; returns the limit before",
      needs = Permission.ADMINISTER,
      notification = "sms.policy.changed")
  String setConcurrentSessionLimit(
      @Description("unset, unlimited, a number, displace, or displace:number")
          @Nullable String value,
      @Description("User name, letter case ignored; empty for all users of the realm")
          @Nullable String user,
      @Description(ServerMXBean.REASON) @Nullable String reason);

  /**
   * Returns the limit that {@link #setConcurrentSessionLimit} has set for a user.
   *
   * @param user user name, letter case ignored
   * @return {@code unset} if what the registry or the realm says holds
   */
  @ManagedOperation(
      value = "Returns how many sessions a user may have at once, as set for this user",
      needs = Permission.VIEW)
  String concurrentSessionLimit(
      @Description("User name, letter case ignored") @Nullable String user);

  /**
   * A user who may not sign in.
   *
   * @param user user name, as the administrator gave it
   * @param until when the time is over, ISO-8601
   * @param by the account that asked for it
   * @param reason why, empty if none was given
   */
  record KeptOutView(String user, String until, String by, String reason) {}

  /**
   * Tells how many live sessions users have in the realm, for many users at once.
   *
   * @param users their names, at most 1,000
   * @return for each name, in the order given, how many sessions the user has, or what is wrong
   *     with the name
   * @throws IllegalArgumentException CTGSI0313E if there are more names, or none
   */
  @ManagedOperation(value = "Tells how many sessions users have", needs = Permission.VIEW)
  List<UserCountView> countSessions(
      @Description("User names, at most 1,000") @Nullable List<@Nullable String> users);

  /**
   * The refresh of a whole realm.
   *
   * @param realm which realm
   * @param users users to refresh
   * @param usersDone users refreshed so far
   * @param unknown users that the registry does not know, or of whom it gives no credential, who
   *     keep theirs
   * @param sessions sessions refreshed so far
   * @param running whether it goes on
   */
  record RealmRefreshView(
      String realm, int users, int usersDone, int unknown, int sessions, boolean running) {}

  /**
   * A user and how many sessions that user has.
   *
   * @param user user name as at sign-in
   * @param sessions number of sessions
   */
  record UserView(String user, long sessions) {}

  /**
   * A name, and how many sessions its user has.
   *
   * @param user the name as given, in a form that can be shown
   * @param sessions number of sessions
   * @param error why there cannot be such a user, empty if there can
   */
  record UserCountView(String user, long sessions, String error) {}
}
