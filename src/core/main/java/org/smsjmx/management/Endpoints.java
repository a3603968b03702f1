package org.smsjmx.management;

import java.time.InstantSource;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.smsjmx.log.Logs;

/**
 * The ports of an application, and its audit. To be opened before its {@link Management}, which
 * takes the audit, and to be closed after its servers have left. Opening never fails: without a
 * provider, or without settings, there is the audit alone.
 */
public final class Endpoints implements AutoCloseable {

  private static final Logger LOG = Logs.of(Endpoints.class);

  private final EndpointProvider.Opened opened;

  private Endpoints(EndpointProvider.Opened opened) {
    this.opened = opened;
  }

  /**
   * Opens what the settings ask for, by the {@link EndpointProvider} that is found.
   *
   * @param settings gives the value of a setting such as {@code sms.http.port}, null if it is not
   *     set
   * @param loader in which a provider is looked for
   */
  public static Endpoints open(Function<String, @Nullable String> settings, ClassLoader loader) {
    try {
      for (EndpointProvider provider : ServiceLoader.load(EndpointProvider.class, loader)) {
        return new Endpoints(provider.open(settings));
      }
    } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
      LOG.error("the application starts without ports of its own: {}", e.getMessage(), e);
    }
    return new Endpoints(new AuditAlone(new Audit(InstantSource.system(), false)));
  }

  private record AuditAlone(Audit audit) implements EndpointProvider.Opened {
    @Override
    public void close() {
      audit.close();
    }
  }

  /** Returns where the operations of the application are to be recorded. */
  public Audit audit() {
    return opened.audit();
  }

  /** Closes the ports, if no other application uses them. */
  @Override
  public void close() {
    opened.close();
  }
}
