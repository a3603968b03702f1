package org.smsjmx.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionTable;

/**
 * Stands in a session of the container and says which session of the table it is. The container
 * tells it when its session ends or was stored; the table's end comes by {@link #end}.
 *
 * <p><b>Requests in flight end normally</b>: the container's session is invalidated as the last one
 * leaves, and none enters after the end. The monitor guards both.
 *
 * <p>The serialised form is part of the contract between versions: fields may be added, never
 * renamed or removed, and {@code serialVersionUID} stays.
 */
public final class BoundSession
    implements Held,
        LiveSession,
        HttpSessionBindingListener,
        HttpSessionActivationListener,
        Serializable {

  /** The attribute of the container's session in which it stands; stored with the session. */
  static final String ATTRIBUTE = "org.smsjmx.session";

  private static final long serialVersionUID = 1;

  private static final Logger LOG = Logs.of(BoundSession.class);

  private static final long LEAVING = -1;

  private final String user;
  private final @Nullable String authenticationType;

  /* The id, which means something in the run that gave it. */
  private long idHigh;
  private long idLow;
  private long idRun;

  /** Null while it is stored, and after the container's session has ended. */
  private transient volatile @Nullable Live live;

  /** See {@link #takenOut()}; {@link #LEAVING} until that is known. */
  private transient volatile @Nullable Long takenOut;

  /** The roles that a refresh had brought when it was taken out. */
  private transient volatile @Nullable Roles lastRoles;

  /** What a framework has made of roles; it is compared by identity. */
  private record Applied(Set<String> roles, Object made) {}

  private transient volatile @Nullable Applied applied;

  BoundSession(String user, @Nullable String authenticationType) {
    this.user = user;
    this.authenticationType = authenticationType;
  }

  /** What it is in this JVM. */
  private static final class Live {

    final WebApplication application;
    final SessionId id;
    final HttpSession session;

    /** Asynchronous requests under way. Guarded by the monitor, as the next two. */
    Set<AsyncContext> asynchronous = Set.of();

    int inside;
    boolean over;

    /** Seconds, as the table was told; what no container says before. */
    volatile int idleLimit = Integer.MIN_VALUE;

    /** The roles that a refresh brought, and in which version of the credential. */
    volatile Roles roles;

    Live(WebApplication application, SessionId id, HttpSession session, Roles roles) {
      this.application = application;
      this.id = id;
      this.session = session;
      this.roles = roles;
    }
  }

  /** Roles of a version of the credential; null as long as those of the sign-in hold. */
  private record Roles(int version, @Nullable Set<String> names) {

    /* Shared, so that most sessions have no object of their own that each request reads. */
    static final Roles OF_SIGN_IN = new Roles(1, null);
    static final Roles UNREAD = new Roles(0, null);
  }

  @Override
  public String user() {
    return user;
  }

  /** Returns how the user signed in, null if that is unknown. */
  public @Nullable String authenticationType() {
    return authenticationType;
  }

  /** Returns the id under which it was stored; null if that was in a former run. */
  @Nullable SessionId storedId(long run) {
    return idRun == run ? new SessionId(idHigh, idLow) : null;
  }

  /**
   * Makes it a session of this JVM's table.
   *
   * @param readAgain whether the user's roles are those of the table from the start, since the
   *     container has read them before a refresh
   */
  void bind(WebApplication application, SessionId id, HttpSession session, boolean readAgain) {
    idHigh = id.high();
    idLow = id.low();
    idRun = application.run();
    Live bound = new Live(application, id, session, readAgain ? Roles.UNREAD : Roles.OF_SIGN_IN);
    live = bound;
    application.bound(id, this);
    tellIdleLimit(bound);
    if (application.sessions().find(id) == null) {
      end(); // it ended before the application's listener could know it
      application.forget(id, this);
    }
  }

  // --- requests ---

  /**
   * Lets a request enter.
   *
   * @return whether the session is alive
   */
  public boolean enter() {
    Live known = live;
    if (known == null || !isAlive(known)) {
      return false;
    }
    synchronized (this) {
      if (known.over) {
        return false;
      }
      known.inside++;
      return true;
    }
  }

  /** Validates the session, and reads its roles where a refresh brought others. */
  private static boolean isAlive(Live known) {
    int version = known.application.sessions().touch(known.id);
    if (version > 0 && known.roles.version() != version) {
      readRoles(known);
    }
    return version > 0;
  }

  private static void readRoles(Live known) {
    Session session = known.application.sessions().find(known.id);
    if (session != null) {
      known.roles =
          new Roles(session.credentialVersion(), Set.copyOf(session.credential().groups()));
    }
  }

  /** Lets a request leave, which has entered. */
  public void leave() {
    Live known = live;
    if (known == null) {
      return;
    }
    known.application.sessions().touch(known.id); // idle from here on, as containers count
    boolean last;
    synchronized (this) {
      known.inside--;
      last = known.over && known.inside == 0;
    }
    if (last) {
      invalidate(known.session);
    } else {
      tellIdleLimit(known);
    }
  }

  /** The application may set another limit in each request. */
  private static void tellIdleLimit(Live known) {
    int seconds;
    try {
      seconds = Math.max(0, known.session.getMaxInactiveInterval());
    } catch (IllegalStateException e) {
      return; // it has ended
    }
    if (seconds != known.idleLimit) {
      known.idleLimit = seconds;
      known.application.sessions().limitInactivity(known.id, Duration.ofSeconds(seconds));
    }
  }

  /** Notes an asynchronous request, which is to be completed when the session ends. */
  void streams(AsyncContext request) {
    Live known = live;
    boolean over;
    synchronized (this) {
      over = known == null ? takenOut == null : known.over;
      if (known != null && !over) {
        if (known.asynchronous.isEmpty()) {
          known.asynchronous = new HashSet<>();
        }
        known.asynchronous.add(request);
        known.application.streams(this, true);
      }
    }
    if (over) {
      complete(request);
    }
  }

  /** Forgets an asynchronous request, which has completed. */
  void streamed(AsyncContext request) {
    Live known = live;
    synchronized (this) {
      if (known != null
          && known.asynchronous.contains(request)
          && known.asynchronous.remove(request)
          && known.asynchronous.isEmpty()) {
        known.application.streams(this, false);
      }
    }
  }

  /** Returns whether it is a session of this JVM's table; if not it is still to be restored. */
  public boolean isBound() {
    return live != null;
  }

  @Override
  public @Nullable Long takenOut() {
    return takenOut;
  }

  /** Returns whether requests are in flight in the session. */
  public synchronized boolean isInUse() {
    Live known = live;
    return known != null && known.inside > 0;
  }

  @Override
  public boolean isAlive() {
    Live known = live;
    return known != null && isAlive(known);
  }

  @Override
  public synchronized boolean isOver() {
    Live known = live;
    return known == null || known.over;
  }

  @Override
  public @Nullable Set<String> roles() {
    try {
      isAlive();
    } catch (SessionTable.UnavailableException e) {
      // the filter answers the request so
    }
    return refreshedRoles();
  }

  /** Returns whether it began with other roles than those that the container had read. */
  boolean hasOtherRoles() {
    Live known = live;
    return known != null && known.roles.version() == 0;
  }

  /** Returns whether the container itself has the roles that a refresh brings. */
  boolean containerFollows() {
    Live known = live;
    return known != null && known.application.containerFollows(known.session, this);
  }

  /**
   * Returns the roles that a refresh brought as far as this is known, null if those of the sign-in
   * hold.
   */
  public @Nullable Set<String> refreshedRoles() {
    Live known = live;
    Roles roles = known == null ? lastRoles : known.roles;
    return roles == null ? null : roles.names();
  }

  /**
   * Notes what a framework has made of the roles that a refresh brought.
   *
   * @param roles from {@link #refreshedRoles}
   * @param made what it made of them
   */
  public void applied(Set<String> roles, Object made) {
    applied = new Applied(roles, made);
  }

  /** Returns whether something was made of these very roles. */
  @SuppressWarnings("ReferenceEquality") // each refresh brings other objects
  public boolean isApplied(Set<String> roles, Object made) {
    Applied known = applied;
    return known != null && known.roles == roles && known.made == made;
  }

  // --- the end ---

  /** Lets no request enter any more. */
  synchronized void close() {
    Live known = live;
    if (known != null) {
      known.over = true;
    }
  }

  /** Ends the container's session, whose session in the table has ended. */
  void end() {
    Live known = live;
    if (known == null) {
      return;
    }
    AsyncContext[] open;
    boolean unused;
    synchronized (this) {
      known.over = true;
      open = known.asynchronous.toArray(AsyncContext[]::new);
      known.asynchronous = Set.of();
      unused = known.inside == 0;
    }
    known.application.streams(this, false);
    for (AsyncContext each : open) {
      complete(each);
    }
    if (unused) {
      invalidate(known.session);
    }
  }

  private static void complete(AsyncContext request) {
    try {
      request.complete();
    } catch (RuntimeException e) {
      // it has completed already, or the application is just doing so
    }
  }

  /** Listeners of the application hear of it, and may fail. */
  public static void invalidate(HttpSession session) {
    try {
      session.invalidate();
    } catch (IllegalStateException e) {
      // it is so already
    } catch (RuntimeException | LinkageError | AssertionError e) {
      LOG.warn("the application failed at the end of a session", e);
    }
  }

  /**
   * The container's session has ended, or the user signed in again as another one, or the
   * application has taken it out, as one does that clears its sessions.
   */
  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    Live known = live;
    if (known != null) {
      release(known, isIdle(event.getSession()) ? EndReason.EXPIRED : EndReason.USER_LOGGED_OUT);
    }
  }

  /** Ends it in the table, since the container's session does not hold it. */
  void release() {
    Live known = live;
    if (known != null) {
      release(known, EndReason.USER_LOGGED_OUT);
    }
  }

  private void release(Live known, EndReason reason) {
    long epoch = known.application.beginSignIn();
    known.application.forget(known.id, this);
    synchronized (this) {
      lastRoles = known.roles;
      takenOut = known.over ? null : LEAVING;
      live = null;
    }
    known.application.streams(this, false);
    boolean wasAlive = known.application.sessions().end(known.id, reason);
    takenOut = wasAlive && reason != EndReason.EXPIRED ? epoch : null;
  }

  private static boolean isIdle(HttpSession session) {
    try {
      int limit = session.getMaxInactiveInterval();
      long unused = System.currentTimeMillis() - session.getLastAccessedTime();
      return limit > 0 && unused >= Duration.ofSeconds(limit).toMillis();
    } catch (IllegalStateException e) {
      return false; // the container does not tell any more
    }
  }

  // --- storing ---

  @Override
  public void sessionWillPassivate(HttpSessionEvent event) {
    Live known = live;
    if (known != null) {
      known.application.forget(known.id, this);
    }
  }

  @Override
  public void sessionDidActivate(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    WebApplication application = WebApplication.of(session.getServletContext());
    Live known = live;
    if (known != null) {
      // it was stored without being taken out
      known.application.bound(known.id, this);
      if (known.application.sessions().find(known.id) == null) {
        known.application.forget(known.id, this);
        known.application.service().execute(this::end); // it ended meanwhile
      }
    } else if (application != null) {
      application.restore(this, session);
    }
  }
}
