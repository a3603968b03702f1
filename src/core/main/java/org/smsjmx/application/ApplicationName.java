package org.smsjmx.application;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.smsjmx.topology.ServerName;

/**
 * Makes the name of a server, {@code <instance>-<host>}, of what an application is called. Letters,
 * digits, dot, underscore and hyphen stay; any other character becomes an underscore and the
 * hexadecimal digits of its UTF-8 bytes.
 */
public final class ApplicationName {

  private static final int LONGEST = 100;

  private ApplicationName() {}

  /**
   * Returns what an application is called, in characters that a name may have.
   *
   * @param text any text
   * @return of 1 to 100 characters
   */
  public static String allowed(String text) {
    StringBuilder name = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-')) {
                name.append((char) c);
              } else {
                name.append('_');
                for (byte each : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  name.append(Integer.toHexString(each & 0xFF));
                }
              }
            });
    return name.isEmpty() ? "_" : name.substring(0, Math.min(name.length(), LONGEST));
  }

  /**
   * Returns the name of a web application's instance: its context path without the first slash,
   * with dots for the others; {@code ROOT} for the empty one.
   *
   * @param contextPath as the Servlet API gives it
   * @param version the version by which the container tells apart applications at one path, null or
   *     empty if there is none
   */
  public static String ofContext(String contextPath, @Nullable String version) {
    String path = contextPath.startsWith("/") ? contextPath.substring(1) : contextPath;
    String name = path.isEmpty() ? "ROOT" : allowed(path.replace('/', '.'));
    return version == null || version.isEmpty() ? name : allowed(name + "." + version);
  }

  /**
   * Returns the name of a server on this host.
   *
   * @param instance as {@link #allowed} returns it
   * @param number 1, or which server of that name on the host it is
   */
  static ServerName server(String instance, int number) {
    String numbered = number == 1 ? instance : instance + "." + number;
    return new ServerName(numbered + "-" + allowed(host()));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
