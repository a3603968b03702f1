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
import java.util.function.BiFunction;
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
import org.smsjmx.session.SignInRefusedException;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserPattern;
import org.smsjmx.session.UserRegistry;

/**
 * One web application, its sessions, and what the container's parts of it share. Its users are
 * signed in by the container, or by a framework, which enters them itself.
 */
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
  private final BiFunction<HttpSession, String, Credential> credentials;
  private final Map<SessionId, BoundSession> bound = new ConcurrentHashMap<>();

  /** Sessions with an asynchronous request under way, which is use of them. */
  private final Set<BoundSession> streaming = ConcurrentHashMap.newKeySet();

  private final SessionListener.Subscription subscription;
  private final long startEpoch;
  private volatile boolean containerHasRoles;

  /** Each guards the entering of some sessions, of which several requests may be the first. */
  private final Object[] entering = Stream.generate(Object::new).limit(64).toArray();

  private final AtomicBoolean anewSaid = new AtomicBoolean();
  private final AtomicBoolean hookedIn = new AtomicBoolean();
  private final AtomicBoolean unmanagedSaid = new AtomicBoolean();

  /** Tells apart ids of this run in a stored session from those of former ones. */
  private final long run = ThreadLocalRandom.current().nextLong();

  /**
   * Where a request's sign-in would begin, and 1 if its session was ended before; in an array that
   * holds nothing of ours: a thread of the container that keeps it keeps no class of the
   * application.
   */
  private final ThreadLocal<long[]> begun = new ThreadLocal<>();

  /**
   * Lets the sessions of a service be those of an application.
   *
   * @param context the application's
   * @param service holds the sessions in this JVM; outlives the application
   * @param container what runs the application
   * @param credentials tells what is known of the user who is signed in to a session of the
   *     container
   */
  private WebApplication(
      ServletContext context,
      SessionService service,
      Container container,
      BiFunction<HttpSession, String, Credential> credentials) {
    this.context = context;
    this.container = container;
    this.credentials = credentials;
    this.service = service;
    this.startEpoch = sessions().beginSignIn();
    this.subscription = sessions().listen(new Ends());
    service.eachSecond(this::touchStreaming);
  }

  /** Makes an application whose users the container signs in. */
  static WebApplication of(ServletContext context, Settings settings) {
    Container container = Container.of(context);
    UserRegistry registry = Registries.of(context, container);
    SessionService service =
        SessionService.open(
            settings.instance(), settings.realm(), registry, name -> setting(context, name));
    return new WebApplication(
        context, service, container, (session, user) -> credential(registry, user));
  }

  /**
   * Makes an application whose users a framework signs in, which calls {@link #enter}.
   *
   * @param context the application's, before it has started
   * @param service holds the sessions in this JVM; outlives the application
   * @param credentials tells what is known of the user who is signed in to a session of the
   *     container, also of one that was stored
   */
  public static WebApplication ofFramework(
      ServletContext context,
      SessionService service,
      Function<HttpSession, Credential> credentials) {
    return new WebApplication(
        context, service, Container.of(context), (session, user) -> credentials.apply(session));
  }

  /** An init parameter of the context, else a system property. */
  private static @Nullable String setting(ServletContext context, String name) {
    String own = context.getInitParameter(name);
    return own != null ? own : System.getProperty(name);
  }

  /** Stands in its context from now on. */
  public void start() {
    context.setAttribute(ATTRIBUTE, this);
    Function<HttpSession, @Nullable Set<String>> roles = this::rolesForContainer;
    context.setAttribute(ROLES, roles);
  }

  /**
   * Lets the container hook in, once it has set up what belongs to the application. Further calls
   * do nothing: a framework may have a filter in several contexts.
   */
  public void containerIsReady() {
    if (!hookedIn.compareAndSet(false, true)) {
      return;
    }
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

  /** Returns the application's context. */
  public ServletContext context() {
    return context;
  }

  /** Returns what runs the application. */
  public Container container() {
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
   * @throws SignInRefusedException if the user is kept out, or has as many sessions as allowed
   */
  @Nullable Held enter(
      HttpServletRequest request,
      HttpSession session,
      String user,
      long since,
      @Nullable LiveSession former) {
    sayIfAnew(request);
    return enter(session, user, facts(request, request.getAuthType()), since, former);
  }

  /** Returns what a request tells of a session that begins with it. */
  private static SessionFacts facts(HttpServletRequest request, @Nullable String type) {
    return new SessionFacts(
        request.getRemoteAddr(), request.getHeader("User-Agent"), type, null, null, null);
  }

  /**
   * Enters a session of the container into the table.
   *
   * @param session the container's
   * @param user who has signed in
   * @param facts what else is known of the session
   * @param since the epoch in which the sign-in began
   * @param former another session of the table of which the user's roles have been known since,
   *     null if there is none
   * @return what the container's session holds from now on; null if the user has to sign in again
   * @throws SignInRefusedException if the user is kept out, or has as many sessions as allowed;
   *     then to sign in again is in vain
   */
  public @Nullable Held enter(
      HttpSession session,
      String user,
      SessionFacts facts,
      long since,
      @Nullable LiveSession former) {
    UserInRealm named;
    try {
      named = new UserInRealm(user, service.realm(), sessions().userNames());
    } catch (IllegalArgumentException e) {
      return unmanaged(session, user, e);
    }
    Credential credential = credentials.apply(session, user);
    leave(session, named);
    SignIn signIn = sessions().signIn(named, service.server(), credential, facts, since);
    boolean readAgain = signIn == SignIn.Refused.REFRESHED;
    if (readAgain) {
      signIn = readAgain(named, facts, since);
    }
    if (signIn instanceof SignIn.Refused refused && refused.isLasting()) {
      throw new SignInRefusedException(named, refused);
    }
    if (!(signIn instanceof SignIn.Entered entered)) {
      return null;
    }
    BoundSession entering = new BoundSession(user, facts.authenticationType());
    entering.bind(
        this, entered.id(), session, readAgain || (former != null && former.roles() != null));
    try {
      session.setAttribute(BoundSession.ATTRIBUTE, entering);
    } catch (RuntimeException e) {
      if (held(session) != entering) {
        entering.release(); // the container's session has ended
        throw e;
      }
      LOG.warn("a listener of the application failed", e);
    }
    return entering;
  }

  /**
   * Ends what the same user's sign-in to the container's session takes the place of, so that it
   * does not count against the new one where sessions are limited.
   */
  private static void leave(HttpSession session, UserInRealm user) {
    if (held(session) instanceof BoundSession before
        && before.isBound()
        && user.spelled(before.user()).equals(user)) {
      before.release();
    }
  }

  /** Enters a session that the container had stored, perhaps in a former run. */
  public void restore(BoundSession stored, HttpSession session) {
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
                .signIn(
                    named,
                    service.server(),
                    credentials.apply(session, stored.user()),
                    facts,
                    startEpoch);
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
  private static Credential credential(UserRegistry registry, String user) {
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

  /**
   * Lets a request leave, which may go on asynchronously.
   *
   * @param entered what the request had entered, null if nothing
   * @param now what its session holds at its end
   */
  public void leave(HttpServletRequest request, @Nullable Held entered, @Nullable Held now) {
    if (entered instanceof BoundSession bound) {
      bound.leave();
    }
    if (request.isAsyncStarted()) {
      signInIsOver(); // the container's listeners hear so in another thread
      if (now instanceof BoundSession bound) {
        Streaming.begin(bound, request);
      }
    }
  }

  /** Returns what a session of the container holds of ours, null also if it has ended. */
  public static @Nullable Held held(HttpSession session) {
    try {
      return session.getAttribute(BoundSession.ATTRIBUTE) instanceof Held held ? held : null;
    } catch (IllegalStateException e) {
      return null; // it ended a moment ago
    }
  }

  /** Takes out what a session of the container holds, whose user goes on without it. */
  public static void takeOut(HttpSession session, Held held) {
    if (held(session) == held) {
      try {
        session.removeAttribute(BoundSession.ATTRIBUTE);
      } catch (IllegalStateException e) {
        // it has ended
      }
    }
  }

  /** Returns what guards the entering of a session. */
  public Object entering(HttpSession session) {
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
    return held(session) instanceof BoundSession known ? known.refreshedRoles() : null;
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

  /** Lets go of the container; the service is still to be closed. */
  @Override
  public void close() {
    context.removeAttribute(ATTRIBUTE);
    context.removeAttribute(ROLES);
    try {
      container.stop();
    } finally {
      subscription.close();
    }
  }
}
