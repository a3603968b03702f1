package org.smsjmx.topology;

import org.jspecify.annotations.Nullable;

/**
 * The name of a server: instance and host, joined by a hyphen.
 *
 * @param value full name as {@code server list} prints it
 */
public record ServerName(String value) implements Comparable<ServerName> {

  private static final String WEB_SERVER = "-webseald-";

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it is not {@value Topology#NAME_RULE}
   */
  public ServerName {
    Topology.requireName("server", value);
  }

  /** Returns the instance, {@code default-webseald} of {@code default-webseald-cruz}. */
  public String instanceName() {
    return value.substring(0, hyphen());
  }

  /** Returns the host, {@code cruz} of {@code default-webseald-cruz}; empty if none is named. */
  public String hostName() {
    return value.substring(Math.min(hyphen() + 1, value.length()));
  }

  /** After the first {@value #WEB_SERVER}, else at the first hyphen. */
  private int hyphen() {
    int web = value.indexOf(WEB_SERVER);
    if (web >= 0) {
      return web + WEB_SERVER.length() - 1;
    }
    int first = value.indexOf('-');
    return first >= 0 ? first : value.length();
  }

  @Override
  public int compareTo(ServerName other) {
    return value.compareTo(other.value);
  }

  /**
   * Written out, like {@link #hashCode}: Java makes those of a record when they are first called,
   * which took 0.015 s of each start.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerName that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
