package org.smsjmx.management;

import java.util.List;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;

/** The MBean of one realm. */
final class RealmBean extends ManagedBean implements RealmMXBean {

  private static final int LARGEST_USERS = 10;

  private final Realm realm;
  private final SessionTable table;

  RealmBean(Realm realm, Management management) {
    super(RealmMXBean.class, management);
    this.realm = realm;
    this.table = management.sessions().table();
  }

  @Override
  public String getRealmName() {
    return realm.name();
  }

  @Override
  public List<String> getReplicaSets() {
    return realm.replicaSets().stream().map(ReplicaSet::name).toList();
  }

  @Override
  public List<String> getServers() {
    return realm.servers().stream().map(ServerName::value).toList();
  }

  @Override
  public long getSessionCount() {
    return table.totals().values().stream()
        .map(byRealm -> byRealm.getOrDefault(realm.name(), SessionTotals.NONE))
        .mapToLong(SessionTotals::sessions)
        .sum();
  }

  @Override
  public long getUserCount() {
    return table.users(realm.name());
  }

  @Override
  public List<UserView> getLargestUsers() {
    return table.largestUsers(realm.name(), LARGEST_USERS).stream()
        .map(largest -> new UserView(largest.user(), largest.sessions()))
        .toList();
  }
}
