package org.smsjmx.management;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Previews.Preview;
import org.smsjmx.management.ServerMXBean.PreviewView;
import org.smsjmx.management.ServerMXBean.RefreshView;
import org.smsjmx.management.ServerMXBean.SessionView;
import org.smsjmx.management.ServerMXBean.SessionsView;
import org.smsjmx.management.ServerMXBean.UsersView;
import org.smsjmx.session.CredentialChange;
import org.smsjmx.session.RefreshReport;
import org.smsjmx.session.SelectedSessions;
import org.smsjmx.session.Selection;
import org.smsjmx.session.Session;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.SessionKeys;
import org.smsjmx.session.SessionList;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.TerminationReport;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.session.UserPattern;
import org.smsjmx.topology.ServerName;

/**
 * The sessions of a realm in this JVM: those of this {@link Management}, and those of its {@link
 * Peers}. Does what a server's MBean is asked, here first and then there, and what a peer asks,
 * here alone; so nothing goes round in circles.
 *
 * <p>Each copy counts the sessions that it ended or refreshed, and a session is in one copy: the
 * sum is exact, and what a copy guarantees when its part returns, all do when the whole returns.
 */
final class JvmSessions {

  private static final String TERMINATE_ALL = "terminateAllSessions";
  private static final String REFRESH_ALL = "refreshAllSessions";
  private static final String PREVIEW = "previewRefresh";
  private static final String TERMINATE = "terminateSession";
  private static final String REFRESH = "refreshSession";
  private static final String LIST = "listSessions";
  private static final String LIST_USERS = "listUsers";
  private static final String LIST_OF_USER = "listUserSessions";
  private static final String TERMINATE_SELECTED = "terminateSelected";
  private static final String SELECT = "previewTerminate";
  private static final String EXECUTE = "execute";
  private static final String KEEP_OUT = "terminateAndKeepOut";
  private static final String LET_IN = "letIn";

  /** How many sessions a preview shows. */
  private static final int SHOWN = 100;

  /** An id that no session has. */
  private static final SessionId NOBODY = new SessionId(0, 0);

  /** What a peer says of a session that it knew, and that is not alive; else the user's name. */
  private static final String DEAD = "";

  private final Management management;
  private final Sessions sessions;
  private final Peers peers;

  JvmSessions(Management management, Peers peers) {
    this.management = management;
    this.sessions = management.sessions();
    this.peers = peers;
  }

  /** Returns who is asked beside this. */
  Peers peers() {
    return peers;
  }

  /**
   * What parts of an operation find or do, and how to put them together.
   *
   * @param nothing what a part does where nothing is to be done
   * @param read makes it of what a peer answered
   * @param and puts two together
   * @param changed how many sessions or users are changed
   * @param counted {@code sessions} or {@code users}
   * @param done what is done to them, in a word or two; empty if nothing is
   */
  private record Parts<T>(
      T nothing,
      Function<Object, T> read,
      BinaryOperator<T> and,
      ToIntFunction<T> changed,
      String counted,
      String done) {

    Parts(
        T nothing,
        Function<Object, T> read,
        BinaryOperator<T> and,
        ToIntFunction<T> changed,
        String done) {
      this(nothing, read, and, changed, "sessions", done);
    }
  }

  private static final Parts<Integer> TERMINATED =
      new Parts<>(0, Integer.class::cast, Integer::sum, count -> count, "terminated");

  private static final Parts<RefreshReport> REFRESHED = reports("refreshed");
  private static final Parts<RefreshReport> PREVIEWED = reports("");

  private static Parts<RefreshReport> reports(String done) {
    return new Parts<>(
        RefreshReport.NOTHING,
        JvmSessions::report,
        RefreshReport::and,
        RefreshReport::sessions,
        done);
  }

  private static final Parts<TerminationReport> OUTCOME =
      new Parts<>(
          TerminationReport.NOTHING,
          answered -> PeerCall.record(TerminationReport.class, (Map<?, ?>) answered),
          TerminationReport::and,
          report -> Math.toIntExact(report.ended()),
          "terminated");

  /**
   * What keeping a user out did.
   *
   * @param ended what became of the user's sessions
   * @param durable whether the user is kept out after a restart, too
   */
  record KeptOutReport(TerminationReport ended, boolean durable) {

    private static KeptOutReport read(Object answered) {
      Map<?, ?> members = (Map<?, ?>) answered;
      return new KeptOutReport(
          PeerCall.record(TerminationReport.class, members),
          (Boolean) Objects.requireNonNull(members.get("durable")));
    }

    private Map<String, @Nullable Object> members() {
      Map<String, @Nullable Object> members = PeerCall.members(ended);
      members.put("durable", durable);
      return members;
    }

    private KeptOutReport and(KeptOutReport other) {
      return new KeptOutReport(ended.and(other.ended), durable && other.durable);
    }
  }

  private static final Parts<KeptOutReport> KEPT_OUT =
      new Parts<>(
          new KeptOutReport(TerminationReport.NOTHING, true),
          KeptOutReport::read,
          KeptOutReport::and,
          report -> Math.toIntExact(report.ended.ended()),
          "terminated");

  private static final Parts<Boolean> WAS_OUT =
      new Parts<>(
          false,
          Boolean.class::cast,
          Boolean::logicalOr,
          wasOut -> wasOut ? 1 : 0,
          "users",
          "let in");

  private static final Parts<Found> FOUND =
      new Parts<>(new Found(0, 0, Map.of(), List.of()), Found::read, Found::and, found -> 0, "");

  /** What a part of a preview found; users are counted where they have sessions. */
  private record Found(
      long matched, long users, Map<String, Long> byServer, List<SessionView> sessions) {

    static Found of(SelectedSessions selected, SessionKeys keys) {
      return new Found(
          selected.matched(),
          selected.users(),
          selected.byServer(),
          selected.first().stream().map(session -> ServerBean.view(session, keys)).toList());
    }

    Map<String, Object> members() {
      return Map.of(
          "matched", matched, "users", users, "byServer", byServer, "sessions", rows(sessions));
    }

    @SuppressWarnings("unchecked")
    static Found read(Object answered) {
      Map<?, ?> found = (Map<?, ?>) answered;
      return new Found(
          (Long) Objects.requireNonNull(found.get("matched")),
          (Long) Objects.requireNonNull(found.get("users")),
          (Map<String, Long>) Objects.requireNonNull(found.get("byServer")),
          views(found.get("sessions")));
    }

    Found and(Found other) {
      Map<String, Long> all = new TreeMap<>(byServer);
      other.byServer.forEach((server, number) -> all.merge(server, number, Long::sum));
      return new Found(
          matched + other.matched,
          users + other.users,
          all,
          Stream.concat(sessions.stream(), other.sessions.stream()).limit(SHOWN).toList());
    }
  }

  /**
   * Reads a selection.
   *
   * @throws IllegalArgumentException if it is wrong
   */
  Selection selection(String text) {
    return Selection.parse(text, sessions.userNames(), this::idIfOurs);
  }

  /**
   * Reads a selection as an administrator wrote it. Where no peer could know them, a session to
   * spare and a server must be known: a slip would end what was to be spared, or nothing.
   *
   * @throws IllegalArgumentException if it is wrong
   * @throws RefusedException CTGSI0312W if it excepts an id that was given to no session
   */
  Selection written(String text, String realm) {
    Selection read = selection(text);
    if (!peers.isEmpty()) {
      return read;
    }
    if (NOBODY.equals(read.except())) {
      throw new RefusedException(
          StatusCode.CTGSI0312W, "The selection's except is the id of no session.");
    }
    List<String> servers =
        management.topology().realm(realm).stream()
            .flatMap(found -> found.servers().stream())
            .map(ServerName::value)
            .toList();
    String server = read.server();
    if (server != null && !servers.contains(server)) {
      throw new IllegalArgumentException(
          "the selection's server must be one of realm %s (%s): %s"
              .formatted(realm, String.join(", ", servers), ManagedBean.shown(server)));
    }
    return read;
  }

  /** A peer's id is well formed, and that of no session here. */
  private SessionId idIfOurs(String text) {
    try {
      return management.keys().parse(text);
    } catch (IllegalArgumentException notOurs) {
      if (!SessionKeys.isWellFormed(text)) {
        throw notOurs;
      }
      return NOBODY;
    }
  }

  /** See {@link ServerMXBean#terminateSelected}. */
  TerminationReport terminateSelected(String selection, String realm) {
    return everywhere(
        OUTCOME,
        () -> sessions.terminateSelected(selection(selection), realm),
        () -> peers.ask(TERMINATE_SELECTED, selection, realm, 0));
  }

  /** See {@link ServerMXBean#previewTerminate}. */
  PreviewView preview(String selection, String realm) {
    String token = management.previews().newToken();
    AtomicReference<Preview> kept = new AtomicReference<>();
    Found found =
        everywhere(
            FOUND,
            () -> {
              SelectedSessions selected = keep(token, selection, realm, kept::set);
              return Found.of(selected, management.keys());
            },
            () -> peers.ask(SELECT, token + " " + selection, realm, 0));
    return new PreviewView(
        token,
        found.matched,
        found.users,
        new TreeMap<>(found.byServer),
        found.sessions,
        Objects.requireNonNull(kept.get()).expiresAt().toString());
  }

  private SelectedSessions keep(
      String token, String selection, String realm, Consumer<Preview> kept) {
    Selection read = selection(selection);
    SelectedSessions selected = sessions.select(read, realm, SHOWN);
    kept.accept(management.previews().keep(token, Caller.current(), realm, read, selected));
    return selected;
  }

  /** See {@link ServerMXBean#execute}. */
  TerminationReport execute(String token, Preview preview) {
    return everywhere(
        OUTCOME,
        () -> sessions.terminate(preview.selected()),
        () -> peers.ask(EXECUTE, token, preview.realm(), 0));
  }

  /** See {@link ServerMXBean#terminateAndKeepOut}. */
  KeptOutReport keepOut(UserInRealm user, Duration time, String reason) {
    return everywhere(
        KEPT_OUT,
        () -> keepOutHere(user, time, reason),
        () ->
            peers.ask(
                KEEP_OUT,
                String.join("\n", time.toString(), reason, user.user()),
                user.realm(),
                0));
  }

  private KeptOutReport keepOutHere(UserInRealm user, Duration time, String reason) {
    SignInPolicies policies = management.policies();
    return new KeptOutReport(policies.keepOut(user, time, reason), policies.isDurable());
  }

  /** See {@link ServerMXBean#letIn}. */
  boolean letIn(UserInRealm user) {
    return everywhere(
        WAS_OUT,
        () -> management.policies().letIn(user),
        () -> peers.ask(LET_IN, user.user(), user.realm(), 0));
  }

  /** See {@link ServerMXBean#terminateAllSessions}. */
  int terminateAll(UserInRealm user) {
    return everywhere(
        TERMINATED,
        () -> sessions.terminateAll(user),
        () -> peers.ask(TERMINATE_ALL, user.user(), user.realm(), 0));
  }

  /**
   * See {@link ServerMXBean#refreshAllSessions}. A registry is asked where the user has sessions;
   * where that is nowhere, ours, whether there is such a user.
   */
  RefreshReport refreshAll(UserInRealm user) {
    if (peers.isEmpty()) {
      return sessions.refreshAll(user);
    }
    RefreshReport all =
        everywhere(
            REFRESHED,
            () -> sessions.refreshPresent(user),
            () -> peers.ask(REFRESH_ALL, user.user(), user.realm(), 0));
    return isOf(all) ? all : all.and(sessions.refreshAll(user));
  }

  /** See {@link ServerMXBean#previewRefresh}. */
  RefreshReport previewRefresh(UserInRealm user) {
    if (peers.isEmpty()) {
      return sessions.previewRefresh(user);
    }
    RefreshReport all =
        everywhere(
            PREVIEWED,
            () -> previewPresent(user),
            () -> peers.ask(PREVIEW, user.user(), user.realm(), 0));
    return isOf(all) ? all : all.and(sessions.previewRefresh(user));
  }

  /** Returns whether the user has sessions. */
  private static boolean isOf(RefreshReport report) {
    return report.sessions() > 0 || report.kept() > 0;
  }

  private RefreshReport previewPresent(UserInRealm user) {
    UserPattern name = new UserPattern(user.user(), sessions.userNames());
    return sessions.list(name, user.realm(), 0).matched() == 0
        ? RefreshReport.NOTHING
        : sessions.previewRefresh(user);
  }

  /**
   * See {@link ServerMXBean#terminateSession}.
   *
   * @param id its text
   */
  void terminate(String id, String realm) {
    one(id, realm, session -> sessions.terminate(session.id()), TERMINATE);
  }

  /**
   * See {@link ServerMXBean#refreshSession}.
   *
   * @param id its text
   */
  void refresh(String id, String realm) {
    one(id, realm, sessions::refresh, REFRESH);
  }

  /**
   * See {@link ServerMXBean#listSessions}.
   *
   * @param maximum how many sessions to return at most, 0 = only count
   */
  SessionsView list(String pattern, String realm, int maximum) {
    UserPattern users = new UserPattern(pattern, sessions.userNames());
    Parts<SessionsView> pages =
        new Parts<>(
            new SessionsView(0, List.of()),
            JvmSessions::page,
            (one, other) -> merged(one, other, maximum),
            page -> 0,
            "");
    return everywhere(
        pages, () -> page(users, realm, maximum), () -> peers.ask(LIST, pattern, realm, maximum));
  }

  private SessionsView page(UserPattern users, String realm, int maximum) {
    return page(sessions.list(users, realm, maximum));
  }

  private SessionsView page(SessionList found) {
    return new SessionsView(
        found.matched(),
        found.sessions().stream()
            .map(session -> ServerBean.view(session, management.keys()))
            .toList());
  }

  /** See {@link ServerMXBean#listUsers}. */
  UsersView listUsers(String pattern, String realm, String after, int maximum) {
    UserPages asked = new UserPages(sessions.userNames(), after, pattern, maximum);
    Parts<UsersView> pages =
        new Parts<>(new UsersView(0, 0, List.of()), UserPages::read, asked::merged, page -> 0, "");
    return everywhere(
        pages,
        () -> asked.of(sessions, realm),
        () -> peers.ask(LIST_USERS, asked.subject(), realm, maximum));
  }

  /**
   * See {@link ServerMXBean#listUserSessions}. Where there are peers, all that stand before the
   * part are asked for, from the end to which the part is nearer.
   */
  SessionsView listOfUser(UserInRealm user, int offset, int maximum, boolean newestFirst) {
    if (peers.isEmpty()) {
      return page(sessions.listSessions(user, offset, maximum, newestFirst));
    }
    int all = (int) Math.min(count(user), Integer.MAX_VALUE);
    int before = Math.min(offset, all);
    int length = Math.min(maximum, all - before);
    boolean fromTheOtherEnd = before > all - before - length;
    boolean newest = newestFirst ^ fromTheOtherEnd;
    int skipped = fromTheOtherEnd ? all - before - length : before;
    Comparator<SessionView> oldestFirst =
        Comparator.comparing(session -> Instant.parse(session.createdAt()));
    Parts<SessionsView> pages =
        new Parts<>(
            new SessionsView(0, List.of()),
            JvmSessions::page,
            (one, other) ->
                new SessionsView(
                    one.matched() + other.matched(),
                    Stream.concat(one.sessions().stream(), other.sessions().stream())
                        .sorted(newest ? oldestFirst.reversed() : oldestFirst)
                        .limit(skipped + length)
                        .toList()),
            page -> 0,
            "");
    SessionsView found =
        everywhere(
            pages,
            () -> page(sessions.listSessions(user, 0, skipped + length, newest)),
            () ->
                peers.ask(
                    LIST_OF_USER, newest + " " + user.user(), user.realm(), skipped + length));
    List<SessionView> part = new ArrayList<>(found.sessions().stream().skip(skipped).toList());
    if (fromTheOtherEnd) {
      Collections.reverse(part);
    }
    return new SessionsView(found.matched(), part);
  }

  /** Returns how many sessions a user has. */
  long count(UserInRealm user) {
    return list(user.user(), user.realm(), 0).matched();
  }

  /** Both are sorted, so that this costs little more than to compare their members once. */
  private SessionsView merged(SessionsView one, SessionsView other, int maximum) {
    Comparator<SessionView> byUser =
        Comparator.comparing(session -> sessions.userNames().form(session.user()));
    return new SessionsView(
        one.matched() + other.matched(),
        Stream.concat(one.sessions().stream(), other.sessions().stream())
            .sorted(byUser.thenComparing(session -> Instant.parse(session.createdAt())))
            .limit(maximum)
            .toList());
  }

  /**
   * Does an operation here and at all peers.
   *
   * @throws RuntimeException why it was not done here, if it was done nowhere; else one that says
   *     where it was not, and what became of the others
   */
  private <T> T everywhere(Parts<T> parts, Supplier<T> here, Supplier<List<Peers.Answer>> atPeers) {
    if (peers.isEmpty()) {
      return here.get();
    }
    T all = parts.nothing;
    List<Peers.Answer> failed = new ArrayList<>();
    RuntimeException thrown = null;
    try {
      all = here.get();
    } catch (RuntimeException e) {
      if (parts.done.isEmpty()) {
        throw e;
      }
      thrown = e;
      failed.add(failure(e));
    }
    for (Peers.Answer answer : atPeers.get()) {
      if (answer.failure() != null) {
        failed.add(answer);
      } else if (answer.value() != null) {
        all = parts.and.apply(all, parts.read.apply(answer.value()));
      }
    }
    int changed = parts.changed.applyAsInt(all);
    if (thrown != null && failed.size() == 1 && changed == 0) {
      throw thrown;
    }
    if (!failed.isEmpty()) {
      if (parts.done.isEmpty()) {
        throw failure(failed, "");
      }
      OperationContext.current().note(parts.counted, changed);
      throw failure(failed, "%d %s were %s. ".formatted(changed, parts.counted, parts.done));
    }
    return all;
  }

  /** Returns in the form of an answer why an operation was not done here. */
  private static Peers.Answer failure(RuntimeException thrown) {
    OperationContext call = OperationContext.current();
    RuntimeException reason = ClientErrors.reasonOf(thrown);
    return new Peers.Answer(
        call.target(),
        null,
        reason instanceof RefusedException
            ? reason
            : ClientErrors.shownFor(reason, call.operation()));
  }

  /** Returns what to say of several failures; it has a code if all have the same. */
  private static RuntimeException failure(List<Peers.Answer> failed, String done) {
    String text =
        done
            + failed.stream()
                .map(answer -> "Not at %s: %s".formatted(answer.server(), detail(answer.failure())))
                .collect(Collectors.joining(" "));
    StatusCode code = code(failed.get(0).failure());
    if (failed.stream().anyMatch(answer -> code(answer.failure()) != code)) {
      return new Peers.FailedException(text);
    }
    return code == null ? new Peers.FailedException(text) : new RefusedException(code, text);
  }

  private static String detail(@Nullable RuntimeException failure) {
    return failure instanceof RefusedException refused
        ? refused.detail()
        : String.valueOf(Objects.requireNonNull(failure).getMessage());
  }

  private static @Nullable StatusCode code(@Nullable RuntimeException failure) {
    return failure instanceof RefusedException refused ? refused.code() : null;
  }

  /** Does an operation on one session, which the copy has that signed its id. */
  private void one(String text, String realm, Predicate<Session> action, String operation) {
    String user;
    try {
      user = one(management.keys().parse(text), realm, action);
    } catch (IllegalArgumentException notOurs) {
      user = atPeer(operation, text, realm);
      if (user == null) {
        if (!SessionKeys.isWellFormed(text)) {
          throw new IllegalArgumentException(
              "session id must be 1 to 128 letters, digits, _ and -");
        }
        user = DEAD;
      }
    }
    if (user.equals(DEAD)) {
      throw new RefusedException(
          StatusCode.CTGSI0312W, "No live session of the realm has this id.");
    }
  }

  /** Returns the user of the session to which it was done. */
  private String one(SessionId id, String realm, Predicate<Session> action) {
    Session session = sessions.find(id);
    if (session == null || !session.user().realm().equals(realm)) {
      return DEAD;
    }
    String user = session.user().user();
    OperationContext.current().note("user", user);
    return action.test(session) ? user : DEAD;
  }

  /** Returns what the peer says that signed the id; null if none did. */
  private @Nullable String atPeer(String operation, String text, String realm) {
    List<Peers.Answer> answers = peers.ask(operation, text, realm, 0);
    for (Peers.Answer answer : answers) {
      if (answer.value() != null) {
        String user = (String) answer.value();
        if (!user.equals(DEAD)) {
          OperationContext.current().note("user", user);
        }
        return user;
      }
    }
    if (!answers.isEmpty()) {
      throw failure(answers, "");
    }
    return null;
  }

  /**
   * Does what a peer asks, in the name of its caller. It is the peer that records it.
   *
   * @param server the server whose MBean was asked
   * @param given from {@link PeerCall#toArguments}
   * @param permissions what an operation needs; null for one that there is not
   * @return what {@link Peers} reads
   * @throws SecurityException if it does not come from this JVM
   * @throws ReflectionException if this version does not know it
   */
  Map<String, Object> answer(
      String server,
      @Nullable Object @Nullable [] given,
      Function<String, @Nullable Permission> permissions)
      throws ReflectionException {
    if (given == null || !PeerCall.isFromThisThread(given)) {
      management.audit().denied(management.caller(), server, PeerCall.NAME);
      throw new SecurityException(
          StatusCode.CTGSI0303E.message("%s is for servers of this JVM.".formatted(PeerCall.NAME)));
    }
    PeerCall call = PeerCall.of(given);
    Permission needed = permissions.apply(call.operation());
    if (needed == null) {
      throw PeerCall.unknown(call.operation());
    }
    if (management.topology().realm(call.realm()).isEmpty() || !call.reached().add(sessions)) {
      return Peers.NO_ANSWER;
    }
    OperationContext context = OperationContext.begin(server, call.operation());
    try (Caller.Scope scope = call.caller().enter()) {
      ManagedBean.requirePermission(needed, call.caller());
      Object value = here(call);
      return value == null ? Peers.NO_ANSWER : Peers.answer(value);
    } catch (RuntimeException e) {
      return Peers.problem(ClientErrors.reasonOf(e), call.operation());
    } finally {
      context.end();
    }
  }

  private @Nullable Object here(PeerCall call) throws ReflectionException {
    String subject = call.subject();
    String realm = call.realm();
    return switch (call.operation()) {
      case TERMINATE_ALL -> ofUser(subject, realm, sessions::terminateAll);
      case REFRESH_ALL -> ofUser(subject, realm, user -> members(sessions.refreshPresent(user)));
      case PREVIEW -> ofUser(subject, realm, user -> members(previewPresent(user)));
      case KEEP_OUT -> {
        String[] parts = subject.split("\n", 3);
        yield ofUser(
            parts[2],
            realm,
            user -> keepOutHere(user, Duration.parse(parts[0]), parts[1]).members());
      }
      case LET_IN -> ofUser(subject, realm, management.policies()::letIn);
      case TERMINATE -> ofId(subject, realm, session -> sessions.terminate(session.id()));
      case REFRESH -> ofId(subject, realm, sessions::refresh);
      case LIST_USERS -> usersFor(subject, realm, call.maximum());
      case LIST_OF_USER -> {
        int end = subject.indexOf(' ');
        boolean newestFirst = Boolean.parseBoolean(subject.substring(0, end));
        yield ofUser(
            subject.substring(end + 1),
            realm,
            user -> members(page(sessions.listSessions(user, 0, call.maximum(), newestFirst))));
      }
      case LIST -> pageFor(subject, realm, call.maximum());
      case TERMINATE_SELECTED ->
          selected(subject, read -> PeerCall.members(sessions.terminateSelected(read, realm)));
      case SELECT -> {
        int end = subject.indexOf(' ');
        String selection = subject.substring(end + 1);
        yield selected(
            selection,
            read ->
                Found.of(
                        keep(subject.substring(0, end), selection, realm, kept -> {}),
                        management.keys())
                    .members());
      }
      case EXECUTE -> {
        SelectedSessions selected = management.previews().takePart(subject);
        yield selected == null ? null : PeerCall.members(sessions.terminate(selected));
      }
      default -> throw PeerCall.unknown(call.operation());
    };
  }

  /** A name that is refused here has no session here, whatever it is at the peer. */
  private @Nullable Object ofUser(String name, String realm, Function<UserInRealm, Object> action) {
    UserInRealm user;
    try {
      user = new UserInRealm(name, realm, sessions.userNames());
    } catch (IllegalArgumentException e) {
      return null;
    }
    return action.apply(user);
  }

  /** The peer has checked it; names that are refused here have no session here. */
  private @Nullable Object selected(String text, Function<Selection, Object> action) {
    Selection read;
    try {
      read = selection(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
    return action.apply(read);
  }

  private @Nullable Object ofId(String text, String realm, Predicate<Session> action) {
    SessionId id;
    try {
      id = management.keys().parse(text);
    } catch (IllegalArgumentException notOurs) {
      return null;
    }
    return one(id, realm, action);
  }

  private @Nullable Object pageFor(String pattern, String realm, int maximum) {
    UserPattern users;
    try {
      users = new UserPattern(pattern, sessions.userNames());
    } catch (IllegalArgumentException e) {
      return null;
    }
    return members(page(users, realm, maximum));
  }

  private static Object members(SessionsView page) {
    return Map.of("matched", page.matched(), "sessions", rows(page.sessions()));
  }

  private @Nullable Object usersFor(String subject, String realm, int maximum) {
    try {
      return UserPages.members(UserPages.of(subject, maximum).of(sessions, realm));
    } catch (IllegalArgumentException e) {
      return null; // a pattern that is refused here matches nobody here
    }
  }

  private static List<Map<String, @Nullable Object>> rows(List<SessionView> sessions) {
    return sessions.stream().map(PeerCall::members).toList();
  }

  private static List<SessionView> views(@Nullable Object rows) {
    return ((List<?>) Objects.requireNonNull(rows))
        .stream().map(row -> PeerCall.record(SessionView.class, (Map<?, ?>) row)).toList();
  }

  private static SessionsView page(Object answered) {
    Map<?, ?> page = (Map<?, ?>) answered;
    return new SessionsView(
        (Long) Objects.requireNonNull(page.get("matched")), views(page.get("sessions")));
  }

  private static Object members(RefreshReport report) {
    return PeerCall.members(ServerBean.view(report, List.of()));
  }

  private static RefreshReport report(Object answered) {
    RefreshView view = PeerCall.record(RefreshView.class, (Map<?, ?>) answered);
    return new RefreshReport(
        view.sessions(),
        view.changed(),
        new CredentialChange(
            view.groupsAdded(),
            view.groupsRemoved(),
            view.attributesAdded(),
            view.attributesRemoved(),
            view.attributesReplaced(),
            view.attributesPreserved()),
        view.kept(),
        view.keptKinds());
  }
}
