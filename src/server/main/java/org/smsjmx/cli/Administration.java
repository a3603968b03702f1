package org.smsjmx.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.smsjmx.management.StatusCode;

/**
 * The commands that need a login: checks the names they give, asks the service, words the answer.
 */
final class Administration {

  /** Stands for all realms; none has such a name. */
  private static final String EVERY_REALM = "*";

  private final RemoteService service;

  Administration(RemoteService service) {
    this.service = service;
  }

  /**
   * Performs a command.
   *
   * @param request a command that {@linkplain Command#needsLogin() needs a login}
   * @throws Failure if it is not done
   */
  Answer perform(Request request) throws Failure {
    Command command = request.command();
    if (command == Command.SERVER_LIST) {
      return Answer.names(service.servers());
    }
    if (command == Command.AUDIT_FIND) {
      return Wording.operations(
          service.findOperations(
              request.optional(Parameter.USER),
              request.optional(Parameter.ACCOUNT),
              request.optional(Parameter.SINCE)));
    }
    if (command == Command.POLICY_GET || command == Command.POLICY_SET) {
      return limits(request);
    }
    String server = request.value(Parameter.SERVER);
    boolean extended = isExtended(server);
    return switch (command) {
      case SERVER_SHOW ->
          extended
              ? Wording.server(server, service.server(server))
              : Wording.serverWithoutExtension(server);
      case SERVER_LISTTASKS -> Help.tasks(extended);
      case TASK_HELP -> Help.task(request.rest(), extended);
      default -> {
        if (!extended) {
          throw new Failure(
              StatusCode.DPWAP0105E,
              "Server " + server + " does not have the session management extension.");
        }
        yield performTask(request, server);
      }
    };
  }

  /** Returns the names that a server, realm or replica set can have. */
  Set<String> known(Parameter parameter) throws Failure {
    return switch (parameter) {
      case SERVER -> new TreeSet<>(service.servers());
      case REALM -> new TreeSet<>(service.realms());
      case REPLICA_SET -> service.replicaSets();
      default -> Set.of();
    };
  }

  private Answer performTask(Request request, String server) throws Failure {
    return switch (request.command()) {
      case SESSION_LIST -> listSessions(request, server);
      case SESSION_TERMINATE_ALL -> {
        String user = request.value(Parameter.USER);
        String reason = request.optional(Parameter.REASON);
        String realm = request.value(Parameter.REALM);
        if (request.has(Option.KEEP_OUT)) {
          yield keepOut(server, request);
        }
        yield realm.equals(EVERY_REALM)
            ? Wording.everywhere(user, service.terminateEverywhere(user, reason), "terminated")
            : Wording.terminated(
                user, realm, service.terminateAllSessions(server, user, realm, reason));
      }
      case SESSION_TERMINATE_LISTED -> terminateListed(server, request);
      case SESSION_REFRESH_ALL -> {
        String user = request.value(Parameter.USER);
        String reason = request.optional(Parameter.REASON);
        String realm = request.value(Parameter.REALM);
        yield realm.equals(EVERY_REALM)
            ? Wording.everywhere(user, service.refreshEverywhere(user, reason), "refreshed")
            : Wording.refreshed(
                user, realm, service.refreshAllSessions(server, user, realm, reason));
      }
      case SESSION_TERMINATE -> {
        String id = request.value(Parameter.SESSION_ID);
        String realm = request.value(Parameter.REALM);
        yield Wording.ofSession(
            id, realm, service.terminateSession(server, id, realm), "terminated");
      }
      case SESSION_TERMINATE_SELECTED -> {
        String selection = request.value(Parameter.SELECTION);
        String realm = request.value(Parameter.REALM);
        yield request.has(Option.PREVIEW)
            ? Wording.preview(server, service.previewTerminate(server, selection, realm))
            : ended(
                service.terminateSelected(
                    server, selection, realm, request.optional(Parameter.REASON)));
      }
      case USER_LET_IN -> {
        String user = request.value(Parameter.USER);
        String realm = knownRealm(request);
        yield Wording.letIn(
            user, realm, service.letIn(server, user, realm, request.optional(Parameter.REASON)));
      }
      case USER_LIST_KEPT_OUT -> {
        String realm = knownRealm(request);
        yield Wording.keptOut(realm, service.keptOut(realm));
      }
      case SESSION_TERMINATE_PREVIEWED ->
          ended(
              service.execute(
                  server, request.value(Parameter.TOKEN), request.optional(Parameter.REASON)));
      case REALM_TERMINATE ->
          ended(service.terminateRealm(knownRealm(request), request.optional(Parameter.REASON)));
      case SESSION_REFRESH -> {
        String id = request.value(Parameter.SESSION_ID);
        String realm = request.value(Parameter.REALM);
        yield Wording.ofSession(id, realm, service.refreshSession(server, id, realm), "refreshed");
      }
      case REALM_LIST -> Answer.names(service.realms());
      case REALM_SHOW -> Answer.names(service.replicaSets(knownRealm(request)));
      case REPLICA_SET_LIST ->
          Answer.names(
              request.has(Option.REALM)
                  ? service.replicaSets(knownRealm(request))
                  : List.copyOf(service.replicaSets()));
      case REPLICA_SET_SHOW -> Wording.replicas(service.replicas(knownReplicaSet(request)));
      case KEY_SHOW -> Wording.sessionKey(service.sessionKey());
      case SERVER_TERMINATE_ALL -> terminateAtServer(server, request.value(Parameter.USER));
      case SERVER_REFRESH_ALL -> refreshAtServer(server, request.value(Parameter.USER));
      case SERVER_TERMINATE -> terminateSession(server, request.value(Parameter.SESSION_ID));
      case KEY_CHANGE, KEY_CHANGE_ALONE -> Wording.changedSessionKey(service.changeSessionKey());
      case TRACE_GET -> Wording.traceLevel(service.traceLevel(), "is");
      case TRACE_SET ->
          Wording.traceLevel(
              service.setTraceLevel(wholeNumber(request, Parameter.TRACE_LEVEL)), "is now");
      default -> throw new IllegalStateException(request.command().toString());
    };
  }

  /**
   * Ends the sessions of each user of a file. A user for whom that fails does not keep those of the
   * others alive.
   *
   * @throws Failure the first one; its advice tells what was done
   */
  private Answer terminateListed(String server, Request request) throws Failure {
    String realm = request.value(Parameter.REALM);
    String reason = request.optional(Parameter.REASON);
    Map<String, Integer> ended = new LinkedHashMap<>();
    Map<String, String> failed = new LinkedHashMap<>();
    for (String user : UsersFile.read(request.value(Parameter.USERS_FILE))) {
      try {
        ended.put(
            user,
            realm.equals(EVERY_REALM)
                ? Wording.sum(service.terminateEverywhere(user, reason))
                : service.terminateAllSessions(server, user, realm, reason));
      } catch (Failure e) {
        failed.put(user, e.text());
      }
    }
    Answer answer = Wording.ofUsers(ended, realm.equals(EVERY_REALM) ? null : realm);
    if (failed.isEmpty()) {
      return answer;
    }
    List<String> done = new ArrayList<>();
    failed.forEach((user, text) -> done.add(user + ": " + text));
    done.addAll(answer.lines());
    throw new Failure(failed.values().iterator().next(), done);
  }

  /**
   * Ends those sessions of a user that began at the server, in each of its realms. A sign-in at it
   * that began before is ended or refused.
   */
  private Answer terminateAtServer(String server, String user) throws Failure {
    String selection =
        "user=%s,server=%s".formatted(user.replace("\\", "\\\\").replace(",", "\\,"), server);
    long count = 0;
    try {
      for (String realm : service.server(server).realms()) {
        Map<String, Object> outcome = service.terminateSelected(server, selection, realm, null);
        count += (Long) outcome.getOrDefault("ended", 0L);
      }
    } catch (Failure e) {
      throw before(e, count, "terminated");
    }
    return Wording.ofServer(user, server, count, "terminated");
  }

  /**
   * Refreshes those sessions of a user that began at the server, in each of its realms: one after
   * the other, as they are listed now. A session that ends meanwhile is not counted.
   */
  private Answer refreshAtServer(String server, String user) throws Failure {
    if (user.indexOf('*') >= 0) {
      throw new Failure(StatusCode.CTGSI0313E, "user must not hold *: " + user + ".");
    }
    List<String> realms = service.server(server).realms();
    long count = 0;
    try {
      for (String realm : realms) {
        for (String id : began(server, user, realm)) {
          count += refreshUnlessGone(server, id, realm);
        }
      }
      if (count == 0 && !realms.isEmpty()) {
        // as for a realm: a name that the registry does not know is an error
        service.previewRefresh(server, user, realms.get(0));
      }
    } catch (Failure e) {
      throw before(e, count, "refreshed");
    }
    return Wording.ofServer(user, server, count, "refreshed");
  }

  /** Returns a failure that tells too what was done before. */
  private static Failure before(Failure failure, long count, String done) {
    return count == 0
        ? failure
        : new Failure(failure.text(), List.of(count + " " + done + " before that."));
  }

  /** Lists the ids of the user's sessions in the realm that began at the server. */
  private List<String> began(String server, String user, String realm) throws Failure {
    RemoteService.FoundSessions found =
        service.listSessions(server, user, realm, RemoteService.MAXIMUM_LISTED);
    if (found.matched() > found.sessions().size()) {
      throw new Failure(
          StatusCode.DPWAP0105E,
          "%s has %d sessions in realm %s; of more than %d those of one server are not found. With sms"
                  .formatted(user, found.matched(), realm, RemoteService.MAXIMUM_LISTED)
              + " it is done at all servers of the realm.");
    }
    return found.sessions().stream()
        .filter(session -> server.equals(session.get("server")))
        .map(session -> String.valueOf(session.get("id")))
        .toList();
  }

  private int refreshUnlessGone(String server, String id, String realm) throws Failure {
    try {
      return service.refreshSession(server, id, realm);
    } catch (Failure e) {
      if (isNotFound(e)) {
        return 0;
      }
      throw e;
    }
  }

  /** Ends the session in the realm that has it: an id is that of one session. */
  private Answer terminateSession(String server, String id) throws Failure {
    Failure notFound = new Failure(StatusCode.CTGSI0312W, "The server is in no realm.");
    for (String realm : service.server(server).realms()) {
      try {
        return Wording.ofSession(
            id, realm, service.terminateSession(server, id, realm), "terminated");
      } catch (Failure e) {
        if (!isNotFound(e)) {
          throw e;
        }
        notFound = e;
      }
    }
    throw notFound;
  }

  private static boolean isNotFound(Failure failure) {
    return failure.text().startsWith(StatusCode.CTGSI0312W.name());
  }

  /** Ends the sessions of a user in a realm and keeps the user out of it. */
  private Answer keepOut(String server, Request request) throws Failure {
    String realm = request.value(Parameter.REALM);
    if (realm.equals(EVERY_REALM)) {
      throw new Failure(
          StatusCode.DPWAP0105E, "-keep-out is for one realm: -realm " + Parameter.REALM + ".");
    }
    String user = request.value(Parameter.USER);
    String duration = request.value(Parameter.DURATION);
    Map<String, Object> outcome =
        service.terminateAndKeepOut(
            server, user, realm, duration, request.optional(Parameter.REASON));
    return Wording.keptOutFor(
        user, realm, duration, ended(outcome), !"DONE_NOT_DURABLE".equals(outcome.get("state")));
  }

  private Answer limits(Request request) throws Failure {
    List<String> realms =
        request.has(Option.REALM) ? List.of(knownRealm(request)) : service.realms();
    String user = request.optional(Parameter.USER);
    Map<String, String> limits = new LinkedHashMap<>();
    for (String realm : realms) {
      if (request.command() == Command.POLICY_SET) {
        String value = request.value(Parameter.LIMIT);
        service.setSessionLimit(realm, value, user, request.optional(Parameter.REASON));
      }
      limits.put(realm, service.sessionLimit(realm, user));
    }
    return Wording.limits(user, limits);
  }

  /** An operation that leaves sessions alive has failed. */
  private static Answer ended(Map<String, Object> outcome) throws Failure {
    Answer answer = Wording.outcome(outcome);
    if (!Long.valueOf(0).equals(outcome.get("survivors"))) {
      throw new Failure(String.join(" ", answer.lines()));
    }
    return answer;
  }

  private Answer listSessions(Request request, String server) throws Failure {
    String pattern = request.value(Parameter.PATTERN);
    String realm = request.value(Parameter.REALM);
    int maximum = wholeNumber(request, Parameter.MAXIMUM_RETURN);
    return Wording.sessions(service.listSessions(server, pattern, realm, maximum), pattern, realm);
  }

  /** Returns whether the server has the session management extension. */
  private boolean isExtended(String server) throws Failure {
    RemoteService.ServerNames names = service.serverNames();
    if (names.extended().contains(server)) {
      return true;
    }
    if (!names.others().contains(server)) {
      Set<String> known = new TreeSet<>(names.extended());
      known.addAll(names.others());
      throw new Failure(
          StatusCode.DPWAP0059E,
          server
              + " is not among those that server list prints."
              + Grammar.suggestion(server, known));
    }
    return false;
  }

  private String knownRealm(Request request) throws Failure {
    String realm = request.value(Parameter.REALM);
    List<String> known = service.realms();
    if (!known.contains(realm)) {
      throw new Failure(
          StatusCode.CTGSI0313E,
          "Realm " + realm + " is unknown; known are " + String.join(", ", known) + ".");
    }
    return realm;
  }

  private String knownReplicaSet(Request request) throws Failure {
    String set = request.value(Parameter.REPLICA_SET);
    Set<String> known = service.replicaSets();
    if (!known.contains(set)) {
      throw new Failure(
          StatusCode.CTGSI0306E,
          set
              + " is not among those that replica set list prints."
              + Grammar.suggestion(set, known));
    }
    return set;
  }

  private static int wholeNumber(Request request, Parameter parameter) throws Failure {
    String text = request.value(parameter);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Failure(
          StatusCode.CTGSI0313E,
          parameter.label() + " must be a whole number, at most 2147483647: " + text + ".");
    }
  }
}
