package org.smsjmx.management;

import java.util.List;
import java.util.Objects;

/** The MBean of one replica set. */
final class ReplicaSetBean extends ManagedBean implements ReplicaSetMXBean {

  private final String set;
  private final String realm;
  private final Management management;

  ReplicaSetBean(String set, String realm, Management management) {
    super(ReplicaSetMXBean.class, management);
    this.set = set;
    this.realm = realm;
    this.management = management;
  }

  @Override
  public String getReplicaSetName() {
    return set;
  }

  @Override
  public String getRealm() {
    return realm;
  }

  @Override
  public List<ReplicaView> getReplicas() {
    return management.topology().realm(realm).stream()
        .flatMap(found -> found.replicaSets().stream())
        .filter(found -> found.name().equals(set))
        .flatMap(found -> found.replicas().stream())
        .map(
            server ->
                new ReplicaView(server.value(), Objects.toString(management.joinedAt(server), "")))
        .toList();
  }
}
