package org.smsjmx.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.SmsNames;
import org.smsjmx.management.StatusCode;

/** Does what is asked of the service, and words the answers. */
final class Administration {

  private static final List<String> REPORTED =
      List.of(
          "changed",
          "groupsAdded",
          "groupsRemoved",
          "attributesAdded",
          "attributesRemoved",
          "attributesReplaced",
          "attributesPreserved");
  private static final String TEXT = String.class.getName();
  private static final String NUMBER = int.class.getName();
  private static final List<String> SESSION =
      List.of(
          "id",
          "user",
          "realm",
          "server",
          "createdAt",
          "lastAccessAt",
          "expiresAt",
          "groups",
          "credentialVersion",
          "refreshedAt");

  private final Access access;

  Administration(Access access) {
    this.access = access;
  }

  /**
   * Does it.
   *
   * @param request a command that {@linkplain Command#needsLogin() needs a login}
   * @throws Failure if it is not done
   */
  Answer perform(Request request) throws Failure {
    Command command = request.command();
    if (command == Command.SERVER_LIST) {
      return Answer.names(serverNames());
    }
    String server = request.value(Parameter.SERVER);
    boolean extended = isExtended(server);
    switch (command) {
      case SERVER_SHOW -> {
        return showServer(server, extended);
      }
      case SERVER_LISTTASKS -> {
        return Help.tasks(extended);
      }
      case TASK_HELP -> {
        return Help.task(request.rest(), extended);
      }
      default -> {
        if (!extended) {
          throw new Failure(
              StatusCode.DPWAP0105E,
              "Server " + server + " does not have the session management extension.");
        }
        return performTask(request, SmsNames.server(server));
      }
    }
  }

  /** Returns the names that a server, realm or replica set can have. */
  Set<String> known(Parameter parameter) throws Failure {
    return switch (parameter) {
      case SERVER -> new TreeSet<>(serverNames());
      case REALM -> new TreeSet<>(realms());
      case REPLICA_SET -> allReplicaSets();
      default -> Set.of();
    };
  }

  private Answer performTask(Request request, ObjectName server) throws Failure {
    return switch (request.command()) {
      case SESSION_LIST -> listSessions(request, server);
      case SESSION_TERMINATE_ALL -> terminateAll(request, server);
      case SESSION_REFRESH_ALL -> refreshAll(request, server);
      case SESSION_TERMINATE -> ofSession(request, server, "terminateSession", "terminated");
      case SESSION_REFRESH -> ofSession(request, server, "refreshSession", "refreshed");
      case REALM_LIST -> Answer.names(realms());
      case REALM_SHOW -> Answer.names(replicaSets(knownRealm(request)));
      case REPLICA_SET_LIST -> listReplicaSets(request);
      case REPLICA_SET_SHOW -> showReplicaSet(request.value(Parameter.REPLICA_SET));
      case KEY_SHOW -> showKey();
      case KEY_CHANGE -> changeKey();
      case TRACE_GET -> traceLevel((Integer) attribute(SmsNames.service(), "TraceLevel"), "is");
      case TRACE_SET -> setTraceLevel(request);
      default -> throw new IllegalStateException(request.command().toString());
    };
  }

  private List<String> serverNames() throws Failure {
    return texts(attribute(SmsNames.service(), "Servers"));
  }

  /** Returns whether the server has the session management extension. */
  private boolean isExtended(String server) throws Failure {
    Map<String, Object> servers = attributes(SmsNames.service(), "ExtendedServers", "OtherServers");
    List<String> extended = texts(servers.get("ExtendedServers"));
    List<String> others = texts(servers.get("OtherServers"));
    if (extended.contains(server)) {
      return true;
    }
    if (!others.contains(server)) {
      Set<String> known = new TreeSet<>(extended);
      known.addAll(others);
      throw new Failure(
          StatusCode.DPWAP0059E,
          server
              + " is not among those that server list prints."
              + Grammar.suggestion(server, known));
    }
    return false;
  }

  private Answer showServer(String server, boolean extended) throws Failure {
    Map<String, Object> data = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    lines.add(server);
    data.put("server", server);
    data.put("extension", extended);
    if (!extended) {
      lines.add("    Session management extension: not installed");
      return new Answer(lines, data);
    }
    Map<String, Object> shown =
        attributes(
            SmsNames.server(server),
            "InstanceName",
            "HostName",
            "Realms",
            "ReplicaSets",
            "JoinedAt",
            "SessionCount");
    String joined = String.valueOf(shown.get("JoinedAt"));
    List<String> realms = texts(shown.get("Realms"));
    List<String> sets = texts(shown.get("ReplicaSets"));
    lines.add("    Instance: " + shown.get("InstanceName"));
    lines.add("    Host: " + shown.get("HostName"));
    lines.add("    Session management extension: installed");
    lines.add("    Session realms: " + String.join(", ", realms));
    lines.add("    Replica sets: " + String.join(", ", sets));
    lines.add("    Joined: " + localTime(joined));
    lines.add("    Sessions: " + shown.get("SessionCount"));
    data.put("instance", shown.get("InstanceName"));
    data.put("host", shown.get("HostName"));
    data.put("realms", realms);
    data.put("replicaSets", sets);
    data.put("joinedAt", joined);
    data.put("sessions", shown.get("SessionCount"));
    return new Answer(lines, data);
  }

  private Answer listSessions(Request request, ObjectName server) throws Failure {
    String pattern = request.value(Parameter.PATTERN);
    String realm = request.value(Parameter.REALM);
    int maximum = wholeNumber(request, Parameter.MAXIMUM_RETURN);
    CompositeData found =
        (CompositeData)
            invoke(
                server,
                "listSessions",
                new Object[] {pattern, realm, maximum},
                new String[] {TEXT, TEXT, NUMBER});
    long matched = (Long) found.get("matched");
    CompositeData[] sessions = (CompositeData[]) found.get("sessions");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("USER", "SESSION ID", "SERVER", "CREATED", "LAST ACCESS", "VERSION"));
    List<Map<String, Object>> data = new ArrayList<>();
    for (CompositeData session : sessions) {
      data.add(data(session));
      rows.add(
          List.of(
              String.valueOf(session.get("user")),
              String.valueOf(session.get("id")),
              String.valueOf(session.get("server")),
              localTime(String.valueOf(session.get("createdAt"))),
              localTime(String.valueOf(session.get("lastAccessAt"))),
              String.valueOf(session.get("credentialVersion"))));
    }
    List<String> lines = new ArrayList<>();
    if (sessions.length > 0) {
      lines.addAll(Output.table(rows));
    }
    lines.add(
        (matched == 1 ? "1 session matches " : matched + " sessions match ")
            + pattern
            + " in realm "
            + realm
            + (sessions.length < matched ? "; " + sessions.length + " printed." : "."));
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("matched", matched);
    whole.put("sessions", data);
    return new Answer(lines, whole);
  }

  private static Map<String, Object> data(CompositeData session) {
    Map<String, Object> data = new LinkedHashMap<>();
    for (String item : SESSION) {
      Object value = session.get(item);
      data.put(item, value instanceof String[] texts ? List.of(texts) : value);
    }
    return data;
  }

  private Answer terminateAll(Request request, ObjectName server) throws Failure {
    int count =
        (Integer)
            invoke(
                server,
                "terminateAllSessionsWithReason",
                userRealmReason(request),
                new String[] {TEXT, TEXT, TEXT});
    return new Answer(
        List.of(sentence(request, count, "terminated")), ofUser(request, "terminated", count));
  }

  private Answer refreshAll(Request request, ObjectName server) throws Failure {
    CompositeData report =
        (CompositeData)
            invoke(
                server,
                "refreshAllSessionsWithReport",
                userRealmReason(request),
                new String[] {TEXT, TEXT, TEXT});
    int count = (Integer) report.get("sessions");
    Map<String, Object> data = ofUser(request, "refreshed", count);
    for (String fact : REPORTED) {
      Object value = report.get(fact);
      data.put(fact, value instanceof String[] names ? List.of(names) : value);
    }
    List<String> lines = new ArrayList<>();
    lines.add(sentence(request, count, "refreshed"));
    String changes = changes(report);
    if (!changes.isEmpty()) {
      lines.add(changes);
    }
    return new Answer(lines, data);
  }

  private static Object[] userRealmReason(Request request) {
    return new Object[] {
      request.value(Parameter.USER),
      request.value(Parameter.REALM),
      request.optional(Parameter.REASON)
    };
  }

  private static Map<String, Object> ofUser(Request request, String done, int count) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(done, count);
    data.put("user", request.value(Parameter.USER));
    data.put("realm", request.value(Parameter.REALM));
    return data;
  }

  private static String sentence(Request request, int count, String done) {
    String user = request.value(Parameter.USER);
    String realm = request.value(Parameter.REALM);
    return count == 0
        ? "No sessions of " + user + " were found in realm " + realm + "; 0 " + done + "."
        : count
            + (count == 1 ? " session of " : " sessions of ")
            + user
            + " "
            + done
            + " in realm "
            + realm
            + ".";
  }

  /** Returns as {@code groups: +managers -trainees; 2 attributes replaced, 1 preserved}. */
  private static String changes(CompositeData report) {
    List<String> groups = new ArrayList<>();
    for (String group : (String[]) report.get("groupsAdded")) {
      groups.add("+" + group);
    }
    for (String group : (String[]) report.get("groupsRemoved")) {
      groups.add("-" + group);
    }
    List<String> attributes = new ArrayList<>();
    for (String done : List.of("Added", "Removed", "Replaced", "Preserved")) {
      int count = ((String[]) report.get("attributes" + done)).length;
      if (count > 0) {
        String what = attributes.isEmpty() ? (count == 1 ? " attribute " : " attributes ") : " ";
        attributes.add(count + what + done.toLowerCase(Locale.ROOT));
      }
    }
    List<String> parts = new ArrayList<>();
    if (!groups.isEmpty()) {
      parts.add("groups: " + String.join(" ", groups));
    }
    if (!attributes.isEmpty()) {
      parts.add(String.join(", ", attributes));
    }
    return String.join("; ", parts);
  }

  private Answer ofSession(Request request, ObjectName server, String operation, String done)
      throws Failure {
    String id = request.value(Parameter.SESSION_ID);
    String realm = request.value(Parameter.REALM);
    int count =
        (Integer) invoke(server, operation, new Object[] {id, realm}, new String[] {TEXT, TEXT});
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(done, count);
    data.put("session", id);
    data.put("realm", realm);
    return Answer.sentence("Session " + id + " " + done + " in realm " + realm + ".", data);
  }

  private List<String> realms() throws Failure {
    return texts(attribute(SmsNames.service(), "Realms"));
  }

  private String knownRealm(Request request) throws Failure {
    String realm = request.value(Parameter.REALM);
    List<String> known = realms();
    if (!known.contains(realm)) {
      throw new Failure(
          StatusCode.CTGSI0313E,
          "Realm " + realm + " is unknown; known are " + String.join(", ", known) + ".");
    }
    return realm;
  }

  private List<String> replicaSets(String realm) throws Failure {
    return texts(attribute(SmsNames.realm(realm), "ReplicaSets"));
  }

  private Answer listReplicaSets(Request request) throws Failure {
    if (request.has(Option.REALM)) {
      return Answer.names(replicaSets(knownRealm(request)));
    }
    return Answer.names(List.copyOf(allReplicaSets()));
  }

  private Set<String> allReplicaSets() throws Failure {
    Set<String> sets = new TreeSet<>();
    for (String realm : realms()) {
      sets.addAll(replicaSets(realm));
    }
    return sets;
  }

  private Answer showReplicaSet(String set) throws Failure {
    Set<String> known = allReplicaSets();
    if (!known.contains(set)) {
      throw new Failure(
          StatusCode.CTGSI0306E,
          set
              + " is not among those that replica set list prints."
              + Grammar.suggestion(set, known));
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("SERVER", "JOINED"));
    List<Map<String, Object>> data = new ArrayList<>();
    for (CompositeData replica :
        (CompositeData[]) attribute(SmsNames.replicaSet(set), "Replicas")) {
      String server = String.valueOf(replica.get("server"));
      String joined = (String) replica.get("joinedAt");
      rows.add(List.of(server, joined == null ? "not yet" : localTime(joined)));
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("server", server);
      entry.put("joinedAt", joined);
      data.add(entry);
    }
    return new Answer(Output.table(rows), data);
  }

  private Answer showKey() throws Failure {
    CompositeData key = (CompositeData) attribute(SmsNames.service(), "SessionKey");
    String created = String.valueOf(key.get("createdAt"));
    String expires = (String) key.get("expiresAt");
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", key.get("id"));
    data.put("createdAt", created);
    data.put("expiresAt", expires);
    return new Answer(
        List.of(
            "Key: " + key.get("id"),
            "Created: " + localTime(created),
            "Expires: "
                + (expires == null ? "not before the next key change" : localTime(expires))),
        data);
  }

  private Answer changeKey() throws Failure {
    Object id = invoke(SmsNames.service(), "changeSessionKey", new Object[0], new String[0]);
    return Answer.sentence(
        "The session management key is now "
            + id
            + "; session ids under the former one stay valid until they end.",
        Map.of("id", id));
  }

  private Answer setTraceLevel(Request request) throws Failure {
    int level = wholeNumber(request, Parameter.TRACE_LEVEL);
    Object now =
        invoke(SmsNames.service(), "setTraceLevel", new Object[] {level}, new String[] {NUMBER});
    return traceLevel((Integer) now, "is now");
  }

  private static Answer traceLevel(int level, String verb) {
    return Answer.sentence(
        "The trace level " + verb + " " + level + "; it lasts until the server process ends.",
        Map.of("level", level));
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

  private Object attribute(ObjectName mbean, String name) throws Failure {
    return access.ask(mbeans -> mbeans.getAttribute(mbean, name));
  }

  private Map<String, Object> attributes(ObjectName mbean, String... names) throws Failure {
    return access.ask(
        mbeans -> {
          Map<String, Object> values = new LinkedHashMap<>();
          for (Attribute attribute : mbeans.getAttributes(mbean, names).asList()) {
            values.put(attribute.getName(), attribute.getValue());
          }
          for (String name : names) {
            if (!values.containsKey(name)) {
              throw new AttributeNotFoundException(name);
            }
          }
          return values;
        });
  }

  private Object invoke(ObjectName mbean, String operation, Object[] arguments, String[] signature)
      throws Failure {
    return access.ask(mbeans -> mbeans.invoke(mbean, operation, arguments, signature));
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof String[] texts ? List.of(texts) : List.of();
  }

  private static String localTime(String instant) {
    return Instant.parse(instant).atZone(ZoneId.systemDefault()).format(TimeFormat.LOCAL);
  }

  /** Loaded by answers that hold a time only. */
  private static final class TimeFormat {
    static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssxxx");
  }
}
