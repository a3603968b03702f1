package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests for a host that this server is not. A web page elsewhere can let its own name
 * lead here, by DNS, and is then of the same origin to a browser; the {@code Host} header still
 * says that name. Ports are not compared, since a proxy or a container may have changed them.
 */
final class HostFilter extends Filter {

  private final Set<String> hosts;
  private final Supplier<Set<String>> certified;

  /**
   * @param hosts names in lower case
   * @param certified asked for the names in the certificate
   */
  HostFilter(Set<String> hosts, Supplier<Set<String>> certified) {
    this.hosts = hosts;
    this.certified = certified;
  }

  @Override
  public String description() {
    return "refuses requests for other hosts";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    String header = exchange.getRequestHeaders().getFirst("Host");
    if (header != null && !isOurs(HostName.parse(header), exchange)) {
      throw new Refusal(
          421,
          "The Host header names no address or name of this server; http.hosts in sms.yaml adds"
              + " names.");
    }
    chain.doFilter(exchange);
  }

  private boolean isOurs(@Nullable HostName host, HttpExchange exchange) {
    if (host == null) {
      return false;
    }
    if (host.isAddress()) {
      return isOurAddress(host.address(), exchange) || hosts.contains(host.name());
    }
    return host.name().equals("localhost")
        || hosts.contains(host.name())
        || certified.get().stream().anyMatch(name -> covers(name, host.name()));
  }

  /** A star stands for the first part of a name, as certificates have it. */
  private static boolean covers(String certified, String name) {
    if (!certified.startsWith("*.")) {
      return certified.equals(name);
    }
    int point = name.indexOf('.');
    return point > 0 && name.substring(point).equals(certified.substring(1));
  }

  private static boolean isOurAddress(String text, HttpExchange exchange) {
    try {
      InetAddress address = InetAddress.getByName(text); // an address, so nothing is looked up
      return address.isLoopbackAddress()
          || address.equals(exchange.getLocalAddress().getAddress())
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      return false;
    }
  }
}
