package org.smsjmx.cli;

import org.jspecify.annotations.Nullable;
import org.smsjmx.management.StatusCode;

/** Who is logged in, with the one connection, which is made anew when it was lost. */
final class Access implements AutoCloseable {

  private final int timeoutSeconds;
  private @Nullable Login login;
  private @Nullable Connection connection;

  Access(int timeoutSeconds) {
    this.timeoutSeconds = timeoutSeconds;
  }

  /** Returns who is logged in, null if nobody is. */
  @Nullable Login login() {
    return login;
  }

  /**
   * Logs in. A former login has ended also when this one fails, so that nothing is done in the
   * wrong name.
   */
  void logIn(Login next) throws Failure {
    logOut();
    connection = Connection.open(next, timeoutSeconds);
    login = next;
  }

  void logOut() {
    close();
    login = null;
  }

  /**
   * Asks the service.
   *
   * @throws Failure if nobody is logged in, or the service refuses or does not answer
   */
  <T> T ask(Connection.Question<T> question) throws Failure {
    for (boolean again = false; ; again = true) {
      try {
        return connected().ask(question);
      } catch (Connection.LostException e) {
        close();
        if (e.mayHaveBeenAsked()) {
          throw new Failure(
              "The connection was lost ("
                  + Connection.reason(e)
                  + "); whether the request was done is not known.");
        }
        if (again) {
          throw new Failure("The connection was lost: " + Connection.reason(e) + ".");
        }
      }
    }
  }

  private Connection connected() throws Failure {
    if (login == null) {
      throw new Failure(
          StatusCode.HPDMS4047E, "Start pdadmin with -l or -a, or use the command login.");
    }
    Connection current = connection;
    if (current == null) {
      current = Connection.open(login, timeoutSeconds);
      connection = current;
    }
    return current;
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
