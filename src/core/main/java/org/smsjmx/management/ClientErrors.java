package org.smsjmx.management;

import java.util.Objects;
import javax.management.RuntimeMBeanException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;
import org.smsjmx.session.SessionTable;
import org.smsjmx.session.Sessions;
import org.smsjmx.session.SignIn;
import org.smsjmx.session.SignInRefusedException;
import org.smsjmx.session.UserRegistry;

/**
 * Turns what an operation throws into what clients read: a class that every client has, without a
 * cause. A class of ours would reach an RMI client as ClassNotFoundException, without the text.
 */
final class ClientErrors {

  private static final Logger LOG = Logs.of(ClientErrors.class);

  private ClientErrors() {}

  /** Returns the reason behind an exception; one that the domain refused has its status code. */
  static RuntimeException reasonOf(RuntimeException thrown) {
    if (thrown instanceof RuntimeMBeanException wrapped) {
      return reasonOf(wrapped.getTargetException());
    }
    if (thrown instanceof UserRegistry.UnknownUserException) {
      return new RefusedException(StatusCode.HPDMG0754W, sentence(thrown.getMessage()));
    }
    if (thrown instanceof SignInRefusedException refused
        && refused.reason() == SignIn.Refused.LIMIT_REACHED) {
      return new RefusedException(StatusCode.CTGSI0304W, sentence(thrown.getMessage()));
    }
    if (thrown instanceof SessionTable.UnsupportedException) {
      return new RefusedException(StatusCode.DPWAP0105E, sentence(thrown.getMessage()));
    }
    if (thrown instanceof IllegalArgumentException) {
      // the JDK's own, for a null where a number must be, has no text
      String rule = Objects.requireNonNullElse(thrown.getMessage(), "an argument is missing");
      return new RefusedException(StatusCode.CTGSI0313E, sentence(rule));
    }
    return thrown;
  }

  /** Returns what the client of an operation gets to read; logs a reason that it does not get. */
  static RuntimeException shownFor(RuntimeException reason, String operation) {
    if (reason instanceof RefusedException refused) {
      return refused.code() == StatusCode.CTGSI0303E
          ? new SecurityException(refused.getMessage())
          : new IllegalArgumentException(refused.getMessage());
    }
    if (reason instanceof UserRegistry.NoCredentialException) {
      return new IllegalStateException(
          "The user registry gives no credential: %s; sessions keep theirs."
              .formatted(reason.getMessage()));
    }
    if (reason instanceof UserRegistry.RegistryUnavailableException) {
      return new IllegalStateException(
          "The user registry is not available: %s; sessions keep their credential."
              .formatted(reason.getMessage()));
    }
    if (reason instanceof SessionTable.UnavailableException unavailable) {
      return new IllegalStateException(
          "Sessions are not available: %s%s"
              .formatted(
                  unavailable.getMessage(),
                  unavailable.mayBeDone() ? "; calling again is safe." : "."));
    }
    if (reason instanceof Peers.FailedException) {
      return new IllegalStateException(reason.getMessage());
    }
    if (reason instanceof SignInRefusedException refused) {
      return new IllegalStateException(sentence(refused.getMessage()));
    }
    if (reason instanceof Sessions.RefreshUnderWayException
        || reason instanceof SignInPolicies.NotWrittenException
        || reason instanceof Audit.UnavailableException) {
      return new IllegalStateException(sentence(reason.getMessage()));
    }
    LOG.error("{} failed", operation, reason);
    return new IllegalStateException("%s failed; see the server's log.".formatted(operation));
  }

  private static String sentence(@Nullable String text) {
    return text == null || text.isEmpty()
        ? ""
        : Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}
