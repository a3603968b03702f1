package org.smsjmx.management;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditHead;
import org.smsjmx.audit.AuditSearch;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.SessionKeys;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** The MBean of the whole. */
final class ServiceBean extends ManagedBean implements ServiceMXBean {

  /** How many operations are found at once. */
  private static final int MOST_FOUND = 1_000;

  private final Management management;
  private final Sessions sessions;
  private final SessionKeys keys;
  private final Audit audit;
  private final Health health;
  private final Durations durations;
  private final History history;
  private final Trace trace;
  private final TimeSource clock;
  private final Instant startedAt;
  private final long startedMillis;

  ServiceBean(Management management, Trace trace, TimeSource clock) {
    super(ServiceMXBean.class, management);
    this.management = management;
    this.sessions = management.sessions();
    this.keys = management.keys();
    this.audit = management.audit();
    this.health = management.health();
    this.durations = management.durations();
    this.history = management.history();
    this.trace = trace;
    this.clock = clock;
    this.startedAt = clock.instant();
    this.startedMillis = clock.elapsedMillis();
  }

  @Override
  public String getVersion() {
    return Management.version();
  }

  @Override
  public String getStartedAt() {
    return startedAt.toString();
  }

  @Override
  public long getUptimeSeconds() {
    return Duration.ofMillis(clock.elapsedMillis() - startedMillis).toSeconds();
  }

  @Override
  public List<String> getServers() {
    Topology topology = management.topology();
    return names(Stream.concat(topology.servers().stream(), topology.otherServers().stream()));
  }

  @Override
  public List<String> getExtendedServers() {
    return names(management.topology().servers().stream());
  }

  @Override
  public List<String> getOtherServers() {
    return names(management.topology().otherServers().stream());
  }

  private static List<String> names(Stream<ServerName> servers) {
    return servers.sorted().map(ServerName::value).toList();
  }

  @Override
  public List<String> getRealms() {
    return management.topology().realms().stream().map(Realm::name).toList();
  }

  @Override
  public long getSessionCount() {
    return total().sessions();
  }

  @Override
  public ServerMXBean.TotalsView getTotals() {
    return Management.view(total());
  }

  @Override
  public long getTableMemoryBytes() {
    return sessions.memoryBytes();
  }

  @Override
  public boolean isRegistryAvailable() {
    return sessions.registryState().failure() == null;
  }

  @Override
  public String getRegistryFailure() {
    String failure = sessions.registryState().failure();
    UserRegistry.Stale stale = sessions.registryStale();
    return failure != null ? failure : stale != null ? stale.reason() : "";
  }

  @Override
  public @Nullable String getRegistryStaleSince() {
    UserRegistry.Stale stale = sessions.registryStale();
    return stale == null ? null : stale.since().toString();
  }

  @Override
  public long getRegistryStaleSeconds() {
    UserRegistry.Stale stale = sessions.registryStale();
    return stale == null ? 0 : Math.max(1, stale.lasting().toSeconds());
  }

  @Override
  public @Nullable String getRegistryLastAnswerAt() {
    return Objects.toString(sessions.registryState().lastAnswerAt(), null);
  }

  @Override
  public boolean isAuditHealthy() {
    return audit.isHealthy();
  }

  @Override
  public long getAuditFailures() {
    return audit.failures();
  }

  @Override
  public int getAuditLinesWaiting() {
    return audit.waiting();
  }

  @Override
  public AuditHeadView getAuditHead() {
    AuditHead head = audit.head();
    return new AuditHeadView(head.number(), head.hash());
  }

  @Override
  public Map<String, String> getParts() {
    return health.parts();
  }

  @Override
  public int getPartsFailing() {
    return health.failing();
  }

  @Override
  public @Nullable String getCertificateExpiresAt() {
    return Objects.toString(health.certificateExpiresAt(), null);
  }

  @Override
  public @Nullable Long getCertificateSecondsLeft() {
    Instant expiresAt = health.certificateExpiresAt();
    return expiresAt == null ? null : Duration.between(clock.instant(), expiresAt).toSeconds();
  }

  @Override
  public long getFailedSignIns() {
    return audit.failedSignIns();
  }

  @Override
  public long getSignInsDelayed() {
    return audit.delayedSignIns();
  }

  @Override
  public long getCallsDenied() {
    return audit.deniedCalls();
  }

  @Override
  public Map<String, DurationView> getOperationDurations() {
    return durations.views();
  }

  @Override
  public double getSignInsPerSecond() {
    return history.perSecond(SessionTotals::signedIn);
  }

  @Override
  public double getExpiriesPerSecond() {
    return history.perSecond(SessionTotals::expired);
  }

  @Override
  public OverviewView getOverview() {
    Map<String, SessionTotals> byRealm = new TreeMap<>();
    Map<String, SessionTotals> byServer = new TreeMap<>();
    getRealms().forEach(realm -> byRealm.put(realm, SessionTotals.NONE));
    getExtendedServers().forEach(server -> byServer.put(server, SessionTotals.NONE));
    SessionTotals all = SessionTotals.NONE;
    for (Map.Entry<String, Map<String, SessionTotals>> server : sessions.totals().entrySet()) {
      for (Map.Entry<String, SessionTotals> realm : server.getValue().entrySet()) {
        byServer.merge(server.getKey(), realm.getValue(), SessionTotals::plus);
        byRealm.merge(realm.getKey(), realm.getValue(), SessionTotals::plus);
        all = all.plus(realm.getValue());
      }
    }
    return new OverviewView(
        clock.instant().toString(),
        Management.view(all),
        sessions(byRealm),
        sessions(byServer),
        usersByRealm(),
        getSignInsPerSecond(),
        getExpiriesPerSecond(),
        isRegistryAvailable(),
        shown(getRegistryFailure()),
        isAuditHealthy(),
        health.failingParts(),
        largestUsers());
  }

  private static Map<String, Long> sessions(Map<String, SessionTotals> totals) {
    Map<String, Long> sessions = new TreeMap<>();
    totals.forEach((name, total) -> sessions.put(name, total.sessions()));
    return sessions;
  }

  private Map<String, Long> usersByRealm() {
    Map<String, Long> users = new TreeMap<>();
    for (String realm : getRealms()) {
      try {
        users.put(realm, sessions.users(realm));
      } catch (SessionTable.UnsupportedException e) {
        users.put(realm, SessionTotals.UNKNOWN);
      }
    }
    return users;
  }

  private Map<String, List<RealmMXBean.UserView>> largestUsers() {
    Map<String, List<RealmMXBean.UserView>> largest = new TreeMap<>();
    for (String realm : getRealms()) {
      try {
        largest.put(realm, management.largestUsers().of(realm));
      } catch (SessionTable.UnsupportedException e) {
        largest.put(realm, List.of());
      }
    }
    return largest;
  }

  @Override
  public HistoryView getHistory() {
    return history.view();
  }

  @Override
  public List<OperationView> getRecentOperations() {
    return management.recentOperations().views();
  }

  @Override
  public CallerView getCaller() {
    Caller caller = Caller.current();
    return new CallerView(
        caller.name(), caller.permission().toString(), caller.address(), caller.endpoint());
  }

  @Override
  public OperationsView findOperations(
      @Nullable String user, @Nullable String account, @Nullable String since, int maximumReturn) {
    OperationSearch search =
        OperationSearch.of(
            optional("user", user),
            optional("account", account),
            optional("since", since),
            clock.instant(),
            sessions.userNames(),
            Caller.current().permission() == Permission.ADMINISTER);
    if (maximumReturn < 1 || maximumReturn > MOST_FOUND) {
      throw new IllegalArgumentException(
          "maximumReturn must be 1..%d: %d".formatted(MOST_FOUND, maximumReturn));
    }
    AuditSearch files = audit.search();
    if (files == null) {
      throw new RefusedException(
          StatusCode.DPWAP0105E, "The audit is in the application's log, not in files of its own.");
    }
    return search.run(files, maximumReturn);
  }

  @Override
  public KeyView getSessionKey() {
    SessionKeys.Key key = keys.current();
    return new KeyView(key.id(), key.createdAt().toString(), Objects.toString(key.expiresAt(), ""));
  }

  @Override
  public Map<String, Integer> terminateEverywhere(@Nullable String user, @Nullable String reason) {
    requireReason(reason);
    String name = required("user", user);
    Map<String, Integer> ended = new LinkedHashMap<>();
    int all = 0;
    for (String realm : getRealms()) {
      int inRealm = sessions.terminateAll(new UserInRealm(name, realm, sessions.userNames()));
      ended.put(realm, inRealm);
      all += inRealm;
    }
    OperationContext.current().note("sessions", all);
    noteRealms(ended);
    return ended;
  }

  @Override
  public Map<String, Integer> refreshEverywhere(@Nullable String user, @Nullable String reason) {
    requireReason(reason);
    Map<String, RefreshReport> reports = sessions.refreshAll(required("user", user), getRealms());
    ServerBean.note(reports.values().stream().reduce(RefreshReport.NOTHING, RefreshReport::and));
    Map<String, Integer> refreshed = new LinkedHashMap<>();
    reports.forEach((realm, report) -> refreshed.put(realm, report.sessions()));
    noteRealms(refreshed);
    return refreshed;
  }

  /** Adds to the operation the realms in which it found sessions. */
  private static void noteRealms(Map<String, Integer> sessions) {
    List<String> found =
        sessions.keySet().stream().filter(realm -> sessions.getOrDefault(realm, 0) > 0).toList();
    OperationContext.current().note("realms", found);
  }

  @Override
  public int changeSessionKey() {
    return keys.change().id();
  }

  @Override
  public int getTraceLevel() {
    return trace.level();
  }

  @Override
  public int setTraceLevel(int level) {
    if (level < 0 || level > Trace.MAXIMUM) {
      throw new IllegalArgumentException("level must be 0..%d: %d".formatted(Trace.MAXIMUM, level));
    }
    trace.set(level);
    return level;
  }

  private SessionTotals total() {
    return sessions.total();
  }
}
