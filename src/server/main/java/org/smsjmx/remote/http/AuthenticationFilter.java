package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.smsjmx.management.Caller;
import org.smsjmx.remote.Authentication;
import org.smsjmx.remote.ClientSocket;

/** HTTP Basic authentication; what comes behind it runs as the caller. */
final class AuthenticationFilter extends Filter {

  private static final String ENDPOINT = "http";
  private static final String BASIC = "Basic ";

  private final Authentication authentication;
  private final boolean vouched;

  /**
   * @param authentication checks names and passwords
   * @param vouched whether a certificate vouches for each client
   */
  AuthenticationFilter(Authentication authentication, boolean vouched) {
    this.authentication = authentication;
    this.vouched = vouched;
  }

  /** What a connection has shown before, so that each connection is checked once. */
  private record Shown(String authorization, Authentication.SignIn signIn) {}

  @Override
  public String description() {
    return "asks for name and password";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    Caller caller;
    try {
      caller = caller(exchange);
    } catch (Authentication.RefusedException e) {
      throw e.isUnchecked() ? tooMany(exchange, e) : challenge(exchange, e);
    }
    try (Caller.Scope scope = caller.enter()) {
      chain.doFilter(exchange);
    }
  }

  private Caller caller(HttpExchange exchange) throws Authentication.RefusedException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null) {
      throw Authentication.missing();
    }
    String address = exchange.getRemoteAddress().getAddress().getHostAddress();
    ClientSocket client = ClientSocket.current();
    if (client != null
        && client.remembered() instanceof Shown shown
        && shown.authorization.equals(authorization)) {
      Caller caller = authentication.caller(shown.signIn, address);
      if (caller != null) {
        return caller;
      }
    }
    Authentication.SignIn signIn = signIn(authorization, address);
    Caller caller = authentication.caller(signIn, address);
    if (caller == null) {
      throw Authentication.missing();
    }
    if (client != null) {
      client.signedIn();
      client.remember(new Shown(authorization, signIn));
    }
    return caller;
  }

  private Authentication.SignIn signIn(String authorization, String address)
      throws Authentication.RefusedException {
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      throw Authentication.missing();
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      pair = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Authentication.missing();
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw Authentication.missing();
    }
    return authentication.signIn(
        pair.substring(0, colon), pair.substring(colon + 1), ENDPOINT, address, vouched);
  }

  private static Refusal tooMany(HttpExchange exchange, Authentication.RefusedException e) {
    exchange.getResponseHeaders().set("Retry-After", "1");
    return new Refusal(429, e.text());
  }

  /** A browser is not asked for a password: it would send it with requests of any page. */
  private static Refusal challenge(HttpExchange exchange, Authentication.RefusedException e) {
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
    return new Refusal(401, e.text());
  }
}
