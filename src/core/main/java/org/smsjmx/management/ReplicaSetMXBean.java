package org.smsjmx.management;

import java.util.List;

/** {@code sms:type=ReplicaSet,name=<set>}: servers that protect the same web space. */
@Description("A replica set")
public interface ReplicaSetMXBean {

  @Description("Name of the replica set")
  String getReplicaSetName();

  @Description("Realm of the replica set")
  String getRealm();

  @Description("Its servers, with the time at which each joined")
  List<ReplicaView> getReplicas();

  /**
   * A server as a member of the set.
   *
   * @param server its name
   * @param joinedAt when it joined, ISO-8601; empty if it has not
   */
  record ReplicaView(String server, String joinedAt) {}
}
