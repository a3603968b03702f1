package org.smsjmx.management;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads that an endpoint denied, by caller. A client that polls would fill the audit, so the first
 * read is told at once, and those of each minute after it are told together.
 *
 * <p>Invariant: each read is told once, in the number of exactly one {@link Told}. Guarded by the
 * lock of this object, under which a number is taken and set back.
 */
final class DeniedReads {

  static final Duration TOGETHER = Duration.ofMinutes(1);

  /** Of so many callers at most is something kept; then the eldest is told early. */
  static final int MOST_CALLERS = 1_000;

  private final Map<Caller, Counted> callers = new LinkedHashMap<>();

  /** A caller's reads since they were told last. */
  private static final class Counted {
    private Instant told;
    private Instant first;
    private String target = "";
    private String operation = "";
    private long number;

    Counted(Instant now) {
      told = now;
      first = now;
    }

    void add(String mbean, String asked, Instant now) {
      if (number == 0) {
        first = now;
      }
      target = mbean;
      operation = asked;
      number++;
    }

    /** A clock that was set back must not let them wait for it. */
    boolean isDue(Instant now) {
      return now.isBefore(told) || !now.isBefore(told.plus(TOGETHER));
    }

    Told take(Caller caller, Instant now) {
      Told taken = new Told(caller, target, operation, number, first);
      number = 0;
      told = now;
      return taken;
    }
  }

  /**
   * Reads of a caller that are told together.
   *
   * @param target name of the MBean that was read last
   * @param operation how it was read last
   * @param number of them, at least 1
   * @param since when the first of them was
   */
  record Told(Caller caller, String target, String operation, long number, Instant since) {}

  /** Adds a read; returns what is to be told now. */
  synchronized List<Told> add(Caller caller, String target, String operation, Instant now) {
    List<Told> told = new ArrayList<>();
    Counted counted = callers.get(caller);
    boolean first = counted == null;
    if (counted == null) {
      if (callers.size() == MOST_CALLERS) {
        takeEldest(told, now);
      }
      counted = new Counted(now);
      callers.put(caller, counted);
    }
    counted.add(target, operation, now);
    if (first || counted.isDue(now)) {
      told.add(counted.take(caller, now));
    }
    return told;
  }

  private void takeEldest(List<Told> told, Instant now) {
    Iterator<Map.Entry<Caller, Counted>> eldest = callers.entrySet().iterator();
    Map.Entry<Caller, Counted> entry = eldest.next();
    if (entry.getValue().number > 0) {
      told.add(entry.getValue().take(entry.getKey(), now));
    }
    eldest.remove();
  }

  /**
   * Returns what is to be told since its minute is over; forgets callers that read nothing in it.
   */
  synchronized List<Told> takeDue(Instant now) {
    List<Told> told = new ArrayList<>();
    Iterator<Map.Entry<Caller, Counted>> entries = callers.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Caller, Counted> entry = entries.next();
      if (!entry.getValue().isDue(now)) {
        continue;
      }
      if (entry.getValue().number == 0) {
        entries.remove();
      } else {
        told.add(entry.getValue().take(entry.getKey(), now));
      }
    }
    return told;
  }

  /** Returns what is still to be told, and forgets all callers. */
  synchronized List<Told> takeAll(Instant now) {
    List<Told> told = new ArrayList<>();
    while (!callers.isEmpty()) {
      takeEldest(told, now);
    }
    return told;
  }
}
