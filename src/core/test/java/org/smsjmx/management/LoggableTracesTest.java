package org.smsjmx.management;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class LoggableTracesTest {

  @Test
  void classesOfAnOperationsTraceAreThereOrCannotBeFoundAsLoggersExpect() {
    LoggableTraces.prepare();

    assertThatThrownBy(() -> Class.forName(LoggableTraces.REFUSING))
        .isInstanceOfAny(NoClassDefFoundError.class, ClassNotFoundException.class);
  }
}
