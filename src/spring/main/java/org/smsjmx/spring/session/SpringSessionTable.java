package org.smsjmx.spring.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smsjmx.session.Credential;
import org.smsjmx.session.CredentialChange;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.RefreshRules;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionFacts;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionList;
import org.smsjmx.session.SessionListener;
import org.smsjmx.session.SessionListeners;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.SessionTimeouts;
import org.smsjmx.session.SessionTotals;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserNames;
import org.smsjmx.session.UserPattern;
import org.smsjmx.session.UserRegistry;
import org.smsjmx.spring.security.Refreshers;
import org.smsjmx.spring.security.SignedIn;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.NestedRuntimeException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.PrincipalNameIndexResolver;

/**
 * The sessions that Spring Session keeps in a store which all nodes of an application share. Each
 * node has such a table; what one does holds for all. Sessions count that stand in the store's
 * index under a user's name, also those of users who signed in before there was a table.
 *
 * <p><b>Sign-ins</b> are those of the application: Spring Session saves a session, and then {@link
 * #saved} checks that no operation came in between, before the browser has the answer. See {@link
 * Barrier} for the order that G1 and G2 rest on.
 *
 * <p><b>Names.</b> The store's index is exact, so a user is looked for under the name as given and
 * in the form in which names are compared, which for most is lower case. Who signed in under
 * another spelling has to be named by it.
 *
 * <p><b>What the store cannot tell</b> it does not: the users of a realm, how much memory it takes.
 * Totals are those of what this node did, see {@link #totals}. The application's own settings say
 * when sessions end by themselves.
 *
 * @param <S> the store's sessions
 */
public final class SpringSessionTable<S extends org.springframework.session.Session>
    implements SessionTable {

  private static final Logger LOG = LoggerFactory.getLogger(SpringSessionTable.class);

  static final String CONTEXT = "SPRING_SECURITY_CONTEXT";

  private static final SessionTimeouts UNLIMITED =
      new SessionTimeouts(Duration.ZERO, Duration.ZERO);

  /** So often sessions are looked for that change their ids while they are being ended. */
  private static final int MOST_TIMES = 20;

  private final FindByIndexNameSessionRepository<S> repository;
  private final Store<S> store;
  private final Barrier<S> barrier;
  private final NodeClock epochs;
  private final Refreshers refreshers;
  private final Supplier<UserRegistry> registry;
  private final InstantSource clock;
  private final SessionIds ids = new SessionIds();
  private final SessionListeners listeners = new SessionListeners();
  private final PrincipalNameIndexResolver<S> principals = new PrincipalNameIndexResolver<>();

  private final LongAdder signedIn = new LongAdder();
  private final LongAdder signedOut = new LongAdder();
  private final LongAdder terminated = new LongAdder();
  private final LongAdder refreshed = new LongAdder();

  /** Null until the server has joined its realm. */
  private volatile @Nullable Node node;

  private volatile Health health = Health.AVAILABLE;

  private record Node(String server, String realm) {}

  /**
   * Takes the sessions of a store.
   *
   * @param repository the store, as the application has it
   * @param refreshers rebuilds authentications
   * @param registry tells a user's credential; asked for when a sign-in or a refresh overlaps
   *     another refresh
   * @param clock tells the time of day
   * @param skew by how much the clocks of two nodes may differ; where it does not tell which of a
   *     sign-in at one and an operation at another was first, the sign-in is refused
   */
  public SpringSessionTable(
      FindByIndexNameSessionRepository<S> repository,
      Refreshers refreshers,
      Supplier<UserRegistry> registry,
      InstantSource clock,
      Duration skew) {
    this.repository = CheckedRepository.undecorated(repository);
    this.store = Store.of(this.repository);
    this.barrier = new Barrier<>(this.repository, skew);
    this.epochs = new NodeClock(clock);
    this.refreshers = refreshers;
    this.registry = registry;
    this.clock = clock;
  }

  /** Returns what operations cannot promise with the store, as it is set up. */
  public List<String> limits() {
    return store.limits();
  }

  /** Says what the server of this node is called. */
  void joined(String server, String realm) {
    node = new Node(server, realm);
  }

  // --- what the application does with its sessions ---

  /** Returns the moment of a sign-in that begins now. */
  Moment begin() {
    return epochs.now();
  }

  /**
   * Returns whether a sign-in has been overtaken so far by a terminate. A sign-in is checked again
   * when it is in the store; asking before lets most users read why they are not signed in.
   *
   * @param user user name
   */
  boolean isOvertaken(String user, Moment begun) {
    return isTooOld(begun) || barrier.isRaised(Barrier.Kind.TERMINATE, key(user), begun);
  }

  /** A barrier may have ended that was raised meanwhile. */
  private boolean isTooOld(Moment begun) {
    return clock.millis() - begun.millis() > Barrier.LONGEST_SIGN_IN.toMillis();
  }

  private static String key(String user) {
    return UserNames.DIRECTORY.key(user);
  }

  /**
   * Checks a session that has just been saved, if a user has signed in to it. If all sessions of
   * the user were ended since the sign-in began it ends, too; if they were refreshed it is.
   *
   * @return the user whose sign-in is refused, null if there is none
   */
  @Nullable String saved(S session) {
    SignInMark mark = SignInMark.of(session);
    String user = mark == null || mark.isChecked() ? null : principal(session);
    if (mark == null || user == null) {
      return null;
    }
    try {
      if (isOvertaken(user, mark.begun())) {
        store.end(session.getId(), user);
        return user;
      }
      signIn(session, user, mark);
      return null;
    } catch (UserRegistry.UnknownUserException | UserRegistry.NoCredentialException e) {
      LOG.warn("{} is refused, whose credential was to be read again: {}", user, e.getMessage());
      store.end(session.getId(), user);
      return user;
    } catch (RuntimeException e) {
      endUnchecked(session, user, e);
      throw e;
    }
  }

  private void signIn(S session, String user, SignInMark mark) {
    String key = key(user);
    SignInMark checked = mark.asChecked();
    if (barrier.isRaised(Barrier.Kind.REFRESH, key, mark.begun()) && canBeRebuilt(session)) {
      Set<Object> seen;
      do {
        seen = barrier.all(Barrier.Kind.REFRESH, key);
        rebuilt(session, read(user), checked).forEach(session::setAttribute);
        repository.save(session);
      } while (!seen.containsAll(barrier.all(Barrier.Kind.REFRESH, key)));
    } else {
      session.setAttribute(SignInMark.ATTRIBUTE, checked.toString());
      repository.save(session);
    }
    if (mark.state() == SignInMark.State.NEW) {
      signedIn.increment();
    }
  }

  /** A session that could not be checked must not live. */
  private void endUnchecked(S session, String user, RuntimeException failure) {
    try {
      store.end(session.getId(), user);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Ends a session at the application's wish, which is about to delete it in any case; it counts if
   * a user was signed in to it, and nobody else ended it.
   *
   * @param id its id in the store
   */
  void deleting(String id) {
    try {
      S session = store.find(id);
      String user = session == null ? null : principal(session);
      if (session != null && user != null && store.end(id, user)) {
        signedOut(user, new SessionListener.EndedSession(ids.shown(id), server(session)));
      }
    } catch (RuntimeException e) {
      LOG.debug("a session that the application deletes is not counted", e);
    }
  }

  /** Notes that a user has left a session that goes on. */
  void left(String id, SignInMark mark) {
    signedOut(mark.user(), new SessionListener.EndedSession(ids.shown(id), mark.server()));
  }

  private void signedOut(String user, SessionListener.EndedSession session) {
    signedOut.increment();
    UserInRealm named = named(user);
    if (named != null) {
      listeners.ended(
          new SessionListener.Ended(named, EndReason.USER_LOGGED_OUT, false, List.of(session)));
    }
  }

  /** Returns whether a session has ended that the application has found. */
  boolean hasEnded(org.springframework.session.Session session) {
    return store.hasEnded(session);
  }

  /** Returns which sessions live; asked for those with requests that go on. */
  Set<String> alive(Set<String> sessions) {
    return store.alive(sessions);
  }

  // --- the table ---

  @Override
  public Set<Capability> capabilities() {
    return Set.of();
  }

  /** Returns how the last call went that asked the store, also one of the application's. */
  @Override
  public Health health() {
    return health;
  }

  @Override
  public SessionTimeouts timeouts() {
    return UNLIMITED;
  }

  @Override
  public UserNames userNames() {
    return UserNames.DIRECTORY;
  }

  @Override
  public long beginSignIn() {
    return epochs.now().epoch();
  }

  /** Not supported: a session in the store begins with a sign-in to the application. */
  @Override
  public SignIn signIn(
      UserInRealm user,
      String server,
      Credential credential,
      SessionFacts facts,
      long begun,
      long read) {
    throw new UnsupportedException("sessions begin with sign-ins to the application");
  }

  /** Records no use: Spring Session does, with each request. */
  @Override
  public int touch(SessionId id) {
    return asked(
        () -> {
          S session = store.find(ids.ofStore(id));
          if (session == null || principal(session) == null) {
            return 0;
          }
          SignInMark mark = SignInMark.of(session);
          return mark == null ? 1 : mark.version();
        });
  }

  @Override
  public @Nullable Session find(SessionId id) {
    return asked(
        () -> {
          String own = ids.ofStore(id);
          S session = store.find(own);
          UserInRealm user = session == null ? null : named(principal(session));
          return session == null || user == null ? null : shown(own, session, user);
        });
  }

  @Override
  public boolean end(SessionId id, EndReason reason) {
    return changed(
        () -> {
          String own = ids.ofStore(id);
          S session = store.find(own);
          String name = session == null ? null : principal(session);
          if (session == null || name == null || !store.end(own, name)) {
            return false;
          }
          (reason == EndReason.TERMINATED_BY_ADMIN ? terminated : signedOut).increment();
          UserInRealm user = named(name);
          if (user != null) {
            listeners.ended(
                new SessionListener.Ended(
                    user,
                    reason,
                    false,
                    List.of(new SessionListener.EndedSession(id, server(session)))));
          }
          return true;
        });
  }

  /** Not supported: the application's settings say when sessions end by themselves. */
  @Override
  public boolean limitInactivity(SessionId id, Duration inactive) {
    throw new UnsupportedException("idle limits are those that the application sets");
  }

  @Override
  public int terminateAll(UserInRealm user) {
    Moment at = epochs.next();
    List<SessionListener.EndedSession> ended = new ArrayList<>();
    boolean all = false;
    try {
      changed(
          () -> {
            barrier.raise(Barrier.Kind.TERMINATE, user.key(), at);
            for (int times = 1; !endFound(user, at, ended); times++) {
              // one was not there any more: it may live under another id by now
              if (times == MOST_TIMES) {
                throw new UnavailableException("sessions of the user change all the time", true);
              }
            }
            return null;
          });
      all = true;
    } finally {
      terminated.add(ended.size());
      if (all || !ended.isEmpty()) {
        listeners.ended(
            new SessionListener.Ended(
                user, EndReason.TERMINATED_BY_ADMIN, all, List.copyOf(ended)));
      }
    }
    return ended.size();
  }

  /**
   * Ends the sessions that are found.
   *
   * @return whether all that were found were there to be ended
   */
  private boolean endFound(UserInRealm user, Moment at, List<SessionListener.EndedSession> ended) {
    boolean all = true;
    for (Found<S> found : found(user)) {
      SignInMark mark = found.session == null ? null : SignInMark.of(found.session);
      if (mark != null && !barrier.isOvertaken(mark.begun(), at)) {
        continue; // a later sign-in
      }
      if (store.end(found.id, found.name)) {
        ended.add(
            new SessionListener.EndedSession(
                ids.shown(found.id), mark == null ? "" : mark.server()));
      } else {
        all = false;
      }
    }
    return all;
  }

  /**
   * A session of a user.
   *
   * @param name under which it stands in the index
   * @param session null if what the store says cannot be read here
   */
  private record Found<S extends org.springframework.session.Session>(
      String id, String name, @Nullable S session) {

    Instant createdAt() {
      return session == null ? Instant.EPOCH : session.getCreationTime();
    }
  }

  /** Returns a user's sessions, oldest first, each once: a database may ignore letter case. */
  private List<Found<S>> found(UserInRealm user) {
    Map<String, Found<S>> found = new HashMap<>();
    for (String name : spelled(user)) {
      for (Store.Found<S> each : store.findAll(name)) {
        String own = each.session() == null ? null : readPrincipal(each.session());
        found.put(each.id(), new Found<>(each.id(), own == null ? name : own, each.session()));
      }
    }
    return found.values().stream().sorted(Comparator.comparing(Found::createdAt)).toList();
  }

  /** The name as given, and in the form in which names are compared. */
  private static Set<String> spelled(UserInRealm user) {
    Set<String> names = new LinkedHashSet<>();
    names.add(user.user());
    names.add(user.key());
    return names;
  }

  @Override
  public long beginRefresh(UserInRealm user) {
    Moment at = epochs.next();
    changed(
        () -> {
          barrier.raise(Barrier.Kind.REFRESH, user.key(), at);
          return null;
        });
    return at.epoch();
  }

  @Override
  public Set<String> spellings(UserInRealm user) {
    return asked(
        () -> {
          Set<String> names = new HashSet<>();
          found(user).forEach(found -> names.add(found.name));
          return names;
        });
  }

  @Override
  public RefreshReport refreshAll(
      UserInRealm user, Map<String, Credential> credentials, long epoch) {
    RefreshReport report =
        changed(
            () -> {
              RefreshReport first = refreshFound(user, credentials, true);
              return barrier.isRaised(Barrier.Kind.REFRESH, user.key(), epochs.of(epoch))
                  ? refreshAgain(user, credentials.keySet())
                  : first;
            });
    refreshed.add(report.sessions());
    listeners.refreshed(new SessionListener.Refreshed(user, null, report));
    return report;
  }

  /** Another refresh began meanwhile, and it is not known whose reading is the younger one. */
  private RefreshReport refreshAgain(UserInRealm user, Set<String> names) {
    while (true) {
      Set<Object> seen = barrier.all(Barrier.Kind.REFRESH, user.key());
      Map<String, Credential> fresh = new HashMap<>();
      names.forEach(name -> fresh.put(name, read(name)));
      RefreshReport report = refreshFound(user, fresh, true);
      if (seen.containsAll(barrier.all(Barrier.Kind.REFRESH, user.key()))) {
        return report;
      }
    }
  }

  private Credential read(String user) {
    return registry.get().read(user);
  }

  private RefreshReport refreshFound(
      UserInRealm user, Map<String, Credential> credentials, boolean write) {
    RefreshReport report = RefreshReport.NOTHING;
    for (Found<S> found : found(user)) {
      report = report.and(refresh(found.session, credentials.get(found.name), write));
    }
    return report;
  }

  /**
   * Gives a session a credential, if it can have one.
   *
   * @param credential null if there is none for it
   * @param write whether to do it, or only to tell
   */
  private RefreshReport refresh(
      @Nullable S session, @Nullable Credential credential, boolean write) {
    Authentication former = session == null ? null : authentication(session);
    if (session == null || former == null) {
      return RefreshReport.NOTHING;
    }
    Credential before = SignedIn.credential(former, refreshers);
    String kind = before.fixed();
    if (kind != null) {
      return new RefreshReport(0, 0, CredentialChange.NONE, 1, List.of(kind));
    }
    if (credential == null) {
      return RefreshReport.NOTHING;
    }
    if (write) {
      Map<String, Object> changes = rebuilt(session, credential, SignInMark.of(session));
      if (!store.write(session.getId(), changes)) {
        return RefreshReport.NOTHING; // it ended meanwhile
      }
    }
    CredentialChange change = RefreshRules.DEFAULT.refresh(before, credential).change();
    return new RefreshReport(1, before.equals(credential) ? 0 : 1, change);
  }

  private boolean canBeRebuilt(S session) {
    Authentication former = authentication(session);
    return former != null && refreshers.supports(former);
  }

  /** Returns what a refresh changes in a session whose authentication can be rebuilt. */
  private Map<String, Object> rebuilt(S session, Credential credential, @Nullable SignInMark mark) {
    Authentication former = Objects.requireNonNull(authentication(session));
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(refreshers.refresh(former, credential.groups()));
    Map<String, Object> changes = new HashMap<>();
    changes.put(CONTEXT, context);
    if (mark != null) {
      changes.put(SignInMark.ATTRIBUTE, mark.refreshed(clock.instant()).toString());
    }
    return changes;
  }

  @Override
  public RefreshReport previewRefresh(UserInRealm user, Map<String, Credential> credentials) {
    return asked(() -> refreshFound(user, credentials, false));
  }

  @Override
  public List<UserInRealm> beginRefresh(String realm) {
    throw usersUnknown();
  }

  @Override
  public boolean refresh(SessionId id, Credential credential, long epoch) {
    return changed(
        () -> {
          S session = store.find(ids.ofStore(id));
          UserInRealm user = session == null ? null : named(principal(session));
          if (session == null || user == null) {
            return false;
          }
          RefreshReport report = refresh(session, credential, true);
          if (barrier.isRaised(Barrier.Kind.REFRESH, user.key(), epochs.of(epoch))) {
            report = refresh(store.find(session.getId()), read(user.user()), true);
          }
          refreshed.add(report.sessions());
          if (report.sessions() > 0) {
            listeners.refreshed(new SessionListener.Refreshed(user, id, report));
          }
          return report.sessions() > 0;
        });
  }

  /** A name is looked for; another pattern is not supported. */
  @Override
  public SessionList list(UserPattern pattern, String realm, int maximum) {
    if (maximum < 0) {
      throw new IllegalArgumentException("maximum must not be negative: " + maximum);
    }
    if (!pattern.isName()) {
      throw usersUnknown();
    }
    return asked(
        () -> {
          List<Found<S>> found = found(pattern.user(realm));
          return new SessionList(
              found.size(),
              found.stream()
                  .limit(maximum)
                  .map(each -> shown(each.id, each.session, new UserInRealm(each.name, realm)))
                  .toList());
        });
  }

  /** Ends nothing: the store does. */
  @Override
  public int expire() {
    return 0;
  }

  /**
   * Returns what this node did: the sign-ins to it, and the sessions that were ended and refreshed
   * by it, at whatever node their users had signed in. How many the store has ended, and so how
   * many live, is not known.
   */
  @Override
  public Map<String, Map<String, SessionTotals>> totals() {
    Node known = node;
    return known == null
        ? Map.of()
        : Map.of(
            known.server,
            Map.of(
                known.realm,
                new SessionTotals(
                    signedIn.sum(),
                    signedOut.sum(),
                    terminated.sum(),
                    SessionTotals.UNKNOWN,
                    refreshed.sum())));
  }

  @Override
  public long users(String realm) {
    throw usersUnknown();
  }

  @Override
  public List<UserCount> largestUsers(String realm, int maximum) {
    throw usersUnknown();
  }

  private static UnsupportedException usersUnknown() {
    return new UnsupportedException(
        "the store of Spring Session finds sessions by the user's name only");
  }

  @Override
  public long memoryBytes() {
    throw new UnsupportedException("sessions are in the store of Spring Session");
  }

  @Override
  public SessionListener.Subscription listen(SessionListener listener) {
    return listeners.add(listener);
  }

  /** Leaves the store to the application. */
  @Override
  public void close() {
    // nothing is held
  }

  // --- what a session of the store says ---

  private Session shown(String id, @Nullable S session, UserInRealm user) {
    SignInMark mark = session == null ? null : SignInMark.of(session);
    Instant created = session == null ? Instant.EPOCH : session.getCreationTime();
    return new Session(
        ids.shown(id),
        user,
        mark == null ? "" : mark.server(),
        mark == null ? created : Instant.ofEpochMilli(mark.begun().millis()),
        session == null ? Instant.EPOCH : session.getLastAccessedTime(),
        null,
        credential(session, user),
        mark == null ? 1 : mark.version(),
        mark == null ? null : mark.lastRefresh(),
        mark == null ? SessionFacts.NONE : mark.facts());
  }

  private Credential credential(@Nullable S session, UserInRealm user) {
    Authentication known = session == null ? null : authentication(session);
    return known == null
        ? new Credential(user.user(), List.of(), Map.of())
        : SignedIn.credential(known, refreshers);
  }

  /** What stands in a session may be that of another version of the application. */
  private @Nullable Authentication authentication(S session) {
    try {
      Object context = session.getAttribute(CONTEXT);
      return context instanceof SecurityContext known ? known.getAuthentication() : null;
    } catch (RuntimeException e) {
      LOG.debug("the context of a session cannot be read here", e);
      return null;
    }
  }

  /** Returns the name under which a session stands in the index, null if nobody is signed in. */
  private @Nullable String principal(S session) {
    return principals
        .resolveIndexesFor(session)
        .get(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME);
  }

  /** As {@link #authentication}, what stands in it may be of another version. */
  private @Nullable String readPrincipal(S session) {
    try {
      return principal(session);
    } catch (RuntimeException e) {
      LOG.debug("the user of a session cannot be read here", e);
      return null;
    }
  }

  /** Returns a user of the realm; null if no operation could name that user. */
  private @Nullable UserInRealm named(@Nullable String user) {
    Node known = node;
    try {
      return user == null ? null : new UserInRealm(user, known == null ? "" : known.realm);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private String server(S session) {
    SignInMark mark = SignInMark.of(session);
    return mark == null ? "" : mark.server();
  }

  // --- whether the store answers ---

  private <T extends @Nullable Object> T asked(Supplier<T> call) {
    return call(call, false);
  }

  private <T extends @Nullable Object> T changed(Supplier<T> call) {
    return call(call, true);
  }

  private <T extends @Nullable Object> T call(Supplier<T> call, boolean mayBeDone) {
    try {
      T answer = call.get();
      answered();
      return answer;
    } catch (NestedRuntimeException e) {
      String reason = failed(e);
      LOG.warn("{}", reason, e);
      throw new UnavailableException(reason, mayBeDone);
    }
  }

  /** Notes that the store works. */
  void answered() {
    if (!health.available()) {
      health = Health.AVAILABLE;
    }
  }

  /** Notes that the store does not work, and returns why. */
  String failed(NestedRuntimeException failure) {
    String reason = reason(failure);
    health = new Health(false, reason);
    return reason;
  }

  private static String reason(NestedRuntimeException failure) {
    return failure instanceof NotIndexed.NotManaged
        ? String.valueOf(failure.getMessage())
        : "the store of Spring Session does not answer: "
            + NestedExceptionUtils.getMostSpecificCause(failure).getMessage();
  }
}
