package org.smsjmx.remote.jmx;

import java.time.Duration;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.smsjmx.remote.ClientSocket;
import org.smsjmx.remote.LargeAnswers;
import org.smsjmx.remote.Signatures;

/**
 * Bounds what answers to JMX clients take: RMI holds an answer as objects until the client has read
 * it, however slowly.
 */
final class JmxAnswers {

  /** How long a large answer may take, until the client has it. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Signatures signatures;
  private final LargeAnswers large;

  JmxAnswers(MBeanServer mbeans, LargeAnswers large) {
    this.signatures = new Signatures(mbeans);
    this.large = large;
  }

  /**
   * Waits until the answer of an operation may be made. If it may be large, the client's connection
   * has the turn until it has sent the answer.
   *
   * @throws IllegalStateException if too many wait
   */
  void awaitTurn(ObjectName mbean, String operation) {
    ClientSocket client = ClientSocket.current();
    if (client != null
        && !signatures.of(mbean, operation).stream()
            .allMatch(Signatures.Operation::returnsLittle)) {
      try {
        large.begin();
      } catch (LargeAnswers.BusyException e) {
        // clients do not have our classes
        throw new IllegalStateException(e.getMessage());
      }
      client.untilAnswered(large::end, LONGEST);
    }
  }
}
