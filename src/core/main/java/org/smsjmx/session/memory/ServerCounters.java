package org.smsjmx.session.memory;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.smsjmx.session.SessionTotals;

/**
 * The counters of all servers in all realms. Each has a number, so that a session need not hold it.
 *
 * <p><b>What is counted is in both maps</b>: counters enter that by realm before a sign-in gets
 * them, and neither map ever loses any.
 */
final class ServerCounters {

  private static final int FEWEST = 8;

  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Counters>> byServer =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Counters>> byRealm =
      new ConcurrentHashMap<>();

  /** Written under the monitor, and published by writing the reference again. */
  private volatile @Nullable Counters[] byNumber = new Counters[FEWEST];

  private int size;

  /** Returns those of a server in a realm, which begin with zero. */
  Counters of(String server, String realm) {
    ConcurrentHashMap<String, Counters> ofServer = byServer.get(server);
    if (ofServer == null) {
      ofServer = byServer.computeIfAbsent(server, s -> new ConcurrentHashMap<>());
    }
    Counters inRealm = ofServer.get(realm);
    return inRealm != null ? inRealm : ofServer.computeIfAbsent(realm, r -> add(server, r));
  }

  private synchronized Counters add(String server, String realm) {
    @Nullable Counters[] numbered = byNumber;
    if (size == numbered.length) {
      numbered = Arrays.copyOf(numbered, size * 2);
    }
    Counters added = new Counters(server, size);
    numbered[size++] = added;
    byNumber = numbered;
    byRealm.computeIfAbsent(realm, r -> new ConcurrentHashMap<>()).put(server, added);
    return added;
  }

  /** Returns those with the number. */
  Counters at(int number) {
    return Objects.requireNonNull(byNumber[number]);
  }

  /** Returns the numbers of sessions by server and realm. */
  Map<String, Map<String, SessionTotals>> totals() {
    Map<String, Map<String, SessionTotals>> totals = new TreeMap<>();
    byServer.forEach((server, counted) -> totals.put(server, read(counted)));
    return totals;
  }

  /** Returns the numbers of sessions of one server, by realm. */
  Map<String, SessionTotals> ofServer(String server) {
    ConcurrentHashMap<String, Counters> counted = byServer.get(server);
    return counted == null ? Map.of() : read(counted);
  }

  /** Returns the numbers of sessions in one realm, by server. */
  Map<String, SessionTotals> ofRealm(String realm) {
    ConcurrentHashMap<String, Counters> counted = byRealm.get(realm);
    return counted == null ? Map.of() : read(counted);
  }

  private static Map<String, SessionTotals> read(Map<String, Counters> counted) {
    Map<String, SessionTotals> totals = new TreeMap<>();
    counted.forEach((name, counters) -> totals.put(name, counters.totals()));
    return totals;
  }
}
