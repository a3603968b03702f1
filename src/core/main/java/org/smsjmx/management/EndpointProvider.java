package org.smsjmx.management;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens ports through which an application's MBeans are reached from outside, by accounts with
 * roles. Found by {@link java.util.ServiceLoader}; {@code sms-jmx-server} has one. Applications use
 * it through {@link Endpoints}.
 */
public interface EndpointProvider {

  /**
   * Opens what the settings ask for: an audit at least, and ports if they name some. Where
   * something is wrong with the settings, or a port is taken, it says so in the application's log
   * and opens the rest: an application starts without its ports.
   *
   * @param settings gives the value of a setting such as {@code sms.http.port}, null if it is not
   *     set
   */
  Opened open(Function<String, @Nullable String> settings);

  /** What was opened. */
  interface Opened extends AutoCloseable {

    /** Returns where operations are recorded that come through it. */
    Audit audit();

    /** Closes it, for this application; it is not an error to close it again. */
    @Override
    void close();
  }
}
