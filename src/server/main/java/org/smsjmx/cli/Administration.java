package org.smsjmx.cli;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.smsjmx.management.StatusCode;

/**
 * The commands that need a login: checks the names they give, asks the service, words the answer.
 */
final class Administration {

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
        String realm = request.value(Parameter.REALM);
        String reason = request.optional(Parameter.REASON);
        yield Wording.terminated(
            user, realm, service.terminateAllSessions(server, user, realm, reason));
      }
      case SESSION_REFRESH_ALL -> {
        String user = request.value(Parameter.USER);
        String realm = request.value(Parameter.REALM);
        String reason = request.optional(Parameter.REASON);
        yield Wording.refreshed(
            user, realm, service.refreshAllSessions(server, user, realm, reason));
      }
      case SESSION_TERMINATE -> {
        String id = request.value(Parameter.SESSION_ID);
        String realm = request.value(Parameter.REALM);
        yield Wording.ofSession(
            id, realm, service.terminateSession(server, id, realm), "terminated");
      }
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
      case KEY_CHANGE -> Wording.changedSessionKey(service.changeSessionKey());
      case TRACE_GET -> Wording.traceLevel(service.traceLevel(), "is");
      case TRACE_SET ->
          Wording.traceLevel(
              service.setTraceLevel(wholeNumber(request, Parameter.TRACE_LEVEL)), "is now");
      default -> throw new IllegalStateException(request.command().toString());
    };
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
