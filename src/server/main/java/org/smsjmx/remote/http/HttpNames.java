package org.smsjmx.remote.http;

import java.util.Set;

/**
 * Under which names clients reach the endpoint, and which web pages may use it.
 *
 * @param hosts names beside those that the server knows by itself, in lower case
 * @param origins of other pages that may send requests
 */
public record HttpNames(Set<String> hosts, Set<Origin> origins) {

  /** No further ones. */
  public static final HttpNames NONE = new HttpNames(Set.of(), Set.of());

  public HttpNames {
    hosts = Set.copyOf(hosts);
    origins = Set.copyOf(origins);
  }

  /**
   * Returns a name as hosts hold it.
   *
   * @throws IllegalArgumentException if it is no name of a host
   */
  public static String host(String text) {
    HostName host = HostName.parse(text);
    if (host == null || host.port() >= 0) {
      throw new IllegalArgumentException("must be the name of a host, without a port: " + text);
    }
    return host.name();
  }
}
