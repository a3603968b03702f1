package org.smsjmx.management;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jolokia.json.JSONWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one JSON line for each operation to the logger {@code sms.audit}. Lines are numbered in
 * the order in which they are written, from 1 in each run, so that a missing one shows.
 */
final class Audit {

  private static final Logger LOG = LoggerFactory.getLogger("sms.audit");

  private final InstantSource clock;
  private final String run;
  private long number;

  Audit(InstantSource clock) {
    this.clock = clock;
    this.run = clock.instant().toString();
  }

  /** Writes the line of a call that ended. */
  void write(Call call, String outcome, String status) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    synchronized (this) {
      line.put("number", ++number);
      line.put("run", run);
      line.put("time", clock.instant().toString());
      line.put("caller", call.caller().name());
      line.put("address", call.caller().address());
      line.put("door", call.caller().door());
      line.put("server", call.target());
      line.put("operation", call.operation());
      line.putAll(call.facts());
      line.put("outcome", outcome);
      if (!status.isEmpty()) {
        line.put("status", status);
      }
      line.put("micros", call.micros());
      LOG.info(json(line));
    }
  }

  private static String json(Map<String, @Nullable Object> line) {
    StringWriter json = new StringWriter();
    try {
      JSONWriter.serialize(line, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return json.toString();
  }
}
