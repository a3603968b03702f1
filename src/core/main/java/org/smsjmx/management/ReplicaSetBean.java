package org.smsjmx.management;

import java.util.List;
import java.util.Objects;
import org.smsjmx.topology.ReplicaSet;

/** The MBean of one replica set. */
final class ReplicaSetBean extends ManagedBean implements ReplicaSetMXBean {

  private final ReplicaSet set;
  private final String realm;
  private final Management management;

  ReplicaSetBean(ReplicaSet set, String realm, Management management) {
    super(ReplicaSetMXBean.class, management);
    this.set = set;
    this.realm = realm;
    this.management = management;
  }

  @Override
  public String getReplicaSetName() {
    return set.name();
  }

  @Override
  public String getRealm() {
    return realm;
  }

  @Override
  public List<ReplicaView> getReplicas() {
    return set.replicas().stream()
        .map(
            server ->
                new ReplicaView(
                    server.value(), Objects.toString(management.joinedAt(server), null)))
        .toList();
  }
}
