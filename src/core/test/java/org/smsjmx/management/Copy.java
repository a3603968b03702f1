package org.smsjmx.management;

import java.util.List;
import java.util.function.Function;
import javax.management.JMException;

/**
 * A copy of this software with one server, as an application has it. It may be in a class loader of
 * its own, so that only classes of the JDK cross.
 */
public interface Copy extends AutoCloseable {

  /** Registers a further server. */
  void register(String server);

  /** Unregisters the servers. */
  void unregister();

  /** Signs a user in so many times. */
  void signIn(String user, int times);

  /** Returns how many sessions live. */
  int sessions();

  /**
   * Sets what the registry says.
   *
   * @param groups the groups of a user, null if there is no such user; what it throws makes the
   *     registry unavailable
   */
  void registry(Function<String, List<String>> groups);

  /** Returns the names of those in whose name sessions were ended or refreshed. */
  List<String> callers();

  /** Ends a user's sessions at a server, as code of this application. */
  void terminate(String server, String user) throws JMException;

  /** Unregisters the servers and ends what runs. */
  @Override
  void close();
}
