package org.smsjmx.remote.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a web page of another origin makes a browser send: the browser then says so in
 * {@code Origin} or {@code Sec-Fetch-Site}, which a page cannot change. Pages of configured origins
 * may send requests, and browsers are told so as CORS has it.
 */
final class OriginFilter extends Filter {

  private final boolean tls;
  private final Set<Origin> allowed;

  /**
   * @param tls whether clients come by TLS
   * @param allowed origins of other pages that may send requests
   */
  OriginFilter(boolean tls, Set<Origin> allowed) {
    this.tls = tls;
    this.allowed = allowed;
  }

  @Override
  public String description() {
    return "refuses requests of foreign web pages";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    Headers request = exchange.getRequestHeaders();
    String header = request.getFirst("Origin");
    Origin origin = header == null ? null : Origin.parse(header);
    if (header != null && origin != null && allowed.contains(origin)) {
      Headers answer = exchange.getResponseHeaders();
      answer.set("Access-Control-Allow-Origin", header);
      answer.set("Vary", "Origin");
      if (isPreflight(exchange)) {
        answer.set("Access-Control-Allow-Methods", "GET, POST");
        answer.set(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, " + JolokiaHandler.STATUS_HEADER);
        answer.set("Access-Control-Max-Age", "600");
        exchange.sendResponseHeaders(204, -1);
        return;
      }
    } else if ((header != null && !isOwn(origin, request.getFirst("Host")))
        || isCrossSite(request.getFirst("Sec-Fetch-Site"))) {
      throw new Refusal(403, "Requests from web pages of other origins are refused.");
    }
    chain.doFilter(exchange);
  }

  private static boolean isPreflight(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("OPTIONS")
        && exchange.getRequestHeaders().containsKey("Access-Control-Request-Method");
  }

  /** With TLS the page came by TLS; without, a proxy in front may have ended it. */
  private boolean isOwn(@Nullable Origin origin, @Nullable String host) {
    return origin != null
        && host != null
        && (!tls || origin.scheme().equals("https"))
        && origin.equals(Origin.of(origin.scheme(), HostName.parse(host)));
  }

  private static boolean isCrossSite(@Nullable String site) {
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }
}
