package org.smsjmx.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of clients: one, or all that begin with the same bits (CIDR, RFC 4632 and RFC 4291,
 * 2.3). No name is ever looked up.
 */
final class AddressRange {

  private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
  private static final Pattern RANGE = Pattern.compile("([^/]+)(?:/(0|[1-9]\\d{0,2}))?");

  private final byte[] prefix;
  private final int bits;

  private AddressRange(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Reads a range.
   *
   * @param text an address such as {@code 10.1.2.3} or {@code 2001:db8::1}, or a network such as
   *     {@code 10.0.0.0/8}
   * @throws IllegalArgumentException if it is neither, or if bits beyond the prefix are set
   */
  static AddressRange parse(String text) {
    Matcher parts = RANGE.matcher(text);
    byte[] address = parts.matches() ? address(parts.group(1)) : null;
    if (address == null) {
      throw new IllegalArgumentException("an IP address, or a network such as 10.0.0.0/8");
    }
    int most = address.length * Byte.SIZE;
    int bits = parts.group(2) == null ? most : Integer.parseInt(parts.group(2));
    if (bits > most) {
      throw new IllegalArgumentException("a network with a prefix of at most " + most + " bits");
    }
    byte[] network = masked(address, bits);
    if (!Arrays.equals(network, address)) {
      throw new IllegalArgumentException(
          "a network without bits beyond its prefix, such as %s/%d"
              .formatted(shown(network), bits));
    }
    return new AddressRange(network, bits);
  }

  /**
   * Returns whether an address is in the range.
   *
   * @param text a session's address as its application gave it; what is no address is in no range
   */
  boolean contains(@Nullable String text) {
    byte[] address = text == null ? null : address(withoutZone(text));
    return address != null
        && address.length == prefix.length
        && Arrays.equals(masked(address, bits), prefix);
  }

  /** A link-local address may name its interface, as in {@code fe80::1%eth0} (RFC 4007, 11). */
  private static String withoutZone(String text) {
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  /**
   * Returns an address' bytes, those of IPv4 also for one that is mapped to IPv6; null if it is
   * none. Only texts that cannot be a host's name reach the JDK, which would look it up.
   */
  private static byte @Nullable [] address(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static byte[] masked(byte[] address, int bits) {
    byte[] masked = address.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
      masked[i] &= (byte) (0xFF << (Byte.SIZE - kept));
    }
    return masked;
  }

  private static String shown(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
