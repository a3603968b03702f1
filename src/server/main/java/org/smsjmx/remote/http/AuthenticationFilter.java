package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.smsjmx.management.Caller;
import org.smsjmx.management.StatusCode;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.ClientSocket;

/** HTTP Basic authentication; what comes behind it runs as the caller. */
final class AuthenticationFilter extends Filter {

  private static final String ENDPOINT = "http";
  private static final String BASIC = "Basic ";

  private final Authentication authentication;

  AuthenticationFilter(Authentication authentication) {
    this.authentication = authentication;
  }

  @Override
  public String description() {
    return "asks for name and password";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    Caller caller;
    try {
      caller = caller(exchange);
    } catch (Authentication.FailedException e) {
      LockSupport.parkNanos(e.delay().toNanos());
      throw challenge(exchange);
    }
    if (caller == null) {
      throw challenge(exchange);
    }
    ClientSocket client = ClientSocket.current();
    if (client != null) {
      client.signedIn();
    }
    try (Caller.Scope scope = caller.enter()) {
      chain.doFilter(exchange);
    }
  }

  /**
   * Returns who sends the request.
   *
   * @return null if it carries no name and password
   * @throws Authentication.FailedException if they are wrong
   */
  private @Nullable Caller caller(HttpExchange exchange) throws Authentication.FailedException {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return null;
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
      pair = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return null;
    }
    String address = exchange.getRemoteAddress().getAddress().getHostAddress();
    return authentication.signIn(
        pair.substring(0, colon), pair.substring(colon + 1), ENDPOINT, address);
  }

  /** A browser is not asked for a password: it would send it with requests of any page. */
  private static Refusal challenge(HttpExchange exchange) {
    Headers request = exchange.getRequestHeaders();
    String agent = request.getFirst("User-Agent");
    boolean browser =
        request.containsKey("Sec-Fetch-Mode")
            || (agent != null && agent.toLowerCase(Locale.ROOT).startsWith("mozilla/"));
    if (!browser) {
      exchange
          .getResponseHeaders()
          .set("WWW-Authenticate", "Basic realm=\"sms-jmx\", charset=\"UTF-8\"");
    }
    return new Refusal(
        401, StatusCode.HPDIA0200W.message("User name or password is wrong or missing."));
  }
}
