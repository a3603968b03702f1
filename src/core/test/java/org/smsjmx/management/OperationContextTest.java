package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

/** What a thread is about. */
final class OperationContextTest {

  private static final Caller ANNA = new Caller("anna", "10.0.0.1", "app", Permission.VIEW);

  @Test
  void anOperationThatAnotherOneCallsLeavesItsFactsAlone() {
    try (Caller.Scope scope = ANNA.enter()) {
      OperationContext outer = OperationContext.begin("cruz", "outer");
      outer.note("user", "dlucas");

      OperationContext inner = OperationContext.begin("Service", "inner");
      inner.note("level", 3);
      assertThat(inner.caller()).isEqualTo(ANNA);
      inner.end();

      assertThat(OperationContext.current()).isSameAs(outer);
      assertThat(outer.operation()).isEqualTo("outer");
      assertThat(outer.facts()).containsExactly(entry("user", "dlucas"));
      outer.end();
    }
  }

  @Test
  void nothingOfAnOperationReachesTheNextOne() {
    OperationContext first = OperationContext.begin("cruz", "first");
    first.note("user", "dlucas");
    first.end();
    OperationContext.current().note("noted", "while nothing runs");

    OperationContext second = OperationContext.begin("cruz", "second");
    assertThat(second.facts()).isEmpty();
    second.end();
  }

  @Test
  void aCallerIsTheCallerUntilItsScopeIsClosed() {
    try (Caller.Scope scope = ANNA.enter()) {
      assertThat(Caller.current()).isEqualTo(ANNA);
    }
    assertThat(Caller.current()).isEqualTo(Caller.LOCAL);
  }
}
