package org.smsjmx.management;

import java.util.List;

/** {@code sms:type=Realm,name=<realm>}: a session realm, across its servers. */
@Description("A session realm")
public interface RealmMXBean {

  @Description("Name of the realm")
  String getRealmName();

  @Description("Replica sets of the realm")
  List<String> getReplicaSets();

  @Description("Servers that take part in the realm")
  List<String> getServers();

  @Description("Live sessions in the realm")
  long getSessionCount();

  @Description("Users with a live session in the realm")
  long getUserCount();

  @Description("The ten users with most sessions, most first")
  List<UserView> getLargestUsers();

  /**
   * A user and how many sessions that user has.
   *
   * @param user user name as at sign-in
   * @param sessions number of sessions
   */
  record UserView(String user, long sessions) {}
}
