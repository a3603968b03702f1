package org.smsjmx.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smsjmx.application.SessionService;
import org.smsjmx.management.Caller;
import org.smsjmx.management.Permission;
import org.smsjmx.session.EndReason;
import org.smsjmx.session.SessionId;
import org.smsjmx.session.UserInRealm;
import org.smsjmx.spring.TestService;

class SmsMetricsTest {

  private final SessionService service = TestService.open();
  private final SmsMetrics metrics = new SmsMetrics(service); // meters refer to it weakly
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    service.close();
  }

  private SessionId signIn(String user) {
    return service.sessions().signIn(new UserInRealm(user, service.realm()), service.server());
  }

  @Test
  void sessionsAreMeteredByWhatBecameOfThem() {
    metrics.bindTo(registry);
    for (int i = 0; i < 6; i++) {
      signIn("johnq");
    }
    service.sessions().signOut(signIn("dlucas"));
    service.sessions().terminate(signIn("dlucas"));
    service.sessions().terminate(signIn("dlucas"));
    service.sessions().end(signIn("dlucas"), EndReason.EXPIRED);
    service.sessions().refreshAll(new UserInRealm("johnq", service.realm()));

    assertThat(registry.get("sms.sessions").gauge().value()).isEqualTo(6);
    assertThat(registry.get("sms.sessions.begun").functionCounter().count()).isEqualTo(10);
    assertThat(ended("user")).isEqualTo(1);
    assertThat(ended("administrator")).isEqualTo(2);
    assertThat(ended("time")).isEqualTo(1);
    assertThat(ended("limit")).isZero();
    assertThat(registry.get("sms.credentials.refreshed").functionCounter().count()).isEqualTo(6);
  }

  private double ended(String by) {
    return registry.get("sms.sessions.ended").tag("by", by).functionCounter().count();
  }

  @Test
  void operationsAreCountedByNameAndOutcome() {
    metrics.bindTo(registry);
    ManagedServer server = new ManagedServer(service.server());
    Caller viewer = new Caller("alice", "", "actuator", Permission.VIEW);
    server.call(Caller.LOCAL, "terminateAllSessions", "dlucas", "shop");
    server.call(Caller.LOCAL, "terminateAllSessions", "dlucas", "shop");
    assertThatThrownBy(() -> server.call(viewer, "terminateAllSessions", "dlucas", "shop"))
        .isInstanceOf(SecurityException.class);
    assertThatThrownBy(() -> server.call(Caller.LOCAL, "refreshAllSessions", "nobody", "shop"))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(operations("terminateAllSessions", "done")).isEqualTo(2);
    assertThat(operations("terminateAllSessions", "denied")).isEqualTo(1);
    assertThat(operations("refreshAllSessions", "refused")).isEqualTo(1);
    assertThat(operations("listSessions", "done")).isZero();
    assertThat(operations("listSessions", "failed")).isZero();
  }

  private double operations(String operation, String outcome) {
    return registry
        .get("sms.operations")
        .tags("operation", operation, "outcome", outcome)
        .functionCounter()
        .count();
  }

  @Test
  void tagsAreServerAndRealmAndNameNoUser() {
    metrics.bindTo(registry);
    signIn("dlucas");

    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .allSatisfy(
            id -> {
              assertThat(id.getTag("server")).isEqualTo(service.server());
              assertThat(id.getTag("realm")).isEqualTo("shop");
              assertThat(id.getTags())
                  .extracting(Tag::getKey)
                  .isSubsetOf("server", "realm", "by", "operation", "outcome");
            });
  }
}
