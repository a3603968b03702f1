package org.smsjmx.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of a service. */
final class PartsTest {

  private final List<String> closed = new ArrayList<>();
  private final Parts parts = new Parts();

  private AutoCloseable failing(Exception failure) {
    return () -> {
      closed.add(failure.getMessage());
      throw failure;
    };
  }

  @Test
  void everyPartIsClosedAlsoAfterOneThatFails() {
    parts.add(() -> closed.add("audit"));
    parts.add(failing(new IOException("second")));
    parts.add(failing(new IllegalArgumentException("first")));

    assertThatIllegalStateException()
        .isThrownBy(parts::close)
        .withMessage("first")
        .withCauseInstanceOf(IllegalArgumentException.class)
        .satisfies(
            e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(IOException.class));
    assertThat(closed).containsExactly("first", "second", "audit");

    parts.close();
    assertThat(closed).hasSize(3);
  }
}
