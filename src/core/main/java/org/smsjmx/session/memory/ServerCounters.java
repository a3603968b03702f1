package org.smsjmx.session.memory;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.smsjmx.session.SessionTotals;

/** The counters of all servers, by realm. Each has a number, so that a session need not hold it. */
final class ServerCounters {

  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Counters>> byServer =
      new ConcurrentHashMap<>();

  /** Replaced under the monitor. */
  private volatile Counters[] byNumber = {};

  /** Returns those of a server in a realm, which begin with zero. */
  Counters of(String server, String realm) {
    ConcurrentHashMap<String, Counters> ofServer = byServer.get(server);
    if (ofServer == null) {
      ofServer = byServer.computeIfAbsent(server, s -> new ConcurrentHashMap<>());
    }
    Counters ofRealm = ofServer.get(realm);
    return ofRealm != null ? ofRealm : ofServer.computeIfAbsent(realm, r -> add(server));
  }

  private synchronized Counters add(String server) {
    Counters[] before = byNumber;
    Counters added = new Counters(server, before.length);
    Counters[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = added;
    byNumber = after;
    return added;
  }

  /** Returns those with the number. */
  Counters at(int number) {
    return byNumber[number];
  }

  /** Returns the numbers of sessions by server and realm. */
  Map<String, Map<String, SessionTotals>> totals() {
    Map<String, Map<String, SessionTotals>> totals = new TreeMap<>();
    byServer.forEach(
        (server, byRealm) -> {
          Map<String, SessionTotals> ofServer = new TreeMap<>();
          byRealm.forEach((realm, counted) -> ofServer.put(realm, counted.totals()));
          totals.put(server, ofServer);
        });
    return totals;
  }
}
