package org.smsjmx.remote.http;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a {@code Host} header.
 *
 * @param name in lower case, an IPv6 address in brackets; without the point at the end that a full
 *     name may have
 * @param port -1 if none is named
 */
record HostName(String name, int port) {

  /** Names as DNS has them, and with the underscores that container networks have. */
  private static final Pattern HOST =
      Pattern.compile("([a-z0-9_.-]+|\\[[0-9a-f:.]+\\])(?::(\\d{0,5}))?");

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Returns null if it is none. */
  static @Nullable HostName parse(String header) {
    Matcher matcher = HOST.matcher(header.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return null;
    }
    String name = matcher.group(1);
    if (name.length() > 1 && name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    String port = matcher.group(2);
    return new HostName(name, port == null || port.isEmpty() ? -1 : Integer.parseInt(port));
  }

  /** Returns whether it is an address and no name. */
  boolean isAddress() {
    return name.startsWith("[") || IPV4.matcher(name).matches();
  }

  /** Returns the address without brackets. */
  String address() {
    return name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
  }
}
