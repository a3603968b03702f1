package org.smsjmx.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where credentials come from. */
public interface UserRegistry {

  /**
   * Reads a user's present credential. May wait for another machine, so it is called outside every
   * lock.
   *
   * @param user user name, as it was typed at sign-in
   * @return the credential; its groups and values stand in an order that depends on nothing but
   *     which they are, so that two readings that say the same are equal
   * @throws UnknownUserException if there is no such user
   * @throws NoCredentialException if the registry answers, but its answer gives no credential
   * @throws RegistryUnavailableException if the registry does not answer
   */
  Credential read(String user);

  /**
   * Returns whether reading the user asks another machine, which may fail to answer. Only such
   * readings tell whether the registry is available.
   *
   * @param user user name
   */
  default boolean asksFor(String user) {
    return true;
  }

  /**
   * Returns since when credentials are those of an older content, and why; null if they are up to
   * date. Looks at the registry where that costs little.
   */
  default @Nullable Stale stale() {
    return null;
  }

  /**
   * A registry whose content cannot be read, and whose last good one is in use.
   *
   * @param since when that was first seen
   * @param lasting for how long that is so, whatever the clock was set to meanwhile
   * @param reason why it cannot be read
   */
  record Stale(Instant since, Duration lasting, String reason) {}

  /** Says that the registry has no such user. */
  final class UnknownUserException extends RuntimeException {
    public UnknownUserException(String user) {
      super("the user registry has no user " + user);
    }
  }

  /**
   * Says that the registry answered, but that what it says of this user gives no credential, and
   * why: the answer is not complete, two entries have the name, the account is disabled. It
   * concerns nobody else.
   */
  final class NoCredentialException extends RuntimeException {
    public NoCredentialException(String reason) {
      super(reason);
    }
  }

  /** Says that the registry did not answer, and why. */
  final class RegistryUnavailableException extends RuntimeException {
    public RegistryUnavailableException(String reason) {
      super(reason);
    }
  }
}
