package org.smsjmx.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.application.SessionService;
import org.smsjmx.log.Logs;
import org.smsjmx.session.Credential;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserPattern;
import org.smsjmx.session.UserRegistry;

/** One web application, its sessions, and what the container's parts of it share. */
public final class WebApplication implements AutoCloseable {

  /** The attribute of the context in which it stands. */
  static final String ATTRIBUTE = "org.smsjmx.servlet.WebApplication";

  /**
   * The attribute of the context by which a part of the container asks for the roles that a refresh
   * brought to a session: a {@code Function} of the session that returns a {@code Set} of roles, or
   * null if those of the sign-in hold. It stands for nothing of ours, since the part of the
   * container may be of another class loader.
   */
  public static final String ROLES = "org.smsjmx.servlet.roles";

  private static final Logger LOG = Logs.of(WebApplication.class);

  private static final Set<String> ANEW_EACH_TIME =
      Set.of(
          HttpServletRequest.BASIC_AUTH,
          HttpServletRequest.DIGEST_AUTH,
          HttpServletRequest.CLIENT_CERT_AUTH);

  /** For how long an administrator waits for the container's sessions to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ServletContext context;
  private final SessionService service;
  private final Container container;
  private final UserRegistry registry;
  private final Map<SessionId, BoundSession> bound = new ConcurrentHashMap<>();

  /** Sessions with an asynchronous request under way, which is use of them. */
  private final Set<BoundSession> streaming = ConcurrentHashMap.newKeySet();

  private final SessionListener.Subscription subscription;
  private final long startEpoch;
  private volatile boolean containerHasRoles;

  /** Each guards the entering of some sessions, of which several requests may be the first. */
  private final Object[] entering = Stream.generate(Object::new).limit(64).toArray();

  private final AtomicBoolean anewSaid = new AtomicBoolean();
  private final AtomicBoolean unmanagedSaid = new AtomicBoolean();

  /** Tells apart ids of this run in a stored session from those of former ones. */
  private final long run = ThreadLocalRandom.current().nextLong();

  /**
   * Where a request's sign-in would begin, and 1 if its session was ended before; in an array that
   * holds nothing of ours: a thread of the container that keeps it keeps no class of the
   * application.
   */
  private final ThreadLocal<long[]> begun = new ThreadLocal<>();

  WebApplication(ServletContext context, Settings settings) {
    this.context = context;
    this.container = Container.of(context);
    this.registry = Registries.of(context, container);
    this.service =
        SessionService.open(
            settings.instance(), settings.realm(), registry, name -> setting(context, name));
    this.startEpoch = sessions().beginSignIn();
    this.subscription = sessions().listen(new Ends());
    service.eachSecond(this::touchStreaming);
  }

  /** An init parameter of the context, else a system property. */
  private static @Nullable String setting(ServletContext context, String name) {
    String own = context.getInitParameter(name);
    return own != null ? own : System.getProperty(name);
  }

  /**
   * Stands in its context from now on, and lets the container hook in, which has set up by now what
   * belongs to the application.
   */
  void start() {
    context.setAttribute(ATTRIBUTE, this);
    Function<HttpSession, @Nullable Set<String>> roles = this::rolesForContainer;
    context.setAttribute(ROLES, roles);
    try {
      container.start(this);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{} is not known well enough: {}", context.getServerInfo(), e.toString());
    }
  }

  /** Returns the application of a context, null if it is not managed. */
  static @Nullable WebApplication of(ServletContext context) {
    return context.getAttribute(ATTRIBUTE) instanceof WebApplication application
        ? application
        : null;
  }

  ServletContext context() {
    return context;
  }

  Container container() {
    return container;
  }

  SessionService service() {
    return service;
  }

  Sessions sessions() {
    return service.sessions();
  }

  long run() {
    return run;
  }

  /** Does something each second, as long as the application runs. */
  public void eachSecond(Runnable task) {
    service.eachSecond(task);
  }

  // --- where a sign-in begins ---

  /** Returns the epoch of a sign-in that begins now, before the user has proved who it is. */
  public long beginSignIn() {
    return sessions().beginSignIn();
  }

  /** Returns the epoch in which the application started, where sessions of a former run begin. */
  public long startEpoch() {
    return startEpoch;
  }

  /** Notes that a sign-in may begin now in this thread. */
  void signInMayBegin() {
    begun.set(new long[] {beginSignIn(), 0});
  }

  /** Notes that the session of this thread's request had been ended. */
  void sessionWasEnded() {
    long[] noted = begun.get();
    if (noted != null) {
      noted[1] = 1;
    }
  }

  /** Returns whether that was noted. */
  boolean wasSessionEnded() {
    long[] noted = begun.get();
    return noted != null && noted[1] == 1;
  }

  /** Forgets both. */
  void signInIsOver() {
    begun.remove();
  }

  /** Returns the epoch in which a sign-in of this thread's request began. */
  long begun() {
    long[] noted = begun.get();
    return noted == null ? beginSignIn() : noted[0];
  }

  // --- sessions ---

  /**
   * Enters a session of the container into the table.
   *
   * @param former another session of the table of which the container has known its user since,
   *     null if there is none
   * @return what the container's session holds from now on; null if the user has to sign in again
   */
  @Nullable Held enter(
      HttpServletRequest request,
      HttpSession session,
      String user,
      long since,
      @Nullable LiveSession former) {
    UserInRealm named;
    try {
      named = new UserInRealm(user, service.realm(), sessions().userNames());
    } catch (IllegalArgumentException e) {
      return unmanaged(session, user, e);
    }
    SessionFacts facts =
        new SessionFacts(
            request.getRemoteAddr(),
            request.getHeader("User-Agent"),
            request.getAuthType(),
            null,
            null,
            null);
    SignIn signIn = sessions().signIn(named, service.server(), credential(user), facts, since);
    boolean readAgain = signIn == SignIn.Refused.REFRESHED;
    if (readAgain) {
      signIn = readAgain(named, facts, since);
    }
    if (!(signIn instanceof SignIn.Entered entered)) {
      return null;
    }
    sayIfAnew(request);
    BoundSession entering = new BoundSession(user, facts.authenticationType());
    entering.bind(
        this, entered.id(), session, readAgain || (former != null && former.roles() != null));
    try {
      session.setAttribute(BoundSession.ATTRIBUTE, entering);
    } catch (RuntimeException e) {
      if (SessionFilter.held(session) != entering) {
        entering.release(); // the container's session has ended
        throw e;
      }
      LOG.warn("a listener of the application failed", e);
    }
    return entering;
  }

  /** Enters a session that the container had stored, perhaps in a former run. */
  void restore(BoundSession stored, HttpSession session) {
    try {
      enterAgain(stored, session);
    } catch (IllegalArgumentException e) {
      LOG.warn("a stored session cannot be managed, and is ended: {}", e.getMessage());
      refuse(stored, session);
    }
  }

  /**
   * A session of this run that is dead was ended meanwhile. One of a former run signs in as if it
   * had begun with the application: what was ended since then stays out.
   */
  private void enterAgain(BoundSession stored, HttpSession session) {
    SessionId known = stored.storedId(run);
    if (known != null && sessions().touch(known) > 0) {
      stored.bind(this, known, session, false);
      return;
    }
    UserInRealm named = new UserInRealm(stored.user(), service.realm(), sessions().userNames());
    SessionFacts facts =
        new SessionFacts(null, null, stored.authenticationType(), null, null, null);
    SignIn signIn =
        known != null
            ? SignIn.Refused.TERMINATED
            : sessions()
                .signIn(named, service.server(), credential(stored.user()), facts, startEpoch);
    boolean readAgain = signIn == SignIn.Refused.REFRESHED;
    if (readAgain) {
      signIn = readAgain(named, facts, startEpoch);
    }
    if (signIn instanceof SignIn.Entered entered) {
      stored.bind(this, entered.id(), session, readAgain);
    } else {
      refuse(stored, session);
    }
  }

  /**
   * Ends a session that the container had stored. Where the container knows of it, a request has
   * come with it, and is refused.
   */
  private void refuse(BoundSession stored, HttpSession session) {
    if (!container.follow(session, stored)) {
      service.execute(() -> BoundSession.invalidate(session));
    }
  }

  private SignIn readAgain(UserInRealm user, SessionFacts facts, long since) {
    try {
      return sessions().signIn(user, service.server(), facts, since);
    } catch (RuntimeException e) {
      LOG.warn("{} has to sign in again: {}", user, e.toString());
      return SignIn.Refused.REFRESHED;
    }
  }

  /**
   * What the registry says; where it says nothing the container's own word has to do. It may be the
   * application's code, and no request is to fail by it.
   */
  private Credential credential(String user) {
    try {
      return registry.read(user);
    } catch (RuntimeException e) {
      LOG.debug("the user registry says nothing of {}", user, e);
      return new Credential(user, List.of(), Map.of());
    }
  }

  private Held unmanaged(HttpSession session, String user, IllegalArgumentException reason) {
    if (unmanagedSaid.compareAndSet(false, true)) {
      LOG.warn(
          "a session is not managed, and is counted in UnmanagedSessions: {}", reason.getMessage());
    }
    UnmanagedSession held = new UnmanagedSession(user);
    session.setAttribute(BoundSession.ATTRIBUTE, held);
    return held;
  }

  /** Says once that ending such sessions does not keep their users out. */
  private void sayIfAnew(HttpServletRequest request) {
    String type = request.getAuthType();
    if (type != null && ANEW_EACH_TIME.contains(type) && anewSaid.compareAndSet(false, true)) {
      LOG.warn(
          "users of {} sign in by {}: a session that is ended begins anew with the client's next"
              + " request, which brings the password or certificate along",
          context.getContextPath(),
          type);
    }
  }

  /** Returns what guards the entering of a session. */
  Object entering(HttpSession session) {
    return entering[Math.floorMod(session.getId().hashCode(), entering.length)];
  }

  void bound(SessionId id, BoundSession session) {
    bound.put(id, session);
  }

  /** Forgets a session, of which the container may have another copy. */
  void forget(SessionId id, BoundSession session) {
    bound.remove(id, session);
  }

  void streams(BoundSession session, boolean does) {
    if (does) {
      streaming.add(session);
    } else {
      streaming.remove(session);
    }
  }

  private void touchStreaming() {
    streaming.forEach(BoundSession::isAlive);
  }

  /** Returns whether the container itself has the roles that refreshes bring to a session. */
  boolean containerFollows(HttpSession session, BoundSession bound) {
    return containerHasRoles || container.follow(session, bound);
  }

  /** What a part of the container asks, to put the roles of a refresh in the place of its own. */
  private @Nullable Set<String> rolesForContainer(HttpSession session) {
    containerHasRoles = true;
    return SessionFilter.held(session) instanceof BoundSession known
        ? known.refreshedRoles()
        : null;
  }

  /**
   * Ends the container's sessions with those of the table. That runs code of the application, such
   * as its session listeners, and so not in the thread of an administrator's call; which waits for
   * it, since a request that comes after the call must not find the user still signed in.
   */
  private final class Ends implements SessionListener {

    @Override
    public void ended(Ended event) {
      List<BoundSession> ending = new ArrayList<>();
      for (EndedSession each : event.sessions()) {
        BoundSession session = bound.remove(each.id());
        if (session != null) {
          ending.add(session);
        }
      }
      if (!ending.isEmpty()) {
        ending.forEach(BoundSession::close);
        List<Runnable> tasks = new ArrayList<>();
        tasks.add(() -> closeWebSockets(ending, event.user()));
        ending.forEach(session -> tasks.add(session::end));
        service.execute(tasks, PATIENCE);
      }
    }
  }

  /** Closes those that the container does not, of a user who has no other session. */
  private void closeWebSockets(List<BoundSession> ending, UserInRealm user) {
    UserPattern all = new UserPattern(user.user(), sessions().userNames());
    if (sessions().list(all, service.realm(), 0).matched() == 0) {
      ending.stream().map(BoundSession::user).distinct().forEach(container::closeWebSockets);
    }
  }

  @Override
  public void close() {
    context.removeAttribute(ATTRIBUTE);
    context.removeAttribute(ROLES);
    try {
      container.stop();
    } finally {
      subscription.close();
      service.close();
    }
  }
}
