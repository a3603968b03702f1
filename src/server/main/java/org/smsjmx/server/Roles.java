package org.smsjmx.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smsjmx.config.ConfigException;
import org.smsjmx.config.EndpointConfig;
import org.smsjmx.files.WatchedFile;
import org.smsjmx.management.Permission;

/**
 * What accounts may do, as sms.yaml says now. It is watched from the first {@link #look} on, so
 * that the start does not read it twice; what else is changed in it counts at the next start.
 */
final class Roles implements Supplier<Map<String, Permission>> {

  private final @Nullable Path config;
  private volatile Map<String, Permission> roles;
  private volatile @Nullable String problem;
  private @Nullable WatchedFile<Map<String, Permission>> watched;

  /**
   * @param config sms.yaml, null for none
   * @param atStart what it said at the start
   */
  Roles(@Nullable Path config, Map<String, Permission> atStart) {
    this.config = config;
    this.roles = atStart;
  }

  @Override
  public Map<String, Permission> get() {
    return roles;
  }

  /** Reads the file again if it has changed; to be called again and again, by one thread. */
  void look() {
    if (config == null) {
      return;
    }
    try {
      WatchedFile<Map<String, Permission>> file = watched;
      if (file == null) {
        file = new WatchedFile<>(config, Duration.ZERO, Roles::read);
        watched = file;
      }
      roles = file.current();
      WatchedFile.Failure failure = file.failure();
      problem = failure == null ? null : failure.reason();
    } catch (IOException | RuntimeException e) {
      // what accounts have lost is taken from them nevertheless
      problem = Objects.requireNonNullElse(e.getMessage(), e.toString());
    }
  }

  /** Returns why roles are those of before, null if they are what the file says. */
  @Nullable String problem() {
    return problem;
  }

  private static Map<String, Permission> read(Path file) throws IOException {
    try {
      return EndpointConfig.readAccounts(file);
    } catch (ConfigException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
