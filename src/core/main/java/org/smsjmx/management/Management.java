package org.smsjmx.management;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionKeys;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TerminationReport;
import org.smsjmx.session.TimeSource;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ReplicaSet;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/**
 * Makes sessions manageable: registers MBeans on an MBean server. An application that keeps its own
 * sessions in a table registers its server with {@link #registerServer}.
 */
public final class Management {

  private final MBeanServer mbeanServer;
  private volatile Topology topology;
  private final Sessions sessions;
  private final TimeSource clock;
  private final SessionKeys keys;
  private final Audit audit;
  private final JvmSessions jvmSessions;
  private final Durations durations = new Durations();
  private final Health health = new Health();
  private final Previews previews;
  private final ConnectorCallers connectors = new ConnectorCallers();
  private final SignInPolicies policies;
  private final Displacements displacements;
  private final AtomicBoolean listening = new AtomicBoolean();
  private final Map<String, ServerBean> joined = new ConcurrentHashMap<>();
  private final History history;
  private final LargestUsers largestUsers;
  private final RecentOperations recentOperations = new RecentOperations();

  /**
   * Records operations in an audit that is not required; registers nothing yet.
   *
   * @param mbeanServer where to register
   * @param topology the servers and realms
   * @param sessions the sessions
   * @param clock tells the time of day, see {@link TimeSource#of}
   */
  public Management(
      MBeanServer mbeanServer, Topology topology, Sessions sessions, InstantSource clock) {
    this(mbeanServer, topology, sessions, new Audit(clock, false), clock);
  }

  /**
   * Registers nothing yet.
   *
   * @param mbeanServer where to register
   * @param topology the servers and realms
   * @param sessions the sessions
   * @param audit where operations are recorded
   * @param clock tells the time of day, see {@link TimeSource#of}
   */
  public Management(
      MBeanServer mbeanServer,
      Topology topology,
      Sessions sessions,
      Audit audit,
      InstantSource clock) {
    LoggableTraces.prepare();
    this.mbeanServer = mbeanServer;
    this.topology = topology;
    this.sessions = sessions;
    this.clock = TimeSource.of(clock);
    this.keys = new SessionKeys(sessions.timeouts(), this.clock);
    this.audit = audit;
    this.history = new History(this.clock);
    this.largestUsers = new LargestUsers(sessions, this.clock);
    this.previews = new Previews(this.clock);
    this.policies = new SignInPolicies(sessions, this.clock);
    this.displacements = new Displacements(this, this.clock);
    this.jvmSessions = new JvmSessions(this, new Peers(mbeanServer, sessions));
  }

  /**
   * Registers nothing yet; servers are to {@link #join}.
   *
   * @param mbeanServer where to register
   * @param sessions the sessions
   * @param audit where operations are recorded
   * @param clock tells the time of day, see {@link TimeSource#of}
   */
  public Management(MBeanServer mbeanServer, Sessions sessions, Audit audit, InstantSource clock) {
    this(mbeanServer, Topology.EMPTY, sessions, audit, clock);
  }

  /**
   * Lets a server join a realm, and registers its MBean, and those with its numbers alone. Realm
   * and replica set, which has the realm's name, begin with their first server.
   *
   * @param server in no realm yet
   * @param realm the realm's name
   * @return closing it lets the server leave
   * @throws IllegalArgumentException if a name is not allowed, or the server is in a realm already
   * @throws IllegalStateException if the name is taken on the MBean server; then nothing has
   *     changed
   */
  public synchronized Membership join(ServerName server, String realm) {
    Topology before = topology;
    topology = before.with(server, realm);
    try {
      Registration registration = new Registration(mbeanServer);
      ServerBean bean = addServer(registration, server);
      return new Membership(server, bean, () -> leave(server, registration));
    } catch (RuntimeException e) {
      topology = before;
      throw e;
    }
  }

  private synchronized void leave(ServerName server, Registration registration) {
    if (registration.isOpen()) {
      registration.close();
      joined.remove(server.value());
      topology = topology.without(server);
    }
  }

  /**
   * Registers the MBean of one server, and those with its numbers alone.
   *
   * @param server a server of the topology, with the extension
   * @return closing it unregisters the MBean
   * @throws IllegalArgumentException if no realm has the server
   * @throws IllegalStateException if the name is taken on the MBean server
   */
  public Registration registerServer(ServerName server) {
    if (topology.realmsOf(server).isEmpty()) {
      throw new IllegalArgumentException("no realm has the server " + server);
    }
    Registration registration = new Registration(mbeanServer);
    addServer(registration, server);
    return registration;
  }

  /**
   * Registers the MBeans of all servers, realms and replica sets, and of the service.
   *
   * @param trace the service's trace level
   * @return closing it unregisters them
   * @throws IllegalStateException if a name is taken on the MBean server; then none is registered
   */
  public Registration registerAll(Trace trace) {
    Registration all = new Registration(mbeanServer);
    for (ServerName server : topology.servers()) {
      addServer(all, server);
    }
    for (Realm realm : topology.realms()) {
      RealmBean bean = new RealmBean(realm.name(), this);
      all.add(SmsNames.realm(realm.name()), bean);
      addOperations(all, bean, operation -> SmsNames.realmOperation(realm.name(), operation));
      for (ReplicaSet set : realm.replicaSets()) {
        all.add(
            SmsNames.replicaSet(set.name()), new ReplicaSetBean(set.name(), realm.name(), this));
      }
    }
    ServiceBean service = new ServiceBean(this, trace, clock);
    all.add(SmsNames.service(), service);
    addOperations(all, service, SmsNames::serviceOperation);
    return all;
  }

  /**
   * Registers a further MBean.
   *
   * @param name under which name
   * @param bean made with this as its management
   * @return closing it unregisters the MBean
   * @throws IllegalStateException if the name is taken on the MBean server
   */
  public Registration register(ObjectName name, ManagedBean bean) {
    return new Registration(mbeanServer).add(name, bean);
  }

  private ServerBean addServer(Registration registration, ServerName server) {
    if (listening.compareAndSet(false, true)) {
      sessions.listen(displacements);
    }
    ServerBean bean = new ServerBean(server, this, clock.instant());
    registration.add(SmsNames.server(server.value()), bean);
    for (Realm realm : topology.realmsOf(server)) {
      registration.add(
          SmsNames.sessions(server.value(), realm.name()),
          new SessionsBean(sessions, server, realm.name()));
    }
    addOperations(
        registration, bean, operation -> SmsNames.serverOperation(server.value(), operation));
    joined.put(server.value(), bean);
    return bean;
  }

  private static void addOperations(
      Registration registration, ManagedBean bean, Function<String, ObjectName> name) {
    for (String operation : bean.operationNames()) {
      registration.add(name.apply(operation), new OperationsBean(bean, operation));
    }
  }

  /** Returns the servers and realms as they are now. */
  Topology topology() {
    return topology;
  }

  Sessions sessions() {
    return sessions;
  }

  /** Returns the sessions of all copies of this software in this JVM. */
  JvmSessions jvmSessions() {
    return jvmSessions;
  }

  /** Returns the keys that sign the text form of session ids. */
  public SessionKeys keys() {
    return keys;
  }

  /** Returns to whom parts of the service tell their state. */
  public Health health() {
    return health;
  }

  /**
   * Sets what clients may do that come by a JMX connector of the JDK or of the application, rather
   * than by a port of this software. Without it those that the connector authenticated may
   * administer, and of others those of this machine, among which are processes that attach; all
   * others may view.
   *
   * @param permissions by the subject that the connector authenticated, which has no principal if
   *     it authenticated none; not asked of a process that is known to have attached; null is
   *     {@link Permission#VIEW}
   */
  public void permit(Function<Subject, Permission> permissions) {
    connectors.permit(permissions);
  }

  /** Returns who calls in this thread, through an endpoint or by another connector. */
  Caller caller() {
    Caller known = Caller.current();
    return known.equals(Caller.LOCAL) ? connectors.current() : known;
  }

  Audit audit() {
    return audit;
  }

  /**
   * Puts in force who is kept out and what limits are set, as a file says, and keeps it there from
   * now on. To be called once, before clients can call.
   *
   * @param file which; it need not exist
   * @throws IOException if it cannot be read, or is not as it was written; the message names file,
   *     line and rule
   */
  public void keepPolicies(SignInPolicyFile file) throws IOException {
    policies.keepIn(file);
    health.add("policies", policies::problem);
  }

  SignInPolicies policies() {
    return policies;
  }

  /** Tells the listeners of a server that sessions that had signed in there were displaced. */
  void displaced(String server, Map<String, Object> facts) {
    ServerBean bean = joined.get(server);
    if (bean != null) {
      bean.tell(ServerBean.DISPLACED, "sessionDisplaced", facts);
    }
  }

  Previews previews() {
    return previews;
  }

  Durations durations() {
    return durations;
  }

  History history() {
    return history;
  }

  LargestUsers largestUsers() {
    return largestUsers;
  }

  RecentOperations recentOperations() {
    return recentOperations;
  }

  /** Returns the time of day. */
  Instant now() {
    return clock.instant();
  }

  /**
   * Ends the sessions whose deadline has passed, and notes the totals of this moment. To be called
   * each second or so.
   */
  public void tick() {
    clock.countSuspension();
    sessions.expire();
    previews.forgetOld();
    displacements.forgetOld();
    policies.tend();
    history.note(sessions.total());
  }

  /** Returns when the server joined its replica sets, null if it has not. */
  @Nullable Instant joinedAt(ServerName server) {
    ServerBean bean = joined.get(server.value());
    return bean == null ? null : bean.joinedAt();
  }

  /** Returns the version of this software, {@code development} outside its jar. */
  public static String version() {
    String version = Management.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Returns what the running operation did, and adds it to the operation. */
  ServerMXBean.OutcomeView outcome(TerminationReport report) {
    return outcome(report, "DONE");
  }

  ServerMXBean.OutcomeView outcome(TerminationReport report, String state) {
    OperationContext call = OperationContext.current();
    Instant now = clock.instant();
    String id = call.id(now);
    call.note("matched", report.matched());
    call.note("sessions", report.ended());
    call.note("alreadyGone", report.alreadyGone());
    call.note("survivors", report.survivors());
    return new ServerMXBean.OutcomeView(
        id,
        state,
        report.matched(),
        report.ended(),
        report.alreadyGone(),
        report.failed(),
        report.survivors(),
        new TreeMap<>(report.endedByServer()),
        now.toString());
  }

  static ServerMXBean.TotalsView view(SessionTotals totals) {
    return new ServerMXBean.TotalsView(
        totals.sessions(),
        totals.signedIn(),
        totals.signedOut(),
        totals.terminated(),
        totals.expired(),
        totals.displaced(),
        totals.refreshed());
  }
}
