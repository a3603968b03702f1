package org.smsjmx.management;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.ServerMXBean.OutcomeView;
import org.smsjmx.session.KeptOut;
import org.smsjmx.session.SessionLimit;
import org.smsjmx.session.SessionLimits;
import org.smsjmx.session.SessionTable.Capability;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;

/** The MBean of one realm. */
final class RealmBean extends ManagedBean implements RealmMXBean {

  /** How many users can be asked about at once. */
  private static final int MOST_NAMES = 1_000;

  private final String realm;
  private final Management management;
  private final Sessions sessions;

  RealmBean(String realm, Management management) {
    super(RealmMXBean.class, management);
    this.realm = realm;
    this.management = management;
    this.sessions = management.sessions();
  }

  @Override
  public String getRealmName() {
    return realm;
  }

  @Override
  public List<String> getReplicaSets() {
    return topology().flatMap(found -> found.replicaSets().stream()).map(ReplicaSet::name).toList();
  }

  @Override
  public List<String> getServers() {
    return topology().flatMap(found -> found.servers().stream()).map(ServerName::value).toList();
  }

  /** Returns the realm as it is now, nothing if its last server has left. */
  private Stream<Realm> topology() {
    return management.topology().realm(realm).stream();
  }

  @Override
  public long getSessionCount() {
    return sessions.totalsOfRealm(realm).values().stream()
        .reduce(SessionTotals.NONE, SessionTotals::plus)
        .sessions();
  }

  @Override
  public long getUserCount() {
    return sessions.users(realm);
  }

  @Override
  public int refreshRealm(@Nullable String name) {
    requireThis(name);
    return sessions.refreshRealm(realm);
  }

  @Override
  public OutcomeView terminateRealm(@Nullable String name, @Nullable String reason) {
    requireReason(reason);
    requireThis(name);
    return management.outcome(management.jvmSessions().terminateSelected("everyone=yes", realm));
  }

  @Override
  public List<KeptOutView> getKeptOut() {
    return sessions.can(Capability.KEEP_OUT)
        ? sessions.keptOut(realm).stream().map(RealmBean::view).toList()
        : List.of();
  }

  private static KeptOutView view(KeptOut who) {
    return new KeptOutView(
        shown(who.user()), who.until().toString(), shown(who.by()), shown(who.reason()));
  }

  @Override
  public String getConcurrentSessionLimit() {
    return limits().ofRealm().toString();
  }

  @Override
  public boolean isPoliciesDurable() {
    return management.policies().isDurable();
  }

  @Override
  public String setConcurrentSessionLimit(
      @Nullable String value, @Nullable String user, @Nullable String reason) {
    OperationContext.current().note("realm", realm);
    requireReason(reason);
    SessionLimit limit = SessionLimit.parse(required("value", value));
    if (user == null || user.isEmpty()) {
      String before = getConcurrentSessionLimit();
      management.policies().limit(realm, limit);
      return before;
    }
    String before = concurrentSessionLimit(user);
    management.policies().limit(userInRealm(user), limit);
    return before;
  }

  @Override
  public String concurrentSessionLimit(@Nullable String user) {
    OperationContext.current().note("realm", realm);
    UserInRealm whose = userInRealm(user);
    return limits().ofUsers().entrySet().stream()
        .filter(own -> userInRealm(own.getKey()).equals(whose))
        .map(own -> own.getValue().toString())
        .findFirst()
        .orElse(SessionLimit.UNSET.toString());
  }

  private UserInRealm userInRealm(@Nullable String user) {
    return new UserInRealm(required("user", user), realm, sessions.userNames());
  }

  private SessionLimits limits() {
    return sessions.can(Capability.SESSION_LIMIT)
        ? sessions.sessionLimits(realm)
        : SessionLimits.NONE;
  }

  private void requireThis(@Nullable String name) {
    if (!realm.equals(name)) {
      throw new IllegalArgumentException("realm must be %s here: %s".formatted(realm, shown(name)));
    }
  }

  @Override
  public @Nullable RealmRefreshView getRealmRefresh() {
    Sessions.RealmRefresh last = sessions.realmRefresh();
    return last == null
        ? null
        : new RealmRefreshView(
            last.realm(),
            last.users(),
            last.usersDone(),
            last.unknown(),
            last.sessions(),
            last.running());
  }

  @Override
  public List<UserCountView> countSessions(@Nullable List<@Nullable String> users) {
    if (users == null || users.isEmpty()) {
      throw new IllegalArgumentException("users must be a list of names");
    }
    if (users.size() > MOST_NAMES) {
      throw new IllegalArgumentException(
          "users must be at most %d names: %d".formatted(MOST_NAMES, users.size()));
    }
    return users.stream().map(this::count).toList();
  }

  private UserCountView count(@Nullable String name) {
    UserInRealm user;
    try {
      user = new UserInRealm(required("user", name), realm, sessions.userNames());
    } catch (IllegalArgumentException e) {
      String given = name == null ? "" : shown(name);
      return new UserCountView(given, 0, shown(e.getMessage()));
    }
    return new UserCountView(user.user(), management.jvmSessions().count(user), "");
  }

  @Override
  public long getLargestUserSessions() {
    return getLargestUsers().stream().mapToLong(UserView::sessions).findFirst().orElse(0);
  }

  @Override
  public List<UserView> getLargestUsers() {
    return management.largestUsers().of(realm);
  }
}
