package org.smsjmx.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** How answers of the service read: lines for people, and the same data for programs. */
final class Wording {

  private Wording() {}

  static Answer server(String server, RemoteService.ServerFacts facts) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("server", server);
    data.put("extension", true);
    data.put("instance", facts.instance());
    data.put("host", facts.host());
    data.put("realms", facts.realms());
    data.put("replicaSets", facts.replicaSets());
    data.put("joinedAt", facts.joinedAt());
    data.put("sessions", facts.sessions());
    return new Answer(
        List.of(
            server,
            "    Instance: " + facts.instance(),
            "    Host: " + facts.host(),
            "    Session management extension: installed",
            "    Session realms: " + String.join(", ", facts.realms()),
            "    Replica sets: " + String.join(", ", facts.replicaSets()),
            "    Joined: " + localTime(facts.joinedAt()),
            "    Sessions: " + facts.sessions()),
        data);
  }

  static Answer serverWithoutExtension(String server) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("server", server);
    data.put("extension", false);
    return new Answer(List.of(server, "    Session management extension: not installed"), data);
  }

  static Answer sessions(RemoteService.FoundSessions found, String pattern, String realm) {
    int listed = found.sessions().size();
    List<String> lines = table(found.sessions());
    lines.add(
        (found.matched() == 1 ? "1 session matches " : found.matched() + " sessions match ")
            + pattern
            + " in realm "
            + realm
            + (listed < found.matched() ? "; " + listed + " printed." : "."));
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("matched", found.matched());
    data.put("sessions", found.sessions());
    return new Answer(lines, data);
  }

  /** The command that ends what was shown is printed as it is to be written. */
  static Answer preview(String server, RemoteService.Preview preview) {
    int listed = preview.sessions().size();
    List<String> lines = table(preview.sessions());
    lines.add(
        "%s of %s would be ended%s; none was."
            .formatted(
                number(preview.matched(), "session"),
                number(preview.users(), "user"),
                listed < preview.matched() ? " (%d printed)".formatted(listed) : ""));
    if (preview.matched() > 0) {
      lines.add(
          "To end exactly these, until %s: server task %s sms session terminate previewed %s"
              .formatted(localTime(preview.expiresAt()), server, preview.token()));
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("token", preview.token());
    data.put("matched", preview.matched());
    data.put("users", preview.users());
    data.put("byServer", preview.byServer());
    data.put("sessions", preview.sessions());
    data.put("expiresAt", preview.expiresAt());
    return new Answer(lines, data);
  }

  /** What became of sessions that were to be ended. */
  static Answer outcome(Map<String, Object> outcome) {
    if (Long.valueOf(0).equals(outcome.get("matched"))) {
      return Answer.sentence("No sessions were found; 0 ended.", outcome);
    }
    Object gone = outcome.get("alreadyGone");
    return Answer.sentence(
        "%s of %s ended; %s%s survive."
            .formatted(
                outcome.get("ended"),
                number((Long) outcome.getOrDefault("matched", 0L), "session"),
                Long.valueOf(0).equals(gone) ? "" : gone + " had ended before; ",
                outcome.get("survivors")),
        outcome);
  }

  /** An application keeps no file, and lets everybody in when it starts again. */
  static Answer keptOutFor(
      String user, String realm, String duration, Answer ended, boolean durable) {
    List<String> lines = new ArrayList<>(ended.lines());
    lines.add(
        "%s is kept out of realm %s for %s%s."
            .formatted(
                user, realm, duration, durable ? "" : ", but not beyond the end of the process"));
    return new Answer(lines, ended.data());
  }

  static Answer letIn(String user, String realm, boolean wasKeptOut) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("letIn", wasKeptOut);
    data.put("user", user);
    data.put("realm", realm);
    return Answer.sentence(
        wasKeptOut
            ? user + " may sign in again in realm " + realm + "."
            : user + " was not kept out of realm " + realm + ".",
        data);
  }

  static Answer keptOut(String realm, List<RemoteService.KeptOut> users) {
    if (users.isEmpty()) {
      return Answer.sentence("Nobody is kept out of realm " + realm + ".", List.of());
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("USER", "UNTIL", "BY", "REASON"));
    List<Map<String, @Nullable Object>> data = new ArrayList<>();
    for (RemoteService.KeptOut user : users) {
      rows.add(List.of(user.user(), localTime(user.until()), user.by(), user.reason()));
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("user", user.user());
      entry.put("until", user.until());
      entry.put("by", user.by());
      entry.put("reason", user.reason());
      data.add(entry);
    }
    return new Answer(Output.table(rows), data);
  }

  static Answer operations(RemoteService.FoundOperations found) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("TIME", "ACCOUNT", "OPERATION", "USER", "REALM", "SESSIONS", "OUTCOME", "REASON"));
    for (Map<String, Object> operation : found.operations()) {
      String user = text(operation, "user");
      long sessions = ((Number) operation.getOrDefault("sessions", -1L)).longValue();
      rows.add(
          List.of(
              localTime(text(operation, "time")),
              text(operation, "account"),
              text(operation, "operation"),
              user.isEmpty() ? text(operation, "selection") : user,
              text(operation, "realm"),
              sessions < 0 ? "" : Long.toString(sessions),
              text(operation, "outcome"),
              text(operation, "reason")));
    }
    List<String> lines = new ArrayList<>();
    if (rows.size() > 1) {
      lines.addAll(Output.table(rows));
    }
    lines.add(
        "%s found%s."
            .formatted(
                number(rows.size() - 1L, "operation"),
                found.complete() ? "" : "; there are more: give a later -since"));
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("complete", found.complete());
    data.put("operations", found.operations());
    return new Answer(lines, data);
  }

  private static String text(Map<String, Object> values, String name) {
    return String.valueOf(values.get(name));
  }

  /** What is set for a user, null = for all users, by realm. */
  static Answer limits(@Nullable String user, Map<String, String> limits) {
    String whose = user == null ? "" : " for " + user;
    return new Answer(
        limits.entrySet().stream()
            .map(
                limit ->
                    "max-concurrent-web-sessions in realm %s%s: %s"
                        .formatted(limit.getKey(), whose, limit.getValue()))
            .toList(),
        limits);
  }

  private static String number(long number, String of) {
    return number + " " + of + (number == 1 ? "" : "s");
  }

  /** Returns the lines of a table of sessions, none if there are none. */
  private static List<String> table(List<Map<String, @Nullable Object>> sessions) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        new ArrayList<>(
            List.of("USER", "SESSION ID", "SERVER", "CREATED", "LAST ACCESS", "VERSION")));
    for (Map<String, @Nullable Object> session : sessions) {
      rows.add(
          new ArrayList<>(
              List.of(
                  String.valueOf(session.get("user")),
                  String.valueOf(session.get("id")),
                  String.valueOf(session.get("server")),
                  localTime(String.valueOf(session.get("createdAt"))),
                  localTime(String.valueOf(session.get("lastAccessAt"))),
                  String.valueOf(session.get("credentialVersion")))));
    }
    addColumn(rows, sessions, "ADDRESS", "address");
    addColumn(rows, sessions, "SIGNED IN BY", "authenticationType");
    return sessions.isEmpty() ? new ArrayList<>() : new ArrayList<>(Output.table(rows));
  }

  /** Adds what applications tell of their sessions, unless they tell nothing. */
  private static void addColumn(
      List<List<String>> rows,
      List<Map<String, @Nullable Object>> sessions,
      String title,
      String item) {
    List<String> cells =
        sessions.stream().map(session -> String.valueOf(session.get(item))).toList();
    if (cells.stream().allMatch(String::isEmpty)) {
      return;
    }
    rows.get(0).add(title);
    for (int i = 0; i < cells.size(); i++) {
      rows.get(i + 1).add(cells.get(i));
    }
  }

  static Answer terminated(String user, String realm, int count) {
    Map<String, @Nullable Object> data = dataOfUser(user, realm, count, "terminated");
    data.put("notes", notes(count, nobody(user, realm)));
    return new Answer(List.of(ofUser(user, realm, count, "terminated")), data);
  }

  /** A slip in a name shows to programs too. */
  private static List<String> notes(long count, String nobody) {
    return count == 0 ? List.of(nobody) : List.of();
  }

  /**
   * @param realm null for all realms
   */
  private static String nobody(String user, @Nullable String realm) {
    return realm == null
        ? "Nobody named " + user + " is signed in."
        : "In realm " + realm + " nobody named " + user + " is signed in.";
  }

  /**
   * Of all sessions of a user.
   *
   * @param counts how many by realm
   */
  static Answer everywhere(String user, SortedMap<String, Integer> counts, String done) {
    int all = sum(counts);
    List<String> lines = new ArrayList<>();
    counts.forEach(
        (realm, count) -> {
          if (count > 0) {
            lines.add(ofUser(user, realm, count, done));
          }
        });
    if (lines.isEmpty()) {
      lines.add("No sessions of " + user + " were found in any realm; 0 " + done + ".");
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put(done, all);
    data.put("user", user);
    data.put("realms", counts);
    data.put("notes", notes(all, nobody(user, null)));
    return new Answer(lines, data);
  }

  static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Of several users.
   *
   * @param ended how many sessions of each
   * @param realm null for all realms
   */
  static Answer ofUsers(Map<String, Integer> ended, @Nullable String realm) {
    int all = sum(ended);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("USER", "TERMINATED"));
    List<Map<String, Object>> users = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    ended.forEach(
        (user, count) -> {
          rows.add(List.of(user, count.toString()));
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("user", user);
          entry.put("terminated", count);
          users.add(entry);
          notes.addAll(notes(count, nobody(user, realm)));
        });
    List<String> lines = new ArrayList<>(Output.table(rows));
    lines.add(
        "%d %s of %d %s terminated in %s%s."
            .formatted(
                all,
                all == 1 ? "session" : "sessions",
                ended.size(),
                ended.size() == 1 ? "user" : "users",
                realm == null ? "all realms" : "realm " + realm,
                notes.isEmpty() ? "" : "; not signed in: " + notes.size()));
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("terminated", all);
    data.put("realm", realm == null ? "*" : realm);
    data.put("users", users);
    data.put("notes", notes);
    return new Answer(lines, data);
  }

  static Answer refreshed(String user, String realm, RemoteService.RefreshReport report) {
    Map<String, @Nullable Object> data = dataOfUser(user, realm, report.sessions(), "refreshed");
    data.put("changed", report.changed());
    data.put("groupsAdded", report.groupsAdded());
    data.put("groupsRemoved", report.groupsRemoved());
    data.put("attributesAdded", report.attributesAdded());
    data.put("attributesRemoved", report.attributesRemoved());
    data.put("attributesReplaced", report.attributesReplaced());
    data.put("attributesPreserved", report.attributesPreserved());
    data.put("kept", report.kept());
    data.put("keptKinds", report.keptKinds());
    data.put("notes", report.notes());
    List<String> lines = new ArrayList<>();
    lines.add(ofUser(user, realm, report.sessions(), "refreshed"));
    String changes = changes(report);
    if (!changes.isEmpty()) {
      lines.add(changes);
    }
    if (report.kept() > 0) {
      lines.add(
          "%d %s signed in by %s, which cannot be rebuilt."
              .formatted(
                  report.kept(),
                  report.kept() == 1
                      ? "session keeps its credential:"
                      : "sessions keep their credential:",
                  String.join(", ", report.keptKinds())));
    }
    report.notes().forEach(note -> lines.add("Note: " + note));
    return new Answer(lines, data);
  }

  private static Map<String, @Nullable Object> dataOfUser(
      String user, String realm, int count, String done) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put(done, count);
    data.put("user", user);
    data.put("realm", realm);
    return data;
  }

  private static String ofUser(String user, String realm, int count, String done) {
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
  private static String changes(RemoteService.RefreshReport report) {
    List<String> groups = new ArrayList<>();
    report.groupsAdded().forEach(group -> groups.add("+" + group));
    report.groupsRemoved().forEach(group -> groups.add("-" + group));
    List<String> attributes = new ArrayList<>();
    add(attributes, report.attributesAdded(), "added");
    add(attributes, report.attributesRemoved(), "removed");
    add(attributes, report.attributesReplaced(), "replaced");
    add(attributes, report.attributesPreserved(), "preserved");
    List<String> parts = new ArrayList<>();
    if (!groups.isEmpty()) {
      parts.add("groups: " + String.join(" ", groups));
    }
    if (!attributes.isEmpty()) {
      parts.add(String.join(", ", attributes));
    }
    return String.join("; ", parts);
  }

  /** The first part says what is counted. */
  private static void add(List<String> parts, List<String> attributes, String done) {
    int count = attributes.size();
    if (count > 0) {
      String what = parts.isEmpty() ? (count == 1 ? " attribute " : " attributes ") : " ";
      parts.add(count + what + done);
    }
  }

  /** Of sessions that began at one server. */
  static Answer ofServer(String user, String server, long count, String done) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put(done, count);
    data.put("user", user);
    data.put("server", server);
    data.put("notes", notes(count, "No session of " + user + " began at " + server + "."));
    return Answer.sentence(
        count == 0
            ? "No sessions of %s that began at %s were found; 0 %s.".formatted(user, server, done)
            : "%d %s of %s that began at %s %s."
                .formatted(count, count == 1 ? "session" : "sessions", user, server, done),
        data);
  }

  static Answer ofSession(String id, String realm, int count, String done) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put(done, count);
    data.put("session", id);
    data.put("realm", realm);
    return Answer.sentence("Session " + id + " " + done + " in realm " + realm + ".", data);
  }

  static Answer replicas(List<RemoteService.Replica> replicas) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("SERVER", "JOINED"));
    List<Map<String, @Nullable Object>> data = new ArrayList<>();
    for (RemoteService.Replica replica : replicas) {
      String joined = replica.joinedAt();
      rows.add(List.of(replica.server(), joined == null ? "not yet" : localTime(joined)));
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("server", replica.server());
      entry.put("joinedAt", joined);
      data.add(entry);
    }
    return new Answer(Output.table(rows), data);
  }

  static Answer sessionKey(RemoteService.SessionKey key) {
    String expires = key.expiresAt();
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("id", key.id());
    data.put("createdAt", key.createdAt());
    data.put("expiresAt", expires);
    return new Answer(
        List.of(
            "Key: " + key.id(),
            "Created: " + localTime(key.createdAt()),
            "Expires: "
                + (expires == null ? "not before the next key change" : localTime(expires))),
        data);
  }

  static Answer changedSessionKey(Object id) {
    return Answer.sentence(
        "The session management key is now "
            + id
            + "; session ids under the former one stay valid until they end.",
        Map.of("id", id));
  }

  /**
   * @param verb {@code is} or {@code is now}
   */
  static Answer traceLevel(int level, String verb) {
    return Answer.sentence(
        "The trace level " + verb + " " + level + "; it lasts until the server process ends.",
        Map.of("level", level));
  }

  private static String localTime(String instant) {
    return localTime(Instant.parse(instant));
  }

  static String localTime(Instant instant) {
    return instant.atZone(ZoneId.systemDefault()).format(TimeFormat.LOCAL);
  }

  /** Loaded by answers that hold a time only. */
  private static final class TimeFormat {
    static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssxxx");
  }
}
