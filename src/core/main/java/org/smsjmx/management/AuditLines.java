package org.smsjmx.management;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.audit.AuditLog;
import org.smsjmx.text.Json;

/**
 * Words the lines of a run's audit: one JSON object each, without number and hash, which a line
 * gets when it is written.
 */
final class AuditLines implements AuditLog.Events {

  private static final String SERVICE = "Service";

  /** The fact by which an operation names what it concerns, where that is not its MBean. */
  private static final String SERVER = "server";

  /** No account of ours: a user of the servers, who signs in there. */
  private static final Caller USER = new Caller("", "", "signIn", Permission.VIEW);

  private static final String DONE = "done";
  private static final String FAILED = "error";

  private final InstantSource clock;
  private final String run;
  private volatile @Nullable Second second;

  AuditLines(InstantSource clock) {
    this.clock = clock;
    this.run = clock.instant().toString();
  }

  /**
   * Returns the first line of a run.
   *
   * @param last how the run before ended, null if there is none
   */
  String start(String version, AuditLog.@Nullable LastRun last) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("version", version);
    if (last != null) {
      facts.put("lastRun", last.run());
      facts.put("lastNumber", last.head().number());
      facts.put("lastHash", last.head().hash());
      facts.put("lastStopped", last.stopped());
      facts.put("lastTorn", last.torn());
    }
    return line(Caller.LOCAL, SERVICE, "start", facts, DONE, null);
  }

  @Override
  public String changed(String event, int repeated) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("event", event);
    facts.put("repeated", repeated);
    return line(Caller.LOCAL, SERVICE, "auditFile", facts, DONE, null);
  }

  /** Returns the last line of a run. */
  String stop() {
    return line(Caller.LOCAL, SERVICE, "stop", Map.of(), DONE, null);
  }

  /**
   * Returns the line of an operation that ended.
   *
   * @param code why it was not done, null if it was done or failed
   */
  String operation(OperationContext call, boolean done, @Nullable StatusCode code) {
    Map<String, @Nullable Object> facts = call.facts();
    facts.put("micros", call.micros());
    return line(call.caller(), call.target(), call.operation(), facts, outcome(done, null), code);
  }

  /** Returns how an operation ended, as its line says. */
  static String outcome(boolean done, @Nullable StatusCode code) {
    return code != null ? code.name() : done ? DONE : FAILED;
  }

  /** Returns the line of a call that an endpoint denied. */
  String denied(Caller caller, String target, String operation) {
    return denied(caller, target, operation, Map.of());
  }

  /** Returns the line of reads that an endpoint denied. */
  String deniedReads(DeniedReads.Told told) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("reads", told.number());
    facts.put("since", text(told.since()));
    return denied(told.caller(), told.target(), told.operation(), facts);
  }

  private String denied(Caller caller, String target, String operation, Map<String, ?> facts) {
    return line(
        caller,
        RefusedException.shown(target),
        RefusedException.shown(operation),
        facts,
        FAILED,
        StatusCode.CTGSI0303E);
  }

  /** Returns the line of a failed sign-in. */
  String signInFailed(String account, String endpoint, String address, boolean delayed) {
    Caller caller = new Caller(RefusedException.shown(account), address, endpoint, Permission.VIEW);
    Map<String, Object> facts = Map.of("delayed", delayed);
    return line(caller, SERVICE, "signIn", facts, FAILED, StatusCode.HPDIA0200W);
  }

  /** Returns the line of sessions that ended since their user signed in again. */
  String displaced(String server, Map<String, Object> facts) {
    return line(USER, server, "sessionDisplaced", facts, DONE, null);
  }

  /** A status code takes the place of the outcome. */
  private String line(
      Caller caller,
      String target,
      String operation,
      Map<String, ?> facts,
      String outcome,
      @Nullable StatusCode code) {
    Json line =
        Json.object()
            .member("run", run)
            .member("time", text(clock.instant()))
            .member("caller", caller.name())
            .member("address", caller.address())
            .member("door", caller.endpoint());
    if (!caller.osUser().isEmpty()) {
      line.member("osUser", caller.osUser());
    }
    line.member(SERVER, facts.containsKey(SERVER) ? facts.get(SERVER) : target)
        .member("operation", operation);
    facts.forEach(
        (fact, value) -> {
          if (!fact.equals(SERVER)) {
            line.member(fact, value);
          }
        });
    line.member("outcome", code == null ? outcome : code.name());
    if (code != null) {
      line.member("status", code.status());
    }
    return line.end();
  }

  /** Returns a time to the microsecond; making the text of the second is what takes long. */
  private String text(Instant time) {
    Second known = second;
    if (known == null || known.epochSecond != time.getEpochSecond()) {
      known = Second.of(time);
      second = known;
    }
    int micros = time.getNano() / 1_000;
    return known.text + String.valueOf(1_000_000 + micros).substring(1) + "Z";
  }

  /** A second, and how it is written in UTC, with a point at the end. */
  private record Second(long epochSecond, String text) {
    static Second of(Instant time) {
      String text = time.truncatedTo(ChronoUnit.SECONDS).toString();
      return new Second(time.getEpochSecond(), text.replace('Z', '.'));
    }
  }
}
