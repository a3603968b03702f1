package org.smsjmx.remote.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a web page comes from, as RFC 6454 has it: two pages are of the same origin if scheme, host
 * and port are the same, where a port that is not named is the scheme's.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case, an IPv6 address in brackets
 * @param port the one that is named, else that of the scheme
 */
public record Origin(String scheme, String host, int port) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * Reads an origin.
   *
   * @param text as {@code https://sms.example.com:8443}
   * @throws IllegalArgumentException if it is none of http or https, or names more than an origin
   */
  public static Origin of(String text) {
    Origin origin = parse(text);
    if (origin == null) {
      throw new IllegalArgumentException(
          "must be an origin as https://sms.example.com:8443, without a path: " + text);
    }
    return origin;
  }

  static @Nullable Origin parse(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme();
      String authority = uri.getRawAuthority();
      if (scheme == null
          || authority == null
          || !text.equalsIgnoreCase(scheme + "://" + authority)
          || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
        return null;
      }
      return of(scheme.toLowerCase(Locale.ROOT), HostName.parse(authority));
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** Returns the origin of pages that a browser finds under a scheme and a Host header. */
  static @Nullable Origin of(String scheme, @Nullable HostName host) {
    if (host == null) {
      return null;
    }
    int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
    return new Origin(scheme, host.name(), host.port() < 0 ? usual : host.port());
  }
}
