package org.smsjmx.management;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import javax.management.AttributeList;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Previews.Preview;
import org.smsjmx.session.CredentialChange;
import org.smsjmx.session.KeptOut;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.Selection;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionKeys;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** The MBean of one server. */
final class ServerBean extends ManagedBean implements ServerMXBean {

  /** An answer of so many sessions takes some 40 MB of heap while it is made. */
  private static final int MAXIMUM_LISTED = 10_000;

  /** The type of the notification of sessions that ended since their user signed in again. */
  static final String DISPLACED = "sms.session.displaced";

  private static final String NOT_DURABLE = "DONE_NOT_DURABLE";

  private final ServerName server;
  private final Management management;
  private final Sessions sessions;
  private final JvmSessions everywhere;
  private final Instant joinedAt;
  private final LongAdder unmanaged = new LongAdder();
  private final CopyOnWriteArrayList<String> notes = new CopyOnWriteArrayList<>();

  private ObjectName name = SmsNames.servers();

  /** The totals by realm for the attributes of one request, so that they fit together. */
  private final ThreadLocal<@Nullable Map<String, SessionTotals>> atOneMoment = new ThreadLocal<>();

  ServerBean(ServerName server, Management management, Instant joinedAt) {
    super(ServerMXBean.class, management, List.of(DISPLACED));
    this.server = server;
    this.management = management;
    this.sessions = management.sessions();
    this.everywhere = management.jvmSessions();
    this.joinedAt = joinedAt;
  }

  /** Peers are known before the server can be called, so that no call misses one. */
  @Override
  public ObjectName preRegister(MBeanServer mbeanServer, ObjectName asked) throws Exception {
    ObjectName given = super.preRegister(mbeanServer, asked);
    everywhere.peers().registering();
    name = given;
    return given;
  }

  @Override
  public void postRegister(Boolean done) {
    super.postRegister(done);
    if (done) {
      everywhere.peers().registered(name);
    } else {
      everywhere.peers().unregistered(name);
    }
  }

  @Override
  public void postDeregister() {
    super.postDeregister();
    everywhere.peers().unregistered(name);
  }

  @Override
  public Object invoke(String operation, Object @Nullable [] given, String[] signature)
      throws MBeanException, ReflectionException {
    return PeerCall.NAME.equals(operation)
        ? everywhere.answer(server.value(), given, this::needs)
        : super.invoke(operation, given, signature);
  }

  private @Nullable Permission needs(String operation) {
    Operation known = operation(operation);
    return known == null ? null : known.needs();
  }

  @Override
  public int terminateAllSessions(@Nullable String user, @Nullable String realm) {
    return everywhere.terminateAll(userInRealm(user, realm));
  }

  @Override
  public int refreshAllSessions(@Nullable String user, @Nullable String realm) {
    return refreshAll(user, realm).sessions();
  }

  @Override
  public RefreshView refreshAllSessionsWithReport(
      @Nullable String user, @Nullable String realm, @Nullable String reason) {
    requireReason(reason);
    return reported(refreshAll(user, realm), user, realm);
  }

  @Override
  public RefreshView previewRefresh(@Nullable String user, @Nullable String realm) {
    return reported(everywhere.previewRefresh(userInRealm(user, realm)), user, realm);
  }

  /** Says too that nobody was reached, so that a slip in the name does not look like success. */
  private RefreshView reported(
      RefreshReport report, @Nullable String user, @Nullable String realm) {
    List<String> said = new ArrayList<>(getNotes());
    if (report.sessions() == 0 && report.kept() == 0) {
      said.add("In realm %s nobody named %s is signed in.".formatted(realm, shown(user)));
    }
    return view(report, said);
  }

  private RefreshReport refreshAll(@Nullable String user, @Nullable String realm) {
    RefreshReport report = everywhere.refreshAll(userInRealm(user, realm));
    note(report);
    if (report.sessions() == 0 && report.kept() > 0) {
      throw new UserRegistry.NoCredentialException(report.whyKept());
    }
    return report;
  }

  /** Adds to the operation what it refreshed. */
  static void note(RefreshReport report) {
    CredentialChange change = report.change();
    OperationContext call = OperationContext.current();
    noteNames(call, "groupsAdded", change.groupsAdded());
    noteNames(call, "groupsRemoved", change.groupsRemoved());
    noteNames(call, "attributesAdded", change.attributesAdded());
    noteNames(call, "attributesRemoved", change.attributesRemoved());
    noteNames(call, "attributesReplaced", change.attributesReplaced());
    noteNames(call, "attributesPreserved", change.attributesPreserved());
    call.note("sessions", report.sessions());
    call.note("changed", report.changed());
    if (report.kept() > 0) {
      call.note("kept", report.kept());
    }
  }

  private static void noteNames(OperationContext call, String fact, List<String> names) {
    if (!names.isEmpty()) {
      call.note(fact, shown(names));
    }
  }

  /** Names from a registry may hold anything; Jolokia's JSON would break at control characters. */
  private static List<String> shown(List<String> names) {
    return names.stream().map(ManagedBean::shown).toList();
  }

  static RefreshView view(RefreshReport report, List<String> notes) {
    CredentialChange change = report.change();
    return new RefreshView(
        report.sessions(),
        report.changed(),
        shown(change.groupsAdded()),
        shown(change.groupsRemoved()),
        shown(change.attributesAdded()),
        shown(change.attributesRemoved()),
        shown(change.attributesReplaced()),
        shown(change.attributesPreserved()),
        report.kept(),
        shown(report.keptKinds()),
        notes);
  }

  @Override
  public int terminateAllSessionsWithReason(
      @Nullable String user, @Nullable String realm, @Nullable String reason) {
    requireReason(reason);
    return terminateAllSessions(user, realm);
  }

  @Override
  public int terminateSession(@Nullable String sessionId, @Nullable String realm) {
    everywhere.terminate(required("sessionId", sessionId), servedRealm(realm));
    return 1;
  }

  @Override
  public int terminateSessionWithReason(
      @Nullable String sessionId, @Nullable String realm, @Nullable String reason) {
    requireReason(reason);
    return terminateSession(sessionId, realm);
  }

  @Override
  public OutcomeView terminateSelected(
      @Nullable String selection, @Nullable String realm, @Nullable String reason) {
    requireReason(reason);
    String served = servedRealm(realm);
    String selected = required("selection", selection);
    requirePermissionFor(everywhere.written(selected, served));
    return management.outcome(everywhere.terminateSelected(selected, served));
  }

  @Override
  public PreviewView previewTerminate(@Nullable String selection, @Nullable String realm) {
    String served = servedRealm(realm);
    String selected = required("selection", selection);
    return everywhere.preview(everywhere.written(selected, served).toString(), served);
  }

  @Override
  public OutcomeView execute(@Nullable String token, @Nullable String reason) {
    requireReason(reason);
    String given = required("token", token);
    Preview preview =
        management.previews().take(given, Caller.current(), ServerBean::requirePermissionFor);
    OperationContext call = OperationContext.current();
    call.note("realm", preview.realm());
    call.note("selection", shown(preview.selection().toString()));
    return management.outcome(everywhere.execute(given, preview));
  }

  @Override
  public OutcomeView terminateAndKeepOut(
      @Nullable String user,
      @Nullable String realm,
      @Nullable String duration,
      @Nullable String reason) {
    requireReason(reason);
    UserInRealm whom = userInRealm(user, realm);
    String time = required("duration", duration);
    JvmSessions.KeptOutReport done =
        everywhere.keepOut(whom, time(time), reason == null ? "" : reason);
    OperationContext.current().note("durable", done.durable());
    return management.outcome(done.ended(), done.durable() ? "DONE" : NOT_DURABLE);
  }

  private static Duration time(String text) {
    try {
      Duration time = Duration.parse(text);
      KeptOut.requireTime(time);
      return time;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "duration must be ISO-8601, such as PT10M, up to P7D: " + shown(text));
    }
  }

  @Override
  public boolean letIn(@Nullable String user, @Nullable String realm, @Nullable String reason) {
    requireReason(reason);
    boolean wasOut = everywhere.letIn(userInRealm(user, realm));
    OperationContext.current().note("wasKeptOut", wasOut);
    return wasOut;
  }

  private static void requirePermissionFor(Selection selection) {
    if (selection.isEveryone()) {
      requirePermission(Permission.ADMINISTER, Caller.current());
    }
  }

  @Override
  public int refreshSession(@Nullable String sessionId, @Nullable String realm) {
    everywhere.refresh(required("sessionId", sessionId), servedRealm(realm));
    return 1;
  }

  @Override
  public SessionsView listSessions(
      @Nullable String pattern, @Nullable String realm, int maximumReturn) {
    String users = required("pattern", pattern);
    String served = servedRealm(realm);
    if (maximumReturn > MAXIMUM_LISTED) {
      long matched = everywhere.list(users, served, 0).matched();
      if (matched > MAXIMUM_LISTED) {
        throw new IllegalArgumentException(
            "maximumReturn must be at most %d where more sessions match, and %d do"
                .formatted(MAXIMUM_LISTED, matched));
      }
    }
    return everywhere.list(users, served, Math.min(maximumReturn, MAXIMUM_LISTED));
  }

  @Override
  public UsersView listUsers(
      @Nullable String pattern, @Nullable String realm, @Nullable String after, int maximumReturn) {
    String users = required("pattern", pattern);
    String served = servedRealm(realm);
    String last = optional("after", after);
    if (!last.isEmpty() && !isUserName(last)) {
      throw new IllegalArgumentException(
          "after must be a user name, such as the last one of the page before: " + shown(last));
    }
    requirePageSize(maximumReturn);
    return everywhere.listUsers(users, served, last, maximumReturn);
  }

  private boolean isUserName(String name) {
    try {
      return !sessions.userNames().key(name).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void requirePageSize(int maximumReturn) {
    if (maximumReturn < 0 || maximumReturn > MAXIMUM_LISTED) {
      throw new IllegalArgumentException(
          "maximumReturn must be 0..%d: %d".formatted(MAXIMUM_LISTED, maximumReturn));
    }
  }

  @Override
  public SessionsView listUserSessions(
      @Nullable String user,
      @Nullable String realm,
      int offset,
      int maximumReturn,
      boolean newestFirst) {
    UserInRealm whose = userInRealm(user, realm);
    if (offset < 0) {
      throw new IllegalArgumentException("offset must be 0 or more: " + offset);
    }
    requirePageSize(maximumReturn);
    return everywhere.listOfUser(whose, offset, maximumReturn, newestFirst);
  }

  static SessionView view(Session session, SessionKeys keys) {
    SessionFacts facts = session.facts();
    return new SessionView(
        keys.text(session.id()),
        session.user().user(),
        session.user().realm(),
        session.server(),
        session.createdAt().toString(),
        session.lastAccessAt().toString(),
        Objects.toString(session.expiresAt(), ""),
        shown(session.credential().groups()),
        session.credentialVersion(),
        Objects.toString(session.refreshedAt(), ""),
        fact(facts.address()),
        fact(facts.userAgent()),
        fact(facts.authenticationType()),
        fact(facts.issuer()),
        fact(facts.subject()),
        fact(facts.sid()));
  }

  private static String fact(@Nullable String fact) {
    return fact == null ? "" : shown(fact);
  }

  private UserInRealm userInRealm(@Nullable String user, @Nullable String realm) {
    String name = required("user", user);
    return new UserInRealm(name, servedRealm(realm), sessions.userNames());
  }

  private String servedRealm(@Nullable String realm) {
    String name = required("realm", realm);
    Topology topology = management.topology();
    if (topology.takesPart(server, name)) {
      return name;
    }
    List<String> realms = getRealms();
    if (realms.isEmpty()) {
      throw new RefusedException(
          StatusCode.CTGSI0307E, "Server %s has left its realm.".formatted(server));
    }
    if (topology.realm(name).isPresent()) {
      throw new RefusedException(
          StatusCode.CTGSI0307E,
          "Server %s is in %s, not in realm %s."
              .formatted(server, String.join(", ", realms), name));
    }
    throw new IllegalArgumentException(
        "realm %s is unknown; known are %s"
            .formatted(
                shown(name),
                String.join(", ", topology.realms().stream().map(Realm::name).toList())));
  }

  @Override
  public AttributeList getAttributes(String[] names) {
    atOneMoment.set(totalsByRealm());
    try {
      return super.getAttributes(names);
    } finally {
      atOneMoment.remove();
    }
  }

  @Override
  public String getServerName() {
    return server.value();
  }

  @Override
  public String getInstanceName() {
    return server.instanceName();
  }

  @Override
  public String getHostName() {
    return server.hostName();
  }

  @Override
  public List<String> getRealms() {
    return management.topology().realmsOf(server).stream().map(Realm::name).toList();
  }

  @Override
  public List<String> getReplicaSets() {
    return management.topology().replicaSetsOf(server).stream().map(ReplicaSet::name).toList();
  }

  Instant joinedAt() {
    return joinedAt;
  }

  @Override
  public String getJoinedAt() {
    return joinedAt.toString();
  }

  @Override
  public long getSessionCount() {
    return total().sessions();
  }

  @Override
  public long getUnmanagedSessions() {
    return unmanaged.sum();
  }

  @Override
  public List<String> getNotes() {
    return List.copyOf(notes);
  }

  void note(String text) {
    notes.addIfAbsent(text);
  }

  void unmanaged(int change) {
    unmanaged.add(change);
  }

  @Override
  public Map<String, Long> getSessionsByRealm() {
    Map<String, Long> byRealm = new TreeMap<>();
    getRealms().forEach(realm -> byRealm.put(realm, 0L));
    totalsByRealm().forEach((realm, totals) -> byRealm.put(realm, totals.sessions()));
    return byRealm;
  }

  @Override
  public long getSignedInTotal() {
    return total().signedIn();
  }

  @Override
  public long getSignedOutTotal() {
    return total().signedOut();
  }

  @Override
  public long getTerminatedTotal() {
    return total().terminated();
  }

  @Override
  public long getExpiredTotal() {
    return total().expired();
  }

  @Override
  public long getDisplacedTotal() {
    return total().displaced();
  }

  @Override
  public long getRefreshedTotal() {
    return total().refreshed();
  }

  @Override
  public TotalsView getTotals() {
    return Management.view(total());
  }

  @Override
  public Map<String, Long> getOperationsTotal() {
    return counted(Outcome.DONE);
  }

  @Override
  public Map<String, Long> getOperationsRefusedTotal() {
    return counted(Outcome.REFUSED);
  }

  @Override
  public Map<String, Long> getOperationsDeniedTotal() {
    return counted(Outcome.DENIED);
  }

  @Override
  public Map<String, Long> getOperationsFailedTotal() {
    return counted(Outcome.FAILED);
  }

  private SessionTotals total() {
    return totalsByRealm().values().stream().reduce(SessionTotals.NONE, SessionTotals::plus);
  }

  private Map<String, SessionTotals> totalsByRealm() {
    Map<String, SessionTotals> seen = atOneMoment.get();
    return seen != null ? seen : sessions.totalsOfServer(server.value());
  }
}
