package org.smsjmx.simulation;

import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.ManagedBean;
import org.smsjmx.management.Management;
import org.smsjmx.runtime.RepeatedTask;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TimeSource;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserPattern;
import org.smsjmx.topology.Realm;
import org.smsjmx.topology.ServerName;
import org.smsjmx.topology.Topology;

/** The MBean of the simulated users, and the thread in which they act. */
public final class Simulation extends ManagedBean implements SimulationMXBean, AutoCloseable {

  private static final Duration STEP = Duration.ofMillis(100);
  private static final int MAXIMUM_SIGN_INS = 1_000_000;

  private final Topology topology;
  private final Sessions sessions;
  private final Traffic traffic;

  /** Null until {@link #start}. */
  private @Nullable RepeatedTask steps;

  private volatile boolean running = true;
  private SessionListener.@Nullable Subscription listening;

  /**
   * Prepares users, none of whom acts before {@link #start}.
   *
   * @param management that to which its MBean belongs
   * @param topology the servers and realms
   * @param sessions the sessions
   * @param clock tells the time that passes
   * @param settings number of users and sessions, and what else is wanted
   */
  public Simulation(
      Management management,
      Topology topology,
      Sessions sessions,
      TimeSource clock,
      Settings settings) {
    super(SimulationMXBean.class, management);
    this.topology = topology;
    this.sessions = sessions;
    this.traffic = new Traffic(sessions, topology, clock, settings);
  }

  /**
   * What is to happen.
   *
   * @param regulars names of the users whose sessions are in use all the time
   * @param madeUp number of made-up users, who come and go
   * @param sessions number of sessions to begin with, above which made-up users sign out
   * @param signInsPerSecond sign-ins of made-up users in a second
   * @param seed from which chance is drawn
   */
  public record Settings(
      List<String> regulars, int madeUp, int sessions, int signInsPerSecond, int seed) {

    public Settings {
      regulars = List.copyOf(regulars);
    }
  }

  /**
   * Signs users in until there are as many sessions as wanted.
   *
   * @param progress told the number of sessions now and then
   */
  public void fill(IntConsumer progress) {
    traffic.fill(progress);
  }

  /** Lets users act from now on; they hear of the sessions that administrators end. */
  public void start() {
    listening =
        sessions.listen(
            new SessionListener() {
              @Override
              public void ended(Ended event) {
                if (event.reason() == EndReason.TERMINATED_BY_ADMIN) {
                  heed(event);
                }
              }
            });
    steps = RepeatedTask.begin("simulated-users", STEP, this::step);
  }

  private void step() {
    if (running) {
      traffic.step();
    } else {
      traffic.rest();
    }
  }

  /** Returns why users do not act, null if they do as they should. */
  public @Nullable String problem() {
    return steps == null ? null : steps.problem();
  }

  private void heed(SessionListener.Ended event) {
    if (event.all()) {
      traffic.ended(event.user());
    } else {
      event.sessions().forEach(session -> traffic.ended(session.id()));
    }
  }

  @Override
  public int signIn(
      @Nullable String user, @Nullable String realm, @Nullable String server, int count) {
    if (count < 1 || count > MAXIMUM_SIGN_INS) {
      throw new IllegalArgumentException(
          "count must be 1..%d: %d".formatted(MAXIMUM_SIGN_INS, count));
    }
    UserInRealm who = userInRealm(user, realm);
    String known =
        topology.realm(who.realm()).orElseThrow().servers().stream()
            .map(ServerName::value)
            .filter(name -> name.equals(server))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "server must be one of realm %s: %s"
                            .formatted(who.realm(), shown(server))));
    traffic.signIn(who, known, count);
    return count;
  }

  @Override
  public int signOut(@Nullable String user, @Nullable String realm) {
    UserInRealm who = userInRealm(user, realm);
    UserPattern name = new UserPattern(who.user(), sessions.userNames());
    List<SessionId> ids =
        sessions.list(name, who.realm(), Integer.MAX_VALUE).sessions().stream()
            .map(Session::id)
            .toList();
    return traffic.signOut(who, ids);
  }

  private UserInRealm userInRealm(@Nullable String user, @Nullable String realm) {
    UserInRealm who =
        new UserInRealm(required("user", user), required("realm", realm), sessions.userNames());
    if (topology.realm(who.realm()).isEmpty()) {
      throw new IllegalArgumentException(
          "realm %s is unknown; known are %s"
              .formatted(shown(realm), topology.realms().stream().map(Realm::name).toList()));
    }
    return who;
  }

  @Override
  public boolean pause() {
    boolean before = running;
    running = false;
    return before;
  }

  @Override
  public boolean resume() {
    boolean before = running;
    running = true;
    return !before;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getUsers() {
    return traffic.settings().regulars().size() + traffic.settings().madeUp();
  }

  @Override
  public int getTargetSessions() {
    return traffic.settings().sessions();
  }

  @Override
  public int getSignInsPerSecond() {
    return traffic.settings().signInsPerSecond();
  }

  @Override
  public double getVisitsPerSecond() {
    return traffic.visitsPerSecond();
  }

  @Override
  public int getSeed() {
    return traffic.settings().seed();
  }

  @Override
  public long getSignInsTotal() {
    return traffic.signIns();
  }

  @Override
  public long getVisitsTotal() {
    return traffic.visits();
  }

  @Override
  public long getSignOutsTotal() {
    return traffic.signOuts();
  }

  /** Lets nobody act any more. */
  @Override
  public void close() {
    if (listening != null) {
      listening.close();
    }
    if (steps != null) {
      steps.close();
    }
  }
}
