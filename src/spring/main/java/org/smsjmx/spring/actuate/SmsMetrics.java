package org.smsjmx.spring.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.smsjmx.application.SessionService;
import org.smsjmx.session.SessionTotals;

/**
 * Meters of the application's server, tagged by server and realm; no tag names a user. Prometheus
 * gets the names that {@code jmx-config/prometheus-exporter.yaml} has: {@code sms_sessions}, {@code
 * sms_sessions_begun_total}, {@code sms_sessions_ended_total}, {@code
 * sms_credentials_refreshed_total}, {@code sms_operations_total}.
 */
public final class SmsMetrics implements MeterBinder {

  /** How operations end, and the attribute that counts those. */
  private static final Map<String, String> OUTCOMES =
      Map.of(
          "done", "OperationsTotal",
          "refused", "OperationsRefusedTotal",
          "denied", "OperationsDeniedTotal",
          "failed", "OperationsFailedTotal");

  private final SessionService service;
  private final ManagedServer server;

  /**
   * Binds nothing yet.
   *
   * @param service the application's sessions
   */
  public SmsMetrics(SessionService service) {
    this.service = service;
    this.server = new ManagedServer(service.server());
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Tags tags = Tags.of("server", service.server(), "realm", service.realm());
    Gauge.builder("sms.sessions", this, metrics -> known(metrics.totals().sessions()))
        .description("Live sessions")
        .tags(tags)
        .register(registry);
    count(registry, "sms.sessions.begun", "Sign-ins of users", tags, SessionTotals::signedIn);
    ended(registry, tags.and("by", "user"), SessionTotals::signedOut);
    ended(registry, tags.and("by", "administrator"), SessionTotals::terminated);
    ended(registry, tags.and("by", "time"), SessionTotals::expired);
    ended(registry, tags.and("by", "limit"), SessionTotals::displaced);
    count(
        registry,
        "sms.credentials.refreshed",
        "Credentials replaced in sessions",
        tags,
        SessionTotals::refreshed);
    OUTCOMES.forEach(
        (outcome, attribute) -> {
          for (String operation : server.counts(attribute).keySet()) {
            FunctionCounter.builder(
                    "sms.operations",
                    this,
                    metrics -> metrics.server.counts(attribute).getOrDefault(operation, 0L))
                .description("Operations called")
                .tags(tags.and("operation", operation, "outcome", outcome))
                .register(registry);
          }
        });
  }

  private void ended(MeterRegistry registry, Tags tags, ToLongFunction<SessionTotals> total) {
    count(
        registry,
        "sms.sessions.ended",
        "Sessions that ended, by who or what ended them",
        tags,
        total);
  }

  private void count(
      MeterRegistry registry,
      String name,
      String description,
      Tags tags,
      ToLongFunction<SessionTotals> total) {
    FunctionCounter.builder(name, this, metrics -> known(total.applyAsLong(metrics.totals())))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private static double known(long total) {
    return total == SessionTotals.UNKNOWN ? Double.NaN : total;
  }

  private SessionTotals totals() {
    return service
        .sessions()
        .totalsOfServer(service.server())
        .getOrDefault(service.realm(), SessionTotals.NONE);
  }
}
