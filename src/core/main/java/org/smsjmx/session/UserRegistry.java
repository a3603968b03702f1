package org.smsjmx.session;

/** Where credentials come from. */
public interface UserRegistry {

  /**
   * Reads a user's present credential. May wait for another machine, so it is called outside every
   * lock.
   *
   * @param user user name, letter case ignored
   * @return the credential
   * @throws UnknownUserException if there is no such user
   * @throws RegistryUnavailableException if the registry does not answer
   */
  Credential read(String user);

  /**
   * Returns whether reading the user asks somebody who may fail to answer. Only such readings tell
   * whether the registry is available.
   *
   * @param user user name
   */
  default boolean asksFor(String user) {
    return true;
  }

  /** Says that the registry has no such user. */
  final class UnknownUserException extends RuntimeException {
    public UnknownUserException(String user) {
      super("the user registry has no user " + user);
    }
  }

  /** Says that the registry did not answer, and why. */
  final class RegistryUnavailableException extends RuntimeException {
    public RegistryUnavailableException(String reason) {
      super(reason);
    }
  }
}
