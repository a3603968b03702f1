package org.smsjmx.management;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.ServiceMXBean.OperationView;

/** The last operations that changed something or failed; and how a line of the audit is shown. */
final class RecentOperations {

  private static final int MOST = 100;
  private static final int UNKNOWN = -1;

  private final Deque<OperationView> last = new ArrayDeque<>();

  /**
   * Notes an operation that ended.
   *
   * @param outcome as the audit says it
   */
  void note(OperationContext call, Instant now, String outcome) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("server", call.target());
    line.putAll(call.facts());
    line.put("time", now.truncatedTo(ChronoUnit.MICROS).toString()); // as the audit has it
    line.put("caller", call.caller().name());
    line.put("address", call.caller().address());
    line.put("door", call.caller().endpoint());
    line.put("operation", call.operation());
    line.put("outcome", outcome);
    line.put("micros", call.micros());
    OperationView noted = view(line);
    synchronized (this) {
      if (last.size() == MOST) {
        last.removeLast();
      }
      last.addFirst(noted);
    }
  }

  /** Returns them, the last one first. */
  synchronized List<OperationView> views() {
    return Collections.unmodifiableList(new ArrayList<>(last));
  }

  /** Returns what a line of the audit says, in texts that can be shown. */
  static OperationView view(Map<String, @Nullable Object> line) {
    return new OperationView(
        text(line, "time"),
        text(line, "operationId"),
        text(line, "caller"),
        text(line, "address"),
        text(line, "door"),
        text(line, "server"),
        text(line, "operation"),
        text(line, "user"),
        text(line, "realm"),
        text(line, line.get("selection") == null ? "pattern" : "selection"),
        text(line, "reason"),
        number(line, "sessions"),
        text(line, "outcome"),
        number(line, "micros"));
  }

  private static String text(Map<String, @Nullable Object> line, String member) {
    Object value = line.get(member);
    return value == null ? "" : RefusedException.shown(value.toString());
  }

  private static long number(Map<String, @Nullable Object> line, String member) {
    return line.get(member) instanceof Number number ? number.longValue() : UNKNOWN;
  }
}
