package org.smsjmx.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.SmsNames;
import org.smsjmx.management.StatusCode;

/**
 * The service as its MBeans offer it, asked over JMX: names of MBeans, attributes and operations
 * are here, and nothing of how answers are worded. Each method throws a {@link Failure} if nobody
 * is logged in, or the service refuses or does not answer.
 */
final class RemoteService {

  /** More are not listed in one answer. */
  static final int MAXIMUM_LISTED = 10_000;

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
          "refreshedAt",
          "address",
          "userAgent",
          "authenticationType",
          "issuer",
          "subject",
          "sid");

  /** Those of them that may be missing. */
  private static final Set<String> TIMES = Set.of("expiresAt", "refreshedAt");

  private static final int MOST_OPERATIONS = 1_000;
  private static final List<String> OPERATION =
      List.of(
          "time",
          "operationId",
          "account",
          "address",
          "endpoint",
          "server",
          "operation",
          "user",
          "realm",
          "selection",
          "reason",
          "sessions",
          "outcome",
          "micros");

  private final Access access;

  RemoteService(Access access) {
    this.access = access;
  }

  /**
   * The names of all servers.
   *
   * @param extended those with the session management extension
   * @param others those without
   */
  record ServerNames(List<String> extended, List<String> others) {}

  /** What an MBean of a server tells of it; {@code joinedAt} is an ISO-8601 instant. */
  record ServerFacts(
      String instance,
      String host,
      List<String> realms,
      List<String> replicaSets,
      String joinedAt,
      Object sessions) {}

  /**
   * Sessions found.
   *
   * @param matched how many match, also those that are not listed
   * @param sessions those listed: values by name, as JSON has them
   */
  record FoundSessions(long matched, List<Map<String, @Nullable Object>> sessions) {}

  /**
   * What a refresh of all sessions of a user did.
   *
   * @param sessions how many were refreshed
   * @param changed how many of them have another credential now
   * @param kept how many keep theirs, since their application cannot rebuild it
   * @param keptKinds how those were signed in
   * @param notes what operations do not reach
   */
  record RefreshReport(
      int sessions,
      int changed,
      List<String> groupsAdded,
      List<String> groupsRemoved,
      List<String> attributesAdded,
      List<String> attributesRemoved,
      List<String> attributesReplaced,
      List<String> attributesPreserved,
      int kept,
      List<String> keptKinds,
      List<String> notes) {}

  /** A replica; {@code joinedAt} is an ISO-8601 instant, null before it joined. */
  record Replica(String server, @Nullable String joinedAt) {}

  /** The session management key; times are ISO-8601 instants, null = it does not expire. */
  record SessionKey(Object id, String createdAt, @Nullable String expiresAt) {}

  List<String> servers() throws Failure {
    Members alone = membersAlone();
    return alone == null
        ? texts(attribute(SmsNames.service(), "Servers"))
        : List.copyOf(alone.servers().keySet());
  }

  ServerNames serverNames() throws Failure {
    Members alone = membersAlone();
    if (alone != null) {
      return new ServerNames(List.copyOf(alone.servers().keySet()), List.of());
    }
    return access.ask(
        mbeans -> {
          Map<String, Object> names =
              attributes(mbeans, SmsNames.service(), "ExtendedServers", "OtherServers");
          return new ServerNames(
              texts(names.get("ExtendedServers")), texts(names.get("OtherServers")));
        });
  }

  /** Returns what the servers tell where they are alone, null where there is a service. */
  private @Nullable Members membersAlone() throws Failure {
    Optional<Members> alone =
        access.ask(
            mbeans ->
                mbeans.isRegistered(SmsNames.service())
                    ? Optional.empty()
                    : Optional.of(members(mbeans)));
    return alone.orElse(null);
  }

  private static Members members(MBeanServerConnection mbeans) throws IOException, JMException {
    SortedMap<String, ServerFacts> servers = new TreeMap<>();
    for (ObjectName server : mbeans.queryNames(SmsNames.server("*"), null)) {
      try {
        servers.put(server.getKeyProperty("name"), facts(mbeans, server));
      } catch (InstanceNotFoundException e) {
        // it has left meanwhile
      }
    }
    return new Members(servers);
  }

  ServerFacts server(String server) throws Failure {
    return access.ask(mbeans -> facts(mbeans, SmsNames.server(server)));
  }

  private static ServerFacts facts(MBeanServerConnection mbeans, ObjectName server)
      throws IOException, JMException {
    Map<String, Object> facts =
        attributes(
            mbeans,
            server,
            "InstanceName",
            "HostName",
            "Realms",
            "ReplicaSets",
            "JoinedAt",
            "SessionCount");
    return new ServerFacts(
        String.valueOf(facts.get("InstanceName")),
        String.valueOf(facts.get("HostName")),
        texts(facts.get("Realms")),
        texts(facts.get("ReplicaSets")),
        String.valueOf(facts.get("JoinedAt")),
        facts.getOrDefault("SessionCount", 0L));
  }

  FoundSessions listSessions(String server, String pattern, String realm, int maximum)
      throws Failure {
    CompositeData found =
        (CompositeData)
            invoke(
                SmsNames.server(server),
                "listSessions",
                new Object[] {pattern, realm, maximum},
                new String[] {TEXT, TEXT, NUMBER});
    List<Map<String, @Nullable Object>> sessions =
        List.of((CompositeData[]) found.get("sessions")).stream()
            .map(RemoteService::session)
            .toList();
    return new FoundSessions((Long) found.get("matched"), sessions);
  }

  private static Map<String, @Nullable Object> session(CompositeData session) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (String item : SESSION) {
      // a server of before 0.3.0 knows fewer
      Object value = session.containsKey(item) ? session.get(item) : "";
      values.put(
          item,
          TIMES.contains(item)
              ? time(value)
              : value instanceof String[] texts ? List.of(texts) : value);
    }
    return values;
  }

  /** Returns how many sessions were ended. */
  int terminateAllSessions(String server, String user, String realm, @Nullable String reason)
      throws Failure {
    return (Integer)
        invoke(
            SmsNames.server(server),
            "terminateAllSessionsWithReason",
            new Object[] {user, realm, reason},
            new String[] {TEXT, TEXT, TEXT});
  }

  /** Returns how many sessions were ended in each realm. */
  SortedMap<String, Integer> terminateEverywhere(String user, @Nullable String reason)
      throws Failure {
    return everywhere("terminateEverywhere", user, reason);
  }

  /** Returns how many sessions were refreshed in each realm. */
  SortedMap<String, Integer> refreshEverywhere(String user, @Nullable String reason)
      throws Failure {
    return everywhere("refreshEverywhere", user, reason);
  }

  private SortedMap<String, Integer> everywhere(
      String operation, String user, @Nullable String reason) throws Failure {
    TabularData found =
        (TabularData)
            askService(
                mbeans ->
                    mbeans.invoke(
                        SmsNames.service(),
                        operation,
                        new Object[] {user, reason},
                        new String[] {TEXT, TEXT}));
    SortedMap<String, Integer> byRealm = new TreeMap<>();
    for (Object row : found.values()) {
      CompositeData one = (CompositeData) row;
      byRealm.put(String.valueOf(one.get("key")), (Integer) one.get("value"));
    }
    return byRealm;
  }

  RefreshReport refreshAllSessions(
      String server, String user, String realm, @Nullable String reason) throws Failure {
    CompositeData report =
        (CompositeData)
            invoke(
                SmsNames.server(server),
                "refreshAllSessionsWithReport",
                new Object[] {user, realm, reason},
                new String[] {TEXT, TEXT, TEXT});
    return new RefreshReport(
        (Integer) report.get("sessions"),
        (Integer) report.get("changed"),
        texts(report.get("groupsAdded")),
        texts(report.get("groupsRemoved")),
        texts(report.get("attributesAdded")),
        texts(report.get("attributesRemoved")),
        texts(report.get("attributesReplaced")),
        texts(report.get("attributesPreserved")),
        (Integer) report.get("kept"),
        texts(report.get("keptKinds")),
        texts(report.get("notes")));
  }

  /** Asks what a refresh would do; fails as that would. */
  void previewRefresh(String server, String user, String realm) throws Failure {
    invoke(
        SmsNames.server(server),
        "previewRefresh",
        new Object[] {user, realm},
        new String[] {TEXT, TEXT});
  }

  /** Returns how many sessions were ended: 1. */
  int terminateSession(String server, String id, String realm) throws Failure {
    return ofSession("terminateSession", server, id, realm);
  }

  /** Returns how many sessions were refreshed: 1. */
  int refreshSession(String server, String id, String realm) throws Failure {
    return ofSession("refreshSession", server, id, realm);
  }

  private int ofSession(String operation, String server, String id, String realm) throws Failure {
    return (Integer)
        invoke(
            SmsNames.server(server),
            operation,
            new Object[] {id, realm},
            new String[] {TEXT, TEXT});
  }

  /** Returns what became of the sessions: values by name, as JSON has them. */
  Map<String, Object> terminateSelected(
      String server, String selection, String realm, @Nullable String reason) throws Failure {
    return outcome(SmsNames.server(server), "terminateSelected", selection, realm, reason);
  }

  /** Returns what became of the sessions: values by name, as JSON has them. */
  Map<String, Object> terminateAndKeepOut(
      String server, String user, String realm, String duration, @Nullable String reason)
      throws Failure {
    return outcome(SmsNames.server(server), "terminateAndKeepOut", user, realm, duration, reason);
  }

  /** Returns whether the user was kept out. */
  boolean letIn(String server, String user, String realm, @Nullable String reason) throws Failure {
    return (Boolean) invokeWithTexts(SmsNames.server(server), "letIn", user, realm, reason);
  }

  /** A user who is kept out; {@code until} is an ISO-8601 instant. */
  record KeptOut(String user, String until, String by, String reason) {}

  List<KeptOut> keptOut(String realm) throws Failure {
    CompositeData[] users =
        (CompositeData[]) askRealm(mbeans -> mbeans.getAttribute(SmsNames.realm(realm), "KeptOut"));
    return List.of(users).stream()
        .map(
            user ->
                new KeptOut(
                    String.valueOf(user.get("user")),
                    String.valueOf(user.get("until")),
                    String.valueOf(user.get("by")),
                    String.valueOf(user.get("reason"))))
        .toList();
  }

  /**
   * Sets how many sessions a user may have at once.
   *
   * @param user null = all users of the realm
   */
  void setSessionLimit(String realm, String value, @Nullable String user, @Nullable String reason)
      throws Failure {
    askRealm(
        mbeans ->
            mbeans.invoke(
                SmsNames.realm(realm),
                "setConcurrentSessionLimit",
                new @Nullable Object[] {value, user, reason},
                new String[] {TEXT, TEXT, TEXT}));
  }

  /**
   * Returns how many sessions a user may have at once, as it was set.
   *
   * @param user null = all users of the realm
   */
  String sessionLimit(String realm, @Nullable String user) throws Failure {
    return (String)
        askRealm(
            mbeans ->
                user == null
                    ? mbeans.getAttribute(SmsNames.realm(realm), "ConcurrentSessionLimit")
                    : mbeans.invoke(
                        SmsNames.realm(realm),
                        "concurrentSessionLimit",
                        new Object[] {user},
                        new String[] {TEXT}));
  }

  /** Returns what became of the sessions: values by name, as JSON has them. */
  Map<String, Object> execute(String server, String token, @Nullable String reason) throws Failure {
    return outcome(SmsNames.server(server), "execute", token, reason);
  }

  /** Returns what became of the sessions: values by name, as JSON has them. */
  Map<String, Object> terminateRealm(String realm, @Nullable String reason) throws Failure {
    return outcome(
        askRealm(
            mbeans ->
                mbeans.invoke(
                    SmsNames.realm(realm),
                    "terminateRealm",
                    new @Nullable Object[] {realm, reason},
                    new String[] {TEXT, TEXT})));
  }

  private Map<String, Object> outcome(
      ObjectName mbean, String operation, @Nullable String... arguments) throws Failure {
    return outcome(invokeWithTexts(mbean, operation, arguments));
  }

  private static Map<String, Object> outcome(Object answer) {
    CompositeData outcome = (CompositeData) answer;
    Map<String, Object> values = new LinkedHashMap<>();
    for (String item :
        List.of(
            "operation",
            "state",
            "matched",
            "ended",
            "alreadyGone",
            "failed",
            "survivors",
            "endedByServer",
            "at")) {
      values.put(item, plain(outcome.get(item)));
    }
    return values;
  }

  /** Returns a map as a map. */
  private static Object plain(Object value) {
    if (!(value instanceof TabularData table)) {
      return value;
    }
    Map<String, Object> map = new TreeMap<>();
    for (Object row : table.values()) {
      map.put(String.valueOf(((CompositeData) row).get("key")), ((CompositeData) row).get("value"));
    }
    return map;
  }

  private Object invokeWithTexts(ObjectName mbean, String operation, @Nullable String... arguments)
      throws Failure {
    String[] signature = new String[arguments.length];
    Arrays.fill(signature, TEXT);
    return invoke(mbean, operation, arguments, signature);
  }

  /**
   * What an operation would end.
   *
   * @param token for {@link #execute}
   * @param matched how many sessions
   * @param users how many users they are of
   * @param byServer how many signed in at each server
   * @param sessions the first of them: values by name, as JSON has them
   * @param expiresAt until when the token is good, an ISO-8601 instant
   */
  record Preview(
      String token,
      long matched,
      long users,
      Object byServer,
      List<Map<String, @Nullable Object>> sessions,
      String expiresAt) {}

  Preview previewTerminate(String server, String selection, String realm) throws Failure {
    CompositeData preview =
        (CompositeData)
            invokeWithTexts(SmsNames.server(server), "previewTerminate", selection, realm);
    return new Preview(
        (String) preview.get("token"),
        (Long) preview.get("matched"),
        (Long) preview.get("users"),
        plain(preview.get("byServer")),
        List.of((CompositeData[]) preview.get("sessions")).stream()
            .map(RemoteService::session)
            .toList(),
        (String) preview.get("expiresAt"));
  }

  /**
   * Operations found.
   *
   * @param complete whether all are told
   * @param operations newest first: values by name, as JSON has them
   */
  record FoundOperations(boolean complete, List<Map<String, Object>> operations) {}

  /** Finds what was done; null = whoever, whenever. */
  FoundOperations findOperations(
      @Nullable String user, @Nullable String account, @Nullable String since) throws Failure {
    CompositeData found =
        (CompositeData)
            askService(
                mbeans ->
                    mbeans.invoke(
                        SmsNames.service(),
                        "findOperations",
                        new @Nullable Object[] {user, account, since, MOST_OPERATIONS},
                        new String[] {TEXT, TEXT, TEXT, NUMBER}));
    return new FoundOperations(
        (Boolean) found.get("complete"),
        List.of((CompositeData[]) found.get("operations")).stream()
            .map(RemoteService::operation)
            .toList());
  }

  private static Map<String, Object> operation(CompositeData operation) {
    Map<String, Object> values = new LinkedHashMap<>();
    OPERATION.forEach(item -> values.put(item, operation.get(item)));
    return values;
  }

  List<String> realms() throws Failure {
    Members alone = membersAlone();
    return alone == null ? texts(attribute(SmsNames.service(), "Realms")) : alone.realms();
  }

  List<String> replicaSets(String realm) throws Failure {
    Members alone = membersAlone();
    return alone == null
        ? texts(attribute(SmsNames.realm(realm), "ReplicaSets"))
        : alone.replicaSets(realm);
  }

  /** Returns the replica sets of all realms. */
  Set<String> replicaSets() throws Failure {
    Set<String> sets = new TreeSet<>();
    for (String realm : realms()) {
      sets.addAll(replicaSets(realm));
    }
    return sets;
  }

  List<Replica> replicas(String replicaSet) throws Failure {
    Members alone = membersAlone();
    if (alone != null) {
      return alone.replicas(replicaSet);
    }
    CompositeData[] replicas =
        (CompositeData[]) attribute(SmsNames.replicaSet(replicaSet), "Replicas");
    return List.of(replicas).stream()
        .map(one -> new Replica(String.valueOf(one.get("server")), time(one.get("joinedAt"))))
        .toList();
  }

  SessionKey sessionKey() throws Failure {
    CompositeData key =
        (CompositeData) askService(mbeans -> mbeans.getAttribute(SmsNames.service(), "SessionKey"));
    return new SessionKey(
        key.get("id"), String.valueOf(key.get("createdAt")), time(key.get("expiresAt")));
  }

  /** Returns the id of the new key. */
  Object changeSessionKey() throws Failure {
    return askService(
        mbeans ->
            mbeans.invoke(SmsNames.service(), "changeSessionKey", new Object[0], new String[0]));
  }

  int traceLevel() throws Failure {
    return (Integer) askService(mbeans -> mbeans.getAttribute(SmsNames.service(), "TraceLevel"));
  }

  /** Returns the level that is set now. */
  int setTraceLevel(int level) throws Failure {
    return (Integer)
        askService(
            mbeans ->
                mbeans.invoke(
                    SmsNames.service(),
                    "setTraceLevel",
                    new Object[] {level},
                    new String[] {NUMBER}));
  }

  /** Asks what servers alone cannot tell or do. */
  private <T> T askService(Connection.Question<T> question) throws Failure {
    return ask(question, SmsNames.service());
  }

  private <T> T askRealm(Connection.Question<T> question) throws Failure {
    return ask(question, SmsNames.realm("*"));
  }

  private <T> T ask(Connection.Question<T> question, ObjectName missing) throws Failure {
    return access.ask(
        mbeans -> {
          try {
            return question.ask(mbeans);
          } catch (InstanceNotFoundException e) {
            throw new Failure(
                StatusCode.DPWAP0105E,
                "It is for sms-server; an application has servers without the MBean "
                    + missing
                    + ".");
          }
        });
  }

  private Object attribute(ObjectName mbean, String name) throws Failure {
    return access.ask(mbeans -> mbeans.getAttribute(mbean, name));
  }

  private static Map<String, Object> attributes(
      MBeanServerConnection mbeans, ObjectName mbean, String... names)
      throws IOException, JMException {
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
  }

  private Object invoke(
      ObjectName mbean, String operation, @Nullable Object[] arguments, String[] signature)
      throws Failure {
    return access.ask(mbeans -> mbeans.invoke(mbean, operation, arguments, signature));
  }

  /** Returns a time that may be missing: it is empty, and null at older servers. */
  private static @Nullable String time(@Nullable Object value) {
    return value == null || value.equals("") ? null : value.toString();
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof String[] texts ? List.of(texts) : List.of();
  }
}
