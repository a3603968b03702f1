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

  @Description("The ten users with most sessions, most first")
  List<UserView> getLargestUsers();

  @Description("Live sessions of the user who has most of them")
  long getLargestUserSessions();

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
}
